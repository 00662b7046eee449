// The timeline's place in the frame.
import { lazy } from 'react';
import type { Slot } from '../frame/slot.ts';
import { lookAt } from './timeline-store.ts';

export const timelineSlot: Slot = {
  id: 'timeline',
  title: 'Timeline',
  place: 'strip',
  icon: 'trace',
  pinned: true,
  view: lazy(() => import('./timeline-pane.tsx')),
  actions: () => [{ id: 'now', label: 'Come back from the past to now', hint: 'Time', run: () => lookAt(undefined) }],
};
