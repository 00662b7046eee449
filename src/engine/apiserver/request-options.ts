// The query of a request as the options of its verb.

import { notSupported } from '../../api/field-error.ts';
import type { RequestOptions } from '../../api/request.ts';
import { badRequest, invalid } from '../../api/status.ts';
import { flag, type Target } from './router.ts';

/** Throws ApiError where a value is no number, or is none of those that there are. */
export function optionsOf(query: Target['query'], optionsKind: string): RequestOptions {
  const text = (name: string): string | undefined => query.get(name)?.[0];
  const switched = (name: string): boolean | undefined => (query.has(name) ? flag(query, name) : undefined);
  const dryRun = query.get('dryRun')?.filter((value) => value !== '');
  if (dryRun?.length && dryRun.some((value) => value !== 'All'))
    throw invalid({ group: 'meta.k8s.io', kind: optionsKind }, '', [notSupported('dryRun', dryRun, ['All'])]);
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

function whole(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  if (/^-?\d+$/.test(text)) return Number(text);
  throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
}
