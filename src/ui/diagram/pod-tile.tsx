// A pod: status glyph, short name, a dot for each container, restarts as a count.
import type { Pod } from '../../api/generated/types.ts';
import { useView } from '../state/view-store.ts';
import { podStatus, type StatusShape } from './pod-status.ts';
import { StatusGlyph } from './status-glyph.tsx';

export function PodTile({ pod }: { readonly pod: Pod }) {
  const uid = pod.metadata?.uid ?? '';
  const name = pod.metadata?.name ?? '';
  const { shape, text, restarts, containers } = podStatus(pod);
  const selected = useView(({ selection }) => selection?.uid === uid);
  const select = useView((view) => view.select);
  const label = `pod ${name}, ${text}${restarts > 0 ? `, ${restarts} restarts` : ''}`;
  return (
    <button
      type="button"
      className={`pod is-${shape}`}
      aria-pressed={selected}
      aria-label={label}
      title={label}
      onClick={() => select(selected ? undefined : { kind: 'pods', uid })}
    >
      <span className="pod-head">
        <StatusGlyph shape={shape} />
        <span className="pod-name">{shortName(pod)}</span>
        {restarts > 0 && <span className="pod-restarts">↻{restarts}</span>}
      </span>
      <span className="pod-foot">
        <span className="pod-status">{text}</span>
        <span className="pod-containers" aria-hidden="true">
          {containers.map((ready, i) => (
            <i key={pod.spec?.containers[i]?.name} className={ready ? 'is-ready' : ''} />
          ))}
        </span>
      </span>
    </button>
  );
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
