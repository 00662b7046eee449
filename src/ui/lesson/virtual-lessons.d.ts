// Made by scripts/lessons-plugin.ts of the folders in /lessons.
declare module 'virtual:lessons' {
  import type { Lesson, LessonSummary } from '../../lessons/lesson.ts';

  export const lessons: readonly LessonSummary[];
  /** `id` is one of the list's. */
  export function loadLesson(id: string): Promise<Lesson>;
}
