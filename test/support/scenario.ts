// One script for every host: what a learner might do, touching shell, kubectl, controllers, nodes and network.
import { recordedSession } from './session.ts';

export interface ScenarioResult {
  readonly output: string;
  readonly hash: string;
  readonly steps: number;
  readonly now: number;
}

const lines = [
  'kubectl create deployment web --image=nginx --replicas=5',
  'kubectl expose deployment web --port=80; kubectl rollout status deployment web',
  'kubectl get pods,svc,endpointslices -o wide',
  'kubectl run talker --image=busybox --restart=Never -- sh -c "for i in 1 2 3; do echo line $i $RANDOM; sleep 1; done"',
  'kubectl wait --for=jsonpath={.status.phase}=Succeeded pod/talker; kubectl logs talker --timestamps',
  'kubectl exec deploy/web -- cat /etc/hostname',
  'kubectl set image deployment/web nginx=nginx:1.28; kubectl rollout status deployment web; kubectl get rs',
  'kubectl get deployment web -o yaml; kubectl describe deployment web',
  'for i in $(seq 5); do sleep 3; echo $RANDOM; done & kubectl scale deployment web --replicas=1; wait',
  'kubectl get events; awk "BEGIN { print sqrt(2), sin(1), exp(1), log(10) }"; date',
];

/** `early`: begins before all code is there, as in the page. */
export async function runScenario(seed: number, early = false): Promise<ScenarioResult> {
  const { session, line, output } = await recordedSession({ seed, early });
  const { driver } = session;
  for (const text of lines) await line(text);
  await driver.runUntil(session.input({ kind: 'power', node: 'worker-2', on: false }));
  const watching = session.input({ kind: 'line', text: 'kubectl get nodes -w' });
  await driver.runFor(90_000);
  await driver.runUntil(session.input({ kind: 'interrupt' }));
  await driver.runUntil(watching);
  await driver.runUntil(session.input({ kind: 'power', node: 'worker-2', on: true }));
  await driver.runFor(60_000);
  await line('kubectl get nodes; kubectl get pods -A -o wide; kubectl get events --sort-by=.lastTimestamp');
  const { trace, now } = driver.simulation;
  return { output: output(), hash: trace.hash(), steps: trace.last, now };
}
