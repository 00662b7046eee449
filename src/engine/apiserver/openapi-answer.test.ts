// OpenAPI documents as files that clients keep: tags, hashes, dates, and what becomes of a client that has them.
import { expect, test } from 'vitest';
import { loadLateCode } from '../../base/late.ts';
import { openApiAnswer } from './openapi-answer.ts';
import { OpenApiDocuments } from './openapi-documents.ts';
import { parseTarget } from './router.ts';
import { ResourceRegistry } from './served-resource.ts';

await loadLateCode();

const at = Date.UTC(2026, 0, 1);
const openApi = new OpenApiDocuments(new ResourceRegistry(), () => at);
const leases = '/openapi/v3/apis/coordination.k8s.io/v1';
const hash = openApi.hash('v3/apis/coordination.k8s.io/v1');
const protobuf = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';

/** The status and the headers that are there, without the tag. */
function asked(path: string, headers: Readonly<Record<string, string>> = {}): string {
  const target = parseTarget(path);
  const answer = openApiAnswer(target.path, { headers, query: target.query, openApi, nowMs: at + 60_000 });
  if (!answer) return 'nothing';
  const { etag = '', ...rest } = answer.headers;
  const shown = Object.entries(rest).map(([name, value]) => `${name}: ${value.replace(hash, 'HASH')}`);
  return [answer.status, ...shown.sort(), etag && 'etag', answer.body?.kind].filter(Boolean).join('; ');
}

const jsonFile = 'content-type: application/json; last-modified: Thu, 01 Jan 2026 00:00:00 GMT';

test.each([
  [
    '/openapi/v3',
    {},
    '200; content-type: text/plain; charset=utf-8; last-modified: Thu, 01 Jan 2026 00:01:00 GMT; json',
  ],
  [leases, {}, `200; ${jsonFile}; vary: Accept; etag; json`],
  [
    `${leases}?hash=${hash}`,
    {},
    `200; cache-control: public, immutable; ${jsonFile.replace('; last', '; expires: Fri, 01 Jan 2027 00:01:00 UTC; last')}; vary: Accept; etag; json`,
  ],
  [`${leases}?hash=OLD`, {}, `301; content-type: application/json; location: ${leases}?hash=HASH; vary: Accept; etag`],
  [leases, { 'if-none-match': `W/"x", "${hash}"` }, '304; vary: Accept; etag'],
  [leases, { 'if-none-match': '"x"' }, `200; ${jsonFile}; vary: Accept; etag; json`],
  [leases, { 'if-modified-since': 'Thu, 01 Jan 2026 00:00:00 GMT' }, '304; vary: Accept; etag'],
  [leases, { 'if-modified-since': 'Wed, 31 Dec 2025 00:00:00 GMT' }, `200; ${jsonFile}; vary: Accept; etag; json`],
  [leases, { accept: 'application/yaml' }, '406; vary: Accept'],
  [
    leases,
    { accept: protobuf.replace('v2', 'v3') },
    `200; content-type: ${protobuf.replace('v2@', 'v3.')}; last-modified: Thu, 01 Jan 2026 00:00:00 GMT; vary: Accept; etag; bytes`,
  ],
  ['/openapi/v3/apis/none.example.com/v1', {}, '404'],
  ['/openapi/v3/', {}, '404'],
  [
    '/openapi/v2',
    { accept: `${protobuf}, application/json;q=0.5` },
    `200; content-type: ${protobuf.replace('@', '.')}; last-modified: Thu, 01 Jan 2026 00:00:00 GMT; vary: Accept; etag; bytes`,
  ],
  ['/openapi/v2', { accept: '*/*' }, `200; ${jsonFile}; vary: Accept; etag; json`],
  ['/openapi/v2', { accept: 'text/html' }, '406; vary: Accept'],
  ['/openapi', {}, 'nothing'],
  ['/openapi/v4', {}, 'nothing'],
])('%s %j', (path, headers, answer) => {
  expect(asked(path, headers)).toBe(answer);
});
