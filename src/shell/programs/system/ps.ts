// ps: the processes of a machine, in the forms of procps and of busybox.
import { hostOf, type ProcessInfo } from '../../process/process-host.ts';
import { formatDate } from '../../text/date-format.ts';
import { type Tool, type ToolDefinition, ToolError } from '../tool.ts';

export const ps: ToolDefinition = {
  name: 'ps',
  raw: true,
  async run(tool) {
    const wish = read(tool);
    const all = hostOf(tool.process)?.processes() ?? [];
    const chosen = all.filter(
      ({ pid, argv }) =>
        (wish.pids.length === 0 || wish.pids.includes(pid)) &&
        (wish.names.length === 0 || wish.names.includes(nameOf(argv))),
    );
    const columns = wish.columns.length > 0 ? wish.columns : formOf(tool, wish.letters);
    await tool.out(draw(tool, columns, chosen));
    return chosen.length === 0 && wish.pids.length + wish.names.length > 0 ? 1 : 0;
  },
};

interface Wish {
  /** Of the letters that say which processes and how; all of them are of one user and on one terminal here. */
  readonly letters: ReadonlySet<string>;
  readonly columns: readonly Column[];
  readonly pids: readonly number[];
  readonly names: readonly string[];
}

/** `-e`, `-A`, `-a`, `-x`, `-w` choose or widen what is whole here anyway; `-f` and `u` have forms of their own. */
const known = 'eAaxwfu';

function read(tool: Tool): Wish {
  const letters = new Set<string>();
  const [columns, pids, names]: [Column[], number[], string[]] = [[], [], []];
  const args = tool.process.argv.slice(1);
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? '';
    const text = word.replace(/^-/, '');
    for (let at = 0; at < text.length; at++) {
      const letter = text.charAt(at);
      if (!'opC'.includes(letter)) {
        if (!known.includes(letter)) throw unknown(tool, word, letter);
        letters.add(letter);
        continue;
      }
      const value = text.slice(at + 1) || args[++i];
      if (value === undefined) throw new ToolError(`option requires an argument -- '${letter}'`);
      if (letter === 'o') columns.push(...columnsOf(tool, value));
      else if (letter === 'p') pids.push(...value.split(/[ ,]+/).map(Number));
      else names.push(...value.split(','));
      break;
    }
  }
  return { letters, columns, pids, names };
}

function unknown(tool: Tool, word: string, letter: string): ToolError {
  if (!tool.isGnu) return new ToolError(`unrecognized option: ${letter}`);
  return new ToolError(`option ${/^--|^[^-]/.test(word) ? word : `-${letter}`} is not supported here`);
}

interface Column {
  readonly title: string;
  readonly width: number;
  /** To the left; numbers are to the right. */
  readonly left?: boolean;
  of(process: ProcessInfo, now: number): string;
}

const fields = {
  pid: { title: 'PID', width: 7, of: ({ pid }) => String(pid) },
  ppid: { title: 'PPID', width: 7, of: ({ parentPid }) => String(parentPid) },
  user: { title: 'USER', width: 8, left: true, of: ({ user }) => user },
  comm: { title: 'COMMAND', width: 15, left: true, of: ({ argv }) => nameOf(argv) },
  args: { title: 'COMMAND', width: 27, left: true, of: ({ argv }) => argv.join(' ') },
  stat: { title: 'STAT', width: 4, left: true, of: () => 'S' },
  tty: { title: 'TT', width: 8, left: true, of: () => 'pts/0' },
  time: { title: 'TIME', width: 8, of: () => '00:00:00' },
  etime: { title: 'ELAPSED', width: 11, of: ({ startedAt }, now) => elapsed(now - startedAt) },
  lstart: {
    title: 'STARTED',
    width: 24,
    of: ({ startedAt }, now) => formatDate(Math.min(now, startedAt), '%a %b %e %H:%M:%S %Y'),
  },
  '%cpu': { title: '%CPU', width: 4, of: () => '0.0' },
  '%mem': { title: '%MEM', width: 4, of: () => '0.0' },
  vsz: { title: 'VSZ', width: 6, of: () => '4624' },
  rss: { title: 'RSS', width: 5, of: () => '3584' },
} satisfies Readonly<Record<string, Column>>;

const aliases: Readonly<Record<string, keyof typeof fields>> = {
  cmd: 'args',
  command: 'args',
  ucmd: 'comm',
  uname: 'user',
  state: 'stat',
  s: 'stat',
  tt: 'tty',
  pcpu: '%cpu',
  pmem: '%mem',
};

/** `pid,args=COMMAND LINE` */
function columnsOf(tool: Tool, list: string): readonly Column[] {
  return list.split(/[ ,]+(?=[a-z%]+(?:[=, ]|$))/).map((word) => {
    const [, name = '', title] = /^([^=]*)(?:=(.*))?$/.exec(word) ?? [];
    const key = Object.hasOwn(aliases, name) ? (aliases[name] ?? '') : name;
    const column = Object.entries(fields).find(([each]) => each === key)?.[1];
    if (!column)
      throw new ToolError(
        tool.isGnu ? `error: unknown user-defined format specifier "${name}"` : `bad -o argument '${name}'`,
      );
    return title === undefined ? column : { ...column, title };
  });
}

function nameOf(argv: readonly string[]): string {
  return (argv[0] ?? '').replace(/.*\//, '');
}

function elapsed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  const [days, hours] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600) % 24];
  const head = days > 0 ? `${days}-${two(hours)}:` : hours > 0 ? `${two(hours)}:` : '';
  return `${head}${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

function formOf({ isGnu }: Tool, letters: ReadonlySet<string>): readonly Column[] {
  const { pid, ppid, user, args, comm } = fields;
  const began = (title: string): Column => ({
    title,
    width: 5,
    left: true,
    of: ({ startedAt }, now) => formatDate(Math.min(now, startedAt), '%H:%M'),
  });
  if (!isGnu)
    return [
      { ...pid, width: 5, title: 'PID  ' },
      { ...user, title: 'USER    ' },
      { title: 'TIME ', width: 5, of: () => '0:00' },
      args,
    ];
  if (letters.has('u'))
    return [
      ...[user, pid, fields['%cpu'], fields['%mem'], fields.vsz, fields.rss],
      ...[{ ...fields.tty, title: 'TTY' }, { ...fields.stat, width: 4 }, began('START')],
      { title: 'TIME', width: 6, of: () => '0:00' },
      args,
    ];
  const terminal = { ...fields.tty, title: 'TTY' };
  if (!letters.has('f')) return [pid, terminal, fields.time, { ...comm, title: 'CMD' }];
  return [
    { ...user, title: 'UID' },
    ...[pid, ppid, { title: 'C', width: 2, of: () => '0' }, began('STIME'), terminal, fields.time],
    { ...args, title: 'CMD' },
  ];
}

/** Busybox has its own layout; procps leaves out the titles when all are empty. */
function draw(tool: Tool, columns: readonly Column[], all: readonly ProcessInfo[]): string {
  const now = tool.process.clock.now();
  const line = (texts: readonly string[]) =>
    `${texts
      .map((text, at) => {
        const { width = 0, left = false } = columns[at] ?? {};
        if (!left) return text.padStart(width);
        return at === texts.length - 1 ? text : text.padEnd(width);
      })
      .join(' ')}\n`;
  const titles = columns.every(({ title }) => title === '') ? '' : line(columns.map(({ title }) => title));
  return titles + all.map((each) => line(columns.map((column) => column.of(each, now)))).join('');
}
