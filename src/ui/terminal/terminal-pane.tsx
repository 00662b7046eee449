// The terminals: tabs when there are several, a field that searches the screen, and the one that shows.
import { useEffect, useRef } from 'react';
import { IconButton } from '../frame/icon-button.tsx';
import { embedding } from '../state/embedding.ts';
import { useSession } from '../state/session-store.ts';
import { startingWords } from './starting-words.ts';
import './terminal.css';
import { TerminalSearch } from './terminal-search.tsx';
import {
  addTerminal,
  closeTerminal,
  followSession,
  type OpenTerminal,
  showTerminal,
  terminalsMax,
  useTerminals,
} from './terminals-store.ts';

export default function TerminalPane() {
  const { session, profile, shared } = useSession();
  const { shown, finding } = useTerminals();
  useEffect(followSession, []);
  return (
    <div className="terminals">
      <Tabs />
      {finding && shown && <TerminalSearch view={shown.view} />}
      {shown && <Place key={shown.number} shown={shown} />}
      {!session && (
        <p className="loading" role="status">
          {startingWords(profile, shared)}
        </p>
      )}
    </div>
  );
}

function Tabs() {
  const { open, shown } = useTerminals();
  return (
    <header className="terminal-tabs">
      {open.length > 1 && (
        <div role="tablist" aria-label="Terminals" aria-orientation="vertical">
          {open.map((one, i) => (
            <button
              key={one.number}
              type="button"
              role="tab"
              aria-selected={one === shown}
              onClick={() => {
                showTerminal(one);
                one.view.terminal.focus();
              }}
            >
              {i + 1}
            </button>
          ))}
        </div>
      )}
      {open.length > 1 && shown && (
        <IconButton
          icon="close"
          label="Close this terminal"
          title="Close (Ctrl D)"
          onClick={() => closeTerminal(shown.number)}
        />
      )}
      <IconButton
        icon="plus"
        label="New terminal"
        disabled={!shown || open.length >= terminalsMax}
        onClick={() => addTerminal()}
      />
    </header>
  );
}

/** Where a terminal's own element goes while it shows. */
function Place({ shown: { view } }: { readonly shown: OpenTerminal }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const parent = place.current;
    if (!parent) return;
    parent.append(view.element);
    view.fit();
    if (!embedding) view.terminal.focus(); // the page around keeps the focus until somebody comes in
    const watcher = new ResizeObserver(() => view.fit());
    watcher.observe(parent);
    return () => {
      watcher.disconnect();
      view.element.remove();
    };
  }, [view]);
  return <div className="terminal-place" ref={place} />;
}
