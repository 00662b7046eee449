// How far the lesson that is played has come, for whoever else wants to know: the page around an embedded playground.
import { create } from 'zustand';
import type { LessonProgress } from '../../embed/messages.ts';

export const useLessonPlace = create<{ readonly progress: LessonProgress | undefined }>(() => ({
  progress: undefined,
}));
