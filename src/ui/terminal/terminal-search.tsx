// Searches what a terminal has shown.
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { IconButton } from '../frame/icon-button.tsx';
import type { TerminalView } from './terminal-view.ts';
import { useTerminals } from './terminals-store.ts';

export function TerminalSearch({ view }: { readonly view: TerminalView }) {
  const field = useRef<HTMLInputElement>(null);
  const [missing, setMissing] = useState(false);
  useEffect(() => {
    field.current?.focus();
    return () => view.search.clearDecorations();
  }, [view]);
  const find = (text: string, forward: boolean): void => {
    const found = forward ? view.search.findNext(text) : view.search.findPrevious(text);
    setMissing(text !== '' && !found);
  };
  const close = (): void => {
    useTerminals.setState({ finding: false });
    view.terminal.focus();
  };
  const pressed = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === 'Enter') find(event.currentTarget.value, event.shiftKey);
    else if (event.key === 'Escape') close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <search className="terminal-search">
      <input
        ref={field}
        type="search"
        aria-label="Search the screen"
        placeholder="Search the screen"
        aria-invalid={missing}
        onChange={({ target }) => find(target.value, false)}
        onKeyDown={pressed}
      />
      <output>{missing ? 'not there' : ''}</output>
      <IconButton icon="close" label="Close the search" onClick={close} />
    </search>
  );
}
