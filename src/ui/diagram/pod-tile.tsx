// A pod: status glyph, short name, a dot for each container, restarts as a count; less of it the more there are.
import { memo } from 'react';
import type { Pod } from '../../api/generated/types.ts';
import { useCluster } from '../state/cluster-store.ts';
import { useView } from '../state/view-store.ts';
import type { Detail } from './arrangement.ts';
import { familyOf } from './families.ts';
import { useHover } from './hover-store.ts';
import { podStatus, type StatusShape } from './pod-status.ts';
import { StatusGlyph } from './status-glyph.tsx';

export interface PodTileProps {
  readonly pod: Pod;
  readonly detail: Detail;
  /** Tab reaches it; arrow keys reach the others of its frame. */
  readonly first: boolean;
}

export const PodTile = memo(function PodTile({ pod, detail, first }: PodTileProps) {
  const uid = pod.metadata?.uid ?? '';
  const name = pod.metadata?.name ?? '';
  const namespace = pod.metadata?.namespace;
  const { shape, text, restarts } = podStatus(pod);
  const selected = useView(({ selection }) => selection?.uid === uid);
  const dimmed = useView(({ namespace: chosen }) => chosen !== undefined && chosen !== namespace);
  const select = useView((view) => view.select);
  const owner = pod.metadata?.ownerReferences?.[0]?.uid ?? uid;
  const related = useHover(({ family }) => family !== undefined && isOf(family.id, owner, uid));
  const label = `pod ${name}, ${text}${restarts > 0 ? `, ${restarts} restarts` : ''}`;
  const enter = (): void => useHover.setState({ family: familyOf(pod, useCluster.getState().replicaSets) });
  const leave = (): void => useHover.setState({ family: undefined });
  const classes = ['pod', `is-${shape}`, related && 'is-related', dimmed && 'is-dimmed', `as-${detail}`];
  return (
    <button
      type="button"
      className={classes.filter(Boolean).join(' ')}
      data-anchor={`pod/${namespace}/${name}`}
      aria-pressed={selected}
      aria-label={detail === 'tiles' ? undefined : label}
      title={label}
      tabIndex={first ? 0 : -1}
      onPointerEnter={enter}
      onPointerLeave={leave}
      onFocus={enter}
      onBlur={leave}
      onClick={() => select(selected ? undefined : { kind: 'pods', uid })}
    >
      {detail === 'tiles' && <Words pod={pod} />}
      {(detail === 'dots' || (detail === 'heat' && shape !== 'running')) && <StatusGlyph shape={shape} />}
    </button>
  );
});

function Words({ pod }: { readonly pod: Pod }) {
  const { shape, text, restarts, containers } = podStatus(pod);
  const names = (pod.spec?.containers ?? []).map(({ name }) => name);
  return (
    <>
      <span className="pod-head">
        <StatusGlyph shape={shape} />
        <span className="unseen">pod </span>
        <span className="pod-name">{shortName(pod)}</span>
        {restarts > 0 && <span className="pod-restarts">↻{restarts}</span>}
      </span>
      <span className="pod-foot">
        <span className="pod-status">{text}</span>
        <span className="pod-containers" aria-hidden="true">
          {names.map((name, i) => (
            <i key={name} className={containers[i] ? 'is-ready' : ''}>
              {name}
            </i>
          ))}
        </span>
      </span>
    </>
  );
}

/** A family's id is its outermost owner's: of a ReplicaSet that is its Deployment. */
function isOf(family: string, owner: string, uid: string): boolean {
  if (family === owner || family === uid) return true;
  const above = useCluster.getState().replicaSets.get(owner)?.metadata?.ownerReferences;
  return above?.some((one) => one.uid === family) ?? false;
}

/** Without the hash of its replica set: `web-7d4s4` of `web-766486c5b6-7d4s4`. */
function shortName({ metadata }: Pod): string {
  const name = metadata?.name ?? '';
  const hash = metadata?.labels?.['pod-template-hash'];
  return hash === undefined ? name : name.replace(`-${hash}-`, '-');
}

/** What each shape means, for the legend. */
export const shapeWords: readonly (readonly [StatusShape, string])[] = [
  ['running', 'running'],
  ['waiting', 'pending'],
  ['starting', 'starting'],
  ['failing', 'failing'],
  ['ending', 'terminating'],
  ['completed', 'completed'],
  ['unknown', 'unknown'],
];
