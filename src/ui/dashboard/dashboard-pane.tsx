// The dashboard: workloads, pods and nodes at a glance, from the API alone.
import { useMemo, useState } from 'react';
import type { DaemonSet, Deployment, Job, StatefulSet } from '../../api/generated/types.ts';
import { StatusGlyph } from '../diagram/status-glyph.tsx';
import { useCluster } from '../state/cluster-store.ts';
import { useSession } from '../state/session-store.ts';
import { useView } from '../state/view-store.ts';
import {
  ageText,
  isSystem,
  type NodeRow,
  nodeRows,
  type PodRow,
  podCounts,
  podRows,
  type WorkloadRow,
  workloadRows,
} from './rows.ts';
import { type Column, Table } from './table.tsx';
import { useResource } from './use-resource.ts';
import './dashboard.css';

export default function DashboardPane() {
  const [system, setSystem] = useState(false);
  const namespace = useView((view) => view.namespace);
  const now = useSession((state) => state.now);
  const { pods: knownPods, nodes: knownNodes } = useCluster();
  const workloads = useWorkloads();
  const pods = useMemo(() => podRows(knownPods.values()), [knownPods]);
  const nodes = useMemo(() => nodeRows(knownNodes.values(), pods), [knownNodes, pods]);
  const shows = (row: { readonly namespace: string }): boolean =>
    namespace === undefined ? system || !isSystem(row) : row.namespace === namespace;
  const shownWorkloads = workloads.filter(shows);
  const shownPods = pods.filter(shows);
  return (
    <div className="dashboard">
      <header>
        <h2>Dashboard</h2>
        {namespace === undefined && (
          <label>
            <input type="checkbox" checked={system} onChange={({ target }) => setSystem(target.checked)} /> Show the
            system’s own
          </label>
        )}
      </header>
      <Summary workloads={shownWorkloads} pods={shownPods} nodes={nodes} />
      <Table
        title="Workloads"
        empty="Nothing is deployed yet. Try: kubectl create deployment web --image=nginx:1.27"
        rows={shownWorkloads}
        rowKey={({ key }) => key}
        columns={workloadColumns(now)}
      />
      <Table
        title="Pods"
        empty="There are no pods here."
        rows={shownPods}
        rowKey={({ uid }) => uid}
        columns={podColumns(now)}
      />
      <Table
        title="Nodes"
        empty="There is no node. Start a cluster: minikube start"
        rows={nodes}
        rowKey={({ uid }) => uid}
        columns={nodeColumns(now)}
      />
    </div>
  );
}

function useWorkloads(): readonly WorkloadRow[] {
  const deployments = useResource<Deployment>('/apis/apps/v1/deployments');
  const statefulSets = useResource<StatefulSet>('/apis/apps/v1/statefulsets');
  const daemonSets = useResource<DaemonSet>('/apis/apps/v1/daemonsets');
  const jobs = useResource<Job>('/apis/batch/v1/jobs');
  return useMemo(
    () => workloadRows({ deployments, statefulSets, daemonSets, jobs }),
    [deployments, statefulSets, daemonSets, jobs],
  );
}

interface SummaryProps {
  readonly workloads: readonly WorkloadRow[];
  readonly pods: readonly PodRow[];
  readonly nodes: readonly NodeRow[];
}

function Summary({ workloads, pods, nodes }: SummaryProps) {
  const readyWorkloads = workloads.filter(({ ready, wanted }) => ready >= wanted).length;
  const readyNodes = nodes.filter(({ ready }) => ready).length;
  return (
    <dl className="dashboard-summary">
      <div>
        <dt>Workloads ready</dt>
        <dd>
          <Share part={readyWorkloads} all={workloads.length} />
        </dd>
      </div>
      <div>
        <dt>Pods</dt>
        <dd>
          {pods.length === 0 && '0'}
          {podCounts(pods).map(([shape, count]) => (
            <span key={shape} className={`is-${shape}`}>
              <StatusGlyph shape={shape} />
              {count} <small>{shape === 'ending' ? 'terminating' : shape}</small>
            </span>
          ))}
        </dd>
      </div>
      <div>
        <dt>Nodes ready</dt>
        <dd>
          <Share part={readyNodes} all={nodes.length} />
        </dd>
      </div>
    </dl>
  );
}

function Share({ part, all }: { readonly part: number; readonly all: number }) {
  const shape = part < all ? 'failing' : 'running';
  return (
    <span className={all === 0 ? undefined : `is-${shape}`}>
      {all > 0 && <StatusGlyph shape={shape} />}
      {part} <small>of {all}</small>
    </span>
  );
}

function workloadColumns(now: number): readonly Column<WorkloadRow>[] {
  return [
    {
      title: 'Name',
      show: ({ name, kind }) => (
        <>
          <strong>{name}</strong> <small>{kind}</small>
        </>
      ),
    },
    { title: 'Namespace', show: ({ namespace }) => namespace },
    {
      title: 'Ready',
      show: ({ ready, wanted }) => (
        <span className={`is-${ready >= wanted ? 'running' : 'starting'}`}>
          <StatusGlyph shape={ready >= wanted ? 'running' : 'starting'} /> {ready}/{wanted}
        </span>
      ),
    },
    { title: 'Images', show: ({ images }) => <code>{images}</code> },
    { title: 'Age', show: ({ createdAt }) => ageText(now - createdAt) },
  ];
}

function podColumns(now: number): readonly Column<PodRow>[] {
  return [
    {
      title: 'Name',
      show: ({ name, uid }) => <Selects kind="pods" uid={uid} name={name} />,
    },
    { title: 'Namespace', show: ({ namespace }) => namespace },
    {
      title: 'Status',
      show: ({ shape, status }) => (
        <span className={`is-${shape}`}>
          <StatusGlyph shape={shape} /> {status}
        </span>
      ),
    },
    { title: 'Ready', show: ({ ready }) => ready },
    { title: 'Restarts', show: ({ restarts }) => restarts },
    { title: 'Node', show: ({ node }) => node || '–' },
    { title: 'Age', show: ({ createdAt }) => ageText(now - createdAt) },
  ];
}

function nodeColumns(now: number): readonly Column<NodeRow>[] {
  return [
    { title: 'Name', show: ({ name, uid }) => <Selects kind="nodes" uid={uid} name={name} /> },
    {
      title: 'Status',
      show: ({ ready, status }) => (
        <span className={`is-${ready ? 'running' : 'failing'}`}>
          <StatusGlyph shape={ready ? 'running' : 'failing'} /> {status}
        </span>
      ),
    },
    { title: 'Roles', show: ({ roles }) => roles },
    { title: 'Pods', show: ({ pods, podsMax }) => `${pods} of ${podsMax}` },
    { title: 'Version', show: ({ version }) => version },
    { title: 'Age', show: ({ createdAt }) => ageText(now - createdAt) },
  ];
}

interface SelectsProps {
  readonly kind: 'pods' | 'nodes';
  readonly uid: string;
  readonly name: string;
}

/** A name that shows its object in the inspector. */
function Selects({ kind, uid, name }: SelectsProps) {
  const select = useView((view) => view.select);
  return (
    <button type="button" className="dashboard-name" onClick={() => select({ kind, uid })}>
      {name}
    </button>
  );
}
