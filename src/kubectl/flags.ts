// Flags as pflag has them: how a command declares them, and their values once a command line is parsed.
import { assert } from '../base/assert.ts';

export type FlagType =
  | 'bool'
  | 'string'
  | 'int'
  | 'int32'
  | 'int64'
  | 'duration'
  | 'stringSlice'
  | 'stringArray'
  | 'logDuration'
  | 'logLevels';

/** What an argument or a flag's value can be, for who completes it. */
export type Completion =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'files'; readonly extensions: readonly string[] }
  /** Names of the resources of one type; an argument only once. */
  | { readonly kind: 'names'; readonly of: string }
  /** `TYPE NAME` and `TYPE/NAME`; of these types only, or once only. */
  | { readonly kind: 'resources'; readonly types?: readonly string[]; readonly once?: boolean }
  /** A pod or what has pods, then perhaps one of its containers or ports. */
  | { readonly kind: 'pods'; readonly parts?: 'containers' | 'ports' }
  /** Of the pod that the first argument names. */
  | { readonly kind: 'containers' }
  | { readonly kind: 'copies' }
  | { readonly kind: 'kubeconfig'; readonly of: 'contexts' | 'clusters' | 'users' };

/** Of `--subresource`. */
export const subresources: Completion = { kind: 'words', words: ['status', 'scale', 'resize'] };

export interface Flag {
  readonly name: string;
  readonly type: FlagType;
  /** The default as help shows it; also what is parsed when the flag is absent. Lists: `[]` or `[a,b]`. */
  readonly default: string;
  readonly usage: string;
  readonly shorthand?: string;
  /** The value of the flag when it stands without one (`--dry-run`). A bool has `true`. */
  readonly bare?: string;
  readonly hidden?: boolean;
  readonly required?: boolean;
  /** Printed as a warning when the flag is used. */
  readonly deprecated?: string;
  readonly completes?: Completion;
  /** The value is checked and changes nothing that can be seen here, and why. */
  readonly idle?: string;
}

type Extras = Partial<
  Pick<Flag, 'shorthand' | 'default' | 'bare' | 'hidden' | 'required' | 'deprecated' | 'completes' | 'idle'>
>;

const declare =
  (type: FlagType, initial: string) =>
  (name: string, usage: string, extras: Extras = {}): Flag => ({
    name,
    type,
    usage,
    default: initial,
    ...(type === 'bool' ? { bare: 'true' } : {}),
    ...extras,
  });

/** `flag.bool('watch', 'Go on watching.', { shorthand: 'w' })` */
export const flag = {
  bool: declare('bool', 'false'),
  string: declare('string', ''),
  int: declare('int', '0'),
  int32: declare('int32', '0'),
  int64: declare('int64', '0'),
  duration: declare('duration', '0s'),
  /** klog's: a duration, and levels by file, of which there are none here. */
  logDuration: declare('logDuration', '0s'),
  logLevels: declare('logLevels', ''),
  /** Comma separated, may be repeated. */
  stringSlice: declare('stringSlice', '[]'),
  /** Taken as it is, may be repeated. */
  stringArray: declare('stringArray', '[]'),
};

export type FlagValue = boolean | string | number | readonly string[];

/** The parsed values. Asking for a flag that the command does not declare is a mistake of ours. */
export class FlagValues {
  private readonly values = new Map<string, FlagValue>();
  private readonly given = new Set<string>();
  private readonly texts: string[] = [];

  /** `text`: how the value was written. */
  set(name: string, value: FlagValue, text: string): void {
    this.values.set(name, value);
    this.given.add(name);
    this.texts.push(`--${name}=${text}`);
  }

  /** The flags of the command line in order, each as `--name=value`. */
  get written(): readonly string[] {
    return this.texts;
  }

  setDefault(name: string, value: FlagValue): void {
    this.values.set(name, value);
  }

  has(name: string): boolean {
    return this.values.has(name);
  }

  /** Whether the flag stood on the command line. */
  changed(name: string): boolean {
    return this.given.has(name);
  }

  bool(name: string): boolean {
    const value = this.values.get(name);
    assert(typeof value === 'boolean', `flag --${name} is not a bool`);
    return value;
  }

  /** Whether the flag holds a text here: a command may have one of another type under a global flag's name. */
  isText(name: string): boolean {
    return typeof this.values.get(name) === 'string';
  }

  string(name: string): string {
    const value = this.values.get(name);
    assert(typeof value === 'string', `flag --${name} is not a string`);
    return value;
  }

  /** An int flag's number, or a duration flag's milliseconds. */
  number(name: string): number {
    const value = this.values.get(name);
    assert(typeof value === 'number', `flag --${name} is not a number`);
    return value;
  }

  strings(name: string): readonly string[] {
    const value = this.values.get(name);
    assert(Array.isArray(value), `flag --${name} is not a list`);
    return value;
  }
}
