// Go's regular expressions (RE2): their syntax, their errors, and their promise that no expression takes longer than the
// text's length times its own.
import { captureRegexp } from './regexp/capture-regexp.ts';
import { compileRegexp, type Instruction } from './regexp/compile-regexp.ts';
import { parseRegexp } from './regexp/parse-regexp.ts';
import { GoRegexpError } from './regexp/regexp-syntax.ts';
import { type Match, runRegexp } from './regexp/run-regexp.ts';

export { GoRegexpError } from './regexp/regexp-syntax.ts';

const known = new Map<string, GoRegexp | GoRegexpError>();
const knownMax = 1000;

/** A compiled expression. */
export class GoRegexp {
  private readonly program: readonly Instruction[];

  constructor(readonly pattern: string) {
    this.program = compileRegexp(parseRegexp(pattern), pattern);
  }

  /** Whether it is found anywhere in a text. */
  test(text: string): boolean {
    return runRegexp(this.program, text) !== undefined;
  }

  /** The leftmost match. */
  find(text: string): string | undefined {
    const match = runRegexp(this.program, text);
    return match && text.slice(...match);
  }

  /** Of the leftmost match: its text, then that of each group ('' for one that took no part). */
  groups(text: string): readonly string[] | undefined {
    return captureRegexp(this.program, text);
  }

  /** All matches that do not overlap, at most so many. */
  findAll(text: string, max = Number.POSITIVE_INFINITY): readonly string[] {
    const found: string[] = [];
    let at = 0;
    let last = -1;
    while (found.length < max && at <= text.length) {
      const match: Match | undefined = runRegexp(this.program, text, at);
      if (!match) break;
      const [start, end] = match;
      if (end > start || start !== last) found.push(text.slice(start, end));
      last = end;
      at = end > start ? end : end + 1;
    }
    return found;
  }
}

/** The expression of a Go pattern. Throws {@link GoRegexpError}. */
export function goRegexp(pattern: string): GoRegexp {
  const found = known.get(pattern) ?? compiled(pattern);
  if (known.size >= knownMax) known.clear();
  known.set(pattern, found);
  if (found instanceof GoRegexpError) throw found;
  return found;
}

function compiled(pattern: string): GoRegexp | GoRegexpError {
  try {
    return new GoRegexp(pattern);
  } catch (error) {
    if (error instanceof GoRegexpError) return error;
    throw error;
  }
}
