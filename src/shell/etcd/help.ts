// The help of etcdctl and etcdutl: their layout, which is etcd's own, and the columns that Go's tabs make of it.
import { quote } from '../../base/go/quote.ts';
import type { NamedCommand } from './commands.ts';
import type { Flag } from './flags.ts';

export interface HelpContext {
  /** `etcdctl`. */
  readonly program: string;
  readonly about: string;
  readonly version: string;
  readonly commands: readonly Pick<NamedCommand, 'name' | 'about'>[];
  /** What groups of commands are about, by name. */
  readonly groups: Readonly<Record<string, string>>;
  /** What follows their names, where it is not `<subcommand>`. */
  readonly groupUses: Readonly<Record<string, string>>;
  readonly globals: readonly Flag[];
}

export interface HelpTopic {
  /** Undefined: the program itself. */
  readonly name?: string | undefined;
  readonly command?: NamedCommand | undefined;
}

/** Everything about the program, a group of its commands, or one command. */
export function helpText(context: HelpContext, { name, command }: HelpTopic): string {
  const { program, version, groups, globals } = context;
  const about = command?.about ?? (name === undefined ? context.about : groups[name]) ?? '';
  const under = name === undefined ? '' : `${name} `;
  const subcommands = command ? [] : context.commands.filter((each) => each.name.startsWith(under));
  const sorted = [...subcommands].sort((a, b) => (a.name < b.name ? -1 : 1));
  const own = [...(command?.options ?? (name === undefined ? globals : [])), helpOption(name ?? program)];
  const groupUse = name === undefined || command ? undefined : (context.groupUses[name] ?? '<subcommand>');
  const use = [program, name, command?.use ?? groupUse, '[flags]'];
  const sections = [
    `NAME:\n  ${name ?? program} - ${about}\n`,
    `USAGE:\n  ${use.filter((word) => word !== undefined).join(' ')}\n`,
    ...(name === undefined ? [`VERSION:\n  ${version}\n`] : []),
    ...(command ? [] : [`API VERSION:\n  ${version.replace(/\.\d+$/, '')}\n`]),
    ...(command
      ? []
      : [`COMMANDS:\n${sorted.map((each) => `  ${each.name.slice(under.length)}\t${each.about}\n`).join('')}`]),
    ...(command?.details ? [`DESCRIPTION:\n${command.details.replace(/^/gm, '  ')}\n`] : []),
    `OPTIONS:\n${optionLines(own)}`,
    ...(name === undefined ? [] : [`GLOBAL OPTIONS:\n${optionLines(globals)}`]),
  ];
  return `${alignByTabs(sections.join('\n'))}\n`;
}

function helpOption(name: string): Flag {
  return { name: 'help', short: 'h', kind: 'switch', about: `help for ${name.split(' ').at(-1)}` };
}

function optionLines(options: readonly Flag[]): string {
  return [...options]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((option) => {
      const flag = option.short ? `  -${option.short}, --${option.name}` : `      --${option.name}`;
      const initial = initialOf(option);
      return `${flag}${option.kind === 'switch' ? `[=${initial}]` : `=${initial}`}\t${option.about}\n`;
    })
    .join('');
}

function initialOf({ kind, type, initial }: Flag): string {
  if (kind === 'switch') return initial ?? 'false';
  if (type === 'int') return initial ?? '0';
  if (type === 'duration') return initial ?? '0s';
  return type === 'strings' ? `[${initial ?? ''}]` : quote(initial ?? '');
}

const tabWidth = 8;

/** Adjacent lines with a tab share a column, whose width is so many tabs. */
function alignByTabs(text: string): string {
  const lines = text.split('\n').map((line) => line.split('\t'));
  for (let from = 0; from < lines.length; ) {
    let to = from;
    while ((lines[to]?.length ?? 0) > 1) to++;
    const cells = lines.slice(from, to);
    const width = Math.ceil((Math.max(0, ...cells.map(([cell = '']) => cell.length)) + 1) / tabWidth) * tabWidth;
    cells.forEach(([cell = '', rest = ''], at) => {
      lines[from + at] = [cell + '\t'.repeat(Math.ceil((width - cell.length) / tabWidth)) + rest];
    });
    from = to + 1;
  }
  return lines.join('\n');
}
