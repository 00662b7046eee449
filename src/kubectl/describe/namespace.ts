// Describes namespaces, with their quotas and limit ranges.
import { objectsAt, textAt } from '../../base/fields.ts';
import type { JsonObject } from '../../base/json.ts';
import { collectionPath, type DescribeClient, describer } from './describer.ts';
import type { DescriptionWriter } from './description-writer.ts';
import { rfc1123 } from './go-time.ts';
import { writeLimits } from './limit-range.ts';
import { writeMetadataMaps } from './metadata.ts';
import { quotaRows, writeQuotaScopes } from './resource-quota.ts';

interface Policies {
  readonly quotas: readonly JsonObject[];
  readonly limitRanges: readonly JsonObject[];
}

export const namespaceDescriber = describer<Policies>({
  group: '',
  kind: 'Namespace',
  resource: ['/api/v1', 'namespaces'],
  clusterScoped: true,
  events: false,
  related: policiesOf,
  write: (w, namespace, { related }) => {
    w.field(0, 'Name', textAt(namespace, 'metadata.name'));
    writeMetadataMaps(w, namespace);
    w.field(0, 'Status', textAt(namespace, 'status.phase'));
    writeConditions(w, objectsAt(namespace, 'status.conditions'));
    w.write(0, '\n');
    writeQuotas(w, related.quotas);
    w.write(0, '\n');
    writeLimitRanges(w, related.limitRanges);
  },
});

/** Conditions with the time of their last transition, as namespaces and service CIDRs show them. */
export function writeConditions(w: DescriptionWriter, conditions: readonly JsonObject[]): void {
  if (conditions.length === 0) return;
  w.line(0, 'Conditions:');
  w.line(1, 'Type\tStatus\tLastTransitionTime\tReason\tMessage');
  w.line(1, '----\t------\t------------------\t------\t-------');
  for (const condition of conditions) {
    const text = (field: string) => textAt(condition, field);
    const since = rfc1123(text('lastTransitionTime'));
    w.line(1, [text('type'), text('status'), since, text('reason'), text('message')].join('\t'));
  }
}

async function policiesOf(object: JsonObject, client: DescribeClient): Promise<Policies> {
  const namespace = textAt(object, 'metadata.name');
  const quotas = await client.list(collectionPath({ prefix: '/api/v1', resource: 'resourcequotas', namespace }));
  const limitRanges = await client.list(collectionPath({ prefix: '/api/v1', resource: 'limitranges', namespace }));
  return { quotas, limitRanges };
}

function writeQuotas(w: DescriptionWriter, quotas: readonly JsonObject[]): void {
  if (quotas.length === 0) {
    w.line(0, 'No resource quota.');
    return;
  }
  w.line(0, 'Resource Quotas');
  const byName = [...quotas].sort((a, b) => (textAt(a, 'metadata.name') < textAt(b, 'metadata.name') ? -1 : 1));
  for (const quota of byName) {
    w.field(1, 'Name', textAt(quota, 'metadata.name'));
    writeQuotaScopes(w, quota, { level: 1, bullet: '* ' });
    w.line(1, 'Resource\tUsed\tHard');
    w.line(1, '--------\t---\t---');
    for (const row of quotaRows(quota)) w.line(1, row);
  }
}

function writeLimitRanges(w: DescriptionWriter, limitRanges: readonly JsonObject[]): void {
  if (limitRanges.length === 0) {
    w.line(0, 'No LimitRange resource.');
    return;
  }
  w.line(0, 'Resource Limits\n Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio');
  w.line(0, ' ----\t--------\t---\t---\t---------------\t-------------\t-----------------------');
  for (const limitRange of limitRanges) writeLimits(w, limitRange, ' ');
}
