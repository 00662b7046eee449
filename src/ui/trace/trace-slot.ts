// The trace's place in the frame.
import { loaded } from '../frame/loaded.tsx';
import type { Slot } from '../frame/slot.ts';
import './command-list.ts'; // listens from the first command on

export const traceSlot: Slot = {
  id: 'trace',
  title: 'Trace',
  place: 'right',
  icon: 'trace',
  key: 'w',
  pinned: true,
  view: loaded(() => import('./trace-pane.tsx')),
};
