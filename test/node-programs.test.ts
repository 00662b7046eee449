// What one types on a cluster's machines: systemctl, journalctl, crictl; and what broken files on their disks lead to.
import { expect, test } from 'vitest';
import { recordedSession } from './support/session.ts';

async function worker() {
  const { line } = await recordedSession();
  const on = (command: string, node = 'worker-1') => line(`ssh ${node} "${command.replace(/["$]/g, '\\$&')}"`);
  return { line, on };
}

const config = '/var/lib/kubelet/config.yaml';
const dropIn = '/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf';

test('systemd stops and starts the kubelet and the container runtime of a machine', async () => {
  const { line, on } = await worker();
  expect(await on('systemctl status kubelet | head -8; systemctl stop kubelet; systemctl is-active kubelet')).toMatch(
    /^● kubelet.service - kubelet: The Kubernetes Node Agent\n.*loaded.*\n.*Drop-In.*\n.*10-kubeadm.conf\n +Active: active \(running\) since Thu 2026-01-01 09:00:00 UTC; \d+s ago\n(?:.*\n)*inactive\n$/,
  );
  expect(await line('sleep 60; kubectl get node worker-1 --no-headers | tr -s " "')).toMatch(/^worker-1 NotReady /);
  await on('systemctl start kubelet; systemctl stop containerd; sleep 50');
  expect(
    await on('crictl ps 2>&1 | grep -o "code = Unavailable.*error:"; systemctl status docker containerd | head -3'),
  ).toMatchInlineSnapshot(`
    "code = Unavailable desc = connection error:
    Unit docker.service could not be found.
    ○ containerd.service - containerd container runtime
         Loaded: loaded (/lib/systemd/system/containerd.service; enabled; preset: enabled)
         Active: inactive (dead) since Thu 2026-01-01 09:01:10 UTC; 50s ago
    "
  `);
  expect(await line(`kubectl get node worker-1 -o jsonpath='{.status.conditions[?(@.type=="Ready")].message}'`)).toBe(
    'container runtime is down',
  );
  await line('kubectl run web --image=nginx --overrides=\'{"spec":{"nodeName":"worker-1"}}\'; sleep 5');
  expect(await line('kubectl get pod web --no-headers | tr -s " "')).toBe('web 0/1 Pending 0 5s\n');
  await on('systemctl start containerd; sleep 12');
  expect(await line('kubectl get pod web --no-headers | tr -s " "')).toBe('web 1/1 Running 0 17s\n');
});

test('a kubelet with broken files fails and says why, and comes back when they are mended', async () => {
  const { line, on } = await worker();
  const last = "journalctl -u kubelet -n 50 --no-pager -o cat | grep -E '^E|executable' | tail -1 | sed 's/^E.*] //'";
  let told = '';
  for (const [file, change, back] of [
    [config, 's,pki/ca.crt,pki/wrong.crt,', 's,wrong.crt,ca.crt,'],
    [config, 's/^kind:.*/kind KubeletConfiguration/', 's/^kind .*/kind: KubeletConfiguration/'],
    [dropIn, 's,=/usr/bin/kubelet,=/usr/local/bin/kubelet,', 's,/usr/local/bin/kubelet,/usr/bin/kubelet,'],
    ['/etc/kubernetes/kubelet.conf', 's/:6443/:6553/', 's/:6553/:6443/'],
  ]) {
    told += await on(
      `sed -i '${change}' ${file}; systemctl daemon-reload; systemctl restart kubelet; sleep 2; systemctl is-active kubelet; ${last}`,
    );
    told += await on(
      `sed -i '${back}' ${file}; systemctl daemon-reload; systemctl restart kubelet; sleep 1; systemctl is-active kubelet`,
    );
  }
  expect(told).toMatchInlineSnapshot(`
    "activating
    "command failed" err="failed to construct kubelet dependencies: unable to load client CA file /etc/kubernetes/pki/wrong.crt: open /etc/kubernetes/pki/wrong.crt: no such file or directory"
    active
    activating
    "command failed" err="failed to load kubelet config file, path: /var/lib/kubelet/config.yaml, error: failed to load Kubelet config file /var/lib/kubelet/config.yaml, error couldn't get version/kind; json parse error: yaml: line 29: could not find expected ':'"
    active
    activating
    kubelet.service: Unable to locate executable '/usr/local/bin/kubelet': No such file or directory
    active
    active
    "Failed to update lease" err="dial tcp 172.18.0.2:6553: connect: connection refused"
    active
    "
  `);
  await on(
    `echo 'maxPods: 20' >> ${config}; echo 'topologyManagerPolicy: best-effort' >> ${config}; systemctl restart kubelet; sleep 3`,
  );
  expect(await line("kubectl get node worker-1 -o jsonpath='{.status.capacity.pods}'")).toBe('20');
  expect(await on('journalctl -u kubelet -o cat | grep -o "is not simulated.*"')).toBe(
    'is not simulated" field="topologyManagerPolicy"\n',
  );
});

test('crictl shows and ends what the runtime holds, and the kubelet starts it again', async () => {
  const { line, on } = await worker();
  await line('kubectl run web --image=nginx --overrides=\'{"spec":{"nodeName":"worker-1"}}\'; sleep 5');
  const masked = (text: string) => text.replace(/\b[0-9a-f]{13}\b/g, 'ID___________');
  expect(masked(await on('crictl ps; crictl pods; crictl images'))).toMatchInlineSnapshot(`
    "CONTAINER           IMAGE               CREATED             STATE               NAME                ATTEMPT             POD ID              POD                 NAMESPACE
    ID___________       ID___________       4 seconds ago       Running             web                 0                   ID___________       web                 default
    POD ID              CREATED             STATE               NAME                NAMESPACE           ATTEMPT             RUNTIME
    ID___________       4 seconds ago       Ready               web                 default             0                   (default)
    IMAGE                     TAG                 IMAGE ID            SIZE
    docker.io/library/nginx   latest              ID___________       72.3MB
    "
  `);
  await on('crictl stop $(crictl ps -q)');
  await line('sleep 5');
  expect(masked(await on("crictl ps -a | sed 's/[0-9]* seconds ago/now/' | tr -s ' '"))).toMatchInlineSnapshot(`
    "CONTAINER IMAGE CREATED STATE NAME ATTEMPT POD ID POD NAMESPACE
    ID___________ ID___________ now Running web 1 ID___________ web default
    ID___________ ID___________ now Exited web 0 ID___________ web default
    "
  `);
  expect(await line('kubectl get pod web --no-headers | tr -s " " | cut -d" " -f2-4')).toBe('1/1 Running 1\n');
  expect(
    await on(
      'crictl exec $(crictl ps -q) hostname; crictl inspect -o yaml $(crictl ps -q) | grep -E "state|logPath" | cut -d_ -f1,2; crictl logs $(crictl ps -q) 2>&1 | tail -1 | cut -c-30; crictl pull redis:7 | cut -d@ -f1; crictl rmi redis:7; crictl ps --foo; crictl attach x 2>&1 | grep -o msg.*; crictl nope',
    ),
  ).toMatchInlineSnapshot(`
    "web
      logPath: /var/log/pods/default_web
      state: CONTAINER_RUNNING
    /docker-entrypoint.sh: Configu
    Image is up to date for docker.io/library/redis
    Deleted: docker.io/library/redis:7
    E0101 09:00:21.566000      15 log.go:57] unknown flag: --foo
    msg="crictl attach is not simulated"
    No help topic for 'nope'
    "
  `);
});

test('a manifest on a disk is a static pod, and certificates of the control plane are true', async () => {
  const { line, on } = await worker();
  await on(
    "printf 'apiVersion: v1\\nkind: Pod\\nmetadata:\\n  name: own\\nspec:\\n  containers:\\n  - name: web\\n    image: nginx\\n' > /etc/kubernetes/manifests/own.yaml; sleep 5",
  );
  expect(await line('kubectl get pods -o name')).toBe('pod/own-worker-1\n');
  expect(
    await on(
      'cd /etc/kubernetes/pki; openssl verify -CAfile ca.crt apiserver.crt; openssl genrsa -out /tmp/a.key 2048; openssl req -new -key /tmp/a.key -subj /CN=amy/O=system:masters -out /tmp/a.csr; openssl x509 -req -in /tmp/a.csr -CA ca.crt -CAkey ca.key -days 1 -out /tmp/a.crt 2>/dev/null; curl -s --cacert ca.crt --cert /tmp/a.crt --key /tmp/a.key https://kubernetes:6443/api --resolve kubernetes:6443:172.18.0.2 | head -3',
      'control-plane',
    ),
  ).toMatchInlineSnapshot(`
    "apiserver.crt: OK
    {
      "kind": "APIVersions",
      "versions": [
    "
  `);
  await line('ssh control-plane cat /etc/kubernetes/admin.conf > admin.conf');
  expect(await line('kubectl --kubeconfig admin.conf auth whoami -o jsonpath={.status.userInfo.username}')).toBe(
    'kubernetes-admin',
  );
  await on('systemctl stop kube-apiserver', 'control-plane');
  expect(await line('kubectl --kubeconfig admin.conf get nodes 2>&1 | tail -1')).toBe(
    'The connection to the server 172.18.0.2:6443 was refused - did you specify the right host or port?\n',
  );
});

test('kubeadm tells its version, makes tokens, and says when certificates expire', async () => {
  const { line, on } = await worker();
  const told = await on(
    "kubeadm version -o short; kubeadm token create --print-join-command --ttl 2h | sed 's/ [a-z0-9]*[.][a-z0-9]* / TOKEN /; s/sha256:[0-9a-f]*/sha256:HASH/'; kubeadm token list | tr -s ' ' | cut -d' ' -f2-5; kubeadm certs check-expiration | sed -n 4,6p; kubeadm upgrade plan; kubeadm join x; kubeadm foo; kubectl get nodes -o name",
    'control-plane',
  );
  expect(told).toMatchInlineSnapshot(`
    "v1.36.2
    kubeadm join 172.18.0.2:6443 --token TOKEN --discovery-token-ca-cert-hash sha256:HASH 
    TTL EXPIRES USAGES DESCRIPTION
    1h 2026-01-01T11:00:10Z authentication,signing <none>
    CERTIFICATE                EXPIRES                  RESIDUAL TIME   CERTIFICATE AUTHORITY   EXTERNALLY MANAGED
    admin.conf                 Jan 01, 2027 09:00 UTC   364d            ca                      no      
    apiserver                  Jan 01, 2027 09:00 UTC   364d            ca                      no      
    kubeadm upgrade plan is not simulated
    kubeadm join x is not simulated
    error: unknown command "foo" for "kubeadm"
    To see the stack trace of this error execute with --v=5 or higher
    node/control-plane
    node/worker-1
    node/worker-2
    "
  `);
  expect(await line('kubectl get secrets -n kube-system --no-headers | tr -s " " | cut -d" " -f2,3')).toBe(
    'bootstrap.kubernetes.io/token 6\n',
  );
  expect(await on('kubeadm token list')).toBe(
    'failed to load admin kubeconfig: open /etc/kubernetes/admin.conf: no such file or directory\n',
  );
});

test('crictl acts on its options', async () => {
  const { line, on } = await worker();
  await line('kubectl run web --image=nginx --overrides=\'{"spec":{"nodeName":"worker-1"}}\'; sleep 5');
  const masked = (text: string) =>
    text.replace(/\b[0-9a-f]{13,}\b/g, 'ID').replace(/time="\S+" |^ *"(createdAt|timestamp|value)".*\n/gm, '');
  expect(
    masked(
      await on(
        'crictl -D exec -s $(crictl ps -q) echo hi; crictl exec -s --timeout 1 $(crictl ps -q) sleep 5; crictl exec -s $(crictl ps -q) false; crictl -i unix:///run/other.sock images; crictl -c /nope ps; crictl -t x ps',
      ),
    ),
  ).toMatchInlineSnapshot(`
    "level=debug msg="Get runtime connection"
    level=debug msg="Using runtime connection timeout: 2s"
    hi


    level=fatal msg="execing command in container ID synchronously: rpc error: code = DeadlineExceeded desc = failed to exec in container: timeout 1s exceeded: context deadline exceeded"
    level=fatal msg="execing command in container ID synchronously: command 'false' exited with 1: "
    level=fatal msg="validate service connection: validate CRI v1 image API for endpoint \\"unix:///run/other.sock\\": rpc error: code = Unavailable desc = connection error: desc = \\"transport: Error while dialing: dial unix /run/other.sock: connect: no such file or directory\\""
    level=fatal msg="get server config: load config file: stat /nope: no such file or directory"
    level=fatal msg="invalid value \\"x\\" for flag -timeout: parse error"
    "
  `);
  expect(
    masked(
      await on(
        'crictl pods -o yaml --label io.kubernetes.pod.name=web; crictl pods -q --label a=b; crictl images -o json | head -5; crictl stats -s 0; crictl stats -o json | head -4; crictl stats --label x; crictl ps -o xml; crictl logs --tail 1 $(crictl ps -q) 2>&1 | wc -l; crictl logs --tail x $(crictl ps -q)',
      ),
    ),
  ).toMatchInlineSnapshot(`
    "items:
    - annotations: {}
      createdAt: "ID"
      id: ID
      labels:
        io.kubernetes.pod.name: web
        io.kubernetes.pod.namespace: default
        io.kubernetes.pod.uid: aec5f417-2ec3-4a7d-9226-5c56d78420c7
      metadata:
        attempt: 0
        name: web
        namespace: default
        uid: aec5f417-2ec3-4a7d-9226-5c56d78420c7
      runtimeHandler: ""
      state: SANDBOX_READY
    {
      "images": [
        {
          "id": "sha256:ID",
          "repoTags": [
    level=fatal msg="get container stats: cpu stat is not updated during sample"
    {
      "stats": [
        {
          "attributes": {
    level=fatal msg="incorrectly specified label: x"
    level=fatal msg="unsupported output format: xml"
    1
    level=fatal msg="invalid value \\"x\\" for flag -tail: parse error"
    "
  `);
});

test('journalctl -x explains what systemd says, and -q keeps quiet about nothing', async () => {
  const { on } = await worker();
  await on('systemctl restart kubelet; sleep 1');
  expect(
    await on(
      'journalctl -xqu kubelet --no-pager -t systemd -n 2 -o short-iso | sed "s/ is [0-9]*/ is N/"; journalctl -q -u nothing; journalctl -u nothing; systemctl is-active -q kubelet && systemctl list-units --failed; systemctl list-units --no-legend -t service | head -1; systemctl --wall status kubelet',
    ),
  ).toMatchInlineSnapshot(`
    "2026-01-01T09:00:10+0000 worker-1 systemd[1]: Stopped kubelet.service - kubelet: The Kubernetes Node Agent.
    ░░ Subject: A stop job for unit kubelet.service has finished
    ░░ Defined-By: systemd
    ░░ Support: https://www.debian.org/support
    ░░ 
    ░░ A stop job for unit kubelet.service has finished.
    ░░ 
    ░░ The job identifier is N and the job result is done.
    2026-01-01T09:00:10+0000 worker-1 systemd[1]: Started kubelet.service - kubelet: The Kubernetes Node Agent.
    ░░ Subject: A start job for unit kubelet.service has finished successfully
    ░░ Defined-By: systemd
    ░░ Support: https://www.debian.org/support
    ░░ 
    ░░ A start job for unit kubelet.service has finished successfully.
    ░░ 
    ░░ The job identifier is N.
    -- No entries --
      UNIT                             LOAD   ACTIVE     SUB
      kubelet.service                  loaded active     running
    systemctl: unrecognized option '--wall'
    "
  `);
});
