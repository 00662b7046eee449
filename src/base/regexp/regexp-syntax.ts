// What a regular expression in Go's syntax (RE2) is made of.

/** One code point of a set. */
export interface CharacterSet {
  readonly negated: boolean;
  /** Pairs of first and last code point. */
  readonly ranges: readonly (readonly [number, number])[];
  /** Sets within: `[\pL\d]`. */
  readonly sets: readonly CharacterSet[];
  /** A Unicode class, asked for one character at a time. */
  readonly unicode?: RegExp | undefined;
  /** Upper and lower case are the same. */
  readonly fold: boolean;
}

export type Assertion = 'text start' | 'text end' | 'line start' | 'line end' | 'word boundary' | 'no word boundary';

export type RegexpNode =
  | { readonly kind: 'empty' }
  | { readonly kind: 'set'; readonly set: CharacterSet }
  | { readonly kind: 'assert'; readonly what: Assertion }
  | { readonly kind: 'sequence'; readonly parts: readonly RegexpNode[] }
  | { readonly kind: 'choice'; readonly options: readonly RegexpNode[] }
  /** A group whose text is remembered; groups count from 1. */
  | { readonly kind: 'capture'; readonly part: RegexpNode; readonly group: number }
  | {
      readonly kind: 'repeat';
      readonly part: RegexpNode;
      readonly min: number;
      /** Undefined: without end. */
      readonly max: number | undefined;
      readonly greedy: boolean;
    };

/** The message is that of Go's regexp/syntax. */
export class GoRegexpError extends Error {
  override name = 'GoRegexpError';
}

/** Throws {@link GoRegexpError}. */
export function fail(problem: string, where: string): never {
  throw new GoRegexpError(`error parsing regexp: ${problem}: \`${where}\``);
}
