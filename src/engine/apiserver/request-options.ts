// The query of a request as the options of its verb.

import { type FieldError, invalid as invalidField, notSupported, tooLong } from '../../api/field-error.ts';
import type { RequestOptions } from '../../api/request.ts';
import { badRequest, invalid } from '../../api/status.ts';
import { encodeUtf8 } from '../../base/bytes.ts';
import { isPrintable } from '../../base/go/quote.ts';
import { flag, type Target } from './router.ts';

/** Throws ApiError where a value is no number, or is none of those that there are. */
export function optionsOf(query: Target['query'], optionsKind: string): RequestOptions {
  const text = (name: string): string | undefined => query.get(name)?.[0];
  const switched = (name: string): boolean | undefined => (query.has(name) ? flag(query, name) : undefined);
  const dryRun = query.get('dryRun')?.filter((value) => value !== '');
  if (dryRun?.length && dryRun.some((value) => value !== 'All'))
    throw invalid({ group: 'meta.k8s.io', kind: optionsKind }, '', [notSupported('dryRun', dryRun, ['All'])]);
  const managerProblems = managerErrors(text('fieldManager') ?? '');
  if (managerProblems.length > 0 && writes.has(optionsKind))
    throw invalid({ group: 'meta.k8s.io', kind: optionsKind }, '', managerProblems);
  const fieldValidation = text('fieldValidation');
  if (fieldValidation && !['Ignore', 'Warn', 'Strict'].includes(fieldValidation)) {
    const problem = notSupported('fieldValidation', fieldValidation, ['', 'Ignore', 'Strict', 'Warn']);
    throw invalid({ group: 'meta.k8s.io', kind: optionsKind }, '', [problem]);
  }
  return {
    labelSelector: text('labelSelector'),
    fieldSelector: text('fieldSelector'),
    resourceVersion: text('resourceVersion'),
    resourceVersionMatch: text('resourceVersionMatch'),
    limit: whole(text('limit')),
    continue: text('continue') || undefined,
    timeoutSeconds: whole(text('timeoutSeconds')),
    allowWatchBookmarks: switched('allowWatchBookmarks'),
    sendInitialEvents: switched('sendInitialEvents'),
    dryRun,
    fieldManager: text('fieldManager'),
    fieldValidation,
    force: switched('force'),
    gracePeriodSeconds: whole(text('gracePeriodSeconds')),
    orphanDependents: switched('orphanDependents'),
    propagationPolicy: text('propagationPolicy'),
  };
}

/** Options of the verbs that say who writes. */
const writes: ReadonlySet<string> = new Set(['CreateOptions', 'UpdateOptions', 'PatchOptions']);
const managerBytesMax = 128;

function managerErrors(manager: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (encodeUtf8(manager).length > managerBytesMax) errors.push(tooLong('fieldManager', managerBytesMax));
  let at = 0;
  for (const character of manager) {
    if (!isPrintable(character)) {
      const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
      errors.push(invalidField('fieldManager', manager, `invalid character U+${code} (at position ${at})`));
    }
    at += encodeUtf8(character).length;
  }
  return errors;
}

function whole(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  if (/^-?\d+$/.test(text)) return Number(text);
  throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
}
