// Reads a Dockerfile into instructions; buildkit's words for what is wrong with it.
import type { BuildInstruction } from '../../api/docker.ts';

export interface DockerfileProblem {
  readonly line: number;
  readonly message: string;
}

const known = new Set(
  'FROM RUN CMD LABEL MAINTAINER EXPOSE ENV ADD COPY ENTRYPOINT VOLUME USER WORKDIR ARG ONBUILD STOPSIGNAL HEALTHCHECK SHELL'.split(
    ' ',
  ),
);

export function readDockerfile(text: string): readonly BuildInstruction[] | DockerfileProblem {
  const instructions: BuildInstruction[] = [];
  let joined = '';
  let line = 0;
  for (const [at, raw] of text.split('\n').entries()) {
    const stripped = raw.trim();
    if (stripped.startsWith('#') || (stripped === '' && joined === '')) continue;
    if (joined === '') line = at + 1;
    if (stripped.endsWith('\\')) {
      joined += `${stripped.slice(0, -1)}`;
      continue;
    }
    const whole = joined + stripped;
    joined = '';
    if (whole.trim() === '') continue;
    const instruction = readInstruction(whole, line);
    if ('message' in instruction) return instruction;
    instructions.push(instruction);
  }
  if (instructions.length === 0) return { line: 0, message: 'the Dockerfile cannot be empty' };
  const first = instructions.find(({ name }) => name !== 'ARG');
  if (first && first.name !== 'FROM') return { line: first.line, message: 'no build stage in current context' };
  return instructions;
}

function readInstruction(text: string, line: number): BuildInstruction | DockerfileProblem {
  const [, word = '', rest = ''] = /^(\S+)\s*([\s\S]*)$/.exec(text) ?? [];
  const name = word.toUpperCase();
  if (!known.has(name))
    return { line, message: `dockerfile parse error on line ${line}: unknown instruction: ${word}` };
  if (rest.trim() === '')
    return { line, message: `dockerfile parse error on line ${line}: ${name} requires at least one argument` };
  const flags: Record<string, string> = {};
  let body = rest.trim();
  for (let flag = /^--([\w-]+)(?:=(\S*))?\s+/.exec(body); flag; flag = /^--([\w-]+)(?:=(\S*))?\s+/.exec(body)) {
    flags[flag[1] ?? ''] = flag[2] ?? '';
    body = body.slice(flag[0].length);
  }
  const list = listOf(body);
  const words = list ?? wordsOf(body);
  return { name, words, isJson: list !== undefined, flags, text: `${name} ${rest.trim().replace(/\s+/g, ' ')}`, line };
}

function listOf(text: string): readonly string[] | undefined {
  if (!text.startsWith('[')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Words with quotes taken off. */
function wordsOf(text: string): readonly string[] {
  return [...text.matchAll(/(?:[^\s"']+|"(?:[^"\\]|\\.)*"|'[^']*')+/g)].map(([word]) =>
    word.replace(
      /"((?:[^"\\]|\\.)*)"|'([^']*)'/g,
      (_, double?: string, single?: string) => double?.replace(/\\(.)/g, '$1') ?? single ?? '',
    ),
  );
}

/** Whether .dockerignore leaves a path (without a leading slash) out; the last pattern that fits decides. */
export function ignoredBy(patterns: readonly string[]): (path: string) => boolean {
  const rules = patterns
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const keeps = line.startsWith('!');
      const pattern = line
        .replace(/^!/, '')
        .replace(/^\.?\//, '')
        .replace(/\/$/, '');
      const source = pattern
        .replace(/[.+^${}()|[\]\\]/g, '\\$&')
        .replace(/\*\*\/?/g, '\ue000')
        .replace(/\*/g, '[^/]*')
        .replace(/\?/g, '[^/]')
        .replace(/\ue000/g, '(?:.*/)?');
      return { keeps, expression: new RegExp(`^${source}(?:/|$)`) };
    });
  return (path) => {
    let out = false;
    for (const { keeps, expression } of rules) if (expression.test(path)) out = !keeps;
    return out;
  };
}
