// The inspector: what is selected, in short and as YAML.
import { useState } from 'react';
import type { Node, ObjectMeta, Pod, Service } from '../../api/generated/types.ts';
import { emitYaml } from '../../base/yaml-emit.ts';
import { nodeStatus, podStatus } from '../diagram/pod-status.ts';
import { type Cluster, useCluster } from '../state/cluster-store.ts';
import { type Selection, useView } from '../state/view-store.ts';
import './inspector.css';

export default function InspectorPane() {
  const selection = useView((view) => view.selection);
  const select = useView((view) => view.select);
  const cluster = useCluster();
  const [yaml, setYaml] = useState(false);
  const shown = selection && describe(cluster, selection);
  if (!selection || !shown)
    return (
      <p className="empty">
        {selection ? 'This object no longer exists.' : 'Select a pod, node or service in the diagram to look into it.'}
      </p>
    );
  return (
    <div className="inspector">
      <header>
        <h2>
          <small>{shown.kind}</small> {shown.metadata?.name}
        </h2>
        <button type="button" className="quiet" aria-label="Close" onClick={() => select(undefined)}>
          ✕
        </button>
      </header>
      <div className="segments">
        <button type="button" aria-pressed={!yaml} onClick={() => setYaml(false)}>
          Overview
        </button>
        <button type="button" aria-pressed={yaml} onClick={() => setYaml(true)}>
          YAML
        </button>
      </div>
      {yaml ? (
        <pre>{emitYaml(withoutManagedFields(shown.object))}</pre>
      ) : (
        <dl>
          {shown.facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}

interface Shown {
  readonly kind: string;
  readonly metadata: ObjectMeta | undefined;
  readonly object: Pod | Node | Service;
  readonly facts: readonly (readonly [string, string])[];
}

function describe(cluster: Cluster, { kind, uid }: Selection): Shown | undefined {
  if (kind === 'pods') return describePod(cluster.pods.get(uid));
  if (kind === 'nodes') return describeNode(cluster.nodes.get(uid));
  return describeService(cluster.services.get(uid));
}

function describePod(pod: Pod | undefined): Shown | undefined {
  if (!pod) return undefined;
  const { metadata, spec, status } = pod;
  const { text, restarts } = podStatus(pod);
  const problem = status?.conditions?.find(({ status: is, message }) => is === 'False' && message)?.message;
  return shown('Pod', pod, [
    ['Status', text],
    ['Why', problem],
    ['Namespace', metadata?.namespace],
    ['Node', spec?.nodeName ?? 'none yet'],
    ['IP', status?.podIP],
    ['Restarts', String(restarts)],
    ['Containers', spec?.containers.map(({ name, image }) => `${name}: ${image}`).join('\n')],
    ['Controlled by', metadata?.ownerReferences?.map(({ kind, name }) => `${kind}/${name}`).join(', ')],
    ['Labels', pairs(metadata?.labels)],
  ]);
}

function describeNode(node: Node | undefined): Shown | undefined {
  if (!node) return undefined;
  const { metadata, spec, status } = node;
  return shown('Node', node, [
    ['Status', nodeStatus(node)],
    ['Version', status?.nodeInfo?.kubeletVersion],
    ['Address', status?.addresses?.find(({ type }) => type === 'InternalIP')?.address],
    ['Pod range', spec?.podCIDR],
    ['CPU', status?.allocatable?.cpu],
    ['Memory', status?.allocatable?.memory],
    ['Pods at most', status?.allocatable?.pods],
    ['Taints', spec?.taints?.map(({ key, effect }) => `${key}:${effect}`).join('\n')],
    ['Labels', pairs(metadata?.labels)],
  ]);
}

function describeService(service: Service | undefined): Shown | undefined {
  if (!service) return undefined;
  const { metadata, spec } = service;
  return shown('Service', service, [
    ['Type', spec?.type],
    ['Namespace', metadata?.namespace],
    ['Cluster IP', spec?.clusterIP],
    ['Ports', spec?.ports?.map(({ port, targetPort, protocol }) => `${port} → ${targetPort} ${protocol}`).join('\n')],
    ['Selector', pairs(spec?.selector)],
  ]);
}

function shown(
  kind: string,
  object: Pod | Node | Service,
  facts: readonly (readonly [string, string | undefined])[],
): Shown {
  const present = facts.flatMap(([name, value]) => (value ? [[name, value] as const] : []));
  return { kind, metadata: object.metadata, object, facts: present };
}

function pairs(map: Readonly<Record<string, string>> | undefined): string {
  return Object.entries(map ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join('\n');
}

function withoutManagedFields<T extends { readonly metadata?: ObjectMeta | undefined }>(object: T): T {
  const { managedFields: _, ...metadata } = object.metadata ?? {};
  return { ...object, metadata };
}
