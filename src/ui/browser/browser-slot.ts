// The browser's place in the frame: beside the diagram, once a program or a link has opened it.
import { loaded } from '../frame/loaded.tsx';
import type { Slot } from '../frame/slot.ts';

export const browserSlot: Slot = {
  id: 'browser',
  title: 'Browser',
  place: 'stage',
  icon: 'browser',
  view: loaded(() => import('./browser-pane.tsx')),
};
