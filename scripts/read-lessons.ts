// The lessons of the folder lessons/ in the order that they give themselves; read when the page is built, and by tests.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseYaml } from '../src/api/yaml.ts';
import type { Lesson } from '../src/lessons/lesson.ts';
import { parseGlossary, parseLesson } from '../src/lessons/parse-lesson.ts';

export const lessonsFolder = fileURLToPath(new URL('../lessons', import.meta.url));

export function readLessons(): readonly Lesson[] {
  const glossary = parseGlossary(text('glossary.yaml'));
  const ids = readdirSync(lessonsFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  const lessons = ids.map((id) => {
    const parts = { id, yaml: text(id, 'lesson.yaml'), markdown: text(id, 'lesson.md'), files: filesOf(id) };
    return { lesson: parseLesson(parts, glossary), order: orderOf(parts.yaml) };
  });
  return lessons.sort((a, b) => a.order - b.order).map(({ lesson }) => lesson);
}

function text(...path: readonly string[]): string {
  return readFileSync(join(lessonsFolder, ...path), 'utf8');
}

function orderOf(yaml: string): number {
  const { value } = parseYaml(yaml);
  return typeof value === 'object' && value !== null && 'order' in value ? Number(value.order) : 0;
}

function filesOf(id: string): Readonly<Record<string, string>> {
  const folder = join(lessonsFolder, id, 'files');
  if (!existsSync(folder)) return {};
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: false });
  return Object.fromEntries(
    names.filter((name) => /\.\w+$/.test(name)).map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );
}
