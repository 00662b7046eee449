// What EndpointSlices and Endpoints are refused for.
import { expect, test } from 'vitest';
import { refusalOf, refusalOfChange } from '../testing/refusal.ts';

function slice(rest: string, type = 'IPv4'): string {
  return `apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: s}\naddressType: ${type}\n${rest}`;
}

test.each([
  [slice('endpoints: [{addresses: [10.0.0.1]}]\nports: [{port: 80}]'), ['fine']],
  [
    slice('endpoints: []', 'IPv5'),
    ['addressType: Unsupported value: "IPv5": supported values: "FQDN", "IPv4", "IPv6"'],
  ],
  [
    slice('endpoints: [{addresses: [127.0.0.1, "fe80::1", 010.0.0.1]}, {addresses: []}]'),
    [
      'endpoints[0].addresses[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
      'endpoints[0].addresses: Invalid value: "fe80::1": must be an IPv4 address',
      'endpoints[0].addresses[1]: Invalid value: "fe80::1": may not be in the link-local range (169.254.0.0/16, fe80::/10)',
      'endpoints[0].addresses[2]: Invalid value: "010.0.0.1": must not have leading 0s',
      'endpoints[1].addresses: Required value: must contain at least 1 address',
    ],
  ],
  [
    slice('endpoints: [{addresses: ["2001:DB8::1"]}]', 'IPv6'),
    ['endpoints[0].addresses[0]: Invalid value: "2001:DB8::1": must be in canonical form ("2001:db8::1")'],
  ],
  [
    slice('endpoints: []\nports: [{port: 80}, {port: 81, protocol: HTTP}]'),
    [
      'ports[1].name: Duplicate value: ""',
      'ports[1].protocol: Unsupported value: "HTTP": supported values: "SCTP", "TCP", "UDP"',
    ],
  ],
  [
    'apiVersion: v1\nkind: Endpoints\nmetadata: {name: e}\nsubsets: [{ports: [{port: 0}, {port: 1}]}, {addresses: [{ip: 169.254.1.1}]}]',
    [
      'subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`',
      'subsets[0].ports[0].name: Required value',
      'subsets[0].ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive',
      'subsets[0].ports[1].name: Required value',
      'subsets[1].addresses[0].ip: Invalid value: "169.254.1.1": may not be in the link-local range (169.254.0.0/16, fe80::/10)',
    ],
  ],
])('%s', (yaml, refusals) => {
  expect(refusalOf(yaml).split('\n')).toEqual(refusals);
});

test('the type of its addresses stays', () => {
  expect(refusalOfChange(slice('endpoints: []'), slice('endpoints: []', 'IPv6'))).toBe(
    'addressType: Invalid value: "IPv6": field is immutable',
  );
});
