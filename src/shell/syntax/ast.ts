// The shell's syntax tree: what the parser makes and the evaluator runs. Every `line` counts from 1.

export interface Script {
  readonly kind: 'script';
  readonly items: readonly Item[];
}

/** One and-or list; `background` when it ends with `&`. */
export interface Item {
  readonly first: Pipeline;
  readonly rest: readonly { readonly operator: '&&' | '||'; readonly pipeline: Pipeline }[];
  readonly background: boolean;
  /** The source text, for `jobs`. */
  readonly text: string;
}

export interface Pipeline {
  readonly negated: boolean;
  /** `time` in front. */
  readonly timed: boolean;
  readonly commands: readonly Command[];
}

export type Command =
  | SimpleCommand
  | (Compound & { readonly redirections: readonly Redirection[]; readonly line: number });

export type Compound =
  | { readonly kind: 'group' | 'subshell'; readonly body: Script }
  | { readonly kind: 'if'; readonly branches: readonly Branch[]; readonly otherwise: Script | undefined }
  | { readonly kind: 'loop'; readonly until: boolean; readonly condition: Script; readonly body: Script }
  | { readonly kind: 'for'; readonly name: string; readonly words: readonly Word[] | undefined; readonly body: Script }
  | { readonly kind: 'cFor'; readonly clauses: readonly Word[]; readonly body: Script }
  | { readonly kind: 'case'; readonly word: Word; readonly arms: readonly Arm[] }
  | { readonly kind: 'function'; readonly name: string; readonly body: Command; readonly text: string }
  | { readonly kind: 'arithmetic'; readonly expression: Word }
  | { readonly kind: 'test'; readonly words: readonly TestToken[] };

export interface Branch {
  readonly condition: Script;
  readonly body: Script;
}

export interface Arm {
  readonly patterns: readonly Word[];
  readonly body: Script;
  /** `;;` ends, `;&` falls through, `;;&` goes on testing. */
  readonly end: ';;' | ';&' | ';;&';
}

export interface SimpleCommand {
  readonly kind: 'simple';
  readonly assignments: readonly Assignment[];
  readonly words: readonly Word[];
  readonly redirections: readonly Redirection[];
  readonly line: number;
}

/** `name=value`, `name+=value`, `name[index]=value` or `name=(…)`. */
export interface Assignment {
  readonly name: string;
  readonly index: Word | undefined;
  readonly append: boolean;
  readonly value: Word | { readonly list: readonly Word[] };
}

export interface Redirection {
  /** The descriptor in front of the operator, when given; `both` for `&>` and `&>>`. */
  readonly descriptor: number | 'both' | undefined;
  readonly operator: '<' | '>' | '>>' | '>|' | '<>' | '<&' | '>&' | '<<' | '<<<';
  /** The file, descriptor or text; for `<<` the document itself. */
  readonly target: Word;
}

/** A word of `[[ … ]]`, or one of its operators. */
export type TestToken = { readonly operator: string } | { readonly word: Word };

export interface Word {
  readonly parts: readonly WordPart[];
}

export type WordPart =
  /** Literal text outside of quotes: braces, tilde and globs count in it. */
  | { readonly kind: 'text'; readonly text: string }
  /** Literal text inside quotes or after a backslash. */
  | { readonly kind: 'quoted'; readonly text: string }
  | { readonly kind: 'double'; readonly parts: readonly WordPart[] }
  | Parameter
  | { readonly kind: 'command'; readonly script: Script }
  | { readonly kind: 'arithmetic'; readonly expression: Word }
  | { readonly kind: 'process'; readonly direction: '<' | '>'; readonly script: Script };

export interface Parameter {
  readonly kind: 'parameter';
  readonly name: string;
  readonly index: Word | undefined;
  /** `#` in front: the length. `!` in front: the name is in the variable (or, with an index, the array's keys). */
  readonly prefix: '#' | '!' | undefined;
  /** `:-`, `-`, `:=`, `#`, `##`, `%`, `%%`, `/`, `//`, `/#`, `/%`, `:` (substring), `^`, `^^`, `,`, `,,`, `@`; '' for none. */
  readonly operator: string;
  /** What follows the operator, and for `/` and `:` the second operand. */
  readonly operands: readonly Word[];
}

/** What is wrong with a script. `incomplete`: more lines could mend it, so a terminal asks for them. */
export interface SyntaxProblem {
  readonly kind: 'unexpected' | 'unterminated' | 'endOfFile' | 'other';
  /** The token, the missing quote, or a message. */
  readonly detail: string;
  /** What the parser waited for, e.g. `done`. */
  readonly expected: string | undefined;
  readonly line: number;
  readonly incomplete: boolean;
}
