// What the scheduler last said of pods that fit nowhere, as its steps of the trace tell: a line a node.
import { create } from 'zustand';
import { partOf } from './component-name.ts';
import { onSteps } from './session-store.ts';

/** By `namespace/name`. */
export const useVerdicts = create<ReadonlyMap<string, readonly string[]>>(() => new Map());

const podsMax = 2000;

onSteps((steps) => {
  const looks = steps.filter(
    ({ component, action }) =>
      partOf(component) === 'kube-scheduler' && (action === 'unschedulable' || action === 'assign'),
  );
  if (looks.length === 0) return;
  const verdicts = new Map(useVerdicts.getState());
  for (const { action, subject, detail = '' } of looks) {
    const pod = subject.slice(subject.indexOf(' ') + 1);
    verdicts.delete(pod);
    if (action === 'unschedulable') verdicts.set(pod, detail.split('\n').slice(1));
  }
  for (const pod of verdicts.keys()) {
    if (verdicts.size <= podsMax) break;
    verdicts.delete(pod);
  }
  useVerdicts.setState(verdicts, true);
});
