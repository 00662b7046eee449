// What `kubectl set env` is told: resources, variables to set or remove, and variables on standard input.

import type { Context } from '../../context.ts';
import { CommandError } from '../../errors.ts';
import { readAll } from '../../output.ts';

export interface EnvironmentChanges {
  readonly set: readonly { readonly name: string; readonly value: string }[];
  readonly remove: readonly string[];
  /** Standard input has been read for variables. */
  readonly fromStdin: boolean;
}

/** Resources come first; a variable is `KEY=VALUE`, `KEY-` or `-`. */
export function splitEnvironment(args: readonly string[]): {
  readonly resources: readonly string[];
  readonly variables: readonly string[];
} {
  const isVariable = (arg: string): boolean => /^.+=/s.test(arg) || arg.endsWith('-');
  const first = args.findIndex(isVariable);
  if (first < 0) return { resources: args, variables: [] };
  const variables = args.slice(first);
  if (!variables.every(isVariable))
    throw new CommandError(`all resources must be specified before environment changes: ${args.join(' ')}`);
  return { resources: args.slice(0, first), variables };
}

export async function readEnvironment(context: Context, written: readonly string[]): Promise<EnvironmentChanges> {
  const set: { readonly name: string; readonly value: string }[] = [];
  const named = new Set<string>();
  const remove: string[] = [];
  let fromStdin = false;
  for (const text of written) {
    const equals = text.indexOf('=');
    if (text === '-') {
      set.push(...fileVariables(await readAll(context.process.stdin)));
      fromStdin = true;
    } else if (equals >= 0) {
      const name = text.slice(0, equals);
      checkName(name);
      named.add(name);
      set.push({ name, value: text.slice(equals + 1) });
    } else if (text.endsWith('-')) remove.push(text.slice(0, -1));
    else throw new CommandError(`unknown environment variable: ${text}`);
  }
  if (remove.some((name) => named.has(name)))
    throw new CommandError('can not both modify and remove the same environment variable in the same command');
  return { set, remove, fromStdin };
}

/** Lines of `KEY=VALUE`; what follows `#` is a comment. */
function fileVariables(text: string): readonly { readonly name: string; readonly value: string }[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const [bare = ''] = line.split('#');
    const equals = bare.indexOf('=');
    return equals < 0 ? [] : [{ name: bare.slice(0, equals), value: bare.slice(equals + 1) }];
  });
}

function checkName(name: string): void {
  if (/^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(name)) return;
  const rule =
    "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')";
  throw new CommandError(`${JSON.stringify(name)} is not a valid key name: ${rule}`);
}
