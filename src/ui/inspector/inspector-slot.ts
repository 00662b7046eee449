// The inspector's place in the frame.
import { loaded } from '../frame/loaded.tsx';
import type { Slot } from '../frame/slot.ts';
import '../state/decisions.ts'; // listens from the first decision on

export const inspectorSlot: Slot = {
  id: 'inspector',
  title: 'Inspector',
  place: 'right',
  icon: 'inspect',
  key: 'i',
  pinned: true,
  view: loaded(() => import('./inspector-pane.tsx')),
};
