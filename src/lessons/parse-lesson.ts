// A lesson from its folder's texts: lesson.yaml says what is checked, lesson.md what is told, files/ what lies ready.
import { parseYaml } from '../api/yaml.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../base/json.ts';
import { isPath } from './field.ts';
import type { Check, Condition, Lesson, ObjectCheck, Step } from './lesson.ts';
import { type Glossary, readLine, readProse, type Section } from './prose.ts';

export interface LessonTexts {
  readonly id: string;
  readonly yaml: string;
  readonly markdown: string;
  /** By path below the learner's home. */
  readonly files: Readonly<Record<string, string>>;
}

/** What is wrong with a lesson, for its author. */
export class LessonError extends Error {
  override name = 'LessonError';
}

export function parseLesson({ id, yaml, markdown, files }: LessonTexts, glossary: Glossary): Lesson {
  const wrong = (what: string): LessonError => new LessonError(`lessons/${id}: ${what}`);
  const { value, problem } = parseYaml(yaml);
  if (problem !== undefined || !isObject(value)) throw wrong(problem ?? 'lesson.yaml is empty');
  const sections = readProse(markdown, glossary);
  const [head, ...rest] = sections;
  const steps = isList(value.steps) ? value.steps.filter(isObject) : [];
  if (rest.length !== steps.length + 1)
    throw wrong(`lesson.md has ${rest.length} sections; ${steps.length} steps and an ending need ${steps.length + 1}`);
  try {
    return {
      id,
      title: head?.title ?? id,
      summary: textOf(value, 'summary'),
      minutes: Number(value.minutes ?? 5),
      profile: textOf(value, 'profile'),
      setup: { files, lines: textsOf(value.setup) },
      intro: head?.blocks ?? [],
      steps: steps.map((step, at) => stepOf(step, rest[at], glossary)),
      outro: rest.at(-1)?.blocks ?? [],
    };
  } catch (error) {
    throw error instanceof LessonError ? wrong(error.message) : error;
  }
}

/** Words and what they mean: `pod: {also: [pods], means: …}`. */
export function parseGlossary(yaml: string): Glossary {
  const { value } = parseYaml(yaml);
  const entries: (readonly [string, string])[] = [];
  for (const [word, entry] of Object.entries(isObject(value) ? value : {})) {
    if (!isObject(entry)) continue;
    for (const written of [word, ...textsOf(entry.also)]) entries.push([written.toLowerCase(), textOf(entry, 'means')]);
  }
  return new Map(entries);
}

function stepOf(step: JsonObject, section: Section | undefined, glossary: Glossary): Step {
  const checks = isList(step.checks) ? step.checks.filter(isObject).map(checkOf) : [];
  const solution = textsOf(step.solution);
  const title = section?.title ?? '';
  if (checks.length === 0 || solution.length === 0) throw new LessonError(`step "${title}" lacks checks or a solution`);
  const hints = textsOf(step.hints).map((hint) => readLine(hint, glossary));
  return { title, prose: section?.blocks ?? [], checks, hints, solution };
}

function checkOf(check: JsonObject): Check {
  const says = textOf(check, 'says');
  if (check.ran !== undefined) return { kind: 'ran', says, command: patternOf(textOf(check, 'ran')) };
  if (check.url !== undefined)
    return { kind: 'answer', says, url: textOf(check, 'url'), contains: String(check.contains ?? '') };
  return {
    kind: 'objects',
    says,
    resource: textOf(check, 'resource'),
    namespace: optional(check.namespace),
    name: optional(check.name),
    selector: optional(check.selector),
    fresh: check.fresh === true,
    where: isList(check.where) ? check.where.filter(isObject).map(conditionOf) : [],
    count: countOf(check.count),
  };
}

/** A number, `{min, max}`, or at least one. */
function countOf(count: JsonValue | undefined): ObjectCheck['count'] {
  if (typeof count === 'number') return { min: count, max: count };
  const { min = 1, max = Number.MAX_SAFE_INTEGER } = isObject(count) ? count : {};
  return { min: Number(min), max: Number(max) };
}

function conditionOf(condition: JsonObject): Condition {
  const field = textOf(condition, 'field');
  if (!isPath(field)) throw new LessonError(`${field} is no path of a field`);
  const { is, atLeast, matches, exists } = condition;
  if (matches !== undefined) return { field, matches: patternOf(String(matches)) };
  if (typeof atLeast === 'number') return { field, atLeast };
  if (typeof exists === 'boolean') return { field, exists };
  if (is === undefined) throw new LessonError(`what ${field} must be is not said`);
  return { field, is };
}

function patternOf(text: string): string {
  try {
    return new RegExp(text).source;
  } catch {
    throw new LessonError(`${text} is no regular expression`);
  }
}

function textOf(object: JsonObject, key: string): string {
  const value = object[key];
  if (typeof value !== 'string' || value === '') throw new LessonError(`${key} is missing`);
  return value;
}

function optional(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function textsOf(value: JsonValue | undefined): readonly string[] {
  return isList(value) ? value.filter((item) => typeof item === 'string') : [];
}
