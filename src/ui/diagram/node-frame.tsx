// A node: its name and status, its components as chips, and its pods at places that they keep.
import { type KeyboardEvent, memo, useRef } from 'react';
import type { Node, Pod } from '../../api/generated/types.ts';
import { useSession } from '../state/session-store.ts';
import { useView } from '../state/view-store.ts';
import { partSentence } from '../trace/parts.ts';
import type { Detail } from './arrangement.ts';
import { arrange, type Places } from './places.ts';
import { nodeStatus, podStatus } from './pod-status.ts';
import { PodTile } from './pod-tile.tsx';

export interface NodeFrameProps {
  readonly node: Node;
  /** Those on the node, oldest first. */
  readonly pods: readonly Pod[];
  readonly components: readonly string[];
  readonly detail: Detail;
  /** How pods of kube-system are drawn where they stand apart, below the others; default: among them. */
  readonly system?: Detail;
}

export const NodeFrame = memo(function NodeFrame({ node, pods, components, detail, system }: NodeFrameProps) {
  const name = node.metadata?.name ?? '';
  const uid = node.metadata?.uid ?? '';
  const status = nodeStatus(node);
  const select = useView((view) => view.select);
  const selected = useView(({ selection }) => selection?.uid === uid);
  const unwell = detail === 'tiles' ? [] : pods.filter((pod) => podStatus(pod).shape === 'failing');
  return (
    <section className={`node ${status === 'Ready' ? '' : 'is-unwell'}`} aria-label={`node ${name}, ${status}`}>
      <header data-anchor={`node/${name}`}>
        <button
          type="button"
          className="node-name"
          aria-pressed={selected}
          onClick={() => select(selected ? undefined : { kind: 'nodes', uid })}
        >
          {name}
        </button>
        {unwell.length > 0 && (
          <button
            type="button"
            className="unwell-count"
            title="Look at the first of them"
            onClick={() => select({ kind: 'pods', uid: unwell[0]?.metadata?.uid ?? '' })}
          >
            ! {unwell.length} of {pods.length}
          </button>
        )}
        <span className="node-status">{status.replace(',', ', ')}</span>
      </header>
      <div className={components.includes('etcd') ? 'chips control-plane-chips' : 'chips'}>
        {components.map((component) => (
          <Chip key={component} component={component} node={name} />
        ))}
      </div>
      <PodPlaces pods={system ? pods.filter((pod) => !isSystem(pod)) : pods} detail={detail} />
      {system && <PodPlaces pods={pods.filter(isSystem)} detail={system} />}
    </section>
  );
});

/** A process of the node. Of those that one of several machines leads, the leader is marked, and others stand by. */
function Chip({ component, node }: { readonly component: string; readonly node: string }) {
  const leader = useSession(({ leaders }) => leaders[component]);
  const role = leader === undefined ? '' : leader === node ? 'leader' : component === 'etcd' ? 'follower' : 'standby';
  return (
    <span
      className={role === '' ? 'chip' : `chip is-${role}`}
      data-anchor={`${component}/${node}`}
      title={`${role === '' ? '' : `${roleSentences[role]} `}${partSentence(component)}`}
    >
      {component}
      {role === 'leader' && (
        <b className="leads">
          <span aria-hidden="true">★</span>
          <span className="unseen"> leads</span>
        </b>
      )}
    </span>
  );
}

const roleSentences = {
  leader: 'The leader of several.',
  follower: 'Follows the leader, which every write goes through.',
  standby: 'Stands by: another holds the lease and does the work.',
};

function isSystem({ metadata }: Pod): boolean {
  return metadata?.namespace === 'kube-system';
}

/** Pods at their places; arrow keys go from one to the next. */
export function PodPlaces({ pods, detail }: { readonly pods: readonly Pod[]; readonly detail: Detail }) {
  const places = useRef<Places>([]);
  const byUid = new Map(pods.map((pod) => [pod.metadata?.uid ?? '', pod]));
  places.current = arrange(places.current, [...byUid.keys()]);
  const first = places.current.find((place) => byUid.has(place));
  return (
    <fieldset className={`pods as-${detail}`} aria-label="Pods" onKeyDown={walk}>
      {places.current.map((place) => {
        const pod = byUid.get(place);
        return pod ? (
          <PodTile key={place} pod={pod} detail={detail} first={place === first} />
        ) : (
          <span key={place} className={`pod-place as-${detail}`} />
        );
      })}
    </fieldset>
  );
}

const steps: Readonly<Record<string, 1 | -1>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

function walk(event: KeyboardEvent<HTMLElement>): void {
  const step = steps[event.key];
  if (!step) return;
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>('.pod')];
  const at = all.findIndex((one) => one.matches(':focus'));
  const next = all[(at + step + all.length) % all.length];
  if (at === -1 || !next) return;
  event.preventDefault();
  event.stopPropagation();
  next.focus();
}
