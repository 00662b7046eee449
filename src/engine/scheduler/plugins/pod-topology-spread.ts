// PodTopologySpread: spreads pods of a kind over zones, hosts …: as a must (DoNotSchedule) and as a wish.
import { replicaSets, replicationControllers, services, statefulSets } from '../../../api/generated/resources.ts';
import type { Node, Pod, TopologySpreadConstraint } from '../../../api/generated/types.ts';
import { getControllerOf } from '../../../api/meta.ts';
import { Selector, selectorFromLabels, selectorOf } from '../../../api/selectors.ts';
import type { Handle, Plugin, PluginFactory } from '../framework.ts';
import { type PodInfo, withLabels } from '../pod-info.ts';
import { hardSpread, type SpreadConstraint, softSpread, spreadMismatch } from '../spread.ts';
import { Topologies } from '../topology.ts';

/** What applies to pods that say nothing, if a service, replica set … tells which pods are their kind. */
const systemDefaults: readonly TopologySpreadConstraint[] = [
  { topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway', maxSkew: 3 },
  { topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway', maxSkew: 5 },
];

export const podTopologySpread: PluginFactory = (handle) => {
  const { cache } = handle;
  const topologies = new Topologies(cache);
  const defaultSelector = defaultSelectors(handle);

  return {
    name: spreadMismatch.plugin,
    weight: 2,
    preFilter: (pod) => {
      const constraints = constraintsOf(pod, 'DoNotSchedule');
      return constraints.length === 0 ? undefined : hardSpread(pod, constraints, cache);
    },
    preScore: (pod, nodes) => {
      const own = pod.pod.spec?.topologySpreadConstraints ?? [];
      const constraints = constraintsOf(pod, 'ScheduleAnyway');
      if (own.length > 0)
        return constraints.length === 0
          ? undefined
          : softSpread(pod, { constraints, nodes, everyTopology: true, cache, topologies });
      const selector = defaultSelector(pod);
      if (selector.isEmpty()) return undefined;
      const defaults = systemDefaults.map((constraint) => compile(constraint, selector));
      return softSpread(pod, { constraints: defaults, nodes, everyTopology: false, cache, topologies });
    },
    hints: hints(),
  };
};

function constraintsOf(pod: PodInfo, action: string): readonly SpreadConstraint[] {
  return (pod.pod.spec?.topologySpreadConstraints ?? [])
    .filter(({ whenUnsatisfiable }) => whenUnsatisfiable === action)
    .map((constraint) => {
      const selector = withLabels(selectorOf(constraint.labelSelector), pod.labels, constraint.matchLabelKeys ?? []);
      return compile(constraint, selector);
    });
}

function compile(constraint: TopologySpreadConstraint, selector: Selector): SpreadConstraint {
  return {
    topologyKey: constraint.topologyKey,
    maxSkew: constraint.maxSkew,
    minDomains: constraint.minDomains ?? 1,
    selector,
    honorsAffinity: (constraint.nodeAffinityPolicy ?? 'Honor') === 'Honor',
    honorsTaints: (constraint.nodeTaintsPolicy ?? 'Ignore') === 'Honor',
  };
}

/** The pods of the same kind: those that the services and the controller of this pod select. */
function defaultSelectors({ lister }: Handle): (pod: PodInfo) => Selector {
  const [serviceLister, setLister] = [lister(services), lister(replicaSets)];
  const [statefulLister, controllerLister] = [lister(statefulSets), lister(replicationControllers)];
  return (pod) => {
    const labels: Record<string, string> = {};
    for (const { spec } of serviceLister.inNamespace(pod.namespace))
      if (spec?.selector && selectorFromLabels(spec.selector).matches(pod.labels)) Object.assign(labels, spec.selector);
    const owner = getControllerOf(pod.pod);
    const key = `${pod.namespace}/${owner?.name ?? ''}`;
    const kind = `${owner?.apiVersion}/${owner?.kind}`;
    if (kind === 'v1/ReplicationController') Object.assign(labels, controllerLister.get(key)?.spec?.selector);
    const selector = selectorFromLabels(labels);
    const set =
      kind === 'apps/v1/ReplicaSet'
        ? setLister.get(key)
        : kind === 'apps/v1/StatefulSet'
          ? statefulLister.get(key)
          : undefined;
    if (!set?.spec?.selector) return selector;
    return new Selector([...selector.requirements, ...selectorOf(set.spec.selector).requirements]);
  };
}

function hints(): NonNullable<Plugin['hints']> {
  return [
    {
      resource: 'Pod',
      actions: ['add', 'label', 'delete', 'toleration'],
      helps: (pod, old: Pod | undefined, current: Pod | undefined) => {
        if ((current ?? old)?.metadata?.namespace !== pod.namespace) return false;
        if (current?.metadata?.uid === pod.uid) return true;
        const matches = (other: Pod | undefined): boolean =>
          other !== undefined &&
          constraintsOf(pod, 'DoNotSchedule').some(({ selector }) => selector.matches(other.metadata?.labels));
        return matches(old) !== matches(current);
      },
    },
    {
      resource: 'Node',
      actions: ['add', 'delete', 'label', 'taint'],
      helps: (pod, old: Node | undefined, current: Node | undefined) => {
        const constraints = constraintsOf(pod, 'DoNotSchedule');
        const suits = (node: Node | undefined): boolean =>
          constraints.every(({ topologyKey }) => node?.metadata?.labels?.[topologyKey] !== undefined);
        return (current !== undefined && suits(current)) || (old !== undefined && suits(old));
      },
    },
  ];
}
