// The lesson's place in the frame.
import { lazy } from 'react';
import type { Slot } from '../frame/slot.ts';

export const lessonSlot: Slot = {
  id: 'lesson',
  title: 'Lesson',
  place: 'left',
  icon: 'book',
  key: 'l',
  pinned: true,
  view: lazy(() => import('./lesson-pane.tsx')),
};
