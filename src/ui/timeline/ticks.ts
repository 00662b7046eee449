// The timeline's ticks: what happened when, in a few words, as the trace tells it.
import type { WireStep } from '../../worker/messages.ts';
import { partOf } from '../state/component-name.ts';

export interface Tick {
  readonly at: number;
  /** `command`: the learner did it. `trouble`: something went wrong. */
  readonly kind: 'command' | 'change' | 'work' | 'trouble';
  readonly text: string;
}

const bookkeeping =
  /^(events|leases|nodes\/status|serviceaccounts\/token|tokenreviews|subjectaccessreviews|endpoints|endpointslices)\b/;
const troubles = new Set([
  'BackOff',
  'Failed',
  'Unhealthy',
  'FailedMount',
  'FailedCreatePodSandBox',
  'unschedulable',
  'refuse',
]);
/** What a person does to the machines. */
const faults = new Set(['power', 'partition', 'component', 'slow']);
const written: Readonly<Record<string, string>> = {
  create: 'created',
  update: 'changed',
  patch: 'changed',
  delete: 'deleted',
  deletecollection: 'deleted',
};

/** Undefined: nothing that one would look for. */
export function tickOf({ at, component, action, subject, detail }: WireStep): Tick | undefined {
  if (component === 'learner') {
    if (action === 'line') return { at, kind: 'command', text: `$ ${subject}` };
    return faults.has(action) ? { at, kind: 'command', text: `${action} ${subject}` } : undefined;
  }
  if (troubles.has(action)) {
    if (detail?.includes('the object has been modified')) return undefined;
    return { at, kind: 'trouble', text: `${subject}: ${action}` };
  }
  if (component.startsWith('kubelet/') && action !== 'renew')
    return { at, kind: 'work', text: `${subject}: ${action}` };
  const done = partOf(component) === 'apiserver' && !bookkeeping.test(subject) ? written[action] : undefined;
  return done === undefined ? undefined : { at, kind: 'change', text: `${subject} ${done} by ${detail}` };
}

/** The tick nearest to a moment, within so many milliseconds; commands and troubles before others. */
export function nearest(ticks: readonly Tick[], moment: number, withinMs: number): Tick | undefined {
  let best: Tick | undefined;
  let bestDistance = withinMs;
  for (const tick of ticks) {
    const plain = tick.kind === 'change' || tick.kind === 'work';
    const distance = Math.abs(tick.at - moment) * (plain ? 1 : 0.3);
    if (distance > bestDistance) continue;
    best = tick;
    bestDistance = distance;
  }
  return best;
}
