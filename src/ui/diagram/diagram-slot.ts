// The diagram's place in the frame.
import { loaded } from '../frame/loaded.tsx';
import type { Slot } from '../frame/slot.ts';

export const diagramSlot: Slot = {
  id: 'diagram',
  title: 'Diagram',
  place: 'stage',
  icon: 'map',
  key: 'm',
  pinned: true,
  view: loaded(() => import('./diagram-pane.tsx')),
};
