// What keys do, and the setting for screen readers.
import { useEffect, useRef } from 'react';
import { useView } from '../state/view-store.ts';
import { shortcuts } from './shortcuts.ts';

const lineKeys: readonly (readonly [string, string])[] = [
  ['Tab', 'complete a command, kind, name or file'],
  ['↑ ↓', 'earlier and later commands'],
  ['Ctrl R', 'search earlier commands'],
  ['Ctrl A, E', 'to the beginning, to the end'],
  ['Ctrl W, U, K', 'cut a word, to the beginning, to the end'],
  ['Ctrl C', 'stop what runs'],
  ['Ctrl L', 'clear the screen'],
  ['Shift Tab', 'leave the terminal'],
];

export function Help() {
  const dialog = useRef<HTMLDialogElement>(null);
  const setHelp = useView((view) => view.setHelp);
  const screenReader = useView((view) => view.screenReader);
  const setScreenReader = useView((view) => view.setScreenReader);
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  return (
    <dialog className="help" ref={dialog} onClose={() => setHelp(false)} aria-labelledby="help-title">
      <h2 id="help-title">Keys</h2>
      <KeyList keys={shortcuts.map(({ key, label }) => [key, label])} />
      <h3>In the terminal</h3>
      <KeyList keys={lineKeys} />
      <label>
        <input type="checkbox" checked={screenReader} onChange={({ target }) => setScreenReader(target.checked)} />
        Make the terminal readable for screen readers
      </label>
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </dialog>
  );
}

function KeyList({ keys }: { readonly keys: readonly (readonly [string, string])[] }) {
  return (
    <dl>
      {keys.map(([key, label]) => (
        <div key={key}>
          <dt>
            <kbd>{key}</kbd>
          </dt>
          <dd>{label}</dd>
        </div>
      ))}
    </dl>
  );
}
