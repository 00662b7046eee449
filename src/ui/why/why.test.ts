// What the page says of pods and services that are not well: sentence, evidence, mend.
import { describe, expect, test } from 'vitest';
import type {
  EndpointSlice,
  Node,
  PersistentVolumeClaim,
  Pod,
  ReplicaSet,
  Service,
} from '../../api/generated/types.ts';
import { registryOf } from './container-why.ts';
import { whyReplicaSet } from './owner-why.ts';
import { whyPod } from './pod-why.ts';
import { whyService } from './service-why.ts';
import type { Facts, ToldEvent, Why } from './why.ts';

const none: Facts = {
  pods: new Map(),
  nodes: new Map(),
  services: new Map(),
  deployments: new Map(),
  replicaSets: new Map(),
  endpointSlices: new Map(),
  claims: new Map(),
  events: [],
  verdicts: new Map(),
};

function shown(why: Why | undefined): string {
  if (!why) return 'well';
  return [`${why.tone}: ${why.sentence}`, ...why.evidence.map(({ text }) => `  - ${text}`), `  > ${why.mend ?? ''}`]
    .map((line) => line.trimEnd())
    .join('\n');
}

function byUid<T>(...objects: readonly T[]): ReadonlyMap<string, T> {
  return new Map(objects.map((object, i) => [String(i), object]));
}

function event(reason: string, message: string): ToldEvent {
  return { reason, message, count: 1 };
}

function node(name: string, extra: Partial<Node> = {}, ready = 'True'): Node {
  const message = ready === 'True' ? 'kubelet is posting ready status' : 'Kubelet stopped posting node status.';
  return {
    metadata: { name, uid: name, labels: {} },
    spec: {},
    status: {
      allocatable: { cpu: '4', memory: '8Gi', pods: '110' },
      conditions: [{ type: 'Ready', status: ready, message }],
    },
    ...extra,
  };
}

function pod(name: string, spec: Partial<NonNullable<Pod['spec']>>, status: Pod['status'] = {}): Pod {
  const containers = [{ name: 'app', image: 'nginx' }];
  return {
    metadata: { name, namespace: 'default', uid: name, labels: { app: name } },
    spec: { containers, ...spec },
    status,
  };
}

/** A pod on worker-1 with one container in some state. */
function placed(
  status: Partial<NonNullable<NonNullable<Pod['status']>['containerStatuses']>[number]>,
  image = 'nginx',
) {
  const state = { name: 'app', image, imageID: '', ready: false, restartCount: 0, ...status };
  return pod(
    'web',
    { nodeName: 'worker-1', containers: [{ name: 'app', image }] },
    { phase: 'Pending', containerStatuses: [state], conditions: [{ type: 'Ready', status: 'False' }] },
  );
}

describe('a pod without a node', () => {
  const message =
    "0/3 nodes are available: 1 node(s) had untolerated taint(s), 1 Insufficient cpu, 1 node(s) didn't match Pod's node affinity/selector.";
  const unplaced = { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }] };
  const request = (cpu: string) => [{ name: 'app', image: 'nginx', resources: { requests: { cpu } } }];

  test('says of each node why it does not fit, with numbers', () => {
    const control = node('control-plane', {
      spec: { taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] },
    });
    const facts = {
      ...none,
      nodes: byUid(control, node('worker-1'), node('worker-2')),
      pods: byUid(pod('other', { nodeName: 'worker-1', containers: request('3600m') })),
      verdicts: new Map([
        [
          'default/big',
          [
            'control-plane: node(s) had untolerated taint(s)',
            'worker-1: Insufficient cpu',
            "worker-2: node(s) didn't match Pod's node affinity/selector",
          ],
        ],
      ]),
    };
    const big = pod('big', { containers: request('1'), nodeSelector: { disk: 'ssd' } }, unplaced);
    expect(shown(whyPod(big, facts))).toMatchInlineSnapshot(`
      "problem: None of the 3 nodes fits the pod.
        - control-plane: the pod does not tolerate its taint node-role.kubernetes.io/control-plane:NoSchedule
        - worker-1: 3.6 of 4 CPUs requested, this pod asks for 1
        - worker-2: the pod wants disk=ssd, the node has no label disk
        - 0/3 nodes are available: 1 node(s) had untolerated taint(s), 1 Insufficient cpu, 1 node(s) didn't match Pod's node affinity/selector.
        > Label a node as the pod wants it (\`kubectl label node NAME key=value\`), or change its nodeSelector or affinity."
    `);
  });

  test('falls back on the condition when the decision is not known any more', () => {
    expect(shown(whyPod(pod('big', {}, unplaced), { ...none, nodes: byUid(node('worker-1')) }))).toMatchInlineSnapshot(`
      "problem: The one node does not fit the pod.
        - 0/3 nodes are available: 1 node(s) had untolerated taint(s), 1 Insufficient cpu, 1 node(s) didn't match Pod's node affinity/selector.
        > Label a node as the pod wants it (\`kubectl label node NAME key=value\`), or change its nodeSelector or affinity."
    `);
  });

  const claimed = {
    volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }],
  };
  const unbound = {
    conditions: [
      {
        type: 'PodScheduled',
        status: 'False',
        message: '0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims.',
      },
    ],
  };
  test('waits for its claim', () => {
    const claim: PersistentVolumeClaim = {
      metadata: { name: 'data', namespace: 'default', uid: 'c' },
      spec: {},
      status: { phase: 'Pending' },
    };
    expect(shown(whyPod(pod('db', claimed, unbound), { ...none, claims: byUid(claim) }))).toMatchInlineSnapshot(`
      "problem: The pod waits for its PersistentVolumeClaim data, to which no volume is bound.
        - data is Pending
        - it names no storage class
        - 0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims.
        > Create a PersistentVolume that satisfies the claim, or a StorageClass that provisions one."
    `);
    expect(shown(whyPod(pod('db', claimed, unbound), none))).toMatchInlineSnapshot(`
      "problem: The pod mounts the PersistentVolumeClaim data, which does not exist.
        - claimName: data
        - 0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims.
        > Create the claim data in namespace default."
    `);
  });
});

describe('a container that does not run', () => {
  const denied =
    'failed to resolve reference "docker.io/library/nodejs-app:latest": pull access denied, repository does not exist or may require authorization';
  const rows: readonly (readonly [about: string, pod: Pod, events: readonly ToldEvent[]])[] = [
    [
      'image refused',
      placed(
        {
          state: {
            waiting: { reason: 'ImagePullBackOff', message: `Back-off pulling image: ErrImagePull: ${denied}` },
          },
        },
        'nodejs-app',
      ),
      [],
    ],
    [
      'no such registry',
      placed(
        {
          state: {
            waiting: { reason: 'ErrImagePull', message: 'dial tcp: lookup hub.example on 172.18.0.1:53: no such host' },
          },
        },
        'hub.example/x:1',
      ),
      [],
    ],
    [
      'no such tag',
      placed({ state: { waiting: { reason: 'ImagePullBackOff', message: 'Back-off' } } }, 'nginx:nope'),
      [event('Failed', 'Failed to pull image "nginx:nope": docker.io/library/nginx:nope: not found')],
    ],
    [
      'missing config map',
      placed({
        state: { waiting: { reason: 'CreateContainerConfigError', message: 'configmap "settings" not found' } },
      }),
      [],
    ],
    [
      'missing program',
      placed({
        state: {
          waiting: {
            reason: 'RunContainerError',
            message: 'error during container init: exec: "nope": executable file not found in $PATH',
          },
        },
      }),
      [],
    ],
    [
      'crash loop',
      placed({
        restartCount: 4,
        state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s restarting failed container' } },
        lastState: { terminated: { exitCode: 3, reason: 'Error' } },
      }),
      [],
    ],
    ['out of memory', placed({ restartCount: 1, state: { terminated: { exitCode: 137, reason: 'OOMKilled' } } }), []],
    [
      'volume',
      placed({ state: { waiting: { reason: 'ContainerCreating' } } }),
      [event('FailedMount', 'MountVolume.SetUp failed for volume "v" : secret "nope" not found')],
    ],
    [
      'pulling',
      placed({ state: { waiting: { reason: 'ContainerCreating' } } }),
      [event('Pulling', 'Pulling image "nginx"')],
    ],
  ];
  test('says why, one after the other', () => {
    const texts = rows.map(
      ([about, sick, events]) =>
        `${about}\n${shown(whyPod(sick, { ...none, nodes: byUid(node('worker-1')), events }))}`,
    );
    expect(`\n${texts.join('\n\n')}\n`).toMatchInlineSnapshot(`
      "
      image refused
      problem: The image nodejs-app cannot be pulled: Docker Hub has no such repository, or does not let the node in.
        - image: nodejs-app
        - app: ImagePullBackOff: Back-off pulling image: ErrImagePull: failed to resolve reference "docker.io/library/nodejs-app:latest": pull access denied, repository does not exist or may require authorization
        > An image that was only built on your machine is in no registry: push it under your account’s name (\`docker tag\`, \`docker push\`) and use that name. If it is there, correct the reference, or give the pod an imagePullSecret.

      no such registry
      problem: The image hub.example/x:1 cannot be pulled: the name hub.example has no address.
        - image: hub.example/x:1
        - app: ErrImagePull: dial tcp: lookup hub.example on 172.18.0.1:53: no such host
        > Check the registry’s name in the image reference.

      no such tag
      problem: The image nginx:nope cannot be pulled: Docker Hub has the repository, but not this tag.
        - image: nginx:nope
        - app: ImagePullBackOff: Back-off
        - Failed to pull image "nginx:nope": docker.io/library/nginx:nope: not found
        > Check the tag; \`docker push\` it if it was only built locally.

      missing config map
      problem: Container app takes settings from the ConfigMap settings, which does not exist.
        - app: CreateContainerConfigError: configmap "settings" not found
        > Create the ConfigMap settings, or correct its name in the pod; the kubelet tries again by itself.

      missing program
      problem: Container app cannot start: its image has no program "nope".
        - app: RunContainerError: error during container init: exec: "nope": executable file not found in $PATH
        > Correct \`command\`, or use an image that has it. Without \`command\` the image’s own entrypoint runs.

      crash loop
      problem: Container app ends with exit code 3; it was restarted 4 times, each time after a longer wait.
        - app: CrashLoopBackOff: back-off 40s restarting failed container
        - last ended: Error, exit code 3
        - the last it printed
        > Read what it printed before it ended. A container has to go on running: a command that is done ends it.

      out of memory
      problem: Container app was killed because it used more memory than its limit; it was restarted 1 time, each time after a longer wait.
        - app: OOMKilled
        - last ended: OOMKilled, exit code 137
        - the last it printed
        > Raise \`resources.limits.memory\`, or let the program use less.

      volume
      problem: Volume v needs the Secret nope, which does not exist.
        - MountVolume.SetUp failed for volume "v" : secret "nope" not found
        - volumes:
        > Create it; the kubelet tries again by itself.

      pulling
      waiting: worker-1 is pulling the image of container app.
        - app: ContainerCreating
        - Pulling image "nginx"
        >
      "
    `);
  });
});

describe('a pod that runs', () => {
  const probed = {
    ...placed({ state: { running: {} }, started: true }),
    spec: {
      nodeName: 'worker-1',
      containers: [{ name: 'app', image: 'nginx', readinessProbe: { httpGet: { path: '/ready', port: 80 } } }],
    },
  };
  test('says what its readiness probe got', () => {
    const events = [event('Unhealthy', 'Readiness probe failed: HTTP probe failed with statuscode: 404')];
    expect(shown(whyPod(probed, { ...none, nodes: byUid(node('worker-1')), events }))).toMatchInlineSnapshot(`
      "problem: The readiness probe of container app fails: it got “HTTP probe failed with statuscode: 404”. Until it succeeds, services send the pod nothing.
        - Readiness probe failed: HTTP probe failed with statuscode: 404
        - readiness probe: GET /ready on port 80, every 10 s
        - Ready: False
        > Let the probe ask what the container answers (path, port), or mend what makes it answer like that."
    `);
  });

  test('on a lost node says so', () => {
    expect(shown(whyPod(probed, { ...none, nodes: byUid(node('worker-1', {}, 'Unknown')) }))).toMatchInlineSnapshot(`
      "problem: Nothing is known of the pod, because its node worker-1 does not answer.
        - worker-1 is NotReady: Kubelet stopped posting node status.
        - Ready: False
        > Bring the node back. After five minutes the pod is deleted and, if a controller owns it, made anew elsewhere."
    `);
  });

  test('and is being deleted names the finalizer or the grace period', () => {
    const ending = {
      ...probed,
      metadata: { ...probed.metadata, deletionTimestamp: 'then', deletionGracePeriodSeconds: 30 },
    };
    const held = { ...ending, metadata: { ...ending.metadata, finalizers: ['example.com/wait'] } };
    const facts = { ...none, nodes: byUid(node('worker-1')) };
    expect(shown(whyPod(ending, facts))).toMatchInlineSnapshot(`
      "waiting: The pod is being stopped: its containers have got SIGTERM and up to 30 s to end by themselves.
        - grace period 30 s
        - to be gone by then
        >"
    `);
    expect(shown(whyPod(held, facts))).toMatchInlineSnapshot(`
      "problem: The pod is being deleted, but example.com/wait holds it back until its owner has cleaned up.
        - finalizers: example.com/wait
        - to be gone by then
        > Whoever set the finalizer takes it away when it is done. Removing it by hand skips that clean-up."
    `);
  });
});

describe('a service', () => {
  const service = (selector: Record<string, string>, extra: Partial<NonNullable<Service['spec']>> = {}): Service => ({
    metadata: { name: 'web', namespace: 'default' },
    spec: { selector, ports: [{ port: 80 }], ...extra },
  });
  const slice: EndpointSlice = {
    metadata: { namespace: 'default', labels: { 'kubernetes.io/service-name': 'web' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.244.1.2'], conditions: { ready: true } }],
  };
  const web = pod('web', { containers: [{ name: 'app', image: 'nginx', ports: [{ containerPort: 8080 }] }] });
  const rows: readonly (readonly [about: string, service: Service, facts: Partial<Facts>])[] = [
    ['whose selector matches nothing', service({ app: 'wbe' }), { pods: byUid(web) }],
    ['whose pods are not ready', service({ app: 'web' }), { pods: byUid(web) }],
    [
      'that sends to a port that nobody declares',
      service({ app: 'web' }),
      { pods: byUid(web), endpointSlices: byUid(slice) },
    ],
    ['without a selector', service({}), {}],
    [
      'that waits for a load balancer',
      service({ app: 'web' }, { type: 'LoadBalancer', ports: [{ port: 80, targetPort: 8080 }] }),
      { pods: byUid(web), endpointSlices: byUid(slice) },
    ],
    [
      'that is well',
      service({ app: 'web' }, { ports: [{ port: 80, targetPort: 8080 }] }),
      { pods: byUid(web), endpointSlices: byUid(slice) },
    ],
  ];
  test('says why it leads nowhere, one after the other', () => {
    const texts = rows.map(([about, sick, facts]) => `${about}\n${shown(whyService(sick, { ...none, ...facts }))}`);
    expect(`\n${texts.join('\n\n')}\n`).toMatchInlineSnapshot(`
      "
      whose selector matches nothing
      problem: No pod in namespace default has the labels that the service selects.
        - selector: app=wbe
        - web has app=web
        > Make selector and labels the same. A selector looks only at its own namespace, and at labels of pods, not of Deployments.

      whose pods are not ready
      problem: The one pod that the service selects is not ready, and only ready pods get traffic.
        - web is Pending
        - selector: app=web
        > See why the pods are not ready: each of them says it.

      that sends to a port that nobody declares
      problem: The service sends port 80 to port 80, which no container of its pods declares.
        - targetPort: 80
        - web declares 8080
        > Set \`targetPort\` to the port that the containers listen on.

      without a selector
      problem: The service has no selector, so nobody lists pods for it, and no endpoints were written by hand.
        - no selector
        - no EndpointSlice names the service web
        > Give it a selector that matches the pods’ labels, or write an EndpointSlice for it.

      that waits for a load balancer
      waiting: The load balancer has no address yet: something outside of Kubernetes has to provide it.
        - no ingress address
        - type: LoadBalancer
        > A cloud does so by itself; with minikube run \`minikube tunnel\`. The service’s node port works meanwhile.

      that is well
      well
      "
    `);
  });
});

test('a replica set that a quota stops', () => {
  const message = 'pods "web-1" is forbidden: exceeded quota: q, requested: pods=1, used: pods=11, limited: pods=11';
  const set: ReplicaSet = {
    metadata: { name: 'web' },
    spec: { replicas: 3, selector: {} },
    status: { replicas: 1, conditions: [{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message }] },
  };
  expect(shown(whyReplicaSet(set, none))).toMatchInlineSnapshot(`
    "problem: The API server refuses more pods: the quota q allows pods=11, and pods=11 is used.
      - pods "web-1" is forbidden: exceeded quota: q, requested: pods=1, used: pods=11, limited: pods=11
      > Ask for less, delete what is not needed, or raise the quota."
  `);
});

test.each([
  ['nginx', 'Docker Hub'],
  ['learner/app:1', 'Docker Hub'],
  ['ghcr.io/me/app', 'ghcr.io'],
  ['localhost:5000/app', 'localhost:5000'],
])('%s comes from %s', (image, registry) => {
  expect(registryOf(image)).toBe(registry);
});
