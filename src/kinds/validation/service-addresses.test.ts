// ServiceCIDRs and IPAddresses that are refused, in upstream's words.
import { expect, test } from 'vitest';
import { refusalOf, refusalOfChange } from '../testing/refusal.ts';

const ranges = (cidrs: string) =>
  `apiVersion: networking.k8s.io/v1\nkind: ServiceCIDR\nmetadata: {name: r}\nspec: {cidrs: ${cidrs}}`;
const address = (parent: string) =>
  `apiVersion: networking.k8s.io/v1\nkind: IPAddress\nmetadata: {name: 10.0.0.1}\nspec: {parentRef: ${parent}}`;

test.each([
  [ranges('[10.0.0.0/24, "fd00::/64"]'), 'fine'],
  [ranges('[]'), 'spec.cidrs: Required value: at least one CIDR required'],
  [
    ranges('[10.0.0.1/24]'),
    'spec.cidrs[0]: Invalid value: "10.0.0.1/24": must not have bits set beyond the prefix length',
  ],
  [
    ranges('[10.0.0.0/24, 10.1.0.0/24]'),
    'spec.cidrs: Invalid value: ["10.0.0.0/24","10.1.0.0/24"]: may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64',
  ],
  [address('{resource: services, name: s, namespace: d}'), 'fine'],
  [address('null'), 'spec.parentRef: Required value'],
  [address('{}'), 'spec.parentRef.resource: Required value\nspec.parentRef.name: Required value'],
])('%s is refused', (yaml, refusal) => {
  expect(refusalOf(yaml)).toBe(refusal);
});

test.each([
  [ranges('[10.0.0.0/24]'), ranges('[10.0.0.0/24, "fd00::/64"]'), 'fine'],
  [ranges('[10.0.0.0/24]'), ranges('[10.1.0.0/24]'), 'spec.cidrs[0]: Invalid value: "10.1.0.0/24": field is immutable'],
  [
    address('{resource: services, name: s}'),
    address('{resource: services, name: t}'),
    'spec.parentRef: Invalid value: {"Group":"","Resource":"services","Namespace":"","Name":"t"}: field is immutable',
  ],
])('%s may become %s', (from, to, refusal) => {
  expect(refusalOfChange(from, to)).toBe(refusal);
});
