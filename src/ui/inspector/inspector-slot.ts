// The inspector's place in the frame.
import { lazy } from 'react';
import type { Slot } from '../frame/slot.ts';
import '../state/decisions.ts'; // listens from the first decision on

export const inspectorSlot: Slot = {
  id: 'inspector',
  title: 'Inspector',
  place: 'right',
  icon: 'inspect',
  key: 'i',
  pinned: true,
  view: lazy(() => import('./inspector-pane.tsx')),
};
