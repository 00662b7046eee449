// A machine that runs short of memory: its kubelet says so and ends the pod that is most above its requests.
import { expect, test } from 'vitest';
import { recordedSession } from './support/session.ts';

const pods = `apiVersion: v1
kind: Pod
metadata: {name: hog}
spec:
  nodeName: worker-1
  containers:
  - name: stress
    image: polinux/stress
    command: [stress, --vm, "2", --vm-bytes, 3750M, --vm-hang, "0"]
---
apiVersion: v1
kind: Pod
metadata: {name: small}
spec:
  nodeName: worker-1
  containers: [{name: web, image: nginx}]
`;

test('a pod is evicted from a machine without memory, and the machine takes none without requests for a while', async () => {
  const { line, session } = await recordedSession();
  session.machine.files.writeFile('/home/learner/pods.yaml', pods);
  await line('kubectl apply -f pods.yaml; sleep 35');
  const condition = `-o jsonpath='{.status.conditions[?(@.type=="MemoryPressure")].reason} {.spec.taints[*].key}{"\\n"}'`;
  expect(
    await line(
      `kubectl get pods -o custom-columns=:.metadata.name,:.status.phase,:.status.reason,:.status.conditions[0].type --no-headers; kubectl get pod hog -o jsonpath='{.status.message}{"\\n"}'; kubectl get node worker-1 ${condition}`,
    ),
  ).toMatchInlineSnapshot(`
    "hog     Failed    Evicted   DisruptionTarget
    small   Running   <none>    PodReadyToStartContainers
    The node was low on resource: memory. Threshold quantity: 100Mi, available: 73320Ki. Container stress was using 7680968Ki, request is 0, has larger consumption of memory. 
    KubeletHasInsufficientMemory node.kubernetes.io/memory-pressure
    "
  `);
  expect(
    await line(
      "kubectl get events --no-headers -o custom-columns=:.type,:.reason,:.involvedObject.name,:.message | grep -E 'Evict|Memory' | cut -c-110",
    ),
  ).toMatchInlineSnapshot(`
    "Warning   Evicted                     hog        The node was low on resource: memory. Threshold quantity: 100
    Warning   EvictionThresholdMet        worker-1   Attempting to reclaim memory
    Normal    NodeHasInsufficientMemory   worker-1   Node worker-1 status is now: NodeHasInsufficientMemory
    "
  `);
  await line(`kubectl run late --image=nginx --overrides='{"spec":{"nodeName":"worker-1"}}'; sleep 3`);
  expect(await line(`kubectl get pod late -o jsonpath='{.status.reason}: {.status.message}'`)).toBe(
    'Evicted: Pod was rejected: The node had condition: [MemoryPressure]. ',
  );
  await line('sleep 320');
  expect(await line(`kubectl get node worker-1 ${condition}`)).toBe('KubeletHasSufficientMemory \n');
});

test('what evictionHard says counts', async () => {
  const { line, session } = await recordedSession();
  session.machine.files.writeFile('/home/learner/pods.yaml', pods);
  await line(
    'ssh worker-1 \'printf "evictionHard:\\n  memory.available: 10Mi\\n" >> /var/lib/kubelet/config.yaml; systemctl restart kubelet\'',
  );
  await line('kubectl apply -f pods.yaml; sleep 35');
  expect(await line('kubectl get pods --no-headers | tr -s " " | cut -d" " -f1-3')).toBe(
    'hog 1/1 Running\nsmall 1/1 Running\n',
  );
});
