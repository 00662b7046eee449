// Restore: a snapshot is plain data, and boots into a cluster that goes on where the old one was.
import { expect, test } from 'vitest';
import type { SessionSnapshot } from '../src/driver/session.ts';
import { type RecordedSession, recordedSession } from './support/session.ts';

/** Through JSON, as a tab would keep it. */
async function restored({ session }: RecordedSession): Promise<RecordedSession> {
  const snapshot: SessionSnapshot = JSON.parse(JSON.stringify(session.snapshot()));
  return recordedSession({ snapshot });
}

test('a snapshot is plain data', async () => {
  const { session, line } = await recordedSession();
  await line('kubectl create deployment web --image=nginx; kubectl rollout status deployment web');
  const snapshot = session.snapshot();
  expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
  expect(structuredClone(snapshot)).toEqual(snapshot);
});

test('workloads come back to Running, and versions and ages go on', async () => {
  const before = await recordedSession({ seed: 5 });
  await before.line(
    'kubectl create deployment web --image=nginx --replicas=3; kubectl expose deployment web --port=80',
  );
  await before.line('kubectl create configmap settings --from-literal=a=1; kubectl rollout status deployment web');
  await before.line('kubectl run once --image=busybox --restart=Never -- sh -c "exit 0"');
  await before.session.driver.runFor(3_600_000);
  const version = Number(await before.line(`kubectl get cm settings -o jsonpath='{.metadata.resourceVersion}'`));
  const uids = await before.line(`kubectl get deploy,svc,cm -o jsonpath='{.items[*].metadata.uid}'`);
  const clusterIp = await before.line(`kubectl get svc web -o jsonpath='{.spec.clusterIP}'`);

  const after = await restored(before);
  expect(after.session.driver.simulation.now).toBeGreaterThanOrEqual(before.session.driver.simulation.now);
  await after.session.driver.runFor(60_000);
  expect(await after.line('kubectl rollout status deployment web')).toBe('deployment "web" successfully rolled out\n');
  expect(await after.line("kubectl get pods --no-headers | awk '{ print $2, $3 }'")).toBe(
    '0/1 Completed\n1/1 Running\n1/1 Running\n1/1 Running\n',
  );
  expect(await after.line(`kubectl get deploy,svc,cm -o jsonpath='{.items[*].metadata.uid}'`)).toBe(uids);
  expect(await after.line('kubectl get cm settings --no-headers')).toMatch(/^settings +1 +61m\n$/);
  expect(await after.line("kubectl get nodes --no-headers | awk '{ print $1, $2 }'")).toBe(
    'control-plane Ready\nworker-1 Ready\nworker-2 Ready\n',
  );

  await after.line('kubectl create configmap later --from-literal=a=1');
  const later = Number(await after.line(`kubectl get cm later -o jsonpath='{.metadata.resourceVersion}'`));
  expect(later).toBeGreaterThan(version);
  await after.line('kubectl create service clusterip other --tcp=80');
  expect(await after.line(`kubectl get svc other -o jsonpath='{.spec.clusterIP}'`)).not.toBe(clusterIp);
  await after.line('kubectl scale deployment web --replicas=5; kubectl rollout status deployment web');
  expect(await after.line('kubectl get deployment web --no-headers')).toMatch(/^web +5\/5 +5 +5 +61m\n$/);
  await after.line('kubectl delete deployment web; kubectl wait --for=delete pod -l app=web');
  expect(await after.line('kubectl get pods --no-headers | wc -l')).toBe('1\n');
});

test("the learner's files come back as they were", async () => {
  const before = await recordedSession();
  await before.line(
    'mkdir -p ~/work && cd ~/work && printf "a: 1\\n" > a.yaml && chmod 600 a.yaml && ln -s a.yaml link',
  );
  await before.line('rm /etc/os-release; kubectl config set-context --current --namespace=kube-system');
  const listing = await before.line('ls -la ~/work; cat ~/work/link; cat ~/.kube/config');
  const after = await restored(before);
  expect(await after.line('ls -la ~/work; cat ~/work/link; cat ~/.kube/config')).toBe(listing);
  expect(await after.line('cat /etc/os-release')).toContain('No such file or directory');
  expect(await after.line('kubectl get pods')).toBe('No resources found in kube-system namespace.\n');
});

test('what was written to a node stays on it', async () => {
  const before = await recordedSession({ workers: 1 });
  await before.line(`cat > pod.yaml <<'END'
apiVersion: v1
kind: Pod
metadata:
  name: writer
spec:
  restartPolicy: Never
  containers:
  - name: main
    image: busybox
    command: [sh, -c, 'cat /data/diary; date >> /data/diary']
    volumeMounts:
    - name: data
      mountPath: /data
  volumes:
  - name: data
    hostPath:
      path: /var/diary
      type: DirectoryOrCreate
END
kubectl apply -f pod.yaml; kubectl wait --for=jsonpath='{.status.phase}'=Succeeded pod/writer; kubectl delete pod writer`);
  const snapshot: SessionSnapshot = JSON.parse(JSON.stringify(before.session.snapshot()));
  const after = await recordedSession({ snapshot });
  await after.line(`kubectl apply -f pod.yaml; kubectl wait --for=jsonpath='{.status.phase}'=Succeeded pod/writer`);
  expect(await after.line('kubectl logs writer')).toMatch(/^Thu Jan +1 \d\d:\d\d:\d\d UTC 2026\n$/);
});

test('the same snapshot makes the same world every time', async () => {
  const before = await recordedSession({ seed: 9 });
  await before.line('kubectl create deployment web --image=nginx --replicas=2');
  const hashes: string[] = [];
  for (let i = 0; i < 2; i++) {
    const { session, line } = await restored(before);
    await line('kubectl rollout status deployment web; kubectl get pods -o wide');
    hashes.push(session.driver.simulation.trace.hash());
  }
  expect(hashes[1]).toBe(hashes[0]);
});

test('who manages which fields comes back too', async () => {
  const before = await recordedSession({ seed: 6 });
  await before.line('kubectl create configmap settings --from-literal=a=1');
  await before.line('kubectl label configmap settings b=2 --field-manager=labeller');
  const shown = 'kubectl get configmap settings -o json --show-managed-fields';
  const managers = await before.line(shown);
  expect(managers).toContain('"manager": "labeller"');
  expect(await (await restored(before)).line(shown)).toBe(managers);
});
