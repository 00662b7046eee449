// etcdctl's flags as the variables of the environment that set them.
import type { Options } from '../text/long-options.ts';
import type { Flag } from './flags.ts';

/** Every flag that all commands have, as the variable that sets it. */
export function flagLines(options: Options, globals: readonly Flag[]): string {
  const lines = globals.map((option) => `${variableOf(option.name)}=${goText(options, option)}\n`);
  return lines.sort().join('');
}

export function variableOf(flag: string): string {
  return `ETCDCTL_${flag.replaceAll('-', '_').toUpperCase()}`;
}

/** As Go prints the flag's value. */
function goText(options: Options, { name, kind, type, initial }: Flag): string {
  const given = kind === 'list' ? options.list(name).join(',') : options.text(name);
  const value = given || (initial ?? (type === 'int' ? '0' : kind === 'switch' ? 'false' : ''));
  return kind === 'list' ? `[${value}]` : value;
}
