// The terminal's place in the frame.
import { loaded } from '../frame/loaded.tsx';
import type { Slot } from '../frame/slot.ts';
import { shownTerminal } from '../state/terminal-access.ts';

export const terminalSlot: Slot = {
  id: 'terminal',
  title: 'Terminal',
  place: 'bottom',
  icon: 'terminal',
  pinned: true,
  view: loaded(() => import('./terminal-pane.tsx')),
  actions: () => [
    { id: 'terminal-add', label: 'New terminal', run: () => shownTerminal()?.add() },
    { id: 'terminal-find', label: 'Search the terminal', run: () => shownTerminal()?.find() },
  ],
};
