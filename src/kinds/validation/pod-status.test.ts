// What may stand in a pod's status, in upstream's words and order.
import { expect, test } from 'vitest';
import { refusalOfStatus } from '../testing/refusal.ts';

const pod = (spec: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {nodeName: node-1, containers: [{name: c, image: a}], ${spec}}`;
const containers = (state: object) => ({ containerStatuses: [{ name: 'c', state }] });
const ended = (exitCode: number) => containers({ terminated: { exitCode } });
const running = containers({ running: {} });
const restarted = 'status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state';

test.each<readonly [spec: string, from: object, to: object, refusal: string]>([
  // A container that has ended runs again only if it is to be restarted.
  ['restartPolicy: Always', ended(0), running, 'fine'],
  ['restartPolicy: OnFailure', ended(1), running, 'fine'],
  ['restartPolicy: OnFailure', ended(0), running, restarted],
  ['restartPolicy: Never', ended(1), running, restarted],
  ['restartPolicy: Never', running, ended(1), 'fine'],
  // Addresses.
  ['', {}, { podIPs: [{ ip: '10.0.0.1' }, { ip: 'fd00::1' }] }, 'fine'],
  ['', {}, { podIPs: [{ ip: '10.0.0.01' }] }, 'status.podIPs[0]: Invalid value: "10.0.0.01": must not have leading 0s'],
  ['', { podIPs: [{ ip: '10.0.0.01' }] }, { podIPs: [{ ip: '10.0.0.01' }] }, 'fine'],
  [
    '',
    {},
    { podIPs: [{ ip: '1.1.1.1' }, { ip: '2.2.2.2' }] },
    'status.podIPs: Invalid value: [{"IP":"1.1.1.1"},{"IP":"2.2.2.2"}]: may specify no more than one IP for each IP family',
  ],
  [
    '',
    {},
    { hostIPs: [{ ip: '1.1.1.1' }] },
    'status.hostIPs[0].ip: Invalid value: "1.1.1.1": must be equal to `hostIP`',
  ],
  // The rest.
  [
    '',
    {},
    { nominatedNodeName: 'other' },
    'status.nominatedNodeName: Forbidden: may not be set on pods that are already bound to a node',
  ],
  [
    '',
    { qosClass: 'Burstable' },
    { qosClass: 'Guaranteed' },
    'status.qosClass: Invalid value: "Guaranteed": field is immutable',
  ],
  [
    '',
    {},
    { observedGeneration: -1, conditions: [{ type: 'a b', status: 'True', observedGeneration: -2 }] },
    "status.conditions[0].observedGeneration: Invalid value: -2: must be a non-negative integer\nstatus.conditions[0].Type: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')\nstatus.observedGeneration: Invalid value: -1: must be a non-negative integer",
  ],
  [
    '',
    {},
    { resourceClaimStatuses: [{ name: 'none' }] },
    'status.resourceClaimStatuses[0].name: Invalid value: "none": must match the name of an entry in `spec.resourceClaims`',
  ],
  [
    '',
    {},
    { extendedResourceClaimStatus: { requestMappings: [], resourceClaimName: 'c' } },
    'status.extendedResourceClaimStatus.requestMappings: Required value: at least one request mapping is required',
  ],
  [
    'os: {name: windows}',
    {},
    { containerStatuses: [{ name: 'c', user: { linux: { uid: 1, gid: 1 } } }] },
    'status.containerStatuses[0].user.linux: Forbidden: cannot be set for a windows pod',
  ],
  [
    '',
    {},
    { containerStatuses: [{ name: 'c', user: { linux: { uid: -1, gid: 1 } } }] },
    'status.containerStatuses[0].user.linux.uid: Invalid value: -1: must be between 0 and 2147483647, inclusive',
  ],
])('of a pod with {%s} goes from %j to %j: %s', (spec, from, to, refusal) => {
  expect(refusalOfStatus(pod(spec), to, from)).toBe(refusal);
});
