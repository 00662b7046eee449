// The real kubectl v1.36 against `tabernetes serve`. Its typed creates come as protobuf, its exec as WebSocket.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { follow, run, transcript } from './support/real-kubectl.ts';
import { type Served, serve } from './support/serve.ts';

let served: Served;
beforeAll(async () => {
  served = await serve('--speed', '20');
});
afterAll(() => served.stop());

const kubectl = (...lines: readonly string[]): Promise<string> => transcript(served, lines);

test('sees the cluster', async () => {
  expect(await kubectl('version', 'get nodes', 'get namespaces')).toMatchInlineSnapshot(`
    "
    $ kubectl version
    Client Version: v1.36.3
    Kustomize Version: v5.8.1
    Server Version: v1.36.2
    $ kubectl get nodes
    NAME  STATUS  ROLES  AGE  VERSION
    control-plane  Ready  control-plane  <age>  v1.36.2
    <node>  Ready  <none>  <age>  v1.36.2
    <node>  Ready  <none>  <age>  v1.36.2
    $ kubectl get namespaces
    NAME  STATUS  AGE
    default  Active  <age>
    kube-node-lease  Active  <age>
    kube-public  Active  <age>
    kube-system  Active  <age>
    "
  `);
});

test('creates what it sends as protobuf', async () => {
  expect(
    await kubectl(
      'create deployment web --image=nginx:1.27 --replicas=2 --port=80',
      'create configmap settings --from-literal=a=1',
      'create secret generic login --from-literal=user=amy',
      'create service nodeport web --tcp=80:80',
      'create job once --image=busybox -- true',
      `create cronjob often --image=busybox --schedule='0 0 1 1 *' -- true`,
      'create quota limits --hard=pods=20',
      'create serviceaccount robot',
      'create role reader --verb=get,list --resource=pods',
      'create rolebinding robot-reads --role=reader --serviceaccount=default:robot',
      'create ingress front --rule=example.com/=web:80',
      'create namespace team',
      'auth can-i list pods --as=system:serviceaccount:default:robot',
      'auth can-i delete pods --as=system:serviceaccount:default:robot',
      'get deployment,configmap,job,role,ingress -o name',
      'get secret login -o yaml',
    ),
  ).toMatchInlineSnapshot(`
    "
    $ kubectl create deployment web --image=nginx:1.27 --replicas=2 --port=80
    deployment.apps/web created
    $ kubectl create configmap settings --from-literal=a=1
    configmap/settings created
    $ kubectl create secret generic login --from-literal=user=amy
    secret/login created
    $ kubectl create service nodeport web --tcp=80:80
    service/web created
    $ kubectl create job once --image=busybox -- true
    job.batch/once created
    $ kubectl create cronjob often --image=busybox --schedule='0 0 1 1 *' -- true
    cronjob.batch/often created
    $ kubectl create quota limits --hard=pods=20
    resourcequota/limits created
    $ kubectl create serviceaccount robot
    serviceaccount/robot created
    $ kubectl create role reader --verb=get,list --resource=pods
    role.rbac.authorization.k8s.io/reader created
    $ kubectl create rolebinding robot-reads --role=reader --serviceaccount=default:robot
    rolebinding.rbac.authorization.k8s.io/robot-reads created
    $ kubectl create ingress front --rule=example.com/=web:80
    ingress.networking.k8s.io/front created
    $ kubectl create namespace team
    namespace/team created
    $ kubectl auth can-i list pods --as=system:serviceaccount:default:robot
    yes
    $ kubectl auth can-i delete pods --as=system:serviceaccount:default:robot
    no
    exit code 1
    $ kubectl get deployment,configmap,job,role,ingress -o name
    deployment.apps/web
    configmap/kube-root-ca.crt
    configmap/settings
    job.batch/once
    role.rbac.authorization.k8s.io/reader
    ingress.networking.k8s.io/front
    $ kubectl get secret login -o yaml
    apiVersion: v1
    data:
      user: YW15
    kind: Secret
    metadata:
      creationTimestamp: "<time>"
      name: login
      namespace: default
      resourceVersion: "<rv>"
      uid: <uid>
    type: Opaque
    "
  `);
});

test('follows a rollout and goes back', async () => {
  expect(
    await kubectl(
      'rollout status deployment/web --timeout=60s -w=false',
      'wait --for=condition=Available deployment/web --timeout=60s',
      'scale deployment/web --replicas=3',
      'wait --for=jsonpath={.status.readyReplicas}=3 deployment/web --timeout=60s',
      'set image deployment/web nginx=nginx:1.28',
      'wait --for=jsonpath={.status.updatedReplicas}=3 deployment/web --timeout=60s',
      'rollout history deployment/web',
      'rollout undo deployment/web',
      'get deployment web -o jsonpath={.spec.template.spec.containers[0].image}',
    ),
  ).toMatchInlineSnapshot(`
    "
    $ kubectl rollout status deployment/web --timeout=60s -w=false
    deployment "web" successfully rolled out
    $ kubectl wait --for=condition=Available deployment/web --timeout=60s
    deployment.apps/web condition met
    $ kubectl scale deployment/web --replicas=3
    deployment.apps/web scaled
    $ kubectl wait --for=jsonpath={.status.readyReplicas}=3 deployment/web --timeout=60s
    deployment.apps/web condition met
    $ kubectl set image deployment/web nginx=nginx:1.28
    deployment.apps/web image updated
    $ kubectl wait --for=jsonpath={.status.updatedReplicas}=3 deployment/web --timeout=60s
    deployment.apps/web condition met
    $ kubectl rollout history deployment/web
    deployment.apps/web
    REVISION  CHANGE-CAUSE
    1  <none>
    2  <none>

    $ kubectl rollout undo deployment/web
    deployment.apps/web rolled back
    $ kubectl get deployment web -o jsonpath={.spec.template.spec.containers[0].image}
    nginx:1.27"
  `);
  expect((await run(served, 'rollout status deployment/web --timeout=60s')).trimEnd().split('\n').at(-1)).toBe(
    'deployment "web" successfully rolled out',
  );
});

test('applies a file, and again, and with a change, by client and by server', async () => {
  const pod = (image: string) => `apiVersion: v1
kind: Pod
metadata:
  name: applied
spec:
  containers:
  - name: web
    image: ${image}
`;
  writeFileSync(join(served.folder, 'one.yaml'), pod('nginx:1.27'));
  writeFileSync(join(served.folder, 'two.yaml'), pod('nginx:1.28'));
  writeFileSync(
    join(served.folder, 'bad.yaml'),
    'apiVersion: v1\nkind: Pod\nmetadata:\n  name: bad\nspec:\n  containerz: []\n',
  );
  expect(
    await kubectl(
      'apply -f one.yaml',
      'apply -f one.yaml',
      'diff -f one.yaml',
      'apply -f two.yaml --dry-run=server',
      'apply -f two.yaml',
      'apply -f bad.yaml',
      'wait --for=condition=Ready pod/applied --timeout=60s',
      'get pod applied -o jsonpath={.spec.containers[0].image}',
    ),
  ).toMatchInlineSnapshot(`
    "
    $ kubectl apply -f one.yaml
    pod/applied created
    $ kubectl apply -f one.yaml
    pod/applied unchanged
    $ kubectl diff -f one.yaml
    $ kubectl apply -f two.yaml --dry-run=server
    pod/applied configured (server dry run)
    $ kubectl apply -f two.yaml
    pod/applied configured
    $ kubectl apply -f bad.yaml
    ! Error from server (BadRequest): error when creating "bad.yaml": Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field "spec.containerz"
    exit code 1
    $ kubectl wait --for=condition=Ready pod/applied --timeout=60s
    pod/applied condition met
    $ kubectl get pod applied -o jsonpath={.spec.containers[0].image}
    nginx:1.28"
  `);
});

test('patches, labels and deletes', async () => {
  expect(
    await kubectl(
      `patch configmap settings -p '{"data":{"b":"2"}}'`,
      `patch configmap settings --type=json -p '[{"op":"remove","path":"/data/a"}]'`,
      `patch configmap settings --type=merge -p '{"data":{"c":"3"}}'`,
      'get configmap settings -o jsonpath={.data}',
      'label configmap settings tier=front',
      'get configmaps -l tier=front -o name',
      'delete configmap settings',
      'delete configmap settings',
      'delete namespace team',
      'get namespace team',
    ),
  ).toMatchInlineSnapshot(`
    "
    $ kubectl patch configmap settings -p '{"data":{"b":"2"}}'
    configmap/settings patched
    $ kubectl patch configmap settings --type=json -p '[{"op":"remove","path":"/data/a"}]'
    configmap/settings patched
    $ kubectl patch configmap settings --type=merge -p '{"data":{"c":"3"}}'
    configmap/settings patched
    $ kubectl get configmap settings -o jsonpath={.data}
    {"b":"2","c":"3"}$ kubectl label configmap settings tier=front
    configmap/settings labeled
    $ kubectl get configmaps -l tier=front -o name
    configmap/settings
    $ kubectl delete configmap settings
    configmap "settings" deleted from default namespace
    $ kubectl delete configmap settings
    ! Error from server (NotFound): configmaps "settings" not found
    exit code 1
    $ kubectl delete namespace team
    namespace "team" deleted
    $ kubectl get namespace team
    ! Error from server (NotFound): namespaces "team" not found
    exit code 1
    "
  `);
});

test('watches pods come and go', async () => {
  await run(served, 'run earlier --image=nginx'); // something to print at once, which tells that the watch begins
  let created: Promise<unknown> | undefined;
  const lines = await follow(
    served,
    'get pods -w --output-watch-events',
    (line) => /DELETED\s+watched/.test(line),
    () => {
      created = run(served, 'run watched --image=nginx')
        .then(() => run(served, 'wait --for=condition=Ready pod/watched --timeout=60s'))
        .then(() => run(served, 'delete pod watched'));
    },
  );
  await created;
  const events = lines.map((line) => line.split(/\s+/)).filter(([, name]) => name === 'watched');
  const shown = events.map(([event, , ready, status]) => `${event} ${ready} ${status}`);
  expect([...new Set(shown)]).toMatchInlineSnapshot(`
    [
      "ADDED 0/1 Pending",
      "MODIFIED 0/1 Pending",
      "MODIFIED 0/1 ContainerCreating",
      "MODIFIED 1/1 Running",
      "MODIFIED 1/1 Terminating",
      "MODIFIED 0/1 Completed",
      "DELETED 0/1 Completed",
    ]
  `);
});

test('reads logs, follows them, and runs commands in a pod', async () => {
  await kubectl(
    `run talker --image=busybox --restart=Never -- sh -c 'for i in 1 2 3; do echo line $i; sleep 1; done; sleep 3600'`,
    'wait --for=condition=Ready pod/talker --timeout=60s',
  );
  expect(await follow(served, 'logs -f talker', (line) => line === 'line 3')).toEqual(['line 1', 'line 2', 'line 3']);
  expect(
    await kubectl(
      'logs talker --tail=1',
      'logs talker -c nope',
      'exec talker -- echo hello',
      `exec talker -- sh -c 'echo out; echo err >&2; exit 7'`,
      'exec talker -- nosuch',
      'exec nope -- true',
    ),
  ).toMatchInlineSnapshot(`
    "
    $ kubectl logs talker --tail=1
    line 3
    $ kubectl logs talker -c nope
    ! error: container nope is not valid for pod talker out of: talker
    exit code 1
    $ kubectl exec talker -- echo hello
    hello
    $ kubectl exec talker -- sh -c 'echo out; echo err >&2; exit 7'
    out
    ! err
    ! command terminated with exit code 7
    exit code 7
    $ kubectl exec talker -- nosuch
    ! error: Internal error occurred: Internal error occurred: error executing command in container: failed to exec in container: failed to start exec "<container-id>": OCI runtime exec failed: exec failed: unable to start container process: exec: "nosuch": executable file not found in $PATH
    exit code 1
    $ kubectl exec nope -- true
    ! Error from server (NotFound): pods "nope" not found
    exit code 1
    "
  `);
  expect(await run(served, 'exec -i talker -- wc -l', 'one\ntwo\n')).toBe('2\n');
});
