// read: one line of input into variables.
import { decodeUtf8 } from '../../base/bytes.ts';
import { separatorsOf } from '../evaluate/lookup.ts';
import { readerOf, type ShellState, writerOf } from '../evaluate/shell-state.ts';
import { runPendingTraps } from '../evaluate/traps.ts';
import { linesOf, takeUntil } from '../text/line-reader.ts';
import { type Builtin, isName, refuse } from './builtin.ts';

interface Options {
  raw: boolean;
  prompt: string | undefined;
  delimiter: string;
  count: number | undefined;
  timeoutMs: number | undefined;
  array: string | undefined;
  descriptor: number;
}

export const read: Builtin = async (call) => {
  const { shell, frame } = call;
  const parsed = parse(call.args);
  if (typeof parsed === 'string') return refuse(call, parsed, 2);
  const { options, names } = parsed;
  const invalid = names.find((name) => !isName(name));
  if (invalid !== undefined) return refuse(call, `\`${invalid}': not a valid identifier`);
  if (options.prompt !== undefined && shell.process.terminal) await writerOf(frame.io, 2).write(options.prompt);
  const reader = readerOf(frame.io, options.descriptor);
  const stop = { count: options.count, delimiter: options.delimiter.charCodeAt(0) || 0, joinLines: !options.raw };
  const reading = takeUntil(reader, stop).then((taken) => ({ taken }));
  const limited =
    options.timeoutMs === undefined
      ? reading
      : Promise.race([reading, shell.process.clock.sleep(options.timeoutMs).then(() => ({ taken: undefined }))]);
  const result = await shell.orSignal(limited);
  if (!result) await runPendingTraps(shell, frame);
  if (!result?.taken) return 142;
  store(shell, { ...options, names }, decodeUtf8(result.taken.bytes));
  return result.taken.complete ? 0 : 1;
};

/** mapfile and readarray: all lines into an array. Only -t (cut the line ends) is supported. */
export const mapfile: Builtin = async (call) => {
  const { shell, frame, args } = call;
  const unsupported = args.find((arg) => arg.startsWith('-') && arg !== '-t');
  if (unsupported !== undefined) return refuse(call, `${unsupported}: not supported here`, 2);
  const name = args.find((arg) => !arg.startsWith('-')) ?? 'MAPFILE';
  const entries = new Map<string, string>();
  for await (const { text, ended } of linesOf(readerOf(frame.io)))
    entries.set(String(entries.size), args.includes('-t') || !ended ? text : `${text}\n`);
  shell.variables.assign(name, { kind: 'list', entries });
  return 0;
};

function parse(args: readonly string[]): string | { readonly options: Options; readonly names: readonly string[] } {
  const options: Options = {
    raw: false,
    prompt: undefined,
    delimiter: '\n',
    count: undefined,
    timeoutMs: undefined,
    array: undefined,
    descriptor: 0,
  };
  let i = 0;
  for (; /^-./.test(args[i] ?? ''); i++) {
    const word = args[i] ?? '';
    if (word === '--') {
      i++;
      break;
    }
    for (let at = 1; at < word.length; at++) {
      const letter = word.charAt(at);
      if (letter === 'r') options.raw = true;
      else if (letter === 's' || letter === 'e') continue;
      else if ('pdntaNu'.includes(letter)) {
        const value = at + 1 < word.length ? word.slice(at + 1) : args[++i];
        if (value === undefined) return `-${letter}: option requires an argument`;
        setOption(options, letter, value);
        break;
      } else return `-${letter}: invalid option`;
    }
  }
  return { options, names: args.slice(i) };
}

function setOption(options: Options, letter: string, value: string): void {
  if (letter === 'p') options.prompt = value;
  else if (letter === 'd') options.delimiter = value;
  else if (letter === 't') options.timeoutMs = Number(value) * 1000;
  else if (letter === 'a') options.array = value;
  else if (letter === 'u') options.descriptor = Number(value);
  else options.count = Number(value);
}

function store(shell: ShellState, { names, array, raw }: Options & { names: readonly string[] }, line: string): void {
  const separators = separatorsOf(shell);
  const plain = (text: string) => (raw ? text : text.replace(/\\([\s\S])/g, '$1'));
  if (array !== undefined) {
    const fields = splitLine(line, { separators, fieldsMax: Number.POSITIVE_INFINITY, raw });
    shell.variables.assign(array, {
      kind: 'list',
      entries: new Map(fields.map((field, i) => [String(i), plain(field)])),
    });
    return;
  }
  if (names.length === 0) {
    shell.variables.set('REPLY', plain(line));
    return;
  }
  const fields = splitLine(line, { separators, fieldsMax: names.length, raw });
  for (const [i, name] of names.entries()) shell.variables.set(name, plain(fields[i] ?? ''));
}

interface Splitting {
  readonly separators: string;
  readonly fieldsMax: number;
  readonly raw: boolean;
}

/** Fields of a line; the last takes what is left. */
function splitLine(line: string, { separators, fieldsMax, raw }: Splitting): readonly string[] {
  const isBlank = (char: string) => char !== '' && ' \t\n'.includes(char) && separators.includes(char);
  let start = 0;
  let end = line.length;
  while (isBlank(line.charAt(start))) start++;
  while (end > start && isBlank(line.charAt(end - 1))) end--;
  const fields: string[] = [];
  let current = '';
  for (let i = start; i < end; i++) {
    const char = line.charAt(i);
    if (fields.length + 1 >= fieldsMax) return [...fields, line.slice(i, end)];
    if (char === '\\' && !raw) current += char + line.charAt(++i);
    else if (separators.includes(char)) {
      fields.push(current);
      current = '';
      while (isBlank(line.charAt(i + 1))) i++;
      if (isBlank(char) && separators.includes(line.charAt(i + 1)) && i + 1 < end) i++;
      while (isBlank(line.charAt(i + 1))) i++;
    } else current += char;
  }
  return current === '' && fields.length > 0 ? fields : [...fields, current];
}
