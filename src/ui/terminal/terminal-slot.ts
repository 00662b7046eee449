// The terminal's place in the frame.
import { lazy } from 'react';
import type { Slot } from '../frame/slot.ts';

export const terminalSlot: Slot = {
  id: 'terminal',
  title: 'Terminal',
  place: 'bottom',
  icon: 'terminal',
  pinned: true,
  view: lazy(() => import('./terminal-pane.tsx')),
};
