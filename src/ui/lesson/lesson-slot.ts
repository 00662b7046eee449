// The lesson's place in the frame; the palette finds every lesson.

import { loaded } from '../frame/loaded.tsx';
import type { Slot } from '../frame/slot.ts';
import { openLesson } from './chosen-lesson.ts';
import { lessons } from './lessons.ts';

export const lessonSlot: Slot = {
  id: 'lesson',
  title: 'Lesson',
  place: 'left',
  icon: 'book',
  key: 'l',
  pinned: true,
  view: loaded(() => import('./lesson-pane.tsx')),
  actions: () =>
    lessons.map(({ id, title }, at) => ({
      id: `lesson-${id}`,
      label: title,
      hint: `Lesson ${at + 1}`,
      run: () => openLesson(id),
    })),
};
