// What a resize of a pod may change and what it is refused for.
import { describe, expect, test } from 'vitest';
import type { FieldError } from '../../api/field-error.ts';
import type { Container, Pod } from '../../api/generated/types.ts';
import { resizedPod } from '../resized-pod.ts';
import { validatePodResize } from './pod-resize.ts';

const half: Container = {
  name: 'c',
  image: 'nginx',
  imagePullPolicy: 'Always',
  terminationMessagePolicy: 'File',
  resources: { requests: { cpu: '500m' } },
};

function pod(...containers: readonly Container[]): Pod {
  const spec = { containers, restartPolicy: 'Always', dnsPolicy: 'ClusterFirst', terminationGracePeriodSeconds: 30 };
  return { metadata: { name: 'p', namespace: 'default' }, spec, status: { qosClass: 'Burstable' } };
}

/** What resizing the pod of one half-CPU container so is refused for, a line each. */
function refusal(...containers: readonly Container[]): string {
  const old = pod(half);
  const errors: FieldError[] = [];
  validatePodResize(resizedPod(pod(...containers), old), old, errors);
  return errors.map(({ field, body }) => `${field}: ${body}`).join('\n');
}

describe('a resize', () => {
  test('changes cpu and memory', () => {
    expect(refusal({ ...half, resources: { requests: { cpu: '1', memory: '1Gi' } } })).toBe('');
  });

  test('leaves everything else as it was', () => {
    const resized = resizedPod(pod({ ...half, image: 'httpd', resources: { requests: { cpu: '1' } } }), pod(half));
    expect(resized.spec?.containers).toEqual([{ ...half, resources: { requests: { cpu: '1' } } }]);
  });

  test.each([
    [[{ ...half, resources: {} }], 'Pod QOS Class may not change as a result of resizing'],
    [[{ ...half, resources: { requests: { memory: '1Gi' } } }], 'resource requests cannot be removed'],
    [[{ ...half, name: 'd' }], 'containers may not be renamed or reordered on resize'],
    [[half, { ...half, name: 'd' }], 'containers may not be added or removed on resize'],
    [
      [{ ...half, resources: { requests: { cpu: '500m', 'ephemeral-storage': '1Gi' } } }],
      'only cpu and memory resources are mutable',
    ],
    [
      [{ ...half, resources: { requests: { cpu: '2' }, limits: { cpu: '1' } } }],
      'must be less than or equal to cpu limit of 1',
    ],
  ])('is refused when it does more: %j', (containers, why) => {
    expect(refusal(...containers)).toContain(why);
  });
});
