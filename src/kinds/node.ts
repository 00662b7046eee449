// Nodes.

import { isNone } from '../api/alike.ts';
import type { Node, NodeSpec } from '../api/generated/types.ts';
import { compareText } from '../api/go-format.ts';
import { ageColumn, nameColumn, textColumn, wide } from './columns.ts';
import { defineKind } from './kind.ts';
import { assign, change, fill } from './share.ts';

/** What the server knows about Nodes. */
export const node = defineKind<Node>({
  group: '',
  kind: 'Node',
  defaults: (given) => {
    const node = change(fill(given, { spec: {}, status: {} }), 'spec', withPodRanges);
    return change(node, 'status', (status) =>
      status.capacity && isNone(status.allocatable) ? { ...status, allocatable: status.capacity } : status,
    );
  },
  // Once kubelets took their configuration from here: that is dropped, but for nodes that have it from then.
  prepareForCreate: (node) => {
    const { configSource, ...spec } = node.spec ?? {};
    const { config, ...status } = node.status ?? {};
    return configSource === undefined && config === undefined ? node : { ...node, spec, status };
  },
  prepareForUpdate: (node, old) => {
    const { configSource, ...spec } = node.spec ?? {};
    const keeps = configSource === undefined || old.spec?.configSource !== undefined;
    return assign(keeps ? node : { ...node, spec }, { status: old.status });
  },
  prepareForStatusUpdate: (node, old) => {
    const { config, ...status } = node.status ?? {};
    return config === undefined || old.status?.config !== undefined ? node : { ...node, status };
  },
  fields: { 'spec.unschedulable': (node) => String(node.spec?.unschedulable ?? false) },
  columns: [
    nameColumn,
    textColumn('Status', 'Whether the node is ready and takes pods.', statusText),
    textColumn('Roles', 'Roles of the node, from its labels.', (node) => rolesOf(node).join(',') || '<none>'),
    ageColumn,
    textColumn('Version', 'Version of the kubelet.', ({ status }) => status?.nodeInfo?.kubeletVersion ?? ''),
    wide(textColumn('Internal-IP', 'Address inside the cluster.', (node) => addressOf(node, 'InternalIP'))),
    wide(textColumn('External-IP', 'Address outside of the cluster.', (node) => addressOf(node, 'ExternalIP'))),
    wide(
      textColumn('OS-Image', 'Operating system.', ({ status }) => {
        return status?.nodeInfo?.osImage || '<unknown>';
      }),
    ),
    wide(
      textColumn('Kernel-Version', 'Version of the kernel, and its architecture.', ({ status }) => {
        const { kernelVersion, architecture } = status?.nodeInfo ?? {};
        return `${kernelVersion || '<unknown>'}${architecture ? ` (${architecture})` : ''}`;
      }),
    ),
    wide(
      textColumn('Container-Runtime', 'Container runtime and its version.', ({ status }) => {
        return status?.nodeInfo?.containerRuntimeVersion || '<unknown>';
      }),
    ),
  ],
});

const rolePrefix = 'node-role.kubernetes.io/';

/** Older clients know one pod range: where both fields are given and differ, podCIDR decides. */
function withPodRanges(spec: NodeSpec): NodeSpec {
  const { podCIDR = '', podCIDRs = [] } = spec;
  if (podCIDR !== '' && podCIDR !== podCIDRs[0]) return { ...spec, podCIDRs: [podCIDR] };
  const first = podCIDRs[0];
  return podCIDR === '' && first !== undefined ? { ...spec, podCIDR: first } : spec;
}

function statusText({ spec, status }: Node): string {
  const ready = status?.conditions?.findLast(({ type }) => type === 'Ready');
  const text = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady';
  return spec?.unschedulable ? `${text},SchedulingDisabled` : text;
}

function rolesOf({ metadata }: Node): readonly string[] {
  const roles = new Set<string>();
  for (const [key, value] of Object.entries(metadata?.labels ?? {})) {
    if (key.startsWith(rolePrefix)) roles.add(key.slice(rolePrefix.length));
    else if (key === 'kubernetes.io/role') roles.add(value);
  }
  roles.delete('');
  return [...roles].sort(compareText);
}

function addressOf({ status }: Node, wanted: string): string {
  return status?.addresses?.find(({ type }) => type === wanted)?.address ?? '<none>';
}
