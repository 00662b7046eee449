// jq's syntax tree. A filter takes one value and gives any number of values.

export type Filter =
  | { readonly kind: 'identity' | 'recurse' }
  | { readonly kind: 'literal'; readonly value: number | string | boolean | null }
  | { readonly kind: 'text'; readonly parts: readonly (string | Filter)[]; readonly format: string | undefined }
  | { readonly kind: 'index'; readonly of: Filter; readonly key: Filter }
  | { readonly kind: 'slice'; readonly of: Filter; readonly from: Filter | undefined; readonly to: Filter | undefined }
  | { readonly kind: 'each'; readonly of: Filter }
  | { readonly kind: 'try'; readonly body: Filter; readonly handler: Filter | undefined }
  | { readonly kind: 'pipe' | 'comma'; readonly left: Filter; readonly right: Filter }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Filter; readonly right: Filter }
  | { readonly kind: 'update'; readonly operator: string; readonly path: Filter; readonly value: Filter }
  | { readonly kind: 'negate'; readonly of: Filter }
  | { readonly kind: 'list'; readonly of: Filter | undefined }
  | { readonly kind: 'object'; readonly entries: readonly { readonly key: Filter; readonly value: Filter }[] }
  | { readonly kind: 'if'; readonly condition: Filter; readonly then: Filter; readonly otherwise: Filter }
  | { readonly kind: 'bind'; readonly source: Filter; readonly name: string; readonly body: Filter }
  | {
      readonly kind: 'reduce';
      readonly source: Filter;
      readonly name: string;
      readonly start: Filter;
      readonly update: Filter;
    }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'call'; readonly name: string; readonly values: readonly Filter[] }
  | {
      readonly kind: 'define';
      readonly name: string;
      readonly parameters: readonly string[];
      readonly body: Filter;
      readonly rest: Filter;
    };

/** A filter that cannot be parsed (exit code 3). */
export class JqSyntaxError extends Error {
  override name = 'JqSyntaxError';
}

/** An error while a filter runs: caught by `?` and `try`, else exit code 5. */
export class JqError extends Error {
  override name = 'JqError';
}
