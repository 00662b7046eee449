// Makes modules of the lessons while the page is built: `virtual:lessons` lists them, each lesson is a chunk of its own.
import type { Plugin } from 'vite';
import type { Lesson, LessonSummary } from '../src/lessons/lesson.ts';
import { lessonsFolder, readLessons } from './read-lessons.ts';

const list = 'virtual:lessons';
const one = 'virtual:lesson/';

export function lessonsPlugin(): Plugin {
  return {
    name: 'lessons',
    resolveId: (id) => (id === list || id.startsWith(one) ? `\0${id}` : undefined),
    load(id) {
      if (id === `\0${list}`) {
        this.addWatchFile(lessonsFolder);
        return listModule(readLessons());
      }
      if (!id.startsWith(`\0${one}`)) return undefined;
      const lesson = readLessons().find((each) => id === `\0${one}${each.id}`);
      return `export default ${JSON.stringify(lesson)};`;
    },
  };
}

function listModule(lessons: readonly Lesson[]): string {
  const summaries = lessons.map(
    ({ id, title, summary, minutes, profile, setup }): LessonSummary => ({
      id,
      title,
      summary,
      minutes,
      profile,
      setup,
    }),
  );
  const loads = lessons.map(({ id }) => `${JSON.stringify(id)}: () => import('${one}${id}')`);
  return `export const lessons = ${JSON.stringify(summaries)};
const loads = {${loads.join(',')}};
export const loadLesson = async (id) => (await loads[id]()).default;`;
}
