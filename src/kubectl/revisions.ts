// The history of workloads: replica sets of deployments, controller revisions of daemon sets and stateful sets.
import { at, numberAt, objectAt, textAt } from '../base/fields.ts';
import { isList, isObject, type JsonObject } from '../base/json.ts';
import { changeCauseAnnotation } from './change-cause.ts';
import { resourcePath } from './client/url.ts';
import type { Context } from './context.ts';
import { sortReplicaSets } from './describe/deployment.ts';
import { selectorText } from './describe/label-selector.ts';
import { controllerOf } from './describe/metadata.ts';
import { asError, CommandError } from './errors.ts';
import { type Info, loadInfo } from './resource/info.ts';
import { revisionOf } from './rollout-status.ts';

export interface Revision {
  readonly number: number;
  readonly changeCause: string;
  readonly template: JsonObject;
  /** The replica set or controller revision. */
  readonly source: JsonObject;
}

export interface History {
  /** The workload as it is now. */
  readonly object: JsonObject;
  /** Oldest first. */
  readonly revisions: readonly Revision[];
}

/** Throws for kinds without a history; `what` names the tool that is missing. */
export async function historyOf(context: Context, info: Info, what: string): Promise<History> {
  const { group, kind } = info.resource;
  if (group !== 'apps' || !['Deployment', 'DaemonSet', 'StatefulSet'].includes(kind)) {
    const name = group === '' ? kind : `${kind}.${group}`;
    if (!visited.includes(name)) {
      const noun = what === 'rollbacker' ? 'rollbacker' : 'history';
      const element = `{${group} ${kind}}`;
      throw new CommandError(
        `error retrieving ${noun} for ${JSON.stringify(name)}, no visitor method exists for ${element}`,
      );
    }
    throw new CommandError(`no ${what} has been implemented for ${JSON.stringify(name)}`);
  }
  const noun = kind === 'Deployment' ? 'deployment' : kind === 'StatefulSet' ? 'Statefulset' : kind;
  const { object } = await loadInfo(context.client(), info).catch((error: unknown) => {
    throw new CommandError(`failed to retrieve ${noun} ${info.name}: ${asError(error).message}`);
  });
  const revisions =
    kind === 'Deployment' ? await replicaSetRevisions(context, object) : await controllerRevisions(context, object);
  return { object, revisions: [...revisions].sort((a, b) => a.number - b.number) };
}

/** The kinds that could have a history. */
const visited = [
  'DaemonSet.apps',
  'Deployment.apps',
  'ReplicaSet.apps',
  'StatefulSet.apps',
  'Job.batch',
  'CronJob.batch',
  'Pod',
  'ReplicationController',
];

async function replicaSetRevisions(context: Context, deployment: JsonObject): Promise<readonly Revision[]> {
  const items = await list(context, deployment, 'replicasets');
  const sorted = sortReplicaSets(deployment, items);
  return [...sorted.old, ...sorted.new].map((source) => {
    const template = objectAt(source, 'spec.template') ?? {};
    const changeCause = annotationOf(source);
    const annotations = { ...objectAt(template, 'metadata.annotations'), [changeCauseAnnotation]: changeCause };
    const metadata = { ...objectAt(template, 'metadata'), annotations };
    const shown = changeCause === '' ? template : { ...template, metadata };
    return {
      number: Number(revisionOf(source)),
      changeCause,
      template: shown,
      source: { ...source, apiVersion: 'apps/v1', kind: 'ReplicaSet' },
    };
  });
}

async function controllerRevisions(context: Context, owner: JsonObject): Promise<readonly Revision[]> {
  const items = await list(context, owner, 'controllerrevisions');
  const uid = textAt(owner, 'metadata.uid');
  const own = items.filter((item) => textAt(controllerOf(item), 'uid') === uid);
  return own.map((source) => {
    const { $patch: _, ...template } = objectAt(source, 'data.spec.template') ?? {};
    const typed = { ...source, apiVersion: 'apps/v1', kind: 'ControllerRevision' };
    return { number: numberAt(source, 'revision') ?? 0, changeCause: annotationOf(source), template, source: typed };
  });
}

async function list(context: Context, owner: JsonObject, resource: string): Promise<readonly JsonObject[]> {
  const ns = textAt(owner, 'metadata.namespace');
  const found = await context.client().object({
    path: resourcePath({ group: 'apps', version: 'v1', resource }, { ns }),
    query: { labelSelector: selectorText(at(owner, 'spec.selector')) || undefined },
    about: { group: 'apps', resource },
  });
  return isList(found.items) ? found.items.filter(isObject) : [];
}

function annotationOf(object: JsonObject): string {
  const value = objectAt(object, 'metadata.annotations')?.[changeCauseAnnotation];
  return typeof value === 'string' ? value : '';
}
