// What programs of the learner's machine do to the page around the terminal: windows that they open, and the lines that
// the terminal has run.
import { create } from 'zustand';
import type { DesktopRequest } from '../../api/desktop.ts';
import { useView } from './view-store.ts';

export interface Desktop {
  /** The browser's address; changes with `visit` even when the address stays. */
  readonly address: string;
  readonly visit: number;
  go(address: string): void;
}

export const useDesktop = create<Desktop>((set, get) => ({
  address: '',
  visit: 0,
  go: (address) => set({ address, visit: get().visit + 1 }),
}));

/** Opens what a program asked for: the pane of that kind. */
export function openWindow(request: DesktopRequest): void {
  if (request.kind === 'browser') useDesktop.getState().go(request.url);
  useView.getState().openPane(request.kind);
}

type LineListener = (line: string, exitCode: number) => void;
const lineListeners = new Set<LineListener>();

export function noteLine(line: string, exitCode: number): void {
  for (const listener of lineListeners) listener(line, exitCode);
}

/** Hears each line that a terminal has run. Returns how to stop. */
export function onLine(listener: LineListener): () => void {
  lineListeners.add(listener);
  return () => lineListeners.delete(listener);
}
