// Ways into minikube's machines: its docker, its files, its ports; and what holding it does.
import { beforeAll, describe, expect, test } from 'vitest';
import { type RecordedSession, recordedSession } from './support/session.ts';

let session: RecordedSession;
const line = (text: string): Promise<string> => session.line(text);

beforeAll(async () => {
  session = await recordedSession({ profile: 'minikube' });
  expect(await line('minikube start --addons=ingress | tail -2')).toContain(
    'Enabled addons: storage-provisioner, default-storageclass, ingress',
  );
});

test('an image built in the docker of the cluster runs without a registry', async () => {
  expect(await line('minikube docker-env')).toMatchInlineSnapshot(`
    "❗  Using the docker-env command with the containerd runtime is a highly experimental feature, please provide feedback or contribute to make it better
    export DOCKER_HOST="ssh://docker@127.0.0.1:32768"
    export MINIKUBE_ACTIVE_DOCKERD="minikube"

    # To point your shell to minikube's docker-daemon, run:
    # eval $(minikube -p minikube docker-env --ssh-host --ssh-add)
    "
  `);
  await line(
    'mkdir app; printf "FROM nginx:1.27\\nRUN echo mine > /usr/share/nginx/html/index.html\\n" > app/Dockerfile',
  );
  await line('docker build -q -t outside:v1 app; kubectl run outside --image=outside:v1 --image-pull-policy=Never');
  await line('eval $(minikube docker-env) 2> /dev/null; docker build -q -t inside:v1 app');
  await line('kubectl run inside --image=inside:v1 --image-pull-policy=Never --port=80; sleep 8');
  expect(await line("kubectl get pods --no-headers | awk '{ print $1, $3 }'")).toBe(
    'inside Running\noutside ErrImageNeverPull\n',
  );
  expect(await line('docker images --format "{{.Repository}}" | grep -c registry.k8s.io/kube-')).toBe('4\n');
  expect(await line('minikube image ls | grep inside')).toBe('docker.io/library/inside:v1\n');
  expect(await line('eval $(minikube docker-env -u); docker images --format "{{.Repository}}:{{.Tag}}"')).toBe(
    'outside:v1\n',
  );
  expect(await line('DOCKER_HOST=tcp://127.0.0.1:1 docker ps')).toBe(
    'Cannot connect to the Docker daemon at tcp://127.0.0.1:1. Is the docker daemon running?\n',
  );
  await line('docker save -o outside.tar outside:v1; minikube image load outside.tar; sleep 60');
  expect(await line('kubectl get pod outside --no-headers')).toMatch(/Running/);
  expect(await line('minikube image rm outside:v1; minikube image ls | grep outside')).toBe('');
});

test('files are copied, and a directory is shown for as long as it is mounted', async () => {
  expect(await line('minikube cp app/Dockerfile /tmp/it; minikube ssh head -1 /tmp/it')).toBe('FROM nginx:1.27\n');
  await line('minikube mount $PWD/app:/app > /dev/null & sleep 1');
  expect(await line('minikube ssh ls /app')).toBe('Dockerfile\n');
  await line('kill %1; sleep 1');
  expect(await line('minikube ssh ls /app')).toBe('');
  expect(await line('minikube cp nope /tmp/it; minikube mount nope')).toMatchInlineSnapshot(`
    "
    ❌  Exiting due to HOST_PATH_STAT: stat failed: stat /home/learner/nope: no such file or directory

    ❌  Exiting due to MK_USAGE: Please specify the directory to be mounted: 
    	minikube mount <source directory>:<target directory>   (example: "/host-home:/vm-home")
    "
  `);
});

test('a tunnel leads to Ingresses', async () => {
  await line(
    'kubectl expose pod inside --port=80; kubectl create ingress inside --class=nginx --rule="a.example/*=inside:80"',
  );
  await line('minikube tunnel > /dev/null & sleep 5');
  expect(await line('curl -s -H "Host: a.example" http://127.0.0.1')).toBe('mine\n');
  await line('kill %2 %1; sleep 3');
});

describe('a cluster that is paused', () => {
  test('answers nobody until it is let go', async () => {
    expect(await line('minikube pause; minikube status; echo $?; kubectl get nodes')).toMatchInlineSnapshot(`
      "⏸️  Pausing node minikube ... 
      ⏯️  Paused 8 containers in: kube-system, kubernetes-dashboard, istio-operator
      minikube
      type: Control Plane
      host: Running
      kubelet: Stopped
      apiserver: Paused
      kubeconfig: Configured

      2
      The connection to the server 127.0.0.1:32771 was refused - did you specify the right host or port?
      "
    `);
    expect(await line('minikube profile list -o json')).toBe(
      '{"invalid":[],"valid":[{"Name":"minikube","Status":"Paused","Active":true}]}\n',
    );
    await line('minikube unpause; sleep 15');
    expect(await line('minikube status -o json; kubectl get nodes --no-headers')).toMatch(
      /"APIServer":"Running".*\nminikube +Ready/,
    );
  });
});

test('docker stops and starts the machine that a cluster is, and what start is asked for must be possible', async () => {
  const { line } = await recordedSession({ profile: 'minikube' });
  expect(
    await line('minikube start --memory 1g; minikube start --kubernetes-version 1.20.0 | tail -3'),
  ).toMatchInlineSnapshot(`
    "😄  minikube v1.39.0 on Debian 12
    ✨  Automatically selected the docker driver
    📌  Using Docker Desktop driver with root privileges

    ⛔  Exiting due to RSRC_INSUFFICIENT_REQ_MEMORY: Requested memory allocation 1024MiB is less than the usable minimum of 1800MB
    ❗  Specified Kubernetes version 1.20.0 is less than the oldest supported version: v1.28.0. Use \`minikube config defaults kubernetes-version\` for details.
    ❗  You can force an unsupported Kubernetes version via the --force flag

    ❌  Exiting due to K8S_OLD_UNSUPPORTED: Kubernetes 1.20.0 is not supported by this release of minikube
    😄  minikube v1.39.0 on Debian 12
    ✨  Automatically selected the docker driver
    📌  Using Docker Desktop driver with root privileges
    "
  `);
  await line('minikube start -n 2 --force --cpus 1');
  expect(await line('docker stop minikube; minikube status; echo $?; minikube ip')).toMatchInlineSnapshot(`
    "minikube
    minikube
    type: Control Plane
    host: Stopped
    kubelet: Stopped
    apiserver: Stopped
    kubeconfig: Stopped

    minikube-m02
    type: Worker
    host: Running
    kubelet: Running

    7
    🤷  The control-plane node minikube host is not running: state=Stopped
    👉  To start a cluster, run: "minikube start"
    "
  `);
  await line('docker stop minikube-m02; docker start minikube; docker restart minikube-m02; sleep 30');
  expect(
    await line(
      'minikube status -f "{{.Name}} {{.Host}} {{.APIServer}}{{println}}"; kubectl get nodes --no-headers | tr -s " " | cut -d" " -f1,2',
    ),
  ).toMatchInlineSnapshot(`
    "minikube Running Running
    minikube-m02 Running Irrelevant
    minikube Ready
    minikube-m02 Ready
    "
  `);
  expect(
    await line(
      'minikube docker-env --shell fish 2>&1 | tail -3; minikube docker-env -u --shell none -o json; docker kill -s HUP minikube; minikube node add --worker=false; minikube profile list -l -o json',
    ),
  ).toMatchInlineSnapshot(`
    "
    # To point your shell to minikube's docker-daemon, run:
    # minikube -p minikube docker-env --ssh-host --ssh-add | source
    ["DOCKER_TLS_VERIFY","DOCKER_HOST","DOCKER_CERT_PATH","MINIKUBE_ACTIVE_DOCKERD"]
    Error response from daemon: container minikube is a machine of minikube: use minikube for it

    ❌  Exiting due to MK_USAGE: the simulator adds no node that is not a worker: --worker=false is not supported
    {"invalid":[],"valid":[{"Name":"minikube","Status":"Skipped","Active":true}]}
    "
  `);
});
