// What the browser remembers of lessons: which are done, and how far the one that is played has come in its world.
import { readSaved, save } from '../state/saved.ts';

const doneKey = 'lessons-done';
const placeKey = 'lesson-place';

/** `world`: the uid of something that was made with the cluster, so that a new cluster begins anew. */
export interface LessonPlace {
  readonly lesson: string;
  readonly step: number;
  readonly world: string;
}

export function lessonsDone(): readonly string[] {
  return readSaved(doneKey, isTexts) ?? [];
}

export function rememberDone(lesson: string): void {
  save(doneKey, [...new Set([...lessonsDone(), lesson])]);
}

export function lessonPlace(): LessonPlace | undefined {
  return readSaved(placeKey, isPlace);
}

export function rememberPlace(place: LessonPlace): void {
  save(placeKey, place);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length <= 1000 && value.every((one) => typeof one === 'string');
}

function isPlace(value: unknown): value is LessonPlace {
  return (
    typeof value === 'object' &&
    value !== null &&
    'lesson' in value &&
    typeof value.lesson === 'string' &&
    'step' in value &&
    typeof value.step === 'number' &&
    'world' in value &&
    typeof value.world === 'string'
  );
}
