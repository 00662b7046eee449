// The rules of resourceVersion, its match and continue tokens: which state a list or a watch is about.
//
//   list   unset  now        rv=0 or NotOlderThan  the cache, at least that new      rv=N, Exact or limit  as of N
//   watch  unset  from now, what is there first    rv=0  the same                    rv=N                  what follows N
import { type FieldError, forbidden, notSupported } from '../../api/field-error.ts';
import { jsonProblem } from '../../api/json-problem.ts';
import type { ApiRequest, RequestOptions } from '../../api/request.ts';
import { ApiError, apiError, badRequest, expired, invalid } from '../../api/status.ts';
import { decodeBase64, decodeUtf8, encodeBase64, encodeUtf8 } from '../../base/bytes.ts';
import { isObject, type JsonValue } from '../../base/json.ts';

/** Where a page begins. `revision` undefined: the state as it is now. */
export interface PageStart {
  readonly revision: number | undefined;
  /** The first key that may follow; '' for the first page. */
  readonly key: string;
  /** Whether it goes on from an earlier page. */
  readonly continued: boolean;
}

/** Throws ApiError where options contradict each other. */
export function checkListOptions({ verb, options = {} }: ApiRequest): void {
  const errors: FieldError[] = [];
  if (verb === 'watch') watchErrors(options, errors);
  else listErrors(options, errors);
  if (errors.length > 0) throw invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', errors);
}

const match = 'resourceVersionMatch';
const notOlder = 'NotOlderThan';

function listErrors(options: RequestOptions, errors: FieldError[]): void {
  const { resourceVersion, resourceVersionMatch, sendInitialEvents } = options;
  if (resourceVersionMatch) {
    if (!resourceVersion) errors.push(forbidden(match, `${match} is forbidden unless resourceVersion is provided`));
    if (options.continue) errors.push(forbidden(match, `${match} is forbidden when continue is provided`));
    if (resourceVersionMatch !== 'Exact' && resourceVersionMatch !== notOlder)
      errors.push(notSupported(match, resourceVersionMatch, ['Exact', notOlder, '']));
    if (resourceVersionMatch === 'Exact' && resourceVersion === '0')
      errors.push(forbidden(match, `${match} "exact" is forbidden for resourceVersion "0"`));
  }
  if (sendInitialEvents !== undefined)
    errors.push(forbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list'));
}

function watchErrors(options: RequestOptions, errors: FieldError[]): void {
  const { resourceVersionMatch, sendInitialEvents } = options;
  if (sendInitialEvents !== undefined && resourceVersionMatch !== notOlder)
    errors.push(forbidden(match, `sendInitialEvents requires setting ${match} to ${notOlder}`));
  if (!resourceVersionMatch && options.continue)
    errors.push(forbidden(match, `${match} is forbidden when continue is provided`));
  if (!resourceVersionMatch) return;
  if (sendInitialEvents === undefined)
    errors.push(forbidden(match, `${match} is forbidden for watch unless sendInitialEvents is provided`));
  if (resourceVersionMatch !== notOlder) errors.push(notSupported(match, resourceVersionMatch, [notOlder]));
  if (options.continue) errors.push(forbidden(match, `${match} is forbidden when continue is provided`));
}

/**
 * Throws ApiError where a resourceVersion is no number, or one that has not been yet. Lists say that the former is a bad
 * request; from the other verbs it comes as it is, which is the server's own error.
 */
export function checkRevision({ verb, options = {} }: ApiRequest, current = Number.POSITIVE_INFINITY): void {
  const { resourceVersion } = options;
  if (!resourceVersion) return;
  const problem = numberProblem(resourceVersion);
  if (problem !== undefined) {
    const message = `resourceVersion: Invalid value: ${JSON.stringify(resourceVersion)}: ${problem}`;
    if (verb === 'get' || verb === 'watch') throw apiError({ code: 500, reason: '', message });
    throw badRequest(`invalid resource version: ${message}`);
  }
  if (Number(resourceVersion) > current) throw tooLarge(Number(resourceVersion), current);
}

/** What Go says of a text that is no unsigned number of 64 bits. */
function numberProblem(text: string): string | undefined {
  const problem = !/^\d+$/.test(text) ? 'invalid syntax' : BigInt(text) >= 1n << 64n ? 'value out of range' : undefined;
  return problem && `strconv.ParseUint: parsing ${JSON.stringify(text)}: ${problem}`;
}

/** Upstream waits three seconds for a revision that lies ahead, then says so. */
export function tooLarge(wanted: number, current: number): ApiError {
  const causes = [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }];
  const message = `Timeout: Too large resource version: ${wanted}, current: ${current}`;
  return apiError({ code: 504, reason: 'Timeout', message, details: { causes, retryAfterSeconds: 1 } });
}

/** Throws ApiError where the token is none. */
export function pageStart(options: RequestOptions): PageStart {
  const { resourceVersion, resourceVersionMatch, limit = 0 } = options;
  if (options.continue) {
    const token = decodeToken(options.continue);
    if (resourceVersion && resourceVersion !== '0')
      throw badRequest('specifying resource version is not allowed when using continue');
    return { revision: token.revision < 0 ? undefined : token.revision, key: token.key, continued: true };
  }
  const revision = Number(resourceVersion ?? 0);
  const exact = resourceVersionMatch === 'Exact' || (!resourceVersionMatch && limit > 0 && revision > 0);
  return { revision: exact ? revision : undefined, key: '', continued: false };
}

/** How many objects a page may hold; 0: all, as always when any state will do that the server has at hand. */
export function pageLimit({ limit = 0, resourceVersion }: RequestOptions, cached: boolean): number {
  return limit > 0 && (resourceVersion !== '0' || !cached) ? limit : 0;
}

/** The state asked for is gone. Whoever came with a token may go on with the state as it is now. */
export function compacted({ key, continued }: PageStart): ApiError {
  if (!continued) return expired('The resourceVersion for the provided list is too old.');
  const { status } = expired(
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without ' +
      'the continue parameter, or use the continue token in this response to retrieve the remainder of the results. ' +
      'Continuing with the provided token results in an inconsistent list - objects that were created, modified, or ' +
      'deleted between the time the first chunk was returned and now may show up in the list.',
  );
  return new ApiError({ ...status, metadata: { continue: continueToken(-1, key) } });
}

/** A token for the page that begins at `key`; a negative revision stands for the state as it will be. */
export function continueToken(revision: number, key: string): string {
  const text = JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start: key });
  return encodeBase64(encodeUtf8(text)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

function decodeToken(token: string): { readonly revision: number; readonly key: string } {
  const wrong = (text: string): Error => badRequest(`invalid continue token: continue key is not valid${text}`);
  const padding = '='.repeat((4 - (token.length % 4)) % 4);
  const bytes = /^[\w-]*$/.test(token)
    ? decodeBase64(token.replace(/-/g, '+').replace(/_/g, '/') + padding)
    : undefined;
  if (!bytes) throw wrong(`: illegal base64 data at input byte ${Math.max(0, token.search(/[^\w-]/))}`);
  const text = decodeUtf8(bytes);
  const problem = jsonProblem(text)?.message;
  if (problem !== undefined) throw wrong(`: ${problem}`);
  const value = parsed(text);
  if (!isObject(value)) throw wrong(': the token holds no object');
  const { v = '', rv = 0, start = '' } = value;
  if (v !== 'meta.k8s.io/v1') throw wrong(`: server does not recognize this encoded version ${String(v)}`);
  if (typeof rv !== 'number' || !Number.isSafeInteger(rv) || rv === 0)
    throw wrong(': incorrect encoded start resourceVersion (version meta.k8s.io/v1)');
  if (typeof start !== 'string' || start === '') throw wrong(': encoded start key empty (version meta.k8s.io/v1)');
  const key = start.replace(/^\//, '');
  if (key !== '' && /(?:^|\/)\.{0,2}(?:\/|$)/.test(key)) throw wrong(`: ${start}`);
  return { revision: rv, key };
}

function parsed(text: string): JsonValue {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
