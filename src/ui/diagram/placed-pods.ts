// The cluster as the diagram needs it: pods by node, nodes by role, and where a service leads.
import type { EndpointSlice, Node, Pod, Service } from '../../api/generated/types.ts';
import type { EndpointLine } from './travel.tsx';

const controlPlaneRole = 'node-role.kubernetes.io/control-plane';

/** Pods by the name of their node, those without one under the empty name; oldest first. */
export function podsByNode(pods: Iterable<Pod>): ReadonlyMap<string, readonly Pod[]> {
  const oldest = [...pods].sort((a, b) =>
    (a.metadata?.creationTimestamp ?? '') < (b.metadata?.creationTimestamp ?? '') ? -1 : 1,
  );
  const byNode = new Map<string, Pod[]>();
  for (const pod of oldest) {
    const node = pod.spec?.nodeName ?? '';
    const there = byNode.get(node);
    if (there) there.push(pod);
    else byNode.set(node, [pod]);
  }
  return byNode;
}

export function splitByRole(nodes: Iterable<Node>): readonly [controlPlane: readonly Node[], workers: readonly Node[]] {
  const sorted = [...nodes].sort((a, b) =>
    (a.metadata?.name ?? '').localeCompare(b.metadata?.name ?? '', 'en', { numeric: true }),
  );
  const leads = ({ metadata }: Node): boolean => Object.hasOwn(metadata?.labels ?? {}, controlPlaneRole);
  return [sorted.filter(leads), sorted.filter((node) => !leads(node))];
}

/** Finds the node of a pod by `namespace/name`. */
export function nodeFinder(pods: ReadonlyMap<string, Pod>): (pod: string) => string | undefined {
  const nodes = new Map(
    [...pods.values()].map(({ metadata, spec }) => [`${metadata?.namespace}/${metadata?.name}`, spec?.nodeName]),
  );
  return (pod) => nodes.get(pod);
}

export function endpointLines(
  service: Service | undefined,
  slices: ReadonlyMap<string, EndpointSlice>,
): readonly EndpointLine[] {
  if (!service) return [];
  const { name, namespace } = service.metadata ?? {};
  const own = [...slices.values()].filter(
    ({ metadata }) => metadata?.namespace === namespace && metadata?.labels?.['kubernetes.io/service-name'] === name,
  );
  return own.flatMap(({ endpoints }) =>
    (endpoints ?? []).flatMap(({ targetRef, conditions }) =>
      targetRef?.kind === 'Pod'
        ? [
            {
              from: `service/${namespace}/${name}`,
              to: `pod/${targetRef.namespace}/${targetRef.name}`,
              ready: conditions?.ready !== false,
            },
          ]
        : [],
    ),
  );
}
