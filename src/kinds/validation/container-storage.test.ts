// What classes of storage, CSI drivers and attachments are refused for.
import { expect, test } from 'vitest';
import { refusalOf, refusalOfChange, storedObject, warningsOf } from '../testing/refusal.ts';

function made(kind: string, fields: string): string {
  return `apiVersion: storage.k8s.io/v1\nkind: ${kind}\nmetadata: {name: x}\n${fields}`;
}

const subdomain =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const qualified =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const driver = (spec: string) => made('CSIDriver', `spec: ${spec}`);
const node = (drivers: string) => made('CSINode', `spec: {drivers: ${drivers}}`);
const attachment = (source: string) =>
  made('VolumeAttachment', `spec: {attacher: a.example.com, nodeName: one, source: ${source}}`);
const topologies = (terms: string) => made('StorageClass', `provisioner: p\nallowedTopologies: ${terms}`);

test.each([
  [driver('{}'), 'fine'],
  [
    driver('{fsGroupPolicy: Any, volumeLifecycleModes: [Persistent, Brief], nodeAllocatableUpdatePeriodSeconds: 5}'),
    'spec.fsGroupPolicy: Unsupported value: "Any": supported values: "File", "None", "ReadWriteOnceWithFSType"\nspec.volumeLifecycleModes: Unsupported value: "Brief": supported values: "Persistent", "Ephemeral"\nspec.nodeAllocatableUpdatePeriodSeconds: Invalid value: 5: must be greater than or equal to 10 seconds',
  ],
  [
    driver(
      '{tokenRequests: [{audience: a, expirationSeconds: 5}, {audience: b, expirationSeconds: 4294967297}, {audience: a, expirationSeconds: 1}]}',
    ),
    'spec.tokenRequests[0].expirationSeconds: Invalid value: 5: may not specify a duration less than 10 minutes\nspec.tokenRequests[1].expirationSeconds: Invalid value: 4294967297: may not specify a duration larger than 2^32 seconds\nspec.tokenRequests[2].audience: Duplicate value: "a"',
  ],
  [
    driver('{serviceAccountTokenInSecrets: true}'),
    'spec.serviceAccountTokenInSecrets: Invalid value: true: serviceAccountTokenInSecrets is set but no tokenRequests are specified',
  ],
  [node('[{name: d, nodeID: one, topologyKeys: [a, b]}]'), 'fine'],
  [
    node('[{name: d, nodeID: "", allocatable: {count: -1}}, {name: d, nodeID: one, topologyKeys: [a, a, "b c"]}]'),
    `spec.drivers[0].nodeID: Required value\nspec.drivers[0].allocatable.count: Invalid value: -1: must be greater than or equal to 0\nspec.drivers[1].name: Duplicate value: "d"\nspec.drivers[1]: Duplicate value: "a"\nspec.drivers[1]: Invalid value: "b c": ${qualified}`,
  ],
  [
    made(
      'CSIStorageCapacity',
      'storageClassName: A\ncapacity: "-1"\nnodeTopology: {matchExpressions: [{key: a, operator: Near}]}',
    ),
    `nodeTopology.matchExpressions[0].operator: Invalid value: "Near": not a valid selector operator\nstorageClassName: Invalid value: "A": ${subdomain}\ncapacity: Invalid value: "-1": must be greater than or equal to 0`,
  ],
  [attachment('{persistentVolumeName: pv}'), 'fine'],
  [
    attachment('{}'),
    'spec.source: Required value: must specify exactly one of inlineVolumeSpec and persistentVolumeName',
  ],
  [
    attachment('{persistentVolumeName: a, inlineVolumeSpec: {}}'),
    'spec.source: Forbidden: must specify exactly one of inlineVolumeSpec and persistentVolumeName',
  ],
  [
    attachment(
      '{inlineVolumeSpec: {capacity: {storage: 1}, accessModes: [ReadWriteOnce], storageClassName: a, volumeMode: Block}}',
    ),
    'spec.source.inlineVolumeSpec.capacity: Forbidden: may not be specified in the context of inline volumes\nspec.source.inlineVolumeSpec.csi: Required value: has to be specified in the context of inline volumes\nspec.source.inlineVolumeSpec: Required value: must specify a volume type\nspec.source.inlineVolumeSpec.storageClassName: Forbidden: may not be specified in the context of inline volumes\nspec.source.inlineVolumeSpec.volumeMode: Forbidden: may not specify volumeMode other than Filesystem in the context of inline volumes',
  ],
  [
    made('VolumeAttributesClass', 'driverName: ""'),
    'driverName: Required value\nparameters: Required value: must contain at least one key/value pair',
  ],
  [
    topologies('[{matchLabelExpressions: [{key: a, values: []}, {key: a, values: [b, b]}]}]'),
    'allowedTopologies[0].matchLabelExpressions[0].values: Required value\nallowedTopologies[0].matchLabelExpressions[1].values[1]: Duplicate value: "b"\nallowedTopologies[0].matchLabelExpressions[1].key: Duplicate value: "a"',
  ],
  [
    topologies(
      '[{matchLabelExpressions: [{key: a, values: [x, z]}]}, {matchLabelExpressions: [{key: a, values: [z, x]}]}]',
    ),
    'allowedTopologies[1].matchLabelExpressions: Duplicate value: ""',
  ],
])('%s', (yaml, refusal) => {
  expect(refusalOf(yaml)).toBe(refusal);
});

test.each([
  [driver('{}'), driver('{attachRequired: false}'), 'spec.attachedRequired: Invalid value: false: field is immutable'],
  [node('[{name: d, nodeID: one}]'), node('[{name: d, nodeID: one, allocatable: {count: 3}}]'), 'fine'],
  [
    node('[{name: d, nodeID: one}]'),
    node('[{name: d, nodeID: m}]'),
    'spec.drivers: Invalid value: {"Name":"d","NodeID":"m","TopologyKeys":null,"Allocatable":null}: field is immutable',
  ],
  [
    attachment('{persistentVolumeName: a}'),
    attachment('{persistentVolumeName: b}'),
    'spec: Invalid value: {"Attacher":"a.example.com","Source":{"PersistentVolumeName":"b","InlineVolumeSpec":null},"NodeName":"one"}: field is immutable',
  ],
  [
    made('VolumeAttributesClass', 'driverName: d\nparameters: {a: b}'),
    made('VolumeAttributesClass', 'driverName: e\nparameters: {a: c}'),
    'driverName: Forbidden: updates to driverName are forbidden.\nparameters: Forbidden: updates to parameters are forbidden.',
  ],
  [
    made('StorageClass', 'provisioner: p'),
    made('StorageClass', 'provisioner: p\nreclaimPolicy: Retain'),
    'reclaimPolicy: Invalid value: "Retain": field is immutable',
  ],
])('%s to %s', (from, to, refusal) => {
  expect(refusalOfChange(from, to)).toBe(refusal);
});

test('a driver drops what is alpha', () => {
  expect(storedObject(driver('{preventPodSchedulingIfMissing: true}')).spec).not.toHaveProperty(
    'preventPodSchedulingIfMissing',
  );
});

test('a topology of old labels is warned of', () => {
  const topology = '{matchLabels: {beta.kubernetes.io/os: linux}}';
  expect(warningsOf(made('CSIStorageCapacity', `storageClassName: a\nnodeTopology: ${topology}`))).toEqual([
    'nodeTopology.matchLabels.beta.kubernetes.io/os: deprecated since v1.14; use "kubernetes.io/os" instead',
  ]);
});
