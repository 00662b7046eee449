// The palette: finds every action, pane, object and lesson by a few letters.
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { useCluster } from '../state/cluster-store.ts';
import { type Selection, useView } from '../state/view-store.ts';
import { allActions } from './actions.ts';
import { closeness } from './closeness.ts';
import type { Action } from './slot.ts';

const shownMax = 50;

export function Palette() {
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const setOverlay = useView((view) => view.setOverlay);
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const all = useMemo(() => [...allActions(), ...objectActions()], []);
  const found = useMemo(() => best(all, query), [all, query]);
  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: 'nearest' }); // gives a promise, which is no way to clean up
  }, [at]);
  const run = (action: Action | undefined): void => {
    if (!action) return;
    dialog.current?.close(); // gives the focus back
    setOverlay(undefined); // now: the event of closing comes late, and a key pressed before it would find us open
    action.run();
  };
  const pressed = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setAt((at + step + found.length) % Math.max(1, found.length));
    else if (event.key === 'Enter') run(found[at]);
    else return;
    event.preventDefault();
  };
  return (
    <dialog className="palette" ref={dialog} aria-label="Find" onClose={() => setOverlay(undefined)} closedby="any">
      <input
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={found[at] && `palette-${at}`}
        aria-label="Find an action, object or lesson"
        placeholder="Find an action, object or lesson"
        autoComplete="off"
        spellCheck={false}
        value={query}
        onChange={({ target }) => {
          setQuery(target.value);
          setAt(0);
        }}
        onKeyDown={pressed}
      />
      <div id="palette-list" ref={list} role="listbox" aria-label="Found">
        {found.map((action, i) => (
          <Row key={action.id} action={action} at={i} chosen={i === at} run={() => run(action)} />
        ))}
      </div>
      {found.length === 0 && <p role="status">Nothing is called that.</p>}
    </dialog>
  );
}

interface RowProps {
  readonly action: Action;
  readonly at: number;
  readonly chosen: boolean;
  readonly run: () => void;
}

function Row({ action, at, chosen, run }: RowProps) {
  return (
    <button type="button" id={`palette-${at}`} role="option" aria-selected={chosen} tabIndex={-1} onClick={run}>
      <span>{action.label}</span>
      {action.hint && <small>{action.hint}</small>}
      {action.key && <kbd>{action.key}</kbd>}
    </button>
  );
}

function best(actions: readonly Action[], query: string): readonly Action[] {
  return actions
    .flatMap((action) => {
      const score = closeness(query, `${action.label} ${action.hint ?? ''}`);
      return score === undefined ? [] : [{ action, score: query === '' ? 0 : score }];
    })
    .sort((a, b) => b.score - a.score)
    .slice(0, shownMax)
    .map(({ action }) => action);
}

/** One action an object: selects it. */
function objectActions(): readonly Action[] {
  const { pods, nodes, services } = useCluster.getState();
  const { select } = useView.getState();
  const lists = { nodes, services, pods } as const;
  const names = { nodes: 'Node', services: 'Service', pods: 'Pod' } as const;
  return (['nodes', 'services', 'pods'] satisfies Selection['kind'][]).flatMap((kind) =>
    [...lists[kind]].map(([uid, { metadata }]) => ({
      id: `object-${uid}`,
      label: metadata?.name ?? '',
      hint: metadata?.namespace ? `${names[kind]} in ${metadata.namespace}` : names[kind],
      run: () => select({ kind, uid }),
    })),
  );
}
