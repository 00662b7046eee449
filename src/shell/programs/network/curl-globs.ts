// The sets and ranges in curl's URLs: `http://web-{0,1}/` and `http://h/[1-3]` are several URLs.
import { ToolError } from '../tool.ts';

const urlsMax = 10_000;

/** Every URL that a pattern stands for. Throws ToolError as curl does for a pattern that is none. */
export function expandGlobs(pattern: string): readonly string[] {
  let urls: readonly string[] = [''];
  for (let at = 0; at < pattern.length; ) {
    const rest = pattern.slice(at);
    const piece = literal(rest) ?? set(rest) ?? range(rest);
    if (!piece) throw bad(pattern, at);
    urls = urls.flatMap((url) => piece.choices.map((choice) => url + choice));
    if (urls.length > urlsMax) throw new ToolError('(3) range overflow in URL', 3);
    at += piece.length;
  }
  return urls;
}

interface Piece {
  readonly length: number;
  readonly choices: readonly string[];
}

function literal(text: string): Piece | undefined {
  // An address of the sixth version is in brackets too.
  const address = /^\[[0-9a-fA-F:.%]*:[0-9a-fA-F:.%]*\]/.exec(text)?.[0];
  const [plain = ''] = /^(?:\\[[\]{}]|[^[\]{}])+/.exec(text) ?? [];
  const found = address ?? plain;
  return found === '' ? undefined : { length: found.length, choices: [found.replace(/\\([[\]{}])/g, '$1')] };
}

function set(text: string): Piece | undefined {
  const [whole, inner = ''] = /^\{([^{}[\]]+)\}/.exec(text) ?? [];
  return whole === undefined ? undefined : { length: whole.length, choices: inner.split(',') };
}

/** `[1-10]`, `[001-100:2]`, `[a-e]` */
function range(text: string): Piece | undefined {
  const [whole, from = '', to = '', step = '1'] = /^\[(\d+|[a-zA-Z])-(\d+|[a-zA-Z])(?::(\d+))?\]/.exec(text) ?? [];
  if (whole === undefined || Number(step) < 1) return undefined;
  const isNumber = /^\d+$/.test(from);
  if (isNumber !== /^\d+$/.test(to)) return undefined;
  const [first, last] = isNumber ? [Number(from), Number(to)] : [from.charCodeAt(0), to.charCodeAt(0)];
  const count = Math.floor((last - first) / Number(step)) + 1;
  if (count < 1 || count > urlsMax) return undefined;
  const shown = (value: number) => (isNumber ? String(value).padStart(from.length, '0') : String.fromCharCode(value));
  return {
    length: whole.length,
    choices: Array.from({ length: count }, (_, i) => shown(first + i * Number(step))),
  };
}

function bad(pattern: string, at: number): ToolError {
  const what =
    pattern[at] === '[' ? 'bad range' : pattern[at] === '{' ? 'unmatched brace' : 'unmatched close brace/bracket';
  return new ToolError(`(3) ${what} in URL position ${at + 1}:\n${pattern}\n${' '.repeat(at)}^`, 3);
}
