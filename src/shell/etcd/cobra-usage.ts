// How a program built with cobra tells of its usage, where it has no layout of its own: etcdutl's.
import { quote } from '../../base/go/quote.ts';
import type { Found, NamedCommand } from './commands.ts';
import type { Flag } from './flags.ts';

export interface UsageContext {
  readonly program: string;
  readonly commands: readonly NamedCommand[];
  /** What groups of commands are about, by name. */
  readonly groups: Readonly<Record<string, string>>;
  readonly globals: readonly Flag[];
}

/** Of the program itself, of a group of its commands, or of one command. */
export function cobraUsage(context: UsageContext, { name, command }: Omit<Found<NamedCommand>, 'rest'>): string {
  const { program, globals } = context;
  const path = [program, ...(name === undefined ? [] : [name])].join(' ');
  const help: Flag = { name: 'help', short: 'h', kind: 'switch', about: `help for ${path.split(' ').at(-1)}` };
  const own = [...(command?.options ?? (name === undefined ? globals : [])), help];
  const flags = command?.use?.startsWith('[bash') ? '' : ' [flags]';
  const line = command ? `${path}${command.use ? ` ${command.use}` : ''}${flags}` : `${path} [command]`;
  return [
    `Usage:\n  ${line}\n`,
    ...(command ? [] : [`Available Commands:\n${commandLines(context, name)}`]),
    `Flags:\n${flagLines(own)}`,
    ...(name === undefined ? [] : [`Global Flags:\n${flagLines(globals)}`]),
    ...(command ? [] : [`Use "${path} [command] --help" for more information about a command.\n`]),
  ].join('\n');
}

function commandLines({ commands, groups }: UsageContext, group: string | undefined): string {
  const abouts = new Map<string, string>();
  for (const { name, about } of commands) {
    const [first = '', second] = name.split(' ');
    if (group === undefined) abouts.set(first, second === undefined ? about : (groups[first] ?? ''));
    else if (first === group && second !== undefined) abouts.set(second, about);
  }
  const sorted = [...abouts].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([name, about]) => `  ${name.padEnd(nameWidth)}${about}\n`).join('');
}

/** Cobra's own, which no command here is longer than. */
const nameWidth = 12;

const types = { int: ' int', uint: ' uint', duration: ' duration', strings: ' strings' } as const;

function flagLines(flags: readonly Flag[]): string {
  const rows = [...flags]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, short, kind, type, initial, about }) => {
      const valued = type ? types[type] : kind === 'switch' ? '' : ' string';
      const shown = type || kind === 'switch' ? initial : initial && quote(initial);
      return [
        `  ${short ? `-${short}, ` : '    '}--${name}${valued}`,
        `${about}${shown ? ` (default ${shown})` : ''}`,
      ] as const;
    });
  const width = Math.max(0, ...rows.map(([left]) => left.length)) + 3;
  return rows.map(([left, about]) => `${left.padEnd(width)}${about}\n`).join('');
}
