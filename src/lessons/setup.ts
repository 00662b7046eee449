// What brings a world into a lesson's starting state, as lines of the terminal: so that a log of lines has it too.
import type { Setup } from './lesson.ts';

const end = 'END_OF_FILE';

export function lessonLines({ files, lines }: Setup): readonly string[] {
  return [...Object.entries(files).map(([path, text]) => fileLine(path, text)), ...lines];
}

function fileLine(path: string, text: string): string {
  const folder = path.includes('/') ? `mkdir -p ~/${path.slice(0, path.lastIndexOf('/'))} && ` : '';
  return `${folder}cat > ~/${path} <<'${end}'\n${text.endsWith('\n') ? text : `${text}\n`}${end}`;
}
