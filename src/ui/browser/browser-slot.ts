// The browser's place in the frame: beside the diagram, once a program, a link or the palette has opened it.
import { loaded } from '../frame/loaded.tsx';
import type { Slot } from '../frame/slot.ts';
import { useView } from '../state/view-store.ts';

export const browserSlot: Slot = {
  id: 'browser',
  title: 'Browser',
  place: 'stage',
  icon: 'browser',
  view: loaded(() => import('./browser-pane.tsx')),
  actions: () => [
    { id: 'open-browser', label: 'Open the browser', hint: 'Pane', run: () => useView.getState().openPane('browser') },
  ],
};
