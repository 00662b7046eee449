// A node: its name and status, its components as chips, and its pods at places that they keep.
import { useRef } from 'react';
import type { Node, Pod } from '../../api/generated/types.ts';
import { useView } from '../state/view-store.ts';
import { arrange, type Places } from './places.ts';
import { nodeStatus } from './pod-status.ts';
import { PodTile } from './pod-tile.tsx';

export interface NodeFrameProps {
  readonly node: Node;
  /** Those on the node, oldest first. */
  readonly pods: readonly Pod[];
  readonly components: readonly string[];
}

export function NodeFrame({ node, pods, components }: NodeFrameProps) {
  const name = node.metadata?.name ?? '';
  const uid = node.metadata?.uid ?? '';
  const status = nodeStatus(node);
  const select = useView((view) => view.select);
  const selected = useView(({ selection }) => selection?.uid === uid);
  const places = useRef<Places>([]);
  const byUid = new Map(pods.map((pod) => [pod.metadata?.uid ?? '', pod]));
  places.current = arrange(places.current, [...byUid.keys()]);
  return (
    <section className={`node ${status === 'Ready' ? '' : 'is-unwell'}`} aria-label={`node ${name}, ${status}`}>
      <header>
        <button
          type="button"
          className="node-name"
          aria-pressed={selected}
          onClick={() => select(selected ? undefined : { kind: 'nodes', uid })}
        >
          {name}
        </button>
        <span className="node-status">{status.replace(',', ', ')}</span>
      </header>
      <div className={components.includes('etcd') ? 'chips control-plane-chips' : 'chips'}>
        {components.map((component) => (
          <span key={component} className="chip" data-anchor={anchorOf(component, name)}>
            {component}
          </span>
        ))}
      </div>
      <div className="pods">
        {places.current.map((place) => {
          const pod = byUid.get(place);
          return pod ? <PodTile key={place} pod={pod} /> : <span key={place} className="pod-place" />;
        })}
      </div>
    </section>
  );
}

/** What every node has goes by the node's name too. */
function anchorOf(component: string, node: string): string {
  return component === 'kubelet' || component === 'kube-proxy' ? `${component}/${node}` : component;
}
