// Describes resource quotas.
import { entriesAt, textAt, textsAt } from '../../base/fields.ts';
import type { JsonObject } from '../../base/json.ts';
import { describer } from './describer.ts';
import type { DescriptionWriter } from './description-writer.ts';

export const resourceQuotaDescriber = describer({
  group: '',
  kind: 'ResourceQuota',
  resource: ['/api/v1', 'resourcequotas'],
  events: false,
  write: (w, quota) => {
    w.field(0, 'Name', textAt(quota, 'metadata.name'));
    w.field(0, 'Namespace', textAt(quota, 'metadata.namespace'));
    writeQuotaScopes(w, quota, { level: 0, bullet: ' * ' });
    w.line(0, 'Resource\tUsed\tHard');
    w.line(0, '--------\t----\t----');
    for (const row of quotaRows(quota)) w.line(0, row);
  },
});

const scopeTexts = new Map([
  [
    'Terminating',
    'Matches all pods that have an active deadline. These pods have a limited lifespan on a node before being ' +
      'actively terminated by the system.',
  ],
  [
    'NotTerminating',
    'Matches all pods that do not have an active deadline. These pods usually include long running pods whose ' +
      'container command is not expected to terminate.',
  ],
  [
    'BestEffort',
    'Matches all pods that do not have resource requirements set. These pods have a best effort quality of service.',
  ],
  [
    'NotBestEffort',
    'Matches all pods that have at least one resource requirement set. These pods have a burstable or guaranteed ' +
      'quality of service.',
  ],
]);

export function writeQuotaScopes(
  w: DescriptionWriter,
  quota: JsonObject,
  style: { level: number; bullet: string },
): void {
  const scopes = [...textsAt(quota, 'spec.scopes')].sort();
  if (scopes.length === 0) return;
  w.field(style.level, 'Scopes', scopes.join(', '));
  for (const scope of scopes) {
    const text = scopeTexts.get(scope);
    if (text !== undefined) w.line(style.level, `${style.bullet}${text}`);
  }
}

/** `resource<tab>used<tab>hard` for each hard limit, sorted by name. */
export function quotaRows(quota: JsonObject): readonly string[] {
  const used = new Map(entriesAt(quota, 'status.used'));
  return entriesAt(quota, 'status.hard').map(([name, hard]) => [name, used.get(name) ?? '0', hard].join('\t'));
}
