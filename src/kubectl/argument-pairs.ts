// Arguments that name resources and then changes: `pods web app=a tier-`, `deploy/web nginx=nginx:1.28`.
import { CommandError } from './errors.ts';

export interface ResourcesAndPairs {
  readonly resources: readonly string[];
  readonly pairs: readonly string[];
}

/** `what` is the word for a pair in messages: label, annotation, image. */
export function splitPairs(args: readonly string[], what: string): ResourcesAndPairs {
  const resources: string[] = [];
  const pairs: string[] = [];
  for (const arg of args) {
    const isPair = (arg.includes('=') && !arg.startsWith('=')) || (arg.endsWith('-') && arg !== '-');
    if (isPair) pairs.push(arg);
    else if (pairs.length === 0) resources.push(arg);
    else throw new CommandError(`all resources must be specified before ${what} changes: ${arg}`);
  }
  return { resources, pairs };
}

export interface Changes {
  readonly set: ReadonlyMap<string, string>;
  readonly remove: readonly string[];
}

/** `key=value` sets, `key-` removes (where that is possible). */
export function parsePairs(pairs: readonly string[], what: string, removable: boolean): Changes {
  const set = new Map<string, string>();
  const remove: string[] = [];
  const invalid: string[] = [];
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    if (equals > 0) set.set(pair.slice(0, equals), pair.slice(equals + 1));
    else if (removable && pair.endsWith('-') && pair !== '-') remove.push(pair.slice(0, -1));
    else invalid.push(pair);
  }
  if (invalid.length > 0) throw new CommandError(`invalid ${what} format: ${invalid.join(', ')}`);
  return { set, remove };
}
