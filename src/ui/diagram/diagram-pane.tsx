// The diagram: a map of the cluster that fits its pane, can be zoomed and moved, and shows what happens; or a list.
import { useEffect, useMemo, useRef, useState } from 'react';
import { nap } from '../../host.ts';
import { useCluster } from '../state/cluster-store.ts';
import { readSaved, save } from '../state/saved.ts';
import { changesText, type Seen } from './changes.ts';
import { ClusterMap } from './cluster-map.tsx';
import { ClusterTree } from './cluster-tree.tsx';
import './diagram.css';
import { useHover } from './hover-store.ts';
import { shapeWords } from './pod-tile.tsx';
import { StatusGlyph } from './status-glyph.tsx';

/** Real milliseconds without a change before what has changed is told. */
const quietMs = 1200;

type Form = 'map' | 'list';

export default function DiagramPane() {
  const [form, setForm] = useState<Form>(() => readSaved('diagram-form', isForm) ?? 'map');
  const [told, setTold] = useState('');
  const family = useHover((hover) => hover.family);
  const choose = (chosen: Form): void => {
    save('diagram-form', chosen);
    setForm(chosen);
  };
  return (
    <div className="diagram">
      {form === 'map' ? <ClusterMap onTold={setTold} /> : <ClusterTree />}
      <footer className="diagram-foot">
        <div className="segments">
          {(['map', 'list'] as const).map((one) => (
            <button key={one} type="button" aria-pressed={form === one} onClick={() => choose(one)}>
              {one === 'map' ? 'Map' : 'List'}
            </button>
          ))}
        </div>
        <p className="told" aria-hidden="true">
          {family?.line ?? told}
        </p>
        <ul className="legend" aria-label="What the shapes mean">
          {shapeWords.map(([shape, word]) => (
            <li key={shape} className={`is-${shape}`} title={word}>
              <StatusGlyph shape={shape} /> <span>{word}</span>
            </li>
          ))}
        </ul>
      </footer>
      <Announcer />
    </div>
  );
}

/** Tells a screen reader what matters, once a moment. */
function Announcer() {
  const pods = useCluster((cluster) => cluster.pods);
  const nodes = useCluster((cluster) => cluster.nodes);
  const seen = useMemo(() => ({ pods, nodes }), [pods, nodes]);
  const before = useRef<Seen>(undefined);
  const [text, setText] = useState('');
  useEffect(() => {
    if (!before.current || before.current.nodes.size === 0) {
      before.current = seen;
      return;
    }
    const pause = nap(quietMs);
    let over = false;
    void pause.done.then(() => {
      if (over) return;
      const changes = changesText(before.current ?? seen, seen);
      before.current = seen;
      if (changes) setText(changes);
    });
    return () => {
      over = true;
      pause.wake();
    };
  }, [seen]);
  return (
    <p className="unseen" role="status">
      {text}
    </p>
  );
}

function isForm(value: unknown): value is Form {
  return value === 'map' || value === 'list';
}
