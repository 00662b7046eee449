// Expressions in CEL after their macros have been expanded. `at` is where messages point to.

export type Expression =
  | { readonly kind: 'constant'; readonly type: string; readonly text: string; readonly at: number }
  | { readonly kind: 'name'; readonly name: string; readonly at: number }
  | {
      readonly kind: 'field';
      readonly of: Expression;
      readonly name: string;
      /** Whether it is there, or `.?name`. */
      readonly how: 'get' | 'test' | 'optional';
      readonly at: number;
    }
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly target: Expression | undefined;
      readonly args: readonly Expression[];
      readonly at: number;
    }
  | { readonly kind: 'list'; readonly items: readonly Item[]; readonly at: number }
  | { readonly kind: 'map'; readonly entries: readonly Entry[]; readonly at: number }
  | { readonly kind: 'message'; readonly name: string; readonly values: readonly Expression[]; readonly at: number }
  | Loop;

/** One item of a list literal; `optional`: only where there is a value. */
export interface Item {
  readonly value: Expression;
  readonly optional: boolean;
}

/** One entry of a map literal. */
export interface Entry extends Item {
  readonly key: Expression;
}

/** What macros come to: something is gathered while names go through a range. */
export interface Loop {
  readonly kind: 'loop';
  readonly range: Expression;
  readonly names: readonly string[];
  readonly gathered: string;
  readonly first: Expression;
  readonly goesOn: Expression;
  readonly step: Expression;
  readonly result: Expression;
  readonly at: number;
}

/** What is wrong, and where. */
export interface ExpressionProblem {
  readonly what: string;
  readonly at: number;
}
