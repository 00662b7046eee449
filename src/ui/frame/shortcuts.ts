// Keys that work everywhere on the page; the terminal and text fields keep theirs.
import { useEffect } from 'react';
import { useView } from '../state/view-store.ts';
import { togglePause } from './pace.ts';

export interface Shortcut {
  readonly key: string;
  readonly label: string;
  readonly run: () => void;
}

export const shortcuts: readonly Shortcut[] = [
  { key: '?', label: 'Keys and help', run: () => useView.getState().setHelp(!useView.getState().help) },
  { key: 't', label: 'Go to the terminal', run: () => useView.getState().terminal?.focus() },
  { key: 'p', label: 'Pause time, or let it go on', run: togglePause },
  {
    key: 'l',
    label: 'Open or fold the lesson',
    run: () => useView.getState().setLessonOpen(!useView.getState().lessonOpen),
  },
  { key: 'd', label: 'Dark or light', run: toggleTheme },
  { key: 'Escape', label: 'Close what is open', run: close },
];

export function toggleTheme(): void {
  const { theme, setTheme } = useView.getState();
  setTheme(theme === 'dark' ? 'light' : 'dark');
}

export function useShortcuts(): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const found = shortcuts.find(({ key }) => key === event.key);
      if (!found) return;
      event.preventDefault();
      found.run();
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]');
}

function close(): void {
  const { help, setHelp, select } = useView.getState();
  if (help) setHelp(false);
  else select(undefined);
}
