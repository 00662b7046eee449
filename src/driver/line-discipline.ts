// What a terminal's driver makes of keys before a program reads them: lines that can be mended, echo, and signals.
//
//   keys  l s ⌫ s ⏎     echo  l s \b ␠ \b s ↵     the program reads  "ls\n"   (cooked)
//                        echo  –                   "l" "s" …                  (raw)
import type { Signal } from '../api/program.ts';

/** A value in, a value out. */
export interface Cooked {
  /** The line that is not whole yet. */
  readonly pending: readonly number[];
  /** What to show. */
  readonly echo: readonly number[];
  /** Whole lines, each with its line feed (or what Ctrl-D sends off); an empty one is the end of the input. */
  readonly lines: readonly (readonly number[])[];
  /** From the keys Ctrl-C, Ctrl-Z and Ctrl-\; what was typed before them is gone. */
  readonly signals: readonly Signal[];
}

const codes = { interrupt: 0x03, end: 0x04, backspace: 0x08, tab: 0x09, feed: 0x0a, enter: 0x0d } as const;
const more = { killLine: 0x15, eraseWord: 0x17, suspend: 0x1a, quit: 0x1c, erase: 0x7f } as const;
/** A line longer than this takes no more characters, as Linux has it. */
const lineBytesMax = 4095;

/** Takes keys as bytes of UTF-8. */
export function cook(pending: readonly number[], keys: Uint8Array): Cooked {
  let line = [...pending];
  const echo: number[] = [];
  let lines: (readonly number[])[] = [];
  const signals: Signal[] = [];
  for (const key of keys) {
    const signal = signalOf(key);
    if (signal) {
      signals.push(signal);
      echo.push(...caret(key));
      line = [];
      lines = [];
    } else if (key === codes.enter || key === codes.feed) {
      echo.push(codes.feed);
      lines.push([...line, codes.feed]);
      line = [];
    } else if (key === codes.end) {
      lines.push(line);
      line = [];
    } else if (erasers.has(key)) {
      const kept = erasers.get(key)?.(line) ?? line;
      for (let gone = width(line) - width(kept); gone > 0; gone--) echo.push(codes.backspace, 0x20, codes.backspace);
      line = [...kept];
    } else if (line.length < lineBytesMax) {
      line.push(key);
      echo.push(...(key < 0x20 && key !== codes.tab ? caret(key) : [key]));
    }
  }
  return { pending: line, echo, lines, signals };
}

function signalOf(key: number): Signal | undefined {
  if (key === codes.interrupt) return 'SIGINT';
  if (key === more.suspend) return 'SIGTSTP';
  return key === more.quit ? 'SIGQUIT' : undefined;
}

const erasers: ReadonlyMap<number, (line: readonly number[]) => readonly number[]> = new Map([
  [codes.backspace, withoutLast],
  [more.erase, withoutLast],
  [more.killLine, () => []],
  [more.eraseWord, withoutWord],
]);

/** Without its last character: a lead byte and those that go on from it. */
function withoutLast(line: readonly number[]): readonly number[] {
  let end = line.length - 1;
  while (end > 0 && goesOn(line[end] ?? 0)) end--;
  return line.slice(0, Math.max(0, end));
}

function withoutWord(line: readonly number[]): readonly number[] {
  let end = line.length;
  while (end > 0 && line[end - 1] === 0x20) end--;
  while (end > 0 && line[end - 1] !== 0x20) end--;
  return line.slice(0, end);
}

/** Cells that a line takes: one a character, two for what is shown as `^X`. */
function width(line: readonly number[]): number {
  return line.reduce((sum, byte) => sum + (goesOn(byte) ? 0 : byte < 0x20 && byte !== codes.tab ? 2 : 1), 0);
}

function goesOn(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}

/** `^C` of 0x03. */
function caret(key: number): readonly number[] {
  return [0x5e, key ^ 0x40];
}

/** What a terminal's driver does to output: a line feed also goes back to the first column. */
export function withReturns(bytes: Uint8Array): Uint8Array {
  const feeds = bytes.reduce((count, byte) => count + (byte === codes.feed ? 1 : 0), 0);
  if (feeds === 0) return bytes;
  const out = new Uint8Array(bytes.length + feeds);
  let at = 0;
  for (const byte of bytes) {
    if (byte === codes.feed) out[at++] = codes.enter;
    out[at++] = byte;
  }
  return out;
}
