// Decoding: what is kept, what strict decoding minds, and Go's words for what does not fit.
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { decode, strictDecodingText } from './decode.ts';
import { duplicateFields } from './decode-problems.ts';
import { definition, definitionName, definitionNames } from './schema.ts';

describe('the schema', () => {
  test('knows kinds by group, version and kind', () => {
    expect(definitionName({ group: 'rbac.authorization.k8s.io', version: 'v1', kind: 'Role' })).toBe('rbac.v1.Role');
    expect(definitionName({ group: '', version: 'v1', kind: 'Pod' })).toBe('core.v1.Pod');
    expect(definitionName({ group: 'apps', version: 'v1', kind: 'DeleteOptions' })).toBe('meta.v1.DeleteOptions');
    expect(definitionName({ group: 'example.com', version: 'v1', kind: 'Thing' })).toBeUndefined();
  });

  test('can read every definition, and every type that one names exists', () => {
    for (const name of definitionNames())
      for (const { type } of definition(name)?.fields.values() ?? []) {
        let inner = type;
        while (inner.kind === 'list' || inner.kind === 'map')
          inner = inner.kind === 'list' ? inner.items : inner.values;
        if (inner.kind === 'object') expect(definition(inner.definition)?.name).toBe(inner.definition);
      }
  });
});

describe('decoding', () => {
  test('keeps what the server keeps, in its order, and what is empty until it is stored', () => {
    const { value, problems } = decode(
      'core.v1.Pod',
      parse(`
spec:
  containers:
  - resources: { requests: { memory: 1024Mi, cpu: 1000m } }
    name: c
    stdin: false
    ports: []
    livenessProbe: { httpGet: { port: 80 } }
  hostNetwork: false
  shareProcessNamespace: false
  volumes: [{ name: v, emptyDir: {} }]
status: null
kind: Pod
apiVersion: v1
metadata: { creationTimestamp: null, name: x, labels: {} }
`),
    );
    expect(problems).toEqual([]);
    expect(JSON.stringify(value)).toMatchInlineSnapshot(
      `"{"kind":"Pod","apiVersion":"v1","metadata":{"name":"x","labels":{}},"spec":{"volumes":[{"name":"v","emptyDir":{}}],"containers":[{"name":"c","ports":[],"resources":{"requests":{"cpu":"1","memory":"1Gi"}},"livenessProbe":{"httpGet":{"port":80}}}],"shareProcessNamespace":false},"status":{}}"`,
    );
  });

  const bad: readonly (readonly [definition: string, yaml: string, message: string])[] = [
    [
      'apps.v1.Deployment',
      'spec: {replicas: two}',
      'json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
    ],
    [
      'apps.v1.Deployment',
      'spec: {replicas: 1.5}',
      'json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32',
    ],
    [
      'apps.v1.Deployment',
      'spec: {replicas: 3000000000}',
      'json: cannot unmarshal number 3000000000 into Go struct field DeploymentSpec.spec.replicas of type int32',
    ],
    [
      'core.v1.Pod',
      'spec: {containers: notalist}',
      'json: cannot unmarshal string into Go struct field PodSpec.spec.containers of type []v1.Container',
    ],
    [
      'core.v1.Pod',
      'spec: {containers: [{ports: [{containerPort: "80"}]}]}',
      'json: cannot unmarshal string into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32',
    ],
    [
      'core.v1.Pod',
      'spec: {containers: [{env: [{name: A, value: 5}]}]}',
      'json: cannot unmarshal number into Go struct field EnvVar.spec.containers.env.value of type string',
    ],
    [
      'apps.v1.Deployment',
      'spec: {template: {metadata: {labels: {a: true}}}}',
      'json: cannot unmarshal bool into Go struct field ObjectMeta.spec.template.metadata.labels of type string',
    ],
    [
      'core.v1.ConfigMap',
      'metadata: {name: true}',
      'json: cannot unmarshal bool into Go struct field ObjectMeta.metadata.name of type string',
    ],
    ['core.v1.Pod', 'spec: []', 'json: cannot unmarshal array into Go struct field Pod.spec of type v1.PodSpec'],
    [
      'core.v1.Pod',
      'spec: {restartPolicy: 5}',
      'json: cannot unmarshal number into Go struct field PodSpec.spec.restartPolicy of type v1.RestartPolicy',
    ],
    [
      'core.v1.Pod',
      'spec: {containers: [{resources: {requests: {cpu: 100z, memory: lots}}}]}',
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ],
    [
      'core.v1.Service',
      'spec: {ports: [{targetPort: true}]}',
      'json: cannot unmarshal bool into Go struct field ServicePort.spec.ports.targetPort of type int32',
    ],
    ['core.v1.Secret', 'data: {a: "b!"}', 'illegal base64 data at input byte 1'],
    [
      'core.v1.Secret',
      'data: {a: [1, 256]}',
      'json: cannot unmarshal number 256 into Go struct field Secret.data of type uint8',
    ],
    [
      'core.v1.Pod',
      'metadata: {creationTimestamp: yesterday}',
      'parsing time "yesterday" as "2006-01-02T15:04:05Z07:00": cannot parse "yesterday" as "2006"',
    ],
    [
      'coordination.v1.Lease',
      'spec: {renewTime: "2026-01-01T00:00:00Z"}',
      'parsing time "2026-01-01T00:00:00Z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "Z" as ".000000"',
    ],
    ['core.v1.Pod', '[]', 'json: cannot unmarshal array into Go value of type v1.Pod'],
  ];
  test.each(bad)('%s refuses %s', (name, yaml, message) => {
    expect(() => decode(name, parse(yaml))).toThrow(message);
  });

  test('lists unknown fields in the order of the input', () => {
    const { problems, value } = decode('core.v1.Pod', parse('spec: {containers: [{imagee: a}], foo: 1}\nx: {}'));
    expect(strictDecodingText(problems)).toBe(
      'strict decoding error: unknown field "spec.containers[0].imagee", unknown field "spec.foo", unknown field "x"',
    );
    expect(value).not.toHaveProperty('x');
  });

  test('is not fooled by names that every object inherits', () => {
    expect(decode('core.v1.Pod', JSON.parse('{"constructor":1,"__proto__":{}}')).problems).toEqual([
      'unknown field "constructor"',
      'unknown field "__proto__"',
    ]);
  });

  test('finds keys given twice', () => {
    const twice = (text: string) => duplicateFields(text, JSON.parse(text));
    expect(twice('{"data":{"a":"1","a":"2"},"l":[{"x":1},{"x":1,"x":2}]}')).toEqual([
      'duplicate field "data.a"',
      'duplicate field "l[1].x"',
    ]);
    expect(twice('{"a":{"a":1},"b":"\\"a\\":{"}')).toEqual([]);
    expect(twice('{"a":{"b":1},"a":{"c":":","d":[]}}')).toEqual(['duplicate field "a"']);
  });
});
