// The diagram: from left to right the learner's machine, the control plane, the workers, and the outside.
import { useMemo, useRef } from 'react';
import type { Node, Pod, Service } from '../../api/generated/types.ts';
import { useCluster } from '../state/cluster-store.ts';
import { useSession } from '../state/session-store.ts';
import { useView } from '../state/view-store.ts';
import './diagram.css';
import { NodeFrame } from './node-frame.tsx';
import { PodTile, shapeWords } from './pod-tile.tsx';
import { StatusGlyph } from './status-glyph.tsx';
import { Travel } from './travel.tsx';

const controlPlaneRole = 'node-role.kubernetes.io/control-plane';
const controlPlaneComponents = ['kube-apiserver', 'etcd', 'kube-scheduler', 'kube-controller-manager', 'kubelet'];
const workerComponents = ['kubelet', 'kube-proxy'];

export default function DiagramPane() {
  const { pods, nodes, services } = useCluster();
  const ready = useSession(({ session }) => session !== undefined);
  const frame = useRef<HTMLDivElement>(null);
  const placed = useMemo(() => podsByNode(pods.values()), [pods]);
  const [controlPlane, workers] = useMemo(() => split(nodes.values()), [nodes]);
  const nodeOf = useMemo(() => nodeFinder(pods), [pods]);
  return (
    <div className="diagram">
      <div className="zones" ref={frame}>
        <Zone name="You">
          <div className="machine">
            <b>laptop</b>
            <span className="chip" data-anchor="kubectl">
              kubectl
            </span>
          </div>
        </Zone>
        <Zone name="Control plane">
          {controlPlane.map((node) => (
            <NodeFrame
              key={node.metadata?.uid}
              node={node}
              pods={placed.get(node.metadata?.name ?? '') ?? []}
              components={controlPlaneComponents}
            />
          ))}
          {ready && <Waiting pods={placed.get('') ?? []} />}
        </Zone>
        <Zone name="Workers">
          <Services services={[...services.values()]} />
          <div className="nodes">
            {workers.map((node) => (
              <NodeFrame
                key={node.metadata?.uid}
                node={node}
                pods={placed.get(node.metadata?.name ?? '') ?? []}
                components={workerComponents}
              />
            ))}
          </div>
        </Zone>
        <Zone name="Outside">
          <div className="machine">
            <b>Internet</b>
            <span className="chip" data-anchor="registry">
              image registry
            </span>
          </div>
        </Zone>
        <Travel frame={frame} nodeOf={nodeOf} />
      </div>
      <ul className="legend" aria-label="What the shapes mean">
        {shapeWords.map(([shape, word]) => (
          <li key={shape} className={`is-${shape}`}>
            <StatusGlyph shape={shape} /> {word}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Zone({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <section className="zone" aria-label={name}>
      <h3>{name}</h3>
      {children}
    </section>
  );
}

/** Pods that no node has yet: they exist in etcd alone. */
function Waiting({ pods }: { readonly pods: readonly Pod[] }) {
  return (
    <div className="waiting">
      <h4>Waiting for a node</h4>
      {pods.length === 0 ? <p>none</p> : pods.map((pod) => <PodTile key={pod.metadata?.uid} pod={pod} />)}
    </div>
  );
}

function Services({ services }: { readonly services: readonly Service[] }) {
  const select = useView((view) => view.select);
  const selection = useView((view) => view.selection);
  return (
    <div className="services">
      {services.map(({ metadata, spec }) => {
        const uid = metadata?.uid ?? '';
        const selected = selection?.uid === uid;
        return (
          <button
            key={uid}
            type="button"
            className="service"
            aria-pressed={selected}
            title={`service ${metadata?.namespace}/${metadata?.name}`}
            onClick={() => select(selected ? undefined : { kind: 'services', uid })}
          >
            <b>{metadata?.name}</b> <span>{spec?.type}</span> <span>{spec?.clusterIP}</span>
          </button>
        );
      })}
    </div>
  );
}

/** Pods by the name of their node, those without one under the empty name; oldest first. */
function podsByNode(pods: Iterable<Pod>): ReadonlyMap<string, readonly Pod[]> {
  const oldest = [...pods].sort((a, b) =>
    (a.metadata?.creationTimestamp ?? '') < (b.metadata?.creationTimestamp ?? '') ? -1 : 1,
  );
  const byNode = new Map<string, Pod[]>();
  for (const pod of oldest) {
    const node = pod.spec?.nodeName ?? '';
    byNode.set(node, [...(byNode.get(node) ?? []), pod]);
  }
  return byNode;
}

function split(nodes: Iterable<Node>): readonly [controlPlane: readonly Node[], workers: readonly Node[]] {
  const sorted = [...nodes].sort((a, b) => ((a.metadata?.name ?? '') < (b.metadata?.name ?? '') ? -1 : 1));
  const leads = ({ metadata }: Node): boolean => Object.hasOwn(metadata?.labels ?? {}, controlPlaneRole);
  return [sorted.filter(leads), sorted.filter((node) => !leads(node))];
}

function nodeFinder(pods: ReadonlyMap<string, Pod>): (pod: string) => string | undefined {
  const nodes = new Map(
    [...pods.values()].map(({ metadata, spec }) => [`${metadata?.namespace}/${metadata?.name}`, spec?.nodeName]),
  );
  return (pod) => nodes.get(pod);
}
