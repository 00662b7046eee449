// The learner's machine with docker and minikube: from a Dockerfile to a page behind a load balancer.
import { expect, test } from 'vitest';
import { recordedSession } from './support/session.ts';

test('a local image must be pushed before a cluster can run it, and a tunnel gives it an address', async () => {
  const { line, session } = await recordedSession({ profile: 'minikube' });
  expect(await line('minikube status')).toMatchInlineSnapshot(`
    "🤷  Profile "minikube" not found. Run "minikube profile list" to view all profiles.
    👉  To start a cluster, run: "minikube start"
    "
  `);
  expect(await line('minikube start')).toMatchInlineSnapshot(`
    "😄  minikube v1.39.0 on Debian 12
    ✨  Automatically selected the docker driver
    📌  Using Docker Desktop driver with root privileges
    👍  Starting "minikube" primary control-plane node in "minikube" cluster
    🚜  Pulling base image v0.0.50 ...
    💾  Downloading Kubernetes v1.36.2 preload ...
    🔥  Creating docker container (CPUs=2, Memory=3900MB) ...
    📦  Preparing Kubernetes v1.36.2 on containerd 2.1.4 ...
    🔗  Configuring CNI (Container Networking Interface) ...
    🔎  Verifying Kubernetes components...
        ▪ Using image gcr.io/k8s-minikube/storage-provisioner:v5
    🌟  Enabled addons: storage-provisioner, default-storageclass
    🏄  Done! kubectl is now configured to use "minikube" cluster and "default" namespace by default
    "
  `);
  expect(await line('kubectl get nodes; kubectl cluster-info; minikube status; minikube ip')).toMatchInlineSnapshot(`
    "NAME       STATUS   ROLES           AGE   VERSION
    minikube   Ready    control-plane   9s    v1.36.2
    Kubernetes control plane is running at https://127.0.0.1:32771
    CoreDNS is running at https://127.0.0.1:32771/api/v1/namespaces/kube-system/services/kube-dns:dns/proxy

    To further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.
    minikube
    type: Control Plane
    host: Running
    kubelet: Running
    apiserver: Running
    kubeconfig: Configured

    192.168.49.2
    "
  `);
  expect(await line('docker ps')).toMatchInlineSnapshot(`
    "CONTAINER ID   IMAGE                                 COMMAND                  CREATED         STATUS         PORTS                                                                                                                                  NAMES
    e00d6b5b960a   gcr.io/k8s-minikube/kicbase:v0.0.50   "/usr/local/bin/entr…"   9 seconds ago   Up 9 seconds   127.0.0.1:32768->22/tcp, 127.0.0.1:32769->2376/tcp, 127.0.0.1:32770->5000/tcp, 127.0.0.1:32771->8443/tcp, 127.0.0.1:32772->32443/tcp   minikube
    "
  `);
  expect(await line('cd ~/sample-nodejs-app && docker build -t nodejs-app .')).toMatchInlineSnapshot(`
    "#0 building with "default" instance using docker driver

    #1 [internal] load build definition from Dockerfile
    #1 transferring dockerfile: 122B done
    #1 DONE 0.0s

    #2 [internal] load metadata for docker.io/library/node:20-alpine
    #2 DONE 0.9s

    #3 [internal] load .dockerignore
    #3 transferring context: 2B done
    #3 DONE 0.0s

    #4 [1/5] FROM docker.io/library/node:20-alpine@sha256:aa0665af6c9c325ecbab681543fb60cc212537c34039c192187ddce9a9aac4c0
    #4 DONE 2.4s

    #5 [internal] load build context
    #5 transferring context: 817B done
    #5 DONE 0.1s

    #6 [2/5] WORKDIR /app
    #6 DONE 0.0s

    #7 [3/5] COPY package.json .
    #7 DONE 0.1s

    #8 [4/5] RUN npm install
    #8 5.335 
    #8 5.335 added 1 package, and audited 2 packages in 2s
    #8 5.335 
    #8 5.335 found 0 vulnerabilities
    #8 DONE 2.0s

    #9 [5/5] COPY . .
    #9 DONE 0.1s

    #10 exporting to image
    #10 exporting layers done
    #10 writing image sha256:2477105fc8e681fe65214f75a5b674fc4a22862b27907ebad1a6090116cfa878 done
    #10 naming to docker.io/library/nodejs-app:latest done
    #10 DONE 0.1s
    "
  `);
  expect(await line('docker images; docker build -q -t nodejs-app .')).toMatchInlineSnapshot(`
    "REPOSITORY   TAG      IMAGE ID       CREATED                  SIZE
    nodejs-app   latest   2477105fc8e6   Less than a second ago   55.1MB
    sha256:2477105fc8e681fe65214f75a5b674fc4a22862b27907ebad1a6090116cfa878
    "
  `);
  expect(
    await line(
      'docker run -d -p 8181:8181 --name app nodejs-app && sleep 1; curl -s localhost:8181; docker logs app; docker rm -f app',
    ),
  ).toMatchInlineSnapshot(`
    "62c19173d87f9cf8b0d71acddc44df31969382da748a04907f3690ac126300cb

        <h1>Hello from a container!</h1>
        <p>This page is served by Node.js.</p>
      Listening on port 8181
    app
    "
  `);
  await line('kubectl create deployment first-app --image=nodejs-app; sleep 50');
  expect(await line('kubectl get pods')).toMatch(/ImagePullBackOff|ErrImagePull/);
  await line('kubectl delete deployment first-app');
  expect(await line('docker tag nodejs-app amy/nodejs-app; docker push amy/nodejs-app')).toMatchInlineSnapshot(`
    "Using default tag: latest
    The push refers to repository [docker.io/amy/nodejs-app]
    push access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed
    "
  `);
  expect(
    await line('echo secret | docker login -u amy --password-stdin; docker push amy/nodejs-app'),
  ).toMatchInlineSnapshot(`
    "
    WARNING! Your credentials are stored unencrypted in '/home/learner/.docker/config.json'.
    Configure a credential helper to remove this warning. See
    https://docs.docker.com/go/credential-store/

    Login Succeeded
    Using default tag: latest
    The push refers to repository [docker.io/amy/nodejs-app]
    acb648efc3c4: Pushed
    991f2264b898: Pushed
    0a8650aea282: Pushed
    cdbace2d9838: Pushed
    2bb7779d1ecf: Pushed
    321081482e6c: Pushed
    b96235cf46af: Pushed
    8b79c042b63d: Pushed
    latest: digest: sha256:6541a5e38b5a8bc22275cb51b7530038eab3e0279e7f9796ae3469b593b499cc size: 2968
    "
  `);
  await line(
    'kubectl create deployment first-app --image=amy/nodejs-app; kubectl expose deployment first-app --type=LoadBalancer --port=8181',
  );
  await line('kubectl rollout status deployment first-app --timeout=60s');
  expect(await line('kubectl get services')).toMatch(/first-app +LoadBalancer +\S+ +<pending>/);
  expect(await line('minikube service first-app; curl -s $(minikube service first-app --url)')).toMatchInlineSnapshot(`
    "┌───────────┬───────────┬─────────────┬───────────────────────────┐
    │ NAMESPACE │   NAME    │ TARGET PORT │            URL            │
    ├───────────┼───────────┼─────────────┼───────────────────────────┤
    │ default   │ first-app │ 8181        │ http://192.168.49.2:31666 │
    └───────────┴───────────┴─────────────┴───────────────────────────┘
    🏃  Starting tunnel for service first-app.
    ┌───────────┬───────────┬─────────────┬────────────────────────┐
    │ NAMESPACE │   NAME    │ TARGET PORT │          URL           │
    ├───────────┼───────────┼─────────────┼────────────────────────┤
    │ default   │ first-app │             │ http://127.0.0.1:41303 │
    └───────────┴───────────┴─────────────┴────────────────────────┘
    🎉  Opening service default/first-app in default browser...
    ❗  Because you are using a Docker driver on linux, the terminal needs to be open to run it.
    ❗  Because you are using a Docker driver on linux, the terminal needs to be open to run it.

        <h1>Hello from a container!</h1>
        <p>This page is served by Node.js.</p>
      "
  `);
  const tunnel = session.input({ kind: 'line', text: 'minikube tunnel' });
  await session.driver.runFor(10_000);
  await session.driver.runUntil(session.input({ kind: 'interrupt' }));
  await session.driver.runUntil(tunnel);
  await line('minikube tunnel > /tmp/tunnel & sleep 5');
  expect(
    await line(
      "kubectl get service first-app; curl -s $(kubectl get service first-app -o jsonpath='{.status.loadBalancer.ingress[0].ip}'):8181; cat /tmp/tunnel; kill %1; sleep 3; kubectl get service first-app",
    ),
  ).toMatchInlineSnapshot(`
    "NAME        TYPE           CLUSTER-IP      EXTERNAL-IP   PORT(S)          AGE
    first-app   LoadBalancer   10.100.70.205   127.0.0.1     8181:31666/TCP   16s

        <h1>Hello from a container!</h1>
        <p>This page is served by Node.js.</p>
      ✅  Tunnel successfully started

    📌  NOTE: Please do not close this terminal as this process must stay alive for the tunnel to be accessible ...

    🏃  Starting tunnel for service first-app.
    NAME        TYPE           CLUSTER-IP      EXTERNAL-IP   PORT(S)          AGE
    first-app   LoadBalancer   10.100.70.205   <pending>     8181:31666/TCP   19s
    "
  `);
  expect(
    (await line('minikube stop; minikube status; kubectl get pods; minikube start; kubectl get pods')).replace(
      /E0101 .*\n/g,
      '',
    ),
  ).toMatchInlineSnapshot(`
    "✋  Stopping node "minikube"  ...
    🛑  Powering off "minikube" via SSH ...
    🛑  1 node stopped.
    minikube
    type: Control Plane
    host: Stopped
    kubelet: Stopped
    apiserver: Stopped
    kubeconfig: Stopped

    The connection to the server localhost:8080 was refused - did you specify the right host or port?
    😄  minikube v1.39.0 on Debian 12
    ✨  Using the docker driver based on existing profile
    👍  Starting "minikube" primary control-plane node in "minikube" cluster
    🚜  Pulling base image v0.0.50 ...
    🔄  Restarting existing docker container for "minikube" ...
    📦  Preparing Kubernetes v1.36.2 on containerd 2.1.4 ...
    🔎  Verifying Kubernetes components...
        ▪ Using image gcr.io/k8s-minikube/storage-provisioner:v5
    🌟  Enabled addons: storage-provisioner, default-storageclass
    🏄  Done! kubectl is now configured to use "minikube" cluster and "default" namespace by default
    NAME                         READY   STATUS    RESTARTS   AGE
    first-app-79d4b89cb6-5nctk   1/1     Running   1          42s
    "
  `);
  expect(await line('minikube delete; docker ps; minikube profile list')).toMatchInlineSnapshot(`
    "🔥  Deleting "minikube" in docker ...
    🔥  Deleting container "minikube" ...
    🔥  Removing /home/learner/.minikube/machines/minikube ...
    💀  Removed all traces of the "minikube" cluster.
    CONTAINER ID   IMAGE   COMMAND   CREATED   STATUS   PORTS   NAMES

    🤹  Exiting due to MK_USAGE_NO_PROFILE: No minikube profile was found.
    💡  Suggestion: You can create one using 'minikube start'.
    "
  `);
});

test('nothing works while the docker daemon is stopped', async () => {
  const { line } = await recordedSession({ profile: 'minikube' });
  expect(
    await line(
      'sudo systemctl stop docker; docker ps; docker run nginx; minikube start; minikube start --driver=docker',
    ),
  ).toMatchInlineSnapshot(`
    "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?
    docker: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?

    Run 'docker run --help' for more information
    😄  minikube v1.39.0 on Debian 12
    👎  Unable to pick a default driver. Here is what was considered, in preference order:
        ▪ docker: Not healthy: "docker version --format {{.Server.Os}}-{{.Server.Version}}:{{.Server.Platform.Name}}" exit status 1: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?
        ▪ docker: Suggestion: Start the Docker service <https://minikube.sigs.k8s.io/docs/drivers/docker/>

    ❌  Exiting due to PROVIDER_DOCKER_NOT_RUNNING: Found docker, but the docker service isn't running. Try restarting the docker service.
    😄  minikube v1.39.0 on Debian 12
    ✨  Using the docker driver based on user configuration

    💣  Exiting due to PROVIDER_DOCKER_NOT_RUNNING: "docker version --format <no value>-<no value>:<no value>" exit status 1: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?
    💡  Suggestion: Start the Docker service
    📘  Documentation: https://minikube.sigs.k8s.io/docs/drivers/docker/
    "
  `);
  expect(
    await line('sudo service docker start; docker ps; docker pull nginx; docker image ls -q; docker rmi nginx'),
  ).toMatchInlineSnapshot(`
    "CONTAINER ID   IMAGE   COMMAND   CREATED   STATUS   PORTS   NAMES
    Using default tag: latest
    latest: Pulling from library/nginx
    d97cdcde8694: Pull complete
    4f9f15b1a87f: Pull complete
    6a34ec502bd7: Pull complete
    5a56f983bb43: Pull complete
    Digest: sha256:e9827f26f14104cb6307351c3155ef79b9060812eb94a5e755b3b638b4f670b5
    Status: Downloaded newer image for nginx:latest
    docker.io/library/nginx:latest
    efc91f8023c4
    Untagged: nginx:latest
    Untagged: nginx@sha256:e9827f26f14104cb6307351c3155ef79b9060812eb94a5e755b3b638b4f670b5
    Deleted: sha256:efc91f8023c452e9117868c22246aeb3b963a1bc0cbbf66534571b9e88cd1c2f
    "
  `);
});

test('images, pushed images and clusters are part of a snapshot', async () => {
  const first = await recordedSession({ profile: 'minikube' });
  await first.line('cd sample-nodejs-app; docker build -q -t amy/app .; docker login -u amy -p x; docker push amy/app');
  await first.line(
    'minikube start; kubectl create deployment app --image=amy/app; kubectl rollout status deployment app',
  );
  const snapshot = structuredClone(first.session.snapshot());
  const { line } = await recordedSession({ profile: 'minikube', snapshot });
  expect(
    await line('kubectl wait --for=condition=Ready node/minikube > /dev/null; sleep 20; kubectl get deployment app'),
  ).toContain('1/1');
  expect(await line('docker images; kubectl logs deploy/app')).toMatch(/amy\/app +latest[\s\S]*Listening on port 8181/);
});

test("the control plane's parts run in pods of the cluster, and stop with them", async () => {
  const { line } = await recordedSession({ profile: 'minikube' });
  await line('minikube start');
  expect(await line('kubectl get pods -n kube-system')).toMatchInlineSnapshot(`
    "NAME                               READY   STATUS    RESTARTS   AGE
    coredns-78fff99f89-bwmdd           1/1     Running   0          9s
    etcd-minikube                      0/1     Running   0          8s
    kindnet-qtscs                      1/1     Running   0          9s
    kube-apiserver-minikube            0/1     Running   0          8s
    kube-controller-manager-minikube   0/1     Running   0          8s
    kube-proxy-z2lzv                   1/1     Running   0          9s
    kube-scheduler-minikube            0/1     Running   0          8s
    storage-provisioner                1/1     Running   0          9s
    "
  `);
  expect(await line('minikube ssh "sudo mv /etc/kubernetes/manifests/kube-scheduler.yaml /tmp/"; sleep 3')).toBe('');
  expect(await line('kubectl run web --image=nginx:1.27; sleep 5; kubectl get pods')).toMatchInlineSnapshot(`
    "pod/web created
    NAME   READY   STATUS    RESTARTS   AGE
    web    0/1     Pending   0          5s
    "
  `);
  await line('minikube ssh "sudo mv /tmp/kube-scheduler.yaml /etc/kubernetes/manifests/"; sleep 15');
  expect(await line('kubectl get pods')).toMatch(/web +1\/1 +Running/);
  await line('kubectl delete pod -n kube-system kube-scheduler-minikube');
  expect(await line('sleep 15; kubectl get pods -n kube-system')).toMatch(/kube-scheduler-minikube +1\/1 +Running +0/);
});

test("the kubelet probes the control plane's parts, and starts anew what does not answer", async () => {
  const { line } = await recordedSession({ profile: 'minikube' });
  await line('minikube start; sleep 30');
  expect(await line('kubectl get pods -n kube-system -l tier=control-plane --no-headers')).toMatchInlineSnapshot(`
    "etcd-minikube                      1/1   Running   0     38s
    kube-apiserver-minikube            1/1   Running   0     38s
    kube-controller-manager-minikube   1/1   Running   0     38s
    kube-scheduler-minikube            1/1   Running   0     38s
    "
  `);
  const probes = 'kubectl describe pod -n kube-system etcd-minikube kube-controller-manager-minikube | grep http-get';
  expect(await line(probes)).toMatchInlineSnapshot(`
    "    Liveness:     http-get http://127.0.0.1:probe-port/livez delay=10s timeout=15s period=10s #success=1 #failure=8
        Readiness:    http-get http://127.0.0.1:probe-port/readyz delay=0s timeout=15s period=1s #success=1 #failure=3
        Startup:      http-get http://127.0.0.1:probe-port/readyz delay=10s timeout=15s period=10s #success=1 #failure=24
        Liveness:     http-get https://127.0.0.1:probe-port/healthz delay=10s timeout=15s period=10s #success=1 #failure=8
        Startup:      http-get https://127.0.0.1:probe-port/healthz delay=10s timeout=15s period=10s #success=1 #failure=24
    "
  `);
  const manager = 'https://127.0.0.1:10257';
  expect(
    await line(
      `minikube ssh "curl -sk ${manager}/healthz; curl -sk ${manager}/metrics; curl -sk ${manager}/x -H 'Authorization: Bearer y'"`,
    ),
  ).toMatchInlineSnapshot(`
    "ok{
      "kind": "Status",
      "apiVersion": "v1",
      "metadata": {},
      "status": "Failure",
      "message": "forbidden: User \\"system:anonymous\\" cannot get path \\"/metrics\\"",
      "reason": "Forbidden",
      "details": {},
      "code": 403
    }{
      "kind": "Status",
      "apiVersion": "v1",
      "metadata": {},
      "status": "Failure",
      "message": "Unauthorized",
      "reason": "Unauthorized",
      "code": 401
    }"
  `);
  const manifest = '/etc/kubernetes/manifests/kube-scheduler.yaml';
  await line(`minikube ssh "sudo sed -i s/--leader-elect=false/--secure-port=10269/ ${manifest}"; sleep 280`);
  expect(await line('kubectl get pods -n kube-system kube-scheduler-minikube --no-headers')).toMatch(
    / 0\/1 +Running +1 /,
  );
  expect(await line('kubectl events -n kube-system --for pod/kube-scheduler-minikube | grep probe')).toContain(
    'Startup probe failed: Get "https://127.0.0.1:10259/livez": dial tcp 127.0.0.1:10259: connect: connection refused\n',
  );
});

test('two clusters have names and pod addresses of their own', async () => {
  const { line } = await recordedSession({ profile: 'minikube' });
  await line('minikube start -p one; kubectl run web --image=nginx:1.27; kubectl expose pod web --port=80; sleep 5');
  await line('minikube start -p two; kubectl run web --image=httpd:2.4; kubectl expose pod web --port=80; sleep 5');
  const ask = 'kubectl run ask --image=busybox:1.36 --rm -i --restart=Never -q -- wget -qO- web';
  expect(await line(`kubectl config use-context one; ${ask}`)).toContain('Welcome to nginx');
  expect(await line(`kubectl config use-context two; ${ask}`)).toContain('It works');
});

test('an image reaches the nodes without a registry, and is still there after a restore', async () => {
  const first = await recordedSession({ profile: 'minikube' });
  await first.line('minikube start; docker build -q -t app:v1 sample-nodejs-app; minikube image load app:v1');
  expect(await first.line('minikube image ls')).toContain('docker.io/library/app:v1');
  await first.line('kubectl create deployment app --image=app:v1; kubectl rollout status deployment app --timeout=30s');
  expect(await first.line('kubectl logs deployment/app')).toBe('Listening on port 8181\n');
  expect(await first.line('minikube image load ghost')).toContain(`"ghost" is not an image of this machine's docker`);
  const snapshot = structuredClone(first.session.snapshot());
  const { line } = await recordedSession({ profile: 'minikube', snapshot });
  await line('kubectl wait --for=condition=Ready node/minikube; sleep 20');
  expect(await line('kubectl logs deployment/app')).toContain('Listening on port 8181\n');
});

test('settings and the profile are remembered; what is not there is refused by name', async () => {
  const { line } = await recordedSession({ profile: 'minikube' });
  expect(
    await line(
      'minikube config set nodes 2; minikube config set color red; minikube config view; minikube config get nodes',
    ),
  ).toMatchInlineSnapshot(`
    "❗  These changes will take effect upon a minikube delete and then a minikube start

    ❌  Exiting due to MK_CONFIG_SET: the simulator has no property 'color'; it has: cpus, driver, kubernetes-version, memory, nodes, profile
    - nodes: 2
    2
    "
  `);
  await line('minikube start -p two; minikube profile two');
  expect(await line('minikube status | grep host:; minikube profile')).toBe('host: Running\nhost: Running\ntwo\n');
  expect(
    await line('minikube completion; minikube addons enable registry; minikube frobnicate'),
  ).toMatchInlineSnapshot(`
    "minikube: the simulator's minikube does not have 'minikube completion'

    ❌  Exiting due to MK_ADDON_ENABLE: enable failed: the simulator has no addon 'registry'
    Error: unknown command "frobnicate" for "minikube"
    Run 'minikube --help' for usage.
    "
  `);
});
