// From what metrics ask for to what is done: within bounds, no faster than the rules allow, and steadied by what was
// asked for recently. Models normalizeDesiredReplicas of v1.36, with and without spec.behavior.
import type {
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerCondition,
  HPAScalingRules,
} from '../../../api/generated/types.ts';

interface Stamped {
  readonly count: number;
  readonly at: number;
}

/** What is remembered of one autoscaler. */
export interface ScalingMemory {
  recommendations: readonly Stamped[];
  /** Replicas added, and taken away. */
  ups: readonly Stamped[];
  downs: readonly Stamped[];
}

export interface Wish {
  readonly autoscaler: HorizontalPodAutoscaler;
  readonly current: number;
  readonly desired: number;
  readonly now: number;
}

type Condition = Omit<HorizontalPodAutoscalerCondition, 'lastTransitionTime'>;

const downWindowMs = 300_000;
const upFactor = 2;
const upMinimum = 4;

/** The count after all limits, and what is said of it. Remembers the wish. */
export function limited(
  memory: ScalingMemory,
  wish: Wish,
): { readonly replicas: number; readonly conditions: readonly Condition[] } {
  const { desired, now } = wish;
  const steady = stabilized(memory, wish);
  const windowMs = Math.max(windowOf(wish, 'scaleUp'), windowOf(wish, 'scaleDown'));
  memory.recommendations = [
    ...memory.recommendations.filter(({ at }) => at >= now - windowMs),
    { count: desired, at: now },
  ];
  const able: Condition = { type: 'AbleToScale', status: 'True', ...(steady.count === desired ? ready : steady.words) };
  const { count, reason, message } = bounded(memory, { ...wish, desired: steady.count });
  const status = count === steady.count ? 'False' : 'True';
  return { replicas: count, conditions: [able, { type: 'ScalingLimited', status, reason, message }] };
}

/** Takes down a change of size, for rules about how fast it may change. */
export function rememberChange(memory: ScalingMemory, { autoscaler, current, desired, now }: Wish): void {
  const { behavior } = autoscaler.spec;
  if (!behavior) return;
  const kept = (events: readonly Stamped[], rules: HPAScalingRules | undefined): readonly Stamped[] => {
    const longest = Math.max(0, ...(rules?.policies ?? []).map(({ periodSeconds }) => periodSeconds));
    return events.filter(({ at }) => at >= now - longest * 1000);
  };
  if (desired > current) memory.ups = [...kept(memory.ups, behavior.scaleUp), { count: desired - current, at: now }];
  else memory.downs = [...kept(memory.downs, behavior.scaleDown), { count: current - desired, at: now }];
}

type Words = Pick<HorizontalPodAutoscalerCondition, 'reason' | 'message'>;

const ready: Words = { reason: 'ReadyForNewScale', message: 'recommended size matches current size' };
const upStabilized: Words = {
  reason: 'ScaleUpStabilized',
  message: 'recent recommendations were lower than current one, applying the lowest recent recommendation',
};
const downStabilized: Words = {
  reason: 'ScaleDownStabilized',
  message: 'recent recommendations were higher than current one, applying the highest recent recommendation',
};

function windowOf({ autoscaler }: Wish, direction: 'scaleUp' | 'scaleDown'): number {
  const { behavior } = autoscaler.spec;
  const seconds = behavior?.[direction]?.stabilizationWindowSeconds;
  return direction === 'scaleUp' ? (seconds ?? 0) * 1000 : seconds === undefined ? downWindowMs : seconds * 1000;
}

function stabilized({ recommendations }: ScalingMemory, wish: Wish): { readonly count: number; readonly words: Words } {
  const { autoscaler, current, desired, now } = wish;
  if (!autoscaler.spec.behavior) {
    const recent = recommendations.filter(({ at }) => at >= now - downWindowMs).map(({ count }) => count);
    return { count: Math.max(desired, ...recent), words: downStabilized };
  }
  let up = desired;
  let down = desired;
  for (const { count, at } of recommendations) {
    if (at > now - windowOf(wish, 'scaleUp')) up = Math.min(count, up);
    if (at > now - windowOf(wish, 'scaleDown')) down = Math.max(count, down);
  }
  const count = Math.min(Math.max(current, up), down);
  return { count, words: desired >= current ? upStabilized : downStabilized };
}

interface Bounded extends Words {
  readonly count: number;
}

const tooMany: Words = {
  reason: 'TooManyReplicas',
  message: 'the desired replica count is more than the maximum replica count',
};
const tooFew: Words = {
  reason: 'TooFewReplicas',
  message: 'the desired replica count is less than the minimum replica count',
};
const tooFast: Words = {
  reason: 'ScaleUpLimit',
  message: 'the desired replica count is increasing faster than the maximum scale rate',
};
const tooFastDown: Words = {
  reason: 'ScaleDownLimit',
  message: 'the desired replica count is decreasing faster than the maximum scale rate',
};
const within: Words = {
  reason: 'DesiredWithinRange',
  message: 'the desired count is within the acceptable range',
};

function bounded(memory: ScalingMemory, wish: Wish): Bounded {
  const { autoscaler, current, desired } = wish;
  const { minReplicas = 1, maxReplicas, behavior } = autoscaler.spec;
  if (!behavior) {
    const most = Math.max(upFactor * current, upMinimum);
    if (desired < minReplicas) return { count: minReplicas, ...tooFew };
    if (desired > Math.min(most, maxReplicas))
      return most < maxReplicas ? { count: most, ...tooFast } : { count: maxReplicas, ...tooMany };
  } else if (desired > current) {
    const limit = Math.max(upLimit(memory, wish, behavior.scaleUp), current);
    const most = Math.min(maxReplicas, limit);
    if (desired > most) return { count: most, ...(maxReplicas > limit ? tooFast : tooMany) };
  } else if (desired < current) {
    const limit = Math.min(downLimit(memory, wish, behavior.scaleDown), current);
    const least = Math.max(minReplicas, limit);
    if (desired < least) return { count: least, ...(minReplicas < limit ? tooFastDown : tooFew) };
  }
  return { count: desired, ...within };
}

const upPolicies = [
  { type: 'Pods', value: 4, periodSeconds: 15 },
  { type: 'Percent', value: 100, periodSeconds: 15 },
];
const downPolicies = [{ type: 'Percent', value: 100, periodSeconds: 15 }];

function upLimit(memory: ScalingMemory, wish: Wish, rules: HPAScalingRules = {}): number {
  const { selectPolicy = 'Max', policies = upPolicies } = rules;
  if (selectPolicy === 'Disabled') return wish.current;
  const proposals = policies.map(({ type, value, periodSeconds }) => {
    const before = periodStart(memory, wish, periodSeconds);
    return type === 'Pods' ? before + value : Math.ceil(before * (1 + value / 100));
  });
  return selectPolicy === 'Min' ? Math.min(...proposals) : Math.max(...proposals);
}

function downLimit(memory: ScalingMemory, wish: Wish, rules: HPAScalingRules = {}): number {
  const { selectPolicy = 'Max', policies = downPolicies } = rules;
  if (selectPolicy === 'Disabled') return wish.current;
  const proposals = policies.map(({ type, value, periodSeconds }) => {
    const before = periodStart(memory, wish, periodSeconds);
    return type === 'Pods' ? before - value : Math.trunc(before * (1 - value / 100));
  });
  return selectPolicy === 'Min' ? Math.max(...proposals) : Math.min(...proposals);
}

/** How many there were when the period began. */
function periodStart({ ups, downs }: ScalingMemory, { current, now }: Wish, periodSeconds: number): number {
  const since = (events: readonly Stamped[]): number =>
    events.reduce((sum, { count, at }) => (at > now - periodSeconds * 1000 ? sum + count : sum), 0);
  return current - since(ups) + since(downs);
}
