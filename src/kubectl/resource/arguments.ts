// `TYPE NAME…`, `TYPE/NAME…`, `a,b` on the command line: what they ask for.
import { CommandError } from '../errors.ts';

export interface TypeAndName {
  readonly type: string;
  readonly name: string;
}

export interface ParsedArguments {
  /** Types without names, or the one type of the names. */
  readonly types: readonly string[];
  readonly names: readonly string[];
  readonly pairs: readonly TypeAndName[];
}

/** Throws upstream's errors about a mixture of forms. */
export function parseArguments(given: readonly string[]): ParsedArguments {
  const args = crossTypes(given);
  const slashes = args.filter((arg) => arg.includes('/')).length;
  if (slashes > 0 && slashes < args.length)
    throw new CommandError(
      "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'",
    );
  if (slashes > 0) return { types: [], names: [], pairs: args.map(splitPair) };
  const [first, ...names] = args;
  return { types: first === undefined ? [] : splitTypes(first), names, pairs: [] };
}

/** `a,b x y` → a/x a/y b/x b/y */
function crossTypes(args: readonly string[]): readonly string[] {
  const [first, ...names] = args;
  if (first === undefined || names.length === 0) return args;
  const types = splitTypes(first);
  return types.length > 1 ? types.flatMap((type) => names.map((name) => `${type}/${name}`)) : args;
}

/** `a,b,a` → a · b */
export function splitTypes(arg: string): readonly string[] {
  return [...new Set(arg.split(','))];
}

export function splitPair(arg: string): TypeAndName {
  const parts = arg.split('/');
  if (parts.length !== 2) throw new CommandError('arguments in resource/name form may not have more than one slash');
  const [type = '', name = ''] = parts;
  if (type === '' || name === '' || splitTypes(type).length !== 1)
    throw new CommandError('arguments in resource/name form must have a single resource and name');
  return { type, name };
}
