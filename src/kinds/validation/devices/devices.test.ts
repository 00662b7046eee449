// What claims, classes and slices of devices are refused for.
import { describe, expect, test } from 'vitest';
import { refusalOf, refusalOfChange, refusalOfStatus, storedObject, warningsOf } from '../../testing/refusal.ts';

function made(kind: string, spec: string): string {
  return `apiVersion: resource.k8s.io/v1\nkind: ${kind}\nmetadata: {name: x}\nspec: ${spec}`;
}

function claim(devices: string): string {
  return made('ResourceClaim', `{devices: ${devices}}`);
}

function slice(rest: string, at = 'nodeName: one'): string {
  const pool = 'pool: {name: p, generation: 1, resourceSliceCount: 1}';
  return made('ResourceSlice', `{driver: d.example.com, ${pool}, ${at}${rest === '' ? '' : `, ${rest}`}}`);
}

const request = (rest: string) => `{requests: [{name: r, exactly: {deviceClassName: c${rest}}}]}`;
const label =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const identifier =
  "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName', regex used for validation is '[A-Za-z_][A-Za-z0-9_]*')";
const reference =
  "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'";

describe('requests', () => {
  test.each([
    [request(''), 'fine'],
    ['{}', 'fine'],
    [
      '{requests: [{name: r}]}',
      'spec.devices.requests[0]: Required value: exactly one of `exactly` or `firstAvailable` is required',
    ],
    [
      '{requests: [{name: R_, exactly: {deviceClassName: c}, firstAvailable: [{name: s, deviceClassName: c}]}]}',
      `spec.devices.requests[0].name: Invalid value: "R_": ${label}\nspec.devices.requests[0]: Invalid value: null: exactly one of \`exactly\` or \`firstAvailable\` is required, but multiple fields are set`,
    ],
    [
      '{requests: [{name: r, exactly: {deviceClassName: ""}}, {name: r, exactly: {deviceClassName: c}}]}',
      'spec.devices.requests[0].exactly.deviceClassName: Required value\nspec.devices.requests[1]: Duplicate value: "r"',
    ],
    [request(', count: -1'), 'spec.devices.requests[0].exactly.count: Invalid value: -1: must be greater than zero'],
    [
      request(', allocationMode: All, count: 1'),
      "spec.devices.requests[0].exactly.count: Invalid value: 1: must not be specified when allocationMode is 'All'",
    ],
    [
      request(', allocationMode: Some'),
      'spec.devices.requests[0].exactly.allocationMode: Unsupported value: "Some": supported values: "All", "ExactCount"',
    ],
    [
      request(', tolerations: [{key: k, operator: Exists, value: v}, {key: k, effect: Never}]'),
      'spec.devices.requests[0].exactly.tolerations[0].value: Invalid value: "v": must be empty for operator `Exists`\nspec.devices.requests[0].exactly.tolerations[1].effect: Unsupported value: "Never": supported values: "NoExecute", "NoSchedule", "None"',
    ],
    [
      `{requests: [{name: r, firstAvailable: [${'{name: s, deviceClassName: c},'.repeat(9)}]}]}`,
      'spec.devices.requests[0].firstAvailable: Too many: 9: must have at most 8 items',
    ],
    [
      '{requests: [{name: r, firstAvailable: [{name: s, deviceClassName: c}]}], constraints: [{requests: [r/s, r, r/t, a/b/c], matchAttribute: a}, {}]}',
      `spec.devices.constraints[0].requests[2]: Invalid value: "r/t": ${reference}\nspec.devices.constraints[0].requests[3]: Invalid value: "a/b/c": ${reference}\nspec.devices.constraints[0].matchAttribute: Invalid value: "a": a fully qualified name must be a domain and a name separated by a slash\nspec.devices.constraints[1]: Required value: exactly one of "matchAttribute" or "distinctAttribute" is required, but multiple fields are set`,
    ],
    [
      '{config: [{}, {opaque: {driver: d, parameters: [1]}}, {opaque: {driver: "", parameters: {}}}]}',
      'spec.devices.config[0].opaque: Required value\nspec.devices.config[1].opaque.parameters: Invalid value: "<value omitted>": must be a valid JSON object\nspec.devices.config[2].opaque.driver: Required value',
    ],
  ])('%s', (devices, refusal) => {
    expect(refusalOf(claim(devices))).toBe(refusal);
  });

  test.each([
    ['device.driver == "d" && device.attributes["a.example.com"].memory >= 8', 'fine'],
    ['device.capacity["d"].memory.compareTo(quantity("1Gi")) > 0 || device.allowMultipleAllocations', 'fine'],
    ['device.attributes["a"].flag', 'fine'],
    ['device.attributes["a"].version.isLessThan(semver("1.0.0"))', 'fine'],
    [
      'device.driver',
      'spec.selectors[0].cel.expression: Invalid value: "device.driver": must evaluate to bool or the unknown type, not string',
    ],
    [
      'gadget == 1',
      "spec.selectors[0].cel.expression: Invalid value: \"gadget == 1\": compilation failed: ERROR: <input>:1:1: undeclared reference to 'gadget' (in container '')\n | gadget == 1\n | ^",
    ],
  ])('a selector %s', (expression, refusal) => {
    expect(refusalOf(made('DeviceClass', `{selectors: [{cel: {expression: '${expression}'}}]}`))).toBe(refusal);
  });

  test('are of one device by default', () => {
    expect(storedObject(claim(request(''))).spec).toEqual({
      devices: { requests: [{ name: 'r', exactly: { deviceClassName: 'c', allocationMode: 'ExactCount', count: 1 } }] },
    });
  });

  test('stay as they are', () => {
    expect(refusalOfChange(claim(request('')), claim(request(', count: 2')))).toBe(
      'spec: Invalid value: {"Devices":{"Requests":[{"Name":"r","Exactly":{"DeviceClassName":"c","Selectors":null,"AllocationMode":"ExactCount","Count":2,"AdminAccess":null,"Tolerations":null,"Capacity":null},"FirstAvailable":null}],"Constraints":null,"Config":null}}: field is immutable',
    );
  });
});

describe('classes and templates', () => {
  test.each([
    [
      made('DeviceClass', '{selectors: [{}], config: [{}], extendedResourceName: cpu}'),
      'spec.selectors[0].cel: Required value\nspec.config[0].opaque: Required value\nspec.extendedResourceName: Invalid value: "cpu": must be a valid extended resource name',
    ],
    [
      made('ResourceClaimTemplate', '{metadata: {name: o, labels: {a: b}}, spec: {devices: {requests: [{name: r}]}}}'),
      'spec.metadata.name: Forbidden: cannot be set\nspec.spec.devices.requests[0]: Required value: exactly one of `exactly` or `firstAvailable` is required',
    ],
  ])('%s', (yaml, refusal) => {
    expect(refusalOf(yaml)).toBe(refusal);
  });
});

describe('slices', () => {
  test.each([
    [
      slice(
        'devices: [{name: a, attributes: {x: {int: 1}, d.example.com/w: {version: 1.2.3}}, capacity: {m: {value: 1Gi}}}]',
      ),
      'fine',
    ],
    [
      slice('', 'allNodes: false'),
      'spec.allNodes: Invalid value: false: must be either unset or set to true\nspec: Required value: exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required',
    ],
    [
      slice('allNodes: true, nodeSelector: {nodeSelectorTerms: []}'),
      'spec.nodeSelector.nodeSelectorTerms: Required value: must have at least one node selector term\nspec.nodeSelector.nodeSelectorTerms: Invalid value: []: must have exactly one node selector term\nspec: Invalid value: "{`nodeName`, `nodeSelector`, `allNodes`}": exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required, but multiple fields are set',
    ],
    [
      slice('devices: [{name: a}], sharedCounters: [{name: "", counters: {}}]'),
      'spec: Invalid value: "": only one of `sharedCounters` or `devices` is allowed\nspec.sharedCounters[0].name: Required value\nspec.sharedCounters[0].counters: Required value',
    ],
    [
      made(
        'ResourceSlice',
        '{driver: "", pool: {name: "a//b", generation: -1, resourceSliceCount: 0}, allNodes: true}',
      ),
      `spec.driver: Required value\nspec.pool.name: Invalid value: "": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')\nspec.pool.resourceSliceCount: Invalid value: 0: must be greater than zero\nspec.pool.generation: Invalid value: -1: must be greater than or equal to zero`,
    ],
    [
      slice('devices: [{name: a, attributes: {1x: {int: 1}, w: {}, z: {int: 1, bool: true}}}, {name: a}]'),
      `spec.devices[0].attributes: Invalid value: "1x": ${identifier}\nspec.devices[0].attributes[w]: Invalid value: "": exactly one value must be specified\nspec.devices[0].attributes[z]: Invalid value: {"IntValue":1,"BoolValue":true,"StringValue":null,"VersionValue":null,"IntValues":null,"BoolValues":null,"StringValues":null,"VersionValues":null}: exactly one value must be specified\nspec.devices[1]: Duplicate value: "a"`,
    ],
    [
      slice(
        'devices: [{name: a, attributes: {v: {version: "1.2"}}, nodeName: one, taints: [{key: "a b", effect: ""}]}]',
      ),
      "spec.devices[0].attributes[v].version: Invalid value: \"1.2\": must be a string compatible with semver.org spec 2.0.0\nspec.devices[0].taints[0].key: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')\nspec.devices[0].taints[0].effect: Required value\nspec.devices[0]: Invalid value: null: `nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true in the ResourceSlice spec",
    ],
    [
      slice('devices: [{name: a}]', 'perDeviceNodeSelection: true'),
      'spec.devices[0]: Required value: exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when `perDeviceNodeSelection` is set to true in the ResourceSlice spec',
    ],
    [
      slice(`devices: [${Array.from({ length: 65 }, (_, i) => `{name: d${i}, taints: [{key: k, effect: None}]}`)}]`),
      'spec.devices: Too many: 65: must have at most 64 items',
    ],
    [
      slice(
        'devices: [{name: a, bindingConditions: [a, a], bindingFailureConditions: [a]}, {name: b, bindingConditions: [a]}]',
      ),
      'spec.devices[0].bindingConditions[1]: Duplicate value: "a"\nspec.devices[0].bindingFailureConditions[0]: Invalid value: "a": bindingFailureConditions must not overlap with bindingConditions\nspec.devices[1].bindingFailureConditions: Invalid value: null: bindingFailureConditions are required to use bindingConditions',
    ],
    [
      slice('devices: [{name: a, capacity: {m: {value: 10, requestPolicy: {default: 1}}}}]'),
      'spec.devices[0].capacity[m].requestPolicy: Forbidden: allowMultipleAllocations must be true',
    ],
    [
      slice(
        'devices: [{name: a, allowMultipleAllocations: true, capacity: {m: {value: 10, requestPolicy: {default: 3, validValues: [2, 1, 20]}}, p: {value: 10, requestPolicy: {default: 1, validRange: {min: 2, max: 11, step: 4}}}}}]',
      ),
      'spec.devices[0].capacity[m].requestPolicy.validValues[1]: Invalid value: "1": values must be sorted in ascending order\nspec.devices[0].capacity[m].requestPolicy.validValues[2]: Invalid value: "20": option is larger than capacity value: 10\nspec.devices[0].capacity[m].requestPolicy.validValues: Invalid value: "3": default value is not valid according to the requestPolicy\nspec.devices[0].capacity[p].requestPolicy.validRange.min: Invalid value: "1": default is less than min: 2\nspec.devices[0].capacity[p].requestPolicy.validRange.max: Invalid value: "11": max is larger than capacity value: 10\nspec.devices[0].capacity[p].requestPolicy.validRange.step: Invalid value: "1": value is not a multiple of a given step (4) from (2)\nspec.devices[0].capacity[p].requestPolicy.validRange.step: Invalid value: "11": value is not a multiple of a given step (4) from (2)',
    ],
  ])('%s', (yaml, refusal) => {
    expect(refusalOf(yaml)).toBe(refusal);
  });

  test('stay of one node', () => {
    expect(refusalOfChange(slice(''), slice('', 'nodeName: m'))).toBe(
      'spec.nodeName: Invalid value: "m": field is immutable',
    );
  });

  test('drop what is alpha, and say since when devices are tainted', () => {
    const yaml = slice('devices: [{name: a, attributes: {x: {ints: [1], int: 2}}, taints: [{key: k, effect: None}]}]');
    expect(storedObject(yaml).spec).toMatchObject({
      devices: [
        {
          name: 'a',
          attributes: { x: { int: 2 } },
          taints: [{ key: 'k', effect: 'None', timeAdded: '2026-01-01T00:00:00Z' }],
        },
      ],
    });
  });

  test('warn of drivers in capitals', () => {
    expect(warningsOf(slice('').replace('d.example', 'D.example'))).toEqual([
      'spec.driver: driver names should be lowercase; "D.example.com" contains uppercase characters',
    ]);
  });
});

describe('what becomes of a claim', () => {
  const result = { request: 'r', driver: 'd', pool: 'p', device: 'a' };
  const allocation = { devices: { results: [result] } };
  test.each([
    [{ allocation }, {}, 'fine'],
    [
      {
        reservedFor: [
          { resource: 'pods', name: 'p', uid: '1' },
          { resource: 'pods', uid: '1' },
        ],
      },
      {},
      'status.reservedFor[1].name: Required value\nstatus.reservedFor[1]: Duplicate value: "1"\nstatus.reservedFor: Forbidden: may not be specified when `allocated` is not set',
    ],
    [
      {
        allocation: {
          devices: { results: [{ ...result, request: 'other', shareID: 'x' }], config: [{ requests: ['r'] }] },
        },
      },
      {},
      `status.allocation.devices.results[0].request: Invalid value: "other": ${reference}\nstatus.allocation.devices.results[0].shareID: Invalid value: "x": error validating uid: invalid UUID length: 1\nstatus.allocation.devices.config[0].source: Required value\nstatus.allocation.devices.config[0].opaque: Required value`,
    ],
    [
      { allocation: { devices: { results: [{ ...result, device: 'b' }] } } },
      { allocation },
      'status.allocation: Invalid value: {"Devices":{"Results":[{"Request":"r","Driver":"d","Pool":"p","Device":"b","AdminAccess":null,"Tolerations":null,"BindingConditions":null,"BindingFailureConditions":null,"ShareID":null,"ConsumedCapacity":null}],"Config":null},"NodeSelector":null,"AllocationTimestamp":null}: field is immutable',
    ],
    [
      {
        allocation,
        devices: [
          {
            driver: 'd',
            pool: 'p',
            device: 'b',
            networkData: { ips: ['10.0.0.1'] },
            conditions: [{ type: 'A', status: 'Maybe' }],
          },
        ],
      },
      { allocation },
      'status.devices[0]: Invalid value: {"Driver":"d","Pool":"p","Device":"b","ShareID":""}: must be an allocated device in the claim\nstatus.devices[0].conditions[0].status: Unsupported value: "Maybe": supported values: "False", "True", "Unknown"\nstatus.devices[0].conditions[0].lastTransitionTime: Required value\nstatus.devices[0].conditions[0].reason: Required value\nstatus.devices[0].networkData.ips[0]: Invalid value: "10.0.0.1": must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)',
    ],
  ])('%j', (status, before, refusal) => {
    expect(refusalOfStatus(claim(request('')), status, before)).toBe(refusal);
  });
});
