import { describe, expect, test } from 'vitest';
import { pods } from '../../../api/generated/resources.ts';
import { nodeCluster, nodeStatusOf } from '../../testing/node-cluster.ts';

const busybox = (script: string) => ({ name: 'c', image: 'busybox:1.36', command: ['sh', '-c', script] });

describe('a node', () => {
  test('registers itself and becomes ready', () => {
    const { status, metadata } = nodeStatusOf(nodeCluster());
    expect(metadata?.labels?.['kubernetes.io/hostname']).toBe('worker-1');
    expect(status?.conditions?.map(({ type, status: is, reason }) => `${type}=${is} ${reason}`)).toMatchInlineSnapshot(`
      [
        "MemoryPressure=False KubeletHasSufficientMemory",
        "DiskPressure=False KubeletHasNoDiskPressure",
        "PIDPressure=False KubeletHasSufficientPID",
        "Ready=True KubeletReady",
      ]
    `);
  });
});

describe('a pod', () => {
  test('runs', () => {
    const cluster = nodeCluster();
    const pod = cluster.runPod('web', { containers: [{ name: 'web', image: 'nginx:1.27' }] });
    expect(pod.status).toMatchInlineSnapshot(`
      {
        "conditions": [
          {
            "lastTransitionTime": "2026-01-02T03:04:05Z",
            "observedGeneration": 1,
            "status": "True",
            "type": "PodReadyToStartContainers",
          },
          {
            "lastTransitionTime": "2026-01-02T03:04:05Z",
            "observedGeneration": 1,
            "status": "True",
            "type": "Initialized",
          },
          {
            "lastTransitionTime": "2026-01-02T03:04:05Z",
            "observedGeneration": 1,
            "status": "True",
            "type": "Ready",
          },
          {
            "lastTransitionTime": "2026-01-02T03:04:05Z",
            "observedGeneration": 1,
            "status": "True",
            "type": "ContainersReady",
          },
          {
            "lastTransitionTime": "2026-01-02T03:04:05Z",
            "observedGeneration": 1,
            "status": "True",
            "type": "PodScheduled",
          },
        ],
        "containerStatuses": [
          {
            "containerID": "containerd://3a573b1bd3374cbb61f088d3869a38939b13d90f7850b65b90cbfef84d12e664",
            "image": "docker.io/library/nginx:1.27",
            "imageID": "docker.io/library/nginx@sha256:5b8b301519c2f4c7e7cb68ffcbb33bf525d9b5b5adcf6782f562352f4679e2e7",
            "lastState": {},
            "name": "web",
            "ready": true,
            "resources": {},
            "restartCount": 0,
            "started": true,
            "state": {
              "running": {
                "startedAt": "2026-01-02T03:04:05Z",
              },
            },
            "user": {
              "linux": {
                "gid": 0,
                "supplementalGroups": [
                  0,
                ],
                "uid": 0,
              },
            },
            "volumeMounts": [
              {
                "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount",
                "name": "kube-api-access-pkgdj",
                "readOnly": true,
                "recursiveReadOnly": "Disabled",
              },
            ],
          },
        ],
        "hostIP": "172.18.0.3",
        "hostIPs": [
          {
            "ip": "172.18.0.3",
          },
        ],
        "observedGeneration": 1,
        "phase": "Running",
        "podIP": "10.244.1.2",
        "podIPs": [
          {
            "ip": "10.244.1.2",
          },
        ],
        "qosClass": "BestEffort",
        "resources": {},
        "startTime": "2026-01-02T03:04:05Z",
      }
    `);
    expect(cluster.events('web')).toMatchInlineSnapshot(`
      [
        "Normal Pulling: Pulling image "nginx:1.27"",
        "Normal Pulled: Successfully pulled image "nginx:1.27" in 701ms (701ms including waiting). Image size: 72319283 bytes.",
        "Normal Created: Container created",
        "Normal Started: Container started",
      ]
    `);
  });

  test('that exits is completed', () => {
    const cluster = nodeCluster();
    const { status } = cluster.runPod('done', { restartPolicy: 'Never', containers: [busybox('echo bye; exit 0')] });
    expect(status?.phase).toBe('Succeeded');
    expect(status?.containerStatuses?.[0]?.state?.terminated?.reason).toBe('Completed');
    expect(
      status?.conditions?.map(({ type, status: is, reason = '' }) => `${type}=${is} ${reason}`),
    ).toMatchInlineSnapshot(`
      [
        "PodReadyToStartContainers=False ",
        "Initialized=True PodCompleted",
        "Ready=False PodCompleted",
        "ContainersReady=False PodCompleted",
        "PodScheduled=True ",
      ]
    `);
  });

  test('that crashes backs off', () => {
    const cluster = nodeCluster();
    const { status } = cluster.runPod('crash', { containers: [busybox('echo oops; exit 1')] }, 8000);
    expect(status?.containerStatuses?.[0]?.restartCount).toBe(1);
    // As upstream: what a sync finds shows in the next one's status.
    expect(status?.containerStatuses?.[0]?.state?.terminated?.reason).toBe('Error');
    cluster.run(20_000);
    expect(cluster.pod('crash').status?.containerStatuses?.[0]?.restartCount).toBe(2);
    expect(cluster.events('crash').map((line) => line.replace(/\(\w{8}-[^)]*\)/, '(UID)'))).toMatchInlineSnapshot(`
      [
        "Normal Pulling: Pulling image "busybox:1.36"",
        "Normal Pulled: Successfully pulled image "busybox:1.36" in 701ms (701ms including waiting). Image size: 2223685 bytes.",
        "Normal Created: Container created (x3)",
        "Normal Started: Container started (x3)",
        "Normal Pulled: Container image "busybox:1.36" already present on machine and can be accessed by the pod (x2)",
        "Warning BackOff: Back-off restarting failed container c in pod crash_default(UID) (x2)",
      ]
    `);
  });

  test('whose image does not exist waits longer and longer', () => {
    const cluster = nodeCluster();
    const pod = cluster.runPod('bad', { containers: [{ name: 'bad', image: 'nginx:does-not-exist' }] }, 19_000);
    expect(pod.status?.containerStatuses?.[0]?.state?.waiting?.reason).toBe('ImagePullBackOff');
    expect(cluster.events('bad')).toMatchInlineSnapshot(`
      [
        "Normal Pulling: Pulling image "nginx:does-not-exist" (x2)",
        "Warning Failed: Failed to pull image "nginx:does-not-exist": rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/nginx:does-not-exist": failed to resolve reference "docker.io/library/nginx:does-not-exist": docker.io/library/nginx:does-not-exist: not found (x2)",
        "Warning Failed: Error: ErrImagePull (x2)",
        "Normal BackOff: Back-off pulling image "nginx:does-not-exist"",
        "Warning Failed: Error: ImagePullBackOff",
      ]
    `);
  });

  test('whose program is missing says so', () => {
    const cluster = nodeCluster();
    cluster.runPod('nocmd', { containers: [{ name: 'c', image: 'busybox:1.36', command: ['nosuchcmd'] }] }, 8000);
    expect(cluster.events('nocmd').map((line) => line.replace(/\(\w{8}-[^)]*\)/, '(UID)'))).toMatchInlineSnapshot(`
      [
        "Normal Pulling: Pulling image "busybox:1.36"",
        "Normal Pulled: Successfully pulled image "busybox:1.36" in 701ms (701ms including waiting). Image size: 2223685 bytes.",
        "Normal Created: Container created (x2)",
        "Warning Failed: Error: failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "nosuchcmd": executable file not found in $PATH (x2)",
        "Normal Pulled: Container image "busybox:1.36" already present on machine and can be accessed by the pod",
        "Warning BackOff: Back-off restarting failed container c in pod nocmd_default(UID)",
      ]
    `);
  });

  test('without its config map waits for it', () => {
    const cluster = nodeCluster();
    const env = [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'settings', key: 'a' } } }];
    const pod = cluster.runPod('nocm', { containers: [{ ...busybox('wait'), env }] });
    expect(pod.status?.containerStatuses?.[0]?.state).toEqual({
      waiting: { message: 'configmap "settings" not found', reason: 'CreateContainerConfigError' },
    });
    const volumes = [{ name: 'v', configMap: { name: 'settings' } }];
    cluster.runPod('novol', { volumes, containers: [busybox('wait')] });
    expect(cluster.events('novol')).toMatchInlineSnapshot(`
      [
        "Warning FailedMount: MountVolume.SetUp failed for volume "v" : configmap "settings" not found (x4)",
      ]
    `);
  });

  test('is ready when its probe succeeds and is restarted when it is not alive', () => {
    const cluster = nodeCluster();
    const get = (path: string) => ({ httpGet: { path, port: 80 }, periodSeconds: 1, failureThreshold: 2 });
    const containers = [{ name: 'c', image: 'nginx:1.27', readinessProbe: get('/'), livenessProbe: get('/nope') }];
    expect(cluster.runPod('probed', { containers }, 2500).status?.containerStatuses?.[0]?.ready).toBe(true);
    cluster.run(4000);
    expect(cluster.pod('probed').status?.containerStatuses?.[0]?.restartCount).toBe(1);
    const uid = cluster.pod('probed').metadata?.uid ?? '';
    expect(cluster.events('probed').map((event) => event.replace(uid, 'UID'))).toMatchInlineSnapshot(`
      [
        "Normal Pulling: Pulling image "nginx:1.27"",
        "Normal Pulled: Successfully pulled image "nginx:1.27" in 701ms (701ms including waiting). Image size: 72319283 bytes.",
        "Normal Created: Container created (x2)",
        "Normal Started: Container started (x2)",
        "Warning Unhealthy: Liveness probe failed: HTTP probe failed with statuscode: 404 (x4)",
        "Normal Killing: Container c failed liveness probe, will be restarted (x2)",
        "Normal Pulled: Container image "nginx:1.27" already present on machine and can be accessed by the pod",
        "Warning BackOff: Back-off restarting failed container c in pod probed_default(UID)",
      ]
    `);
  });

  test('that is deleted ends within its grace period', () => {
    const cluster = nodeCluster();
    cluster.runPod('stubborn', { terminationGracePeriodSeconds: 5, containers: [busybox('wait')] });
    cluster.perform(cluster.client().delete(pods, { namespace: 'default', name: 'stubborn' }));
    cluster.run(4000);
    expect(cluster.pod('stubborn').metadata?.deletionTimestamp).toBeDefined();
    cluster.run(4000);
    expect(cluster.list(pods, 'default')).toEqual([]);
  });

  test('runs its init containers first, in order', () => {
    const cluster = nodeCluster();
    const initContainers = [
      { ...busybox('echo one'), name: 'one' },
      { ...busybox('wait'), name: 'side', restartPolicy: 'Always' },
    ];
    const { status } = cluster.runPod('staged', { initContainers, containers: [busybox('wait')] }, 12_000);
    expect(status?.phase).toBe('Running');
    expect(
      status?.initContainerStatuses?.map(({ name, ready, started }) => ({ name, ready, started })),
    ).toMatchInlineSnapshot(`
      [
        {
          "name": "one",
          "ready": true,
          "started": false,
        },
        {
          "name": "side",
          "ready": true,
          "started": true,
        },
      ]
    `);
  });

  test('with a sidecar is completed once its own containers are', () => {
    const cluster = nodeCluster();
    const initContainers = [{ ...busybox('wait'), name: 'side', restartPolicy: 'Always' }];
    const spec = {
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 3,
      initContainers,
      containers: [busybox('exit 0')],
    };
    expect(cluster.runPod('job', spec, 12_000).status?.phase).toBe('Succeeded');
  });

  test('starts again after its node lost power', () => {
    const cluster = nodeCluster();
    cluster.runPod('web', { containers: [{ name: 'web', image: 'nginx:1.27' }] });
    cluster.node.powerOff();
    cluster.run(3000);
    cluster.node.powerOn();
    cluster.run(8000);
    const [status] = cluster.pod('web').status?.containerStatuses ?? [];
    expect(status?.restartCount).toBe(1);
    expect(status?.lastState?.terminated?.exitCode).toBe(255);
    expect(status?.ready).toBe(true);
  });

  test('begins anew as a whole where a container that ends asks for it', () => {
    const cluster = nodeCluster();
    const rule = { action: 'RestartAllContainers', exitCodes: { operator: 'In', values: [42] } };
    cluster.runPod(
      'all',
      {
        restartPolicy: 'Never',
        initContainers: [{ ...busybox('true'), name: 'first' }],
        containers: [
          { name: 'main', image: 'nginx:1.27' },
          { ...busybox('exit 42'), name: 'watcher', restartPolicy: 'Never', restartPolicyRules: [rule] },
        ],
      },
      0,
    );
    const shown: string[] = [];
    for (let look = 0; look < 24; look++) {
      const { status } = cluster.pod('all');
      const containers = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])].map(
        ({ name, restartCount, state }) =>
          `${name} ${restartCount} ${state?.running ? 'running' : (state?.waiting ?? state?.terminated)?.reason}`,
      );
      const restarting = status?.conditions?.find(({ type }) => type === 'AllContainersRestarting');
      const line = `${status?.phase} ${restarting?.status} │ ${containers.join(', ')}`;
      if (shown.at(-1) !== line) shown.push(line);
      cluster.run(100);
    }
    expect(shown.join('\n')).toMatchInlineSnapshot(`
      "Pending False │ first 0 PodInitializing, main 0 PodInitializing, watcher 0 PodInitializing
      Pending False │ first 0 running, main 0 PodInitializing, watcher 0 PodInitializing
      Pending False │ first 0 Completed, main 0 PodInitializing, watcher 0 PodInitializing
      Running False │ first 0 Completed, main 0 running, watcher 0 running
      Running True │ first 0 Completed, main 0 running, watcher 0 Error
      Running False │ first 1 Completed, main 1 PodInitializing, watcher 1 PodInitializing
      Running True │ first 1 Completed, main 1 running, watcher 1 Error"
    `);
  });
});
