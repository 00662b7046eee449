import { describe, expect, test } from 'vitest';
import { decodeManifests } from './decode.ts';

function decoded(text: string, validate = false): readonly string[] {
  return [...decodeManifests(text, 'a.yaml', { validate })].map((one) =>
    'error' in one ? one.error.message : JSON.stringify(one.object),
  );
}

const configMap = (metadata: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: ${metadata}\n`;

describe('metadata that is not of its types', () => {
  test.each([
    [
      '{labels: {a: yes}}',
      'json: cannot unmarshal bool into Go struct field ObjectMeta.metadata.labels of type string',
    ],
    [
      '{annotations: {a: 1.0}}',
      'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.annotations of type string',
    ],
    [
      '{labels: [a]}',
      'json: cannot unmarshal array into Go struct field ObjectMeta.metadata.labels of type map[string]string',
    ],
    ['{name: 5}', 'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.name of type string'],
    [
      '{finalizers: [1], deletionGracePeriodSeconds: 1.5}',
      'json: cannot unmarshal number 1.5 into Go struct field ObjectMeta.metadata.deletionGracePeriodSeconds of type int64',
    ],
    ['{creationTimestamp: "a"}', 'parsing time "a" as "2006-01-02T15:04:05Z07:00": cannot parse "a" as "2006"'],
    ['5', 'json: cannot unmarshal number into Go struct field metadataOnlyObject.metadata of type v1.ObjectMeta'],
  ])('%s', (metadata, problem) => {
    expect(decoded(configMap(metadata))).toEqual([`unable to decode "a.yaml": ${problem}`]);
  });

  test('does not keep the documents behind it from being read', () => {
    expect(decoded(`${configMap('{name: 5}')}---\n${configMap('{name: b}')}`)).toEqual([
      expect.stringContaining('unable to decode'),
      '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"b"}}',
    ]);
  });
});

test('what validation refuses ends the file', () => {
  expect(decoded('apiVersion: a/b/c\nkind: 5\n---\napiVersion: v1\nkind: ConfigMap\n', true)).toEqual([
    'error validating "a.yaml": error validating data: [unexpected GroupVersion string: a/b/c, kind isn\'t string type]; if you choose to ignore these errors, turn validation off with --validate=false',
  ]);
});

test('keys go to the server in the order of their bytes', () => {
  expect(decoded('kind: A\nz: 1\nb: {d: 1, c: 2}\napiVersion: v1\n')).toEqual([
    '{"apiVersion":"v1","b":{"c":2,"d":1},"kind":"A","z":1}',
  ]);
});
