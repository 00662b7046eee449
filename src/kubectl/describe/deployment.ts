// Describes deployments, with the replica sets of their old and new templates.
import { at, numberAt, objectAt, textAt } from '../../base/fields.ts';
import { equal, type JsonObject, type JsonValue } from '../../base/json.ts';
import { collectionPath, type DescribeClient, describer, namespaceOf } from './describer.ts';
import type { DescriptionWriter } from './description-writer.ts';
import { rfc1123 } from './go-time.ts';
import { selectorText } from './label-selector.ts';
import { controllerOf, writeMetadataMaps } from './metadata.ts';
import { writePodTemplate } from './pod-template.ts';
import { writeReplicaConditions } from './replica-conditions.ts';

export const deploymentDescriber = describer<ReplicaSets>({
  group: 'apps',
  kind: 'Deployment',
  resource: ['/apis/apps/v1', 'deployments'],
  related: replicaSetsOf,
  write: (w, deployment, { related }) => writeDeployment(w, deployment, related),
});

export interface ReplicaSets {
  /** Of earlier templates, oldest first. */
  readonly old: readonly JsonObject[];
  /** Of the present template; at most one. */
  readonly new: readonly JsonObject[];
}

/** The replica sets that a deployment controls; none when they cannot be read. */
export async function replicaSetsOf(deployment: JsonObject, client: DescribeClient): Promise<ReplicaSets> {
  const path = collectionPath({ prefix: '/apis/apps/v1', resource: 'replicasets', namespace: namespaceOf(deployment) });
  const labelSelector = selectorText(at(deployment, 'spec.selector'));
  try {
    return sortReplicaSets(deployment, await client.list(path, { labelSelector }));
  } catch {
    return { old: [], new: [] };
  }
}

/** Tells the replica set of the deployment's present template from the others. */
export function sortReplicaSets(deployment: JsonObject, candidates: readonly JsonObject[]): ReplicaSets {
  const uid = textAt(deployment, 'metadata.uid');
  const order = (item: JsonObject) => `${textAt(item, 'metadata.creationTimestamp')} ${textAt(item, 'metadata.name')}`;
  const owned = candidates
    .filter((item) => textAt(controllerOf(item), 'uid') === uid)
    .sort((a, b) => (order(a) < order(b) ? -1 : 1));
  const template = withoutHash(at(deployment, 'spec.template'));
  const current = owned.find((item) => equal(withoutHash(at(item, 'spec.template')), template));
  return { old: owned.filter((item) => item !== current), new: current ? [current] : [] };
}

function withoutHash(template: JsonValue | undefined): JsonValue {
  const { 'pod-template-hash': _, ...labels } = objectAt(template, 'metadata.labels') ?? {};
  const metadata = { ...objectAt(template, 'metadata'), labels };
  return { spec: at(template, 'spec') ?? null, metadata };
}

function writeDeployment(w: DescriptionWriter, deployment: JsonObject, replicaSets: ReplicaSets): void {
  const status = (field: string) => numberAt(deployment, `status.${field}`) ?? 0;
  w.field(0, 'Name', textAt(deployment, 'metadata.name'));
  w.field(0, 'Namespace', textAt(deployment, 'metadata.namespace'));
  w.field(0, 'CreationTimestamp', rfc1123(textAt(deployment, 'metadata.creationTimestamp')));
  writeMetadataMaps(w, deployment);
  w.field(0, 'Selector', selectorText(at(deployment, 'spec.selector')));
  const replicas = [
    `${numberAt(deployment, 'spec.replicas') ?? 0} desired`,
    `${status('updatedReplicas')} updated`,
    `${status('replicas')} total`,
    `${status('availableReplicas')} available`,
    `${status('unavailableReplicas')} unavailable`,
  ];
  w.field(0, 'Replicas', replicas.join(' | '));
  w.field(0, 'StrategyType', textAt(deployment, 'spec.strategy.type'));
  w.field(0, 'MinReadySeconds', numberAt(deployment, 'spec.minReadySeconds') ?? 0);
  const rolling = objectAt(deployment, 'spec.strategy.rollingUpdate');
  if (rolling) {
    const limits = `${String(at(rolling, 'maxUnavailable'))} max unavailable, ${String(at(rolling, 'maxSurge'))} max surge`;
    w.field(0, 'RollingUpdateStrategy', limits);
  }
  writePodTemplate(w, objectAt(deployment, 'spec.template'));
  writeReplicaConditions(w, deployment);
  if (replicaSets.old.length + replicaSets.new.length > 0) {
    w.field(0, 'OldReplicaSets', replicaSetsText(replicaSets.old));
    w.field(0, 'NewReplicaSet', replicaSetsText(replicaSets.new));
  }
}

function replicaSetsText(items: readonly JsonObject[]): string {
  const texts = items.map((item) => {
    const created = `${numberAt(item, 'status.replicas') ?? 0}/${numberAt(item, 'spec.replicas') ?? 0}`;
    return `${textAt(item, 'metadata.name')} (${created} replicas created)`;
  });
  return texts.join(', ') || '<none>';
}
