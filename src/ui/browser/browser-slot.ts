// The browser's place in the frame: beside the diagram, once a program or a link has opened it.
import { lazy } from 'react';
import type { Slot } from '../frame/slot.ts';

export const browserSlot: Slot = {
  id: 'browser',
  title: 'Browser',
  place: 'stage',
  icon: 'browser',
  view: lazy(() => import('./browser-pane.tsx')),
};
