// Families of Services on a cluster of IPv4 alone, in upstream's words.
import { expect, test } from 'vitest';
import { fieldErrorText } from '../../api/field-error.ts';
import type { ServiceSpec } from '../../api/generated/types.ts';
import { withFamilies } from './service-families.ts';

const answer = (spec: ServiceSpec, old?: ServiceSpec): string => {
  const outcome = withFamilies(spec, old && { spec: old });
  if ('errors' in outcome) return outcome.errors.map(fieldErrorText).join('\n');
  return `${outcome.spec.ipFamilyPolicy} ${outcome.spec.ipFamilies?.join(' ')}`;
};
const selector = { app: 'a' };
const policy = 'spec.ipFamilyPolicy: Invalid value:';

test.each<readonly [spec: ServiceSpec, answer: string]>([
  [{ selector }, 'SingleStack IPv4'],
  [{ selector, ipFamilyPolicy: 'PreferDualStack' }, 'PreferDualStack IPv4'],
  [{ selector, clusterIP: 'None', clusterIPs: ['None'] }, 'SingleStack IPv4'],
  // Whoever makes the endpoints of a headless Service without a selector may use either family.
  [{ clusterIP: 'None', clusterIPs: ['None'] }, 'RequireDualStack IPv4 IPv6'],
  [
    { selector, ipFamilyPolicy: 'RequireDualStack' },
    `${policy} "RequireDualStack": this cluster is not configured for dual-stack services`,
  ],
  [{ selector, ipFamilies: ['IPv6'] }, 'spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster'],
  [
    { selector, ipFamilies: ['IPv4', 'IPv6'] },
    `${policy} "SingleStack": must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified`,
  ],
  [
    { selector, clusterIP: 'fd00::1', clusterIPs: ['fd00::1'] },
    'spec.clusterIPs[0]: Invalid value: ["fd00::1"]: IPv6 is not configured on this cluster',
  ],
])('%j has %s', (spec, expected) => {
  expect(answer(spec)).toBe(expected);
});

test('an update without a policy keeps the one there was', () => {
  const old: ServiceSpec = { type: 'ClusterIP', selector, ipFamilyPolicy: 'PreferDualStack', ipFamilies: ['IPv4'] };
  expect(answer({ type: 'ClusterIP', selector }, old)).toBe('PreferDualStack IPv4');
});

test('the second family goes only with a single stack', () => {
  const old: ServiceSpec = { ipFamilyPolicy: 'PreferDualStack', ipFamilies: ['IPv4', 'IPv6'], type: 'ClusterIP' };
  const spec: ServiceSpec = { ...old, ipFamilies: ['IPv4'] };
  expect(answer(spec, old)).toBe(
    `${policy} "PreferDualStack": must be 'SingleStack' to release the secondary IP family`,
  );
  expect(answer({ ...old, ipFamilyPolicy: 'SingleStack' }, old)).toBe('SingleStack IPv4');
});
