// What the server warns of in pods.
import { expect, test } from 'vitest';
import { podWarnings } from './pod-warnings.ts';

test.each([
  [{ name: 'c', image: 'a', env: [{ name: 'A' }, { name: 'A', value: '1' }] }, 'hides previous definition of "A"'],
  [{ name: 'c', image: 'a', resources: { limits: { memory: '100m' } } }, 'fractional byte value "100m" is invalid'],
  [
    { name: 'c', image: 'a', ports: [{ containerPort: 1 }, { containerPort: 1 }] },
    'spec.containers[0].ports[1]: duplicate port definition with spec.containers[0].ports[0]',
  ],
])('%o is warned of', (container, warning) => {
  expect(podWarnings({ spec: { containers: [container] }, metadata: { name: 'p' } }).join('\n')).toContain(warning);
});

test('a plain pod is not', () => {
  expect(podWarnings({ spec: { containers: [{ name: 'c', image: 'a' }] }, metadata: { name: 'p' } })).toEqual([]);
});
