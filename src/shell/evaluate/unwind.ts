// What leaves the evaluator by throwing: control flow (break, return, exit) and errors that end a command line.

/** Control flow on its way up. `count`: how many loops; `status`: the exit code that comes with it. */
export class Unwind {
  constructor(
    readonly kind: 'break' | 'continue' | 'return' | 'exit' | 'interrupt',
    readonly status: number,
    public count = 1,
  ) {}
}

/** An error of an expansion (`unbound variable`, `bad substitution`): ends the command line; a script ends with it. */
export class ExpansionError extends Error {
  override name = 'ExpansionError';
  constructor(
    message: string,
    readonly status = 1,
  ) {
    super(message);
  }
}

/** A redirection that cannot be made: its command does not run. */
export class RedirectionError extends Error {
  override name = 'RedirectionError';
}
