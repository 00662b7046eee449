// The protobuf encoding: there and back, and bytes that are none.
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { decodeBase64 } from '../base/bytes.ts';
import { decodeProtobuf, encodeProtobuf, ProtobufError } from './protobuf.ts';
import { decode } from './schema/decode.ts';

describe('protobuf', () => {
  const rows: readonly string[] = [
    '{kind: ConfigMap, apiVersion: v1, metadata: {name: x, labels: {a: b, c: ""}}, data: {k: "é"}, binaryData: {b: AAE=}}',
    '{kind: Deployment, apiVersion: apps/v1, spec: {replicas: 0, strategy: {rollingUpdate: {maxSurge: 25%, maxUnavailable: 1}}}}',
    '{kind: Pod, apiVersion: v1, metadata: {creationTimestamp: "2026-01-02T03:04:05Z"}, spec: {priority: -1, containers: [{name: c, resources: {limits: {cpu: 500m}}, env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: k}}}], livenessProbe: {httpGet: {port: http}, periodSeconds: 3}}], volumes: [{name: v, emptyDir: {}}], securityContext: {supplementalGroups: [1, 2]}}}',
    '{kind: Lease, apiVersion: coordination.k8s.io/v1, spec: {renewTime: "2026-01-02T03:04:05.123456Z"}}',
    '{kind: CustomResourceDefinition, apiVersion: apiextensions.k8s.io/v1, spec: {versions: [{name: v1, schema: {openAPIV3Schema: {type: object, $ref: x, x-kubernetes-preserve-unknown-fields: true, properties: {a: {default: {x: [1]}, maximum: 1.5, items: {type: string}, additionalProperties: false}}}}}]}}',
    '{kind: TokenReview, apiVersion: authentication.k8s.io/v1, status: {user: {extra: {k: [a, b]}}}}',
    '{kind: DeleteOptions, apiVersion: apps/v1, gracePeriodSeconds: 0, preconditions: {uid: u}}',
    '{kind: ControllerRevision, apiVersion: apps/v1, data: {spec: {a: 1}}, revision: 9007199254740991}',
  ];
  test.each(rows)('there and back: %s', (yaml) => {
    const object = parse(yaml);
    expect(decodeProtobuf(encodeProtobuf(object))).toEqual(object);
  });

  test('reads what a Go client sends', () => {
    // kubectl create deployment web --image=nginx --replicas=2 --port=80: unset fields are zeros
    const bytes = decodeBase64(
      'azhzAAoVCgdhcHBzL3YxEgpEZXBsb3ltZW50ErgBCh8KA3dlYhIAGgAiACoAMgA4AEIAWgoKA2FwcBIDd2ViEoYBCAISDAoKCgNhcHASA3dlYhps' +
        'ChwKABIAGgAiACoAMgA4AEIAWgoKA2FwcBIDd2ViEkwSLgoFbmdpbngSBW5naW54KgAyCgoAEAAYUCIAKgBCAGoAcgCAAQCIAQCQAQCiAQAaADIA' +
        'QgBKAFIAWABgAGgAggEAigEAmgEAwgEAIgIKACgAOAAaDAgAEAAYACAAKAA4ABoAIgA=',
    );
    const sent = bytes && decodeProtobuf(bytes);
    expect(JSON.stringify(sent && decode('apps.v1.Deployment', sent).value)).toMatchInlineSnapshot(
      `"{"kind":"Deployment","apiVersion":"apps/v1","metadata":{"name":"web","labels":{"app":"web"}},"spec":{"replicas":2,"selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"nginx","image":"nginx","ports":[{"containerPort":80}],"resources":{}}]}},"strategy":{}},"status":{}}"`,
    );
  });

  test('refuses bytes that are none', () => {
    const bytes = encodeProtobuf({ kind: 'Pod', apiVersion: 'v1', metadata: { name: 'abc' } });
    for (let length = 0; length < bytes.length - 1; length++)
      expect(() => decodeProtobuf(bytes.subarray(0, length)).metadata ?? raise()).toThrow(ProtobufError);
    expect(() => decodeProtobuf(encodeProtobuf({ kind: 'Thing', apiVersion: 'x/v1' }))).toThrow(
      'no kind "Thing" is registered for version "x/v1"',
    );
  });
});

function raise(): never {
  throw new ProtobufError('cut short');
}
