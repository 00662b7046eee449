// `kubectl apply --prune`: deletes what was applied before and is in the configuration no more.
import { textAt } from '../../../base/fields.ts';
import { isList, isObject } from '../../../base/json.ts';
import type { DryRun } from '../../change-flags.ts';
import type { Context } from '../../context.ts';
import { CommandError } from '../../errors.ts';
import { lastAppliedOf } from '../../last-applied.ts';
import { type Info, infoPath, type LoadedInfo, qualifiedKind } from '../../resource/info.ts';
import { dryRunSuffix } from '../../result-printer.ts';
import { deleteInfo } from '../../write-object.ts';

const namespaced = [
  'core/v1/ConfigMap',
  'core/v1/Endpoints',
  'core/v1/PersistentVolumeClaim',
  'core/v1/Pod',
  'core/v1/ReplicationController',
  'core/v1/Secret',
  'core/v1/Service',
  'batch/v1/Job',
  'batch/v1/CronJob',
  'networking.k8s.io/v1/Ingress',
  'apps/v1/DaemonSet',
  'apps/v1/Deployment',
  'apps/v1/ReplicaSet',
  'apps/v1/StatefulSet',
];
const clusterScoped = ['core/v1/Namespace', 'core/v1/PersistentVolume'];

/** Group, version and kind of an entry of the allowlist. */
export function pruneAllowed(written: string): { readonly apiVersion: string; readonly kind: string } {
  const [group = '', version = '', kind, ...more] = written.split('/');
  if (kind === undefined || more.length > 0) {
    throw new CommandError(`invalid GroupVersionKind format: ${written}, please follow <group/version/kind>`);
  }
  return { apiVersion: group === 'core' ? version : `${group}/${version}`, kind };
}

export async function prune(context: Context, applied: readonly Info[], dryRun: DryRun): Promise<void> {
  for (const info of await findPrunable(context, applied)) {
    if (dryRun !== 'client') {
      const dry = dryRun === 'server' ? { dryRun: ['All'] } : {};
      await deleteInfo(context, info, { propagationPolicy: 'Background', ...dry });
    }
    context.out(`${qualifiedKind(info.resource)}/${info.name} pruned${dryRunSuffix(dryRun)}\n`);
  }
}

/** What was applied once, fits the selector, and is not among what is applied now. */
export async function findPrunable(context: Context, applied: readonly Info[]): Promise<readonly LoadedInfo[]> {
  const kept = new Set(applied.map((info) => textAt(info.object, 'metadata.uid')));
  const namespaces = new Set(applied.filter((info) => info.resource.namespaced).map((info) => info.ns));
  const chosen = context.flags.strings('prune-allowlist');
  const types = chosen.length > 0 ? chosen : [...namespaced, ...clusterScoped];
  const found: LoadedInfo[] = [];
  for (const written of types) {
    const { apiVersion, kind } = pruneAllowed(written);
    const resource = await context.mapper().kind(apiVersion, kind);
    for (const ns of resource.namespaced ? namespaces : ['']) {
      const labelSelector = context.flags.string('selector') || undefined;
      const path = infoPath({ resource, ns, name: '', source: '' });
      const list = await context.client().object({ path, query: { labelSelector } });
      for (const object of isList(list.items) ? list.items.filter(isObject) : []) {
        if (lastAppliedOf(object) === undefined || kept.has(textAt(object, 'metadata.uid'))) continue;
        found.push({ resource, ns, name: textAt(object, 'metadata.name'), source: '', object });
      }
    }
  }
  return found;
}
