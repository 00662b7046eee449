// What becomes of a wish for replicas.
import { describe, expect, test } from 'vitest';
import type { HorizontalPodAutoscalerBehavior } from '../../../api/generated/types.ts';
import { limited, rememberChange, type ScalingMemory } from './scaling-limits.ts';

function autoscaler(behavior?: HorizontalPodAutoscalerBehavior) {
  const scaleTargetRef = { kind: 'Deployment', name: 'web' };
  return { spec: { scaleTargetRef, minReplicas: 2, maxReplicas: 10, ...(behavior && { behavior }) } };
}

const fresh = (): ScalingMemory => ({ recommendations: [], ups: [], downs: [] });

describe('without behavior', () => {
  test.each([
    { current: 3, desired: 3, replicas: 3, words: 'ReadyForNewScale, DesiredWithinRange' },
    { current: 1, desired: 9, replicas: 4, words: 'ReadyForNewScale, ScaleUpLimit' },
    { current: 6, desired: 20, replicas: 10, words: 'ReadyForNewScale, TooManyReplicas' },
    { current: 3, desired: 1, replicas: 2, words: 'ReadyForNewScale, TooFewReplicas' },
  ])('$current, $desired wanted', ({ current, desired, replicas, words }) => {
    const result = limited(fresh(), { autoscaler: autoscaler(), current, desired, now: 0 });
    expect(result.replicas).toBe(replicas);
    expect(result.conditions.map(({ reason }) => reason).join(', ')).toBe(words);
  });

  test('goes down only five minutes after more was wanted', () => {
    const memory = fresh();
    const at = (seconds: number, desired: number) =>
      limited(memory, { autoscaler: autoscaler(), current: 8, desired, now: seconds * 1000 });
    at(0, 8);
    const held = at(300, 2);
    expect(held.replicas).toBe(8);
    expect(held.conditions[0]?.reason).toBe('ScaleDownStabilized');
    expect(at(301, 2).replicas).toBe(2);
  });
});

describe('with behavior', () => {
  const slow = autoscaler({
    scaleUp: { stabilizationWindowSeconds: 0, policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }] },
    scaleDown: { stabilizationWindowSeconds: 0, policies: [{ type: 'Percent', value: 50, periodSeconds: 60 }] },
  });

  test('no faster than a policy says, counted over its period', () => {
    const memory = fresh();
    const step = (now: number, current: number, desired: number): number => {
      const { replicas } = limited(memory, { autoscaler: slow, current, desired, now });
      if (replicas !== current) rememberChange(memory, { autoscaler: slow, current, desired: replicas, now });
      return replicas;
    };
    expect(step(0, 3, 9)).toBe(4);
    expect(step(15_000, 4, 9)).toBe(4);
    expect(step(60_000, 4, 9)).toBe(5);
    expect(step(200_000, 8, 2)).toBe(4);
    expect(step(215_000, 4, 2)).toBe(4);
  });

  test('not at all in a direction that is disabled', () => {
    const fixed = autoscaler({ scaleDown: { selectPolicy: 'Disabled', stabilizationWindowSeconds: 0 } });
    expect(limited(fresh(), { autoscaler: fixed, current: 8, desired: 2, now: 0 }).replicas).toBe(8);
  });
});
