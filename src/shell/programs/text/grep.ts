// grep, egrep, fgrep.

import type { Reader } from '../../../api/program.ts';
import { FileError } from '../../../base/files.ts';
import { compilePattern, matchesPattern } from '../../evaluate/pattern.ts';
import { linesOf } from '../../text/line-reader.ts';
import { compileRegex, escapeRegex, type Regex, RegexLimit } from '../../text/regex.ts';
import { RegexError } from '../../text/regex-syntax.ts';
import { type Tool, type ToolDefinition, ToolError } from '../tool.ts';

const definition: Omit<ToolDefinition, 'name'> = {
  short: 'EFGPiyvcnoqrRlLwxhHse:f:A:B:C:m:az',
  long: {
    'extended-regexp': 'E',
    'fixed-strings': 'F',
    'basic-regexp': 'G',
    'perl-regexp': 'P',
    'ignore-case': 'i',
    'invert-match': 'v',
    count: 'c',
    'line-number': 'n',
    'only-matching': 'o',
    quiet: 'q',
    silent: 'q',
    recursive: 'r',
    'files-with-matches': 'l',
    'files-without-match': 'L',
    'word-regexp': 'w',
    'line-regexp': 'x',
    'no-filename': 'h',
    'with-filename': 'H',
    'no-messages': 's',
    regexp: 'e:',
    file: 'f:',
    'after-context': 'A:',
    'before-context': 'B:',
    context: 'C:',
    'max-count': 'm:',
    color: 'color?',
    colour: 'color?',
    'line-buffered': 'line-buffered',
    text: 'a',
    'null-data': 'z',
    'dereference-recursive': 'R',
    include: 'include:',
    exclude: 'exclude:',
  },
  numeric: 'C',
  idle: {
    a: 'every file is searched as text',
    G: 'the usual expressions',
    'line-buffered': 'output is passed on as it comes anyway',
  },
  run: runGrep,
};

export const grep: ToolDefinition = { name: 'grep', ...definition };
export const egrep: ToolDefinition = { name: 'egrep', ...definition };
export const fgrep: ToolDefinition = { name: 'fgrep', ...definition };

interface Search {
  readonly matchers: readonly Regex[];
  readonly before: number;
  readonly after: number;
  readonly max: number;
  readonly named: boolean;
  readonly paint: Paint;
  /** Behind each line. */
  readonly end: '\n' | '\0';
}

async function runGrep(tool: Tool): Promise<number> {
  const given = [...tool.values('e')];
  for (const file of tool.values('f'))
    given.push(...tool.files.readText(tool.path(file)).replace(/\n$/, '').split('\n'));
  const [first, ...others] = tool.operands;
  const usesOperand = tool.values('e').length + tool.values('f').length === 0;
  if (usesOperand && first === undefined)
    throw new ToolError(
      `Usage: ${tool.name} [OPTION]... PATTERNS [FILE]...\nTry '${tool.name} --help' for more information.`,
      2,
    );
  const patterns = usesOperand ? (first ?? '').split('\n') : given.flatMap((pattern) => pattern.split('\n'));
  const names = usesOperand ? others : tool.operands;
  const recursive = tool.has('r', 'R');
  const context = tool.number('C', 0, 'context length argument');
  const roots = names.length === 0 && recursive ? ['.'] : names;
  const search: Search = {
    matchers: patterns.map((pattern) => matcher(tool, pattern)),
    before: tool.number('B', context, 'context length argument'),
    after: tool.number('A', context, 'context length argument'),
    max: tool.number('m', Number.POSITIVE_INFINITY, 'max count'),
    paint: painter(tool),
    end: tool.has('z') ? '\0' : '\n',
    named: tool.has('H') || (!tool.has('h') && (recursive || names.length > 1)),
  };
  return searchAll(tool, search, recursive ? roots.flatMap((root) => [...walk(tool, root)]) : roots);
}

async function searchAll(tool: Tool, search: Search, names: readonly string[]): Promise<number> {
  let found = false;
  let failed = false;
  for (const name of names.length > 0 ? names : ['-']) {
    try {
      found = (await searchFile(tool, { ...search, name, reader: tool.open(name) })) || found;
      if (found && tool.has('q')) return 0;
    } catch (error) {
      if (error instanceof RegexLimit) throw new ToolError(error.message, 2);
      if (!(error instanceof FileError)) throw error;
      failed = true;
      if (!tool.has('s')) await tool.warn(`${name}: ${error.message}`);
    }
  }
  return failed ? 2 : found ? 0 : 1;
}

function matcher(tool: Tool, pattern: string): Regex {
  if (tool.has('P')) throw new ToolError('-P (Perl expressions) is not supported here; use -E', 2);
  const isFixed = tool.has('F') || tool.name === 'fgrep';
  const extended = tool.has('E') || tool.name === 'egrep' || isFixed;
  let source = isFixed ? escapeRegex(pattern) : pattern;
  const group = (inner: string) => (extended ? `(${inner})` : `\\(${inner}\\)`);
  if (tool.has('x')) source = `^${group(source)}$`;
  else if (tool.has('w')) source = `\\b${group(source)}\\b`;
  try {
    return compileRegex(source, { extended, ignoreCase: tool.has('i', 'y') });
  } catch (error) {
    if (error instanceof RegexError) throw new ToolError(error.message, 2);
    throw error;
  }
}

function* walk(tool: Tool, root: string): Generator<string> {
  const path = tool.path(root);
  const isDirectory = tool.files.exists(path) && tool.files.stat(path).kind === 'directory';
  const globs = (name: string) => tool.values(name).map(compilePattern);
  const base = root.split('/').at(-1) ?? root;
  if (!isDirectory) {
    const included = globs('include');
    if (included.length > 0 && !included.some((pattern) => matchesPattern(pattern, base))) return;
    if (!globs('exclude').some((pattern) => matchesPattern(pattern, base))) yield root;
    return;
  }
  for (const name of tool.files.list(path)) {
    tool.process.step();
    yield* walk(tool, root === '/' ? `/${name}` : `${root.replace(/\/$/, '')}/${name}`);
  }
}

interface FileSearch extends Search {
  readonly name: string;
  readonly reader: Reader;
}

async function searchFile(tool: Tool, search: FileSearch): Promise<boolean> {
  const quiet = tool.has('q', 'l', 'L', 'c');
  const label = search.name === '-' ? '(standard input)' : search.name;
  const held: { readonly number: number; readonly text: string }[] = [];
  let count = 0;
  let number = 0;
  let printedTo = 0;
  let after = 0;
  const { paint, end } = search;
  const show = async (line: { number: number; text: string }, separator: ':' | '-') => {
    if (printedTo > 0 && line.number > printedTo + 1 && search.before + search.after > 0)
      await tool.out(`${paint('separator', '--')}\n`);
    printedTo = line.number;
    const field = (kind: 'file' | 'number', text: string) => paint(kind, text) + paint('separator', separator);
    const prefix = `${search.named ? field('file', label) : ''}${tool.has('n') ? field('number', String(line.number)) : ''}`;
    const isMatch = separator === ':' && !tool.has('v');
    if (!tool.has('o')) return tool.out(prefix + (isMatch ? highlighted(search, line.text) : line.text) + end);
    if (isMatch)
      for (const { text } of parts(search.matchers, line.text)) await tool.out(prefix + paint('match', text) + end);
  };
  if (search.max === 0) return false;
  for await (const { text } of linesOf(search.reader, search.end === '\0' ? 0 : 10)) {
    number++;
    tool.process.step(1 + (text.length >> 3));
    const matched = search.matchers.some((regex) => regex.match(text) !== undefined) !== tool.has('v');
    const line = { number, text };
    if (matched) {
      count++;
      if (tool.has('q', 'l')) break;
      for (const earlier of held.splice(0)) await show(earlier, '-');
      if (!quiet) await show(line, ':');
      after = search.after;
      if (count >= search.max && after === 0) break;
    } else if (after > 0 && !quiet) {
      after--;
      await show(line, '-');
    } else if (search.before > 0 && !quiet) {
      held.push(line);
      if (held.length > search.before) held.shift();
    }
    if (count >= search.max && after === 0) break;
  }
  if (tool.has('c') && !tool.has('q'))
    await tool.out(`${search.named ? paint('file', label) + paint('separator', ':') : ''}${count}\n`);
  if ((tool.has('l') && count > 0) || (tool.has('L') && count === 0)) await tool.out(`${paint('file', label)}\n`);
  return tool.has('L') ? count === 0 : count > 0;
}

const colors = { file: '35', number: '32', separator: '36', match: '01;31' } as const;
type Paint = (kind: keyof typeof colors, text: string) => string;

/** How pieces are coloured: not at all unless --color says so. */
function painter(tool: Tool): Paint {
  const when = tool.has('color') ? tool.value('color') || 'auto' : 'never';
  if (!['always', 'yes', 'force', 'auto', 'tty', 'if-tty', 'never', 'no', 'none'].includes(when))
    throw new ToolError(`invalid argument '${when}' for '--color'`, 2);
  const isColored = ['always', 'yes', 'force'].includes(when) || (when.includes('t') && tool.process.terminal);
  return (kind, text) => (isColored ? `\x1b[${colors[kind]}m\x1b[K${text}\x1b[m\x1b[K` : text);
}

function highlighted({ matchers, paint }: Search, text: string): string {
  if (paint('match', '') === '') return text;
  let out = '';
  let at = 0;
  for (const part of parts(matchers, text)) {
    out += text.slice(at, part.at) + paint('match', part.text);
    at = part.at + part.text.length;
  }
  return out + text.slice(at);
}

function* parts(matchers: readonly Regex[], text: string): Generator<{ readonly at: number; readonly text: string }> {
  for (let at = 0; at <= text.length; ) {
    const found = matchers.map((regex) => regex.match(text, at)).filter((match) => match !== undefined);
    const best = found.sort((a, b) => a.index - b.index || (b.groups[0] ?? '').length - (a.groups[0] ?? '').length)[0];
    if (!best) return;
    const whole = best.groups[0] ?? '';
    if (whole !== '') yield { at: best.index, text: whole };
    at = best.index + Math.max(1, whole.length);
  }
}
