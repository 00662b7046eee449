import { expect, test } from 'vitest';
import { ApiError } from '../../api/status.ts';
import { aggregatedEncoding, negotiate, type Offer } from './media-types.ts';

const everything: Offer = { encodings: ['json', 'yaml', 'protobuf'], forms: true, watch: false };
const meta = 'v=v1;g=meta.k8s.io';

function answer(accept: string, offer: Partial<Offer> = {}): string {
  try {
    const { encoding, form, pretty } = negotiate(accept, { ...everything, ...offer });
    return [encoding, form && `${form.kind}/${form.version}`, pretty && 'pretty'].filter(Boolean).join(' ');
  } catch (error) {
    return error instanceof ApiError ? `${error.code} ${error.message}` : String(error);
  }
}

const all = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';

test.each([
  // The first of those that are wanted most.
  ['', 'json'],
  ['*/*', 'json'],
  ['application/*', 'json'],
  ['application/yaml', 'yaml'],
  ['application/vnd.kubernetes.protobuf, application/json', 'protobuf'],
  ['application/json;q=0.5, application/yaml;q=0.9', 'yaml'],
  ['*/*, application/yaml', 'yaml'],
  ['text/html, */*;q=0.1', 'json'],
  ['application/json;pretty=1', 'json pretty'],
  // Forms: as kubectl asks for tables, as metadata informers ask.
  [`application/json;as=Table;${meta},application/json`, 'json Table/v1'],
  ['application/json;as=Table;v=v1beta1;g=meta.k8s.io', 'json Table/v1beta1'],
  [`application/vnd.kubernetes.protobuf;as=Table;${meta},application/yaml`, 'yaml'],
  [`application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;${meta}`, 'protobuf PartialObjectMetadataList/v1'],
  // Nothing that there is.
  ['application/xml', `406 only the following media types are accepted: ${all}`],
  ['application/json;as=Table;v=v2;g=meta.k8s.io', `406 only the following media types are accepted: ${all}`],
  ['application/json;as=Tablet;v=v1;g=meta.k8s.io', `406 only the following media types are accepted: ${all}`],
  [';;;,,=', `406 only the following media types are accepted: ${all}`],
])('%j is answered in %s', (accept, expected) => {
  expect(answer(accept)).toBe(expected);
});

test('a custom resource is not had in protobuf, an error in no form', () => {
  const custom: Partial<Offer> = { encodings: ['json', 'yaml'] };
  expect(answer('application/vnd.kubernetes.protobuf,application/json', custom)).toBe('json');
  expect(answer(`application/vnd.kubernetes.protobuf;as=PartialObjectMetadata;${meta}`, custom)).toBe(
    'protobuf PartialObjectMetadata/v1',
  );
  expect(answer(`application/json;as=Table;${meta},application/yaml`, { forms: false })).toBe('yaml');
});

test('a watch comes in what can be streamed', () => {
  const types = 'application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch';
  expect(answer('application/vnd.kubernetes.protobuf;stream=watch', { watch: true })).toBe('protobuf');
  expect(answer('application/yaml', { watch: true })).toBe(`406 only the following media types are accepted: ${types}`);
});

test('the router knows types only', () => {
  expect(answer('application/xml', { routed: true })).toBe(
    `406 406: Not Acceptable\n\nAvailable representations: ${all}`,
  );
  expect(answer('text/html, */*', { routed: true })).toBe('json');
});

test.each([
  ['application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList', 'json'],
  ['application/yaml;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json', 'yaml'],
  ['application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json', undefined],
  ['application/json,application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList', undefined],
  ['application/vnd.kubernetes.protobuf;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList', undefined],
  ['', undefined],
])('discovery in one document for %s: %s', (accept, encoding) => {
  expect(aggregatedEncoding(accept)).toBe(encoding);
});
