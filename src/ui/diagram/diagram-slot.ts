// The diagram's place in the frame.
import { lazy } from 'react';
import type { Slot } from '../frame/slot.ts';

export const diagramSlot: Slot = {
  id: 'diagram',
  title: 'Diagram',
  place: 'stage',
  icon: 'map',
  key: 'm',
  pinned: true,
  view: lazy(() => import('./diagram-pane.tsx')),
};
