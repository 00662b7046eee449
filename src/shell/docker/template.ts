// Go templates with docker's own functions, as `--format` takes them.
import { GoTemplate, TemplateError, type TemplateOptions } from '../../base/go/template.ts';
import { FunctionError, type TemplateFunction, textArgument } from '../../base/go/template-functions.ts';
import { numberOf } from '../../base/go/template-values.ts';
import { isList } from '../../base/json.ts';
import { DockerCommandError } from './command.ts';

const dockerFunctions: ReadonlyMap<string, TemplateFunction> = new Map<string, TemplateFunction>([
  ['json', { min: 1, max: 1, run: ([value]) => JSON.stringify(value ?? null) }],
  ['split', { min: 2, max: 2, run: ([text, by]) => textArgument(text).split(textArgument(by)) }],
  [
    'join',
    {
      min: 2,
      max: 2,
      run: ([items, by]) => (isList(items) ? items.map(textArgument).join(textArgument(by)) : notAList()),
    },
  ],
  [
    'title',
    { min: 1, max: 1, run: ([text]) => textArgument(text).replace(/\b\p{L}/gu, (first) => first.toUpperCase()) },
  ],
  ['lower', { min: 1, max: 1, run: ([text]) => textArgument(text).toLowerCase() }],
  ['upper', { min: 1, max: 1, run: ([text]) => textArgument(text).toUpperCase() }],
  [
    'pad',
    { min: 3, max: 3, run: ([text, before, after]) => padded(textArgument(text), numberOf(before), numberOf(after)) },
  ],
  [
    'truncate',
    { min: 2, max: 2, run: ([text, length]) => [...textArgument(text)].slice(0, numberOf(length)).join('') },
  ],
]);

/** What `docker inspect --format` prints of an object. */
export function fillInspectTemplate(template: string, object: unknown): string {
  return fill(
    template,
    { name: '', missing: (field) => `map has no entry for key "${field}"` },
    { object, failure: 'template parsing error', malformed: 'template parsing error', status: 64 },
  );
}

/** What `--format` prints of a row of a list; `type` is what docker calls the row. */
export function fillRowTemplate(template: string, row: Fields, type: string): string {
  return fillRow(template, row, (field) => `can't evaluate field ${field} in type ${type}`);
}

/** The line above the rows where `--format 'table …'` asks for one. */
export function fillTitleTemplate(template: string, titles: Fields): string {
  return fillRow(template, titles);
}

type Fields = Readonly<Record<string, string>>;

function fillRow(template: string, row: Fields, missing?: (field: string) => string): string {
  return fill(
    template.trim().replaceAll('\\t', '\t').replaceAll('\\n', '\n'),
    { name: '', ...(missing ? { missing } : {}) },
    { object: row, failure: 'failed to execute template', malformed: 'failed to parse template', status: 1 },
  );
}

interface Filling {
  readonly object: unknown;
  /** What stands before the words of Go when the template cannot be run, or be read. */
  readonly failure: string;
  readonly malformed: string;
  readonly status: number;
}

function fill(source: string, options: TemplateOptions, { object, failure, malformed, status }: Filling): string {
  try {
    const { text, problem } = new GoTemplate(source, { ...options, functions: dockerFunctions }).execute(object);
    if (problem !== undefined) throw new DockerCommandError(`${failure}: ${problem}`, status);
    return text;
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw new DockerCommandError(`${malformed}: ${error.message}`, status);
  }
}

function padded(text: string, before = 0, after = 0): string {
  return text === '' ? '' : `${' '.repeat(before)}${text}${' '.repeat(after)}`;
}

function notAList(): never {
  throw new FunctionError('wrong type for value; expected []string', true);
}
