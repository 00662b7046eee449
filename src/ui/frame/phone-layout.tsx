// A phone shows one pane at a time, with tabs below and a row of keys that its keyboard lacks.
import { useEffect, useState } from 'react';
import { type Tab, useView } from '../state/view-store.ts';
import { DiagramView, InspectorView, LessonView, TerminalView } from './panes.tsx';

const tabs: readonly (readonly [Tab, string])[] = [
  ['lesson', 'Lesson'],
  ['terminal', 'Terminal'],
  ['map', 'Map'],
  ['details', 'Details'],
];

export function PhoneLayout() {
  const tab = useView((view) => view.tab);
  const setTab = useView((view) => view.setTab);
  const selection = useView((view) => view.selection);
  useEffect(() => {
    if (selection) setTab('details');
  }, [selection, setTab]);
  return (
    <main className="phone">
      {/* The terminal stays mounted: its screen is its memory. */}
      <div className="phone-pane" hidden={tab !== 'terminal'}>
        <TerminalView />
        <KeyRow />
      </div>
      {tab !== 'terminal' && (
        <div className="phone-pane">
          {tab === 'lesson' && <LessonView />}
          {tab === 'map' && <DiagramView />}
          {tab === 'details' && <InspectorView />}
        </div>
      )}
      <nav className="tabs" aria-label="Panes">
        {tabs.map(([id, label]) => (
          <button key={id} type="button" aria-current={tab === id ? 'page' : undefined} onClick={() => setTab(id)}>
            {label}
          </button>
        ))}
      </nav>
    </main>
  );
}

const keys: readonly (readonly [label: string, sent: string, name: string])[] = [
  ['Tab', '\t', 'Tab'],
  ['Esc', '\x1b', 'Escape'],
  ['↑', '\x1b[A', 'Earlier command'],
  ['|', '|', 'Pipe'],
  ['-', '-', 'Dash'],
  ['/', '/', 'Slash'],
];
/** What Ctrl makes of the next key of the row: only those that a command line needs. */
const controls: readonly (readonly [label: string, sent: string, name: string])[] = [
  ['C', '\x03', 'Stop what runs'],
  ['R', '\x12', 'Search earlier commands'],
  ['U', '\x15', 'Cut to the beginning'],
  ['L', '\x0c', 'Clear the screen'],
];

function KeyRow() {
  const terminal = useView((view) => view.terminal);
  const [control, setControl] = useState(false);
  return (
    <div className="key-row" role="toolbar" aria-label="Keys">
      <button type="button" aria-pressed={control} onClick={() => setControl(!control)}>
        Ctrl
      </button>
      {(control ? controls : keys).map(([label, sent, name]) => (
        <button
          key={label}
          type="button"
          aria-label={name}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => {
            terminal?.type(sent);
            setControl(false);
          }}
        >
          {label}
        </button>
      ))}
    </div>
  );
}
