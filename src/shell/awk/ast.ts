// awk's syntax tree.

export interface AwkProgram {
  readonly begin: readonly Block[];
  readonly rules: readonly Rule[];
  readonly end: readonly Block[];
  readonly functions: ReadonlyMap<string, AwkFunction>;
}

export interface Rule {
  readonly pattern: Expression | undefined;
  /** Set on `from, to` patterns. */
  readonly until: Expression | undefined;
  /** Undefined prints the line. */
  readonly body: Block | undefined;
}

export interface AwkFunction {
  readonly parameters: readonly string[];
  readonly body: Block;
}

export type Block = readonly Statement[];

export type Statement =
  | { readonly kind: 'expression'; readonly value: Expression }
  | { readonly kind: 'print' | 'printf'; readonly values: readonly Expression[]; readonly target: Target | undefined }
  | { readonly kind: 'if'; readonly condition: Expression; readonly then: Block; readonly otherwise: Block }
  | { readonly kind: 'while'; readonly condition: Expression; readonly body: Block; readonly checkAfter: boolean }
  | {
      readonly kind: 'for';
      readonly first: Statement | undefined;
      readonly condition: Expression | undefined;
      readonly next: Statement | undefined;
      readonly body: Block;
    }
  | { readonly kind: 'forIn'; readonly name: string; readonly array: string; readonly body: Block }
  | { readonly kind: 'delete'; readonly array: string; readonly index: Expression | undefined }
  | { readonly kind: 'exit' | 'return'; readonly value: Expression | undefined }
  | { readonly kind: 'next' | 'break' | 'continue' }
  | { readonly kind: 'block'; readonly body: Block };

export interface Target {
  readonly operator: '>' | '>>';
  readonly file: Expression;
}

export type Place =
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'field'; readonly index: Expression }
  | { readonly kind: 'element'; readonly array: string; readonly index: Expression };

export type Expression =
  | Place
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'regex'; readonly source: string }
  | { readonly kind: 'unary'; readonly operator: string; readonly operand: Expression }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'assign'; readonly place: Place; readonly operator: string; readonly value: Expression }
  | { readonly kind: 'step'; readonly place: Place; readonly by: 1 | -1; readonly after: boolean }
  | { readonly kind: 'choice'; readonly condition: Expression; readonly yes: Expression; readonly no: Expression }
  | { readonly kind: 'in'; readonly index: Expression; readonly array: string }
  | { readonly kind: 'call'; readonly name: string; readonly values: readonly Expression[] }
  | { readonly kind: 'getline' };

/** What is wrong with a program, or a part of awk that is not supported. */
export class AwkError extends Error {
  override name = 'AwkError';
}
