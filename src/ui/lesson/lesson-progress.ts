// What the browser remembers of lessons: which are done, and how far each has come in its world.
import { readSaved, save } from '../state/saved.ts';

const doneKey = 'lessons-done';
const placeKey = (lesson: string): string => `lesson-place/${lesson}`;

/** `world`: the uid of something that was made with the cluster, so that a new cluster begins anew. */
export interface LessonPlace {
  readonly step: number;
  readonly world: string;
}

export function lessonsDone(): readonly string[] {
  return readSaved(doneKey, isTexts) ?? [];
}

export function rememberDone(lesson: string): void {
  save(doneKey, [...new Set([...lessonsDone(), lesson])]);
}

export function lessonPlace(lesson: string): LessonPlace | undefined {
  return readSaved(placeKey(lesson), isPlace);
}

export function rememberPlace(lesson: string, place: LessonPlace): void {
  save(placeKey(lesson), place);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length <= 1000 && value.every((one) => typeof one === 'string');
}

function isPlace(value: unknown): value is LessonPlace {
  return (
    typeof value === 'object' &&
    value !== null &&
    'step' in value &&
    typeof value.step === 'number' &&
    'world' in value &&
    typeof value.world === 'string'
  );
}
