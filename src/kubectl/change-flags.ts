// Flags that the commands which change objects have in common, and what they mean.

import { quote } from '../base/go/quote.ts';
import type { Context } from './context.ts';
import { CommandError } from './errors.ts';
import { type Flag, flag } from './flags.ts';
import { klogLine } from './klog.ts';

export const dryRunFlag = flag.string(
  'dry-run',
  'Must be "none", "server", or "client". With client, print what would be sent and send nothing; with server, send it without storing anything.',
  { default: 'none', bare: 'unchanged' },
);

export const saveConfigFlag = flag.bool(
  'save-config',
  'Save the configuration in an annotation of the object, so that kubectl apply can be used on it later.',
);

export const validateFlag = flag.string(
  'validate',
  'Must be one of: strict (or true), warn, ignore (or false). What to do about unknown or duplicate fields: refuse them, warn about them, or drop them silently.',
  { default: 'strict', bare: 'strict' },
);

export function fieldManagerFlag(manager: string): Flag {
  return flag.string('field-manager', 'Name of the manager that owns the changed fields.', { default: manager });
}

export const recordFlag = flag.bool(
  'record',
  "Save the command line in the object's annotation kubernetes.io/change-cause.",
  {
    deprecated: '--record will be removed in the future',
  },
);

export const selectorFlag = flag.string(
  'selector',
  "Label selector, supports '=', '==', '!=', 'in', 'notin' (e.g. -l key1=value1,key2=value2,key3 in (value3)). Objects must meet all its requirements.",
  { shorthand: 'l' },
);

/** What decides how objects are deleted, for commands that delete on the way. */
export const deletionFlags: readonly Flag[] = [
  flag.string('cascade', 'Must be "background", "orphan", or "foreground". What happens to the dependents.', {
    default: 'background',
    bare: 'background',
  }),
  flag.bool('force', 'Remove resources from the API at once, without graceful deletion.'),
  flag.int('grace-period', 'Seconds to end gracefully; ignored if negative. 0 only with --force.', { default: '-1' }),
  flag.duration('timeout', 'How long to wait for the deletion; 0 decides by the size of the object.'),
  flag.bool('wait', 'Wait until the resources are gone, finalizers included.'),
];

export type DryRun = 'none' | 'client' | 'server';

/** As Go reads a boolean. */
const booleans: ReadonlyMap<string, DryRun> = new Map([
  ...['1', 't', 'T', 'true', 'TRUE', 'True'].map((text) => [text, 'client'] as const),
  ...['0', 'f', 'F', 'false', 'FALSE', 'False'].map((text) => [text, 'none'] as const),
]);

/** The value of `--dry-run`. */
export function dryRunOf(context: Context): DryRun {
  const value = context.flags.string('dry-run');
  const boolean = booleans.get(value);
  if (boolean) {
    const warning = `--dry-run=${value} is deprecated (boolean value) and can be replaced with --dry-run=${boolean}.`;
    context.err(klogLine(context.process, 'W', boolean === 'client' ? 'helpers.go:733' : 'helpers.go:736', warning));
    return boolean;
  }
  if (value === 'unchanged') {
    const warning = '--dry-run is deprecated and can be replaced with --dry-run=client.';
    context.err(klogLine(context.process, 'W', 'helpers.go:719', warning));
    return 'client';
  }
  if (value === 'none' || value === 'client' || value === 'server') return value;
  throw new CommandError(`Invalid dry-run value (${value}). Must be "none", "server", or "client".`);
}

const propagationPolicies = new Map([
  ['background', 'Background'],
  ['orphan', 'Orphan'],
  ['foreground', 'Foreground'],
]);

/** What `--cascade` means to the API; once it was a boolean. */
export function propagationOf(context: Context): string {
  const value = context.flags.string('cascade');
  const boolean = booleans.get(value);
  const named = boolean === undefined ? value : boolean === 'client' ? 'background' : 'orphan';
  const policy = propagationPolicies.get(named);
  if (policy === undefined)
    throw new CommandError(`invalid cascade value (${value}). Must be "background", "foreground", or "orphan"`);
  if (named !== value) {
    const advice = `can be replaced with --cascade=${named}.`;
    context.err(`warning: --cascade=${value} is deprecated (boolean value) and ${advice}\n`);
  }
  return policy;
}

export type FieldValidation = 'Strict' | 'Warn' | 'Ignore';

/** The value of `--validate` as the API names it. */
export function fieldValidationOf(context: Context): FieldValidation {
  const value = context.flags.string('validate');
  if (value === 'true' || value === 'strict') return 'Strict';
  if (value === 'warn') return 'Warn';
  if (value === 'false' || value === 'ignore') return 'Ignore';
  throw new CommandError(
    `invalid - validate option ${quote(value)}; must be one of: strict (or true), warn, ignore (or false)`,
  );
}

/** The query parameters of a write. */
export function writeQuery(options: {
  readonly dryRun: DryRun;
  readonly fieldManager?: string;
  readonly fieldValidation?: FieldValidation;
}): Readonly<Record<string, string | undefined>> {
  return {
    dryRun: options.dryRun === 'server' ? 'All' : undefined,
    fieldManager: options.fieldManager || undefined,
    fieldValidation: options.fieldValidation,
  };
}
