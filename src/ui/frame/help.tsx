// What keys do, and the setting for screen readers.
import { useEffect, useRef } from 'react';
import { useView } from '../state/view-store.ts';
import { pageActions } from './actions.ts';

type Keys = readonly (readonly [key: string, meaning: string])[];

const everywhere: Keys = [
  ['Ctrl K', 'find an action, object or lesson'],
  ['F6', 'go to the next pane'],
  ['Esc', 'close what is open'],
];

const lineKeys: Keys = [
  ['Tab', 'complete a command, flag, kind, name or file'],
  ['↑ ↓', 'earlier and later commands'],
  ['Ctrl R', 'search earlier commands'],
  ['Ctrl A, E', 'to the beginning, to the end'],
  ['Ctrl W, U', 'cut a word, cut to the beginning'],
  ['Ctrl K', 'cut to the end, or at the end: find'],
  ['Ctrl C', 'stop what runs'],
  ['Ctrl D', 'end the input; at an empty prompt: close'],
  ['Ctrl L', 'clear the screen'],
  ['Ctrl Shift C, V', 'copy, paste'],
  ['Ctrl Shift F', 'search the screen'],
  ['Shift Tab', 'leave the terminal'],
];

export function Help() {
  const dialog = useRef<HTMLDialogElement>(null);
  const setOverlay = useView((view) => view.setOverlay);
  const screenReader = useView((view) => view.screenReader);
  const setScreenReader = useView((view) => view.setScreenReader);
  useEffect(() => {
    dialog.current?.showModal();
    dialog.current?.querySelector('h2')?.focus(); // the first control is far below, and would scroll the keys away
  }, []);
  return (
    <dialog className="dialog help" ref={dialog} onClose={() => setOverlay(undefined)} aria-labelledby="help-title">
      <h2 id="help-title" tabIndex={-1}>
        Keys
      </h2>
      <div className="columns">
        <div>
          <h3>Everywhere</h3>
          <KeyList keys={everywhere} />
          <h3>Outside of the terminal and text</h3>
          <KeyList keys={pageActions.flatMap(({ key, label }) => (key ? [[key, label] as const] : []))} />
        </div>
        <div>
          <h3>In the terminal</h3>
          <KeyList keys={lineKeys} />
        </div>
      </div>
      <label>
        <input type="checkbox" checked={screenReader} onChange={({ target }) => setScreenReader(target.checked)} />
        Make the terminal readable for screen readers
      </label>
      <form method="dialog">
        <button type="submit" className="button primary">
          Close
        </button>
      </form>
    </dialog>
  );
}

function KeyList({ keys }: { readonly keys: Keys }) {
  return (
    <dl>
      {keys.map(([key, meaning]) => (
        <div key={key}>
          <dt>
            <kbd>{key}</kbd>
          </dt>
          <dd>{meaning}</dd>
        </div>
      ))}
    </dl>
  );
}
