// Which lesson the page's address asks for, and how to go to another: each lesson has a world of its own.

import type { LessonSummary } from '../../lessons/lesson.ts';
import { lessonLines } from '../../lessons/setup.ts';
import type { WorldChoice } from '../../worker/messages.ts';
import { lessons } from './lessons.ts';

/** Undefined: none, or one that does not exist. */
export function chosenLesson(): LessonSummary | undefined {
  const id = new URLSearchParams(location.search).get('lesson');
  return lessons.find((lesson) => lesson.id === id);
}

/** The world that a lesson begins in. */
export function worldOf({ profile, setup }: LessonSummary): Pick<WorldChoice, 'profile' | 'setup'> {
  return { profile, setup: lessonLines(setup) };
}

/** Undefined: back to a world without a lesson. */
export function lessonUrl(id: string | undefined): string {
  const options = new URLSearchParams(location.search);
  options.delete('lesson');
  options.delete('profile');
  options.delete('seed');
  if (id !== undefined) options.set('lesson', id);
  const query = options.toString();
  return `${location.pathname}${query === '' ? '' : `?${query}`}`;
}

export function openLesson(id: string | undefined): void {
  location.assign(lessonUrl(id));
}
