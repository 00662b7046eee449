// The lessons that the page was built with: the list at once, each lesson when it is opened.
import * as built from 'virtual:lessons';
import type { Lesson, LessonSummary } from '../../lessons/lesson.ts';

export const lessons = built.lessons as readonly LessonSummary[]; // edge: made from parsed lessons by the build

/** `id` is one of the list's. */
export async function loadLesson(id: string): Promise<Lesson> {
  return (await built.loadLesson(id)) as Lesson; // edge: made from a parsed lesson by the build
}
