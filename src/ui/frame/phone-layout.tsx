// A phone shows one place at a time, with tabs below and a row of keys that its keyboard lacks.
import { useState } from 'react';
import { embedding } from '../state/embedding.ts';
import { typeIntoTerminal } from '../state/terminal-access.ts';
import { useView } from '../state/view-store.ts';
import { filled, panes, useFilled } from './panes.tsx';
import { PlaceView } from './place-view.tsx';
import type { Place } from './slot.ts';
import { useMedia } from './use-media.ts';

/** `pane`: what a tab opens first. */
const tabs: readonly { readonly place: Place; readonly label: string; readonly pane: string }[] = [
  { place: 'left', label: 'Lesson', pane: 'lesson' },
  { place: 'bottom', label: 'Terminal', pane: 'terminal' },
  { place: 'stage', label: 'Map', pane: 'diagram' },
  { place: 'right', label: 'YAML', pane: 'editor' },
];

export function PhoneLayout() {
  const open = useView((view) => view.open);
  const newest = panes.find(({ id }) => id === open.at(-1))?.place ?? 'bottom';
  const shown = newest === 'strip' ? 'bottom' : newest;
  const touched = useMedia('(any-pointer: coarse)');
  const given = embedding ? tabs.filter(({ place }) => filled(place, open).shown) : tabs;
  return (
    <main className="phone">
      {given.map(({ place }) => (
        <div key={place} className="phone-pane" hidden={place !== shown}>
          <PlaceView place={place} />
          {place === 'bottom' && touched && <KeyRow />}
        </div>
      ))}
      {given.length > 1 && (
        <nav className="tabs" aria-label="Panes">
          {given.map((tab) => (
            <PlaceTab key={tab.place} {...tab} current={tab.place === shown} />
          ))}
        </nav>
      )}
    </main>
  );
}

interface PlaceTabProps {
  readonly place: Place;
  readonly label: string;
  readonly pane: string;
  readonly current: boolean;
}

/** Brings the pane of a place to the front that was there last, or else its first. */
function PlaceTab({ place, label, pane, current }: PlaceTabProps) {
  const openPane = useView((view) => view.openPane);
  const { shown } = useFilled(place);
  return (
    <button type="button" aria-current={current ? 'page' : undefined} onClick={() => openPane(shown?.id ?? pane)}>
      {label}
    </button>
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
  ['D', '\x04', 'End of input'],
  ['R', '\x12', 'Search earlier commands'],
  ['U', '\x15', 'Cut to the beginning'],
  ['L', '\x0c', 'Clear the screen'],
];

function KeyRow() {
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
          aria-label={label === name ? name : `${label}: ${name}`}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => {
            typeIntoTerminal(sent);
            setControl(false);
          }}
        >
          {label}
        </button>
      ))}
    </div>
  );
}
