// Runs a regular expression's program over a text: every place that it may be in goes on at once, so that the time is
// that of the text's length times the program's, whatever the expression.
import type { Instruction } from './compile-regexp.ts';
import type { Assertion, CharacterSet } from './regexp-syntax.ts';

/** Where the leftmost match is: from, up to. */
export type Match = readonly [number, number];

/** The leftmost match from an index on; of those that begin there, the one that the expression prefers. */
export function runRegexp(program: readonly Instruction[], text: string, from = 0): Match | undefined {
  let current = new Places(program.length);
  let next = new Places(program.length);
  let found: Match | undefined;
  for (let at = from; ; ) {
    if (!found) follow(program, current, { place: 0, start: at }, text, at);
    if (current.size === 0 && found) return found;
    const code = text.codePointAt(at);
    const after = at + (code !== undefined && code > 0xffff ? 2 : 1);
    for (let i = 0; i < current.size; i++) {
      const place = current.places[i] ?? 0;
      const start = current.starts[i] ?? 0;
      const instruction = program[place];
      if (instruction?.kind === 'match') {
        found = [start, at];
        break; // what the expression prefers less does not count any more
      }
      if (instruction?.kind === 'set' && code !== undefined && inSet(instruction.set, code))
        follow(program, next, { place: place + 1, start }, text, after);
    }
    if (code === undefined) return found;
    [current, next] = [next, current];
    next.clear();
    at = after;
  }
}

/** Places in the order of preference, each once. */
class Places {
  readonly places: Int32Array;
  readonly starts: Int32Array;
  size = 0;
  private readonly seen: Uint8Array;
  private readonly touched: number[] = [];

  constructor(length: number) {
    this.places = new Int32Array(length);
    this.starts = new Int32Array(length);
    this.seen = new Uint8Array(length);
  }

  /** Whether it was not known yet. */
  visit(place: number): boolean {
    if (this.seen[place] === 1) return false;
    this.seen[place] = 1;
    this.touched.push(place);
    return true;
  }

  add(place: number, start: number): void {
    this.places[this.size] = place;
    this.starts[this.size++] = start;
  }

  clear(): void {
    for (const place of this.touched) this.seen[place] = 0;
    this.touched.length = 0;
    this.size = 0;
  }
}

/** Adds a place and all that it leads to without a character. */
function follow(
  program: readonly Instruction[],
  places: Places,
  { place: first, start }: { readonly place: number; readonly start: number },
  text: string,
  at: number,
): void {
  const waiting = [first];
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    if (!places.visit(place)) continue;
    const instruction = program[place];
    if (!instruction) continue;
    if (instruction.kind === 'jump') waiting.push(instruction.to);
    else if (instruction.kind === 'save') waiting.push(place + 1);
    else if (instruction.kind === 'split') waiting.push(instruction.second, instruction.first);
    else if (instruction.kind !== 'assert') places.add(place, start);
    else if (holds(instruction.what, text, at)) waiting.push(place + 1);
  }
}

export function holds(what: Assertion, text: string, at: number): boolean {
  switch (what) {
    case 'text start':
      return at === 0;
    case 'text end':
      return at >= text.length;
    case 'line start':
      return at === 0 || text[at - 1] === '\n';
    case 'line end':
      return at >= text.length || text[at] === '\n';
    default: {
      const boundary = isWord(text.charCodeAt(at - 1)) !== isWord(text.charCodeAt(at));
      return boundary === (what === 'word boundary');
    }
  }
}

function isWord(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95 || (code >= 97 && code <= 122);
}

export function inSet(set: CharacterSet, code: number): boolean {
  return holdsCode(set, code) !== set.negated;
}

function holdsCode(set: CharacterSet, code: number): boolean {
  if (isIn(set, code)) return true;
  if (!set.fold) return false;
  const text = String.fromCodePoint(code);
  const [lower, upper] = [text.toLowerCase().codePointAt(0) ?? code, text.toUpperCase().codePointAt(0) ?? code];
  return (lower !== code && isIn(set, lower)) || (upper !== code && isIn(set, upper));
}

function isIn({ ranges, sets, unicode }: CharacterSet, code: number): boolean {
  for (const [first, last] of ranges) if (code >= first && code <= last) return true;
  for (const inner of sets) if (inSet(inner, code)) return true;
  return unicode?.test(String.fromCodePoint(code)) ?? false;
}
