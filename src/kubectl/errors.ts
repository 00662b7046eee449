// The errors that end a command. What is thrown here is printed by check-error.ts with upstream's prefixes.

/** What kubectl reads of a `v1.Status`. */
export interface ServerStatus {
  readonly message?: string;
  readonly reason?: string;
  readonly code?: number;
  readonly details?: {
    readonly name?: string;
    readonly group?: string;
    readonly kind?: string;
    readonly causes?: readonly { readonly reason?: string; readonly message?: string; readonly field?: string }[];
    readonly retryAfterSeconds?: number;
  };
}

/** Printed as `error: message`, or as it is when it begins with `error: ` already. */
export class CommandError extends Error {
  override name = 'CommandError';
}

/** Printed as it is, without a prefix. */
export class PlainError extends Error {
  override name = 'PlainError';
}

/** Ends the command with this code and prints nothing. */
export class ExitError extends Error {
  override name = 'ExitError';
  constructor(readonly code: number) {
    super(`exit ${code}`);
  }
}

/** The API server's refusal: `Error from server (Reason): message`. */
export class StatusError extends Error {
  override name = 'StatusError';
  constructor(readonly status: ServerStatus) {
    super(status.message ?? '');
  }

  get reason(): string {
    return this.status.reason ?? '';
  }

  get code(): number {
    return this.status.code ?? 0;
  }
}

export function isNotFound(error: unknown): boolean {
  return error instanceof StatusError && (error.reason === 'NotFound' || (error.reason === '' && error.code === 404));
}

export function isConflict(error: unknown): boolean {
  return error instanceof StatusError && error.reason === 'Conflict';
}

export function isInvalid(error: unknown): boolean {
  return error instanceof StatusError && error.reason === 'Invalid';
}

export function isAlreadyExists(error: unknown): boolean {
  return error instanceof StatusError && error.reason === 'AlreadyExists';
}

export function isForbidden(error: unknown): boolean {
  return error instanceof StatusError && error.reason === 'Forbidden';
}

/** Nothing answered. Holds what Go's url.Error does: `Get "https://…": dial tcp …: connect: connection refused`. */
export class UnreachableError extends Error {
  override name = 'UnreachableError';
  constructor(
    readonly method: string,
    readonly url: string,
    override readonly cause: string,
  ) {
    super(`${method.charAt(0)}${method.slice(1).toLowerCase()} "${url}": ${cause}`);
  }
}

/** `error: the server doesn't have a resource type "foo"`. */
export class NoResourceMatch extends Error {
  override name = 'NoResourceMatch';
  constructor(
    readonly resource: string,
    readonly group = '',
    readonly version = '',
  ) {
    super(`no matches for ${[group, version].filter(Boolean).join('/')}, Resource=${resource}`);
  }
}

/** The kubeconfig is wrong: `Error in configuration: …`. */
export class ConfigurationError extends Error {
  override name = 'ConfigurationError';
  constructor(readonly problems: readonly string[]) {
    super(
      problems.length === 1
        ? `invalid configuration: ${problems[0]}`
        : `invalid configuration: [${problems.join(', ')}]`,
    );
  }
}

/** Several errors of one command; each is printed on a line of its own. */
export class ManyErrors extends Error {
  override name = 'ManyErrors';
  constructor(readonly errors: readonly Error[]) {
    super(errors.length === 1 ? (errors[0]?.message ?? '') : `[${errors.map((error) => error.message).join(', ')}]`);
  }

  /** Throws nothing for no errors, the error itself for one, all together for more. */
  static throwAll(errors: readonly Error[]): void {
    const [only] = errors;
    if (errors.length === 1 && only) throw only;
    if (errors.length > 1) throw new ManyErrors(errors);
  }
}

/** An error while doing something with what came from a file: `error when creating "x.yaml": …`. */
export function addSource(verb: string, source: string, error: unknown): unknown {
  if (source === '' || !(error instanceof Error)) return error;
  const message = `error when ${verb} ${JSON.stringify(source)}: ${error.message}`;
  return error instanceof StatusError ? new StatusError({ ...error.status, message }) : new CommandError(message);
}

/** A thrown value as an Error; what is no Error is a mistake of ours and goes on. */
export function asError(error: unknown): Error {
  if (error instanceof Error) return error;
  throw error;
}
