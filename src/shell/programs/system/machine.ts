// What a machine says of itself: date, hostname, whoami, id, uname, pwd, nproc, uptime, free, df, clear.
import { formatDate } from '../../text/date-format.ts';
import { parseDate } from '../../text/parse-date.ts';
import { humanSize } from '../files/ls.ts';
import { type Tool, type ToolDefinition, ToolError } from '../tool.ts';

export const date: ToolDefinition = {
  name: 'date',
  short: 'ud:I?R',
  long: { utc: 'u', date: 'd:', 'iso-8601': 'I?', 'rfc-3339': 'rfc-3339:', 'rfc-email': 'R' },
  idle: { u: 'every machine here keeps UTC' },
  async run(tool) {
    const now = tool.process.clock.now();
    const given = tool.value('d');
    const ms = given === undefined ? now : parseDate(given, now);
    if (ms === undefined) throw new ToolError(`invalid date '${given}'`);
    const [format] = tool.operands;
    if (format !== undefined && !format.startsWith('+')) throw new ToolError(`invalid date '${format}'`);
    await tool.out(`${formatDate(ms, format?.slice(1) ?? standardFormat(tool))}\n`);
    return 0;
  },
};

const isoFormats: Readonly<Record<string, string>> = {
  date: '%Y-%m-%d',
  hours: '%Y-%m-%dT%H+00:00',
  minutes: '%Y-%m-%dT%H:%M+00:00',
  seconds: '%Y-%m-%dT%H:%M:%S+00:00',
  ns: '%Y-%m-%dT%H:%M:%S,%N+00:00',
};

const plainFormats: Readonly<Record<string, string>> = {
  date: '%Y-%m-%d',
  seconds: '%Y-%m-%d %H:%M:%S+00:00',
  ns: '%Y-%m-%d %H:%M:%S.%N+00:00',
};

function standardFormat(tool: Tool): string {
  if (tool.has('I')) return namedFormat(isoFormats, tool.value('I') || 'date', '--iso-8601');
  if (tool.has('rfc-3339')) return namedFormat(plainFormats, tool.value('rfc-3339') ?? '', '--rfc-3339');
  return tool.has('R') ? '%a, %d %b %Y %H:%M:%S +0000' : '%a %b %e %H:%M:%S UTC %Y';
}

/** A format by its name or the beginning of it. */
function namedFormat(formats: Readonly<Record<string, string>>, name: string, option: string): string {
  const full = Object.keys(formats).find((each) => name !== '' && each.startsWith(name));
  if (full !== undefined) return formats[full] ?? '';
  const valid = Object.keys(formats).map((each) => `  - '${each}'\n`);
  throw new ToolError(
    `invalid argument '${name}' for '${option}'\nValid arguments are:\n${valid.join('')}Try 'date --help' for more information.`,
  );
}

export const hostname: ToolDefinition = {
  name: 'hostname',
  short: 'sfiI',
  async run(tool) {
    const { machine, network } = tool.process;
    if (!tool.has('i', 'I'))
      await tool.out(`${tool.has('f') ? fullName(tool) : machine.hostname.replace(tool.has('s') ? /\..*/ : '', '')}\n`);
    else await tool.out(`${(await network.resolve(machine.id, machine.hostname)).join(' ') || '127.0.0.1'}\n`);
    return 0;
  },
};

/** The name that /etc/hosts has first for this machine's own. */
function fullName({ files, process }: Tool): string {
  const { hostname } = process.machine;
  const lines = files.exists('/etc/hosts') ? files.readText('/etc/hosts').split('\n') : [];
  const names = lines.map((line) => line.replace(/#.*/, '').trim().split(/\s+/).slice(1));
  return names.find((each) => each.includes(hostname))?.[0] ?? hostname;
}

export const whoami: ToolDefinition = {
  name: 'whoami',
  async run(tool) {
    await tool.out(`${tool.process.user.name}\n`);
    return 0;
  },
};

export const id: ToolDefinition = {
  name: 'id',
  short: 'ungG',
  async run(tool) {
    const { name, uid, gid = uid, groups = [] } = tool.process.user;
    const of = (id: number) => (id === uid ? name : id === 0 ? 'root' : '');
    const all = [gid, ...groups.filter((group) => group !== gid)];
    if (tool.has('n') && !tool.has('u', 'g', 'G'))
      throw new ToolError('cannot print only names or real IDs in default format');
    const short = (id: number) => (tool.has('n') && of(id)) || String(id);
    const long = (id: number) => (of(id) === '' ? String(id) : `${id}(${of(id)})`);
    if (tool.has('u')) await tool.out(`${short(uid)}\n`);
    else if (tool.has('g')) await tool.out(`${short(gid)}\n`);
    else if (tool.has('G')) await tool.out(`${all.map(short).join(' ')}\n`);
    else await tool.out(`uid=${long(uid)} gid=${long(gid)} groups=${all.map(long).join(',')}\n`);
    return 0;
  },
};

export const uname: ToolDefinition = {
  name: 'uname',
  short: 'asnrvmo',
  async run(tool) {
    const fields: readonly (readonly [string, string])[] = [
      ['s', 'Linux'],
      ['n', tool.process.machine.hostname],
      ['r', '6.8.0-45-generic'],
      ['v', '#45-Ubuntu SMP'],
      ['m', 'x86_64'],
      ['o', tool.isGnu ? 'GNU/Linux' : 'Linux'],
    ];
    const chosen = fields.filter(([letter]) => tool.has('a', letter));
    await tool.out(`${(chosen.length > 0 ? chosen : fields.slice(0, 1)).map(([, text]) => text).join(' ')}\n`);
    return 0;
  },
};

export const pwd: ToolDefinition = {
  name: 'pwd',
  short: 'LP',
  idle: { L: 'see P', P: 'the shell keeps the way that it was told: both are the same here' },
  async run(tool) {
    await tool.out(`${tool.process.cwd}\n`);
    return 0;
  },
};

export const nproc: ToolDefinition = {
  name: 'nproc',
  async run(tool) {
    await tool.out('4\n');
    return 0;
  },
};

export const uptime: ToolDefinition = {
  name: 'uptime',
  async run(tool) {
    await tool.out(
      ` ${formatDate(tool.process.clock.now(), '%H:%M:%S')} up 1 day,  0:00,  1 user,  load average: 0.00, 0.00, 0.00\n`,
    );
    return 0;
  },
};

export const free: ToolDefinition = {
  name: 'free',
  short: 'hmgkb',
  async run(tool) {
    const [total, used] = [16_308_664, 3_257_304];
    const unit = tool.lastOf('h', 'm', 'g', 'k', 'b') ?? 'k';
    const perUnit = { b: 1 / 1024, k: 1, m: 1024, g: 1024 ** 2 }[unit] ?? 1;
    const show = (kib: number) =>
      unit === 'h' ? `${(kib / 1024 / 1024).toFixed(1)}Gi` : String(Math.floor(kib / perUnit));
    const row = (name: string, cells: readonly number[]) =>
      `${name.padEnd(8)}${cells.map((cell) => show(cell).padStart(12)).join('')}\n`;
    await tool.out(
      `${' '.repeat(8)}${['total', 'used', 'free', 'shared', 'buff/cache', 'available'].map((title) => title.padStart(12)).join('')}\n`,
    );
    await tool.out(row('Mem:', [total, used, total - used, 0, 0, total - used]) + row('Swap:', [0, 0, 0]));
    return 0;
  },
};

/** The one disk that machines here have: kibibytes, of which those used and free leave what root keeps. */
const disk = { kibibytes: 102_626_232, used: 24_117_248, free: 75_000_000 };

interface FileSystem {
  readonly name: string;
  readonly type: string;
  readonly path: string;
}

export const df: ToolDefinition = {
  name: 'df',
  short: 'hTkma',
  long: { 'human-readable': 'h', 'print-type': 'T', all: 'a' },
  async run(tool) {
    const unit = tool.lastOf('h', 'k', 'm') ?? 'k';
    const size = (kib: number) =>
      unit === 'h' ? humanSize(kib * 1024) : String(Math.ceil(kib / (unit === 'm' ? 1024 : 1)));
    const row = ({ name, type, path }: FileSystem) => [
      name,
      ...(tool.has('T') ? [type] : []),
      ...(type === 'proc' ? ['0', '0', '0', '-'] : [size(disk.kibibytes), size(disk.used), size(disk.free), '25%']),
      path,
    ];
    const titles =
      unit === 'h' ? ['Size', 'Used', 'Avail'] : [unit === 'm' ? '1M-blocks' : '1K-blocks', 'Used', 'Available'];
    const head = ['Filesystem', ...(tool.has('T') ? ['Type'] : []), ...titles, 'Use%', 'Mounted on'];
    await tool.out(inTable([head, ...(await fileSystems(tool)).map(row)], tool.has('T') ? 2 : 1));
    return tool.status;
  },
};

/** All, or those of the operands' files. */
async function fileSystems(tool: Tool): Promise<readonly FileSystem[]> {
  const root = tool.isGnu
    ? { name: '/dev/sda1', type: 'ext4', path: '/' }
    : { name: 'overlay', type: 'overlay', path: '/' };
  const mounts = tool.files.mountPoints().filter(({ path }) => path !== '/');
  const all = [root, ...mounts.map(({ path }) => ({ name: 'tmpfs', type: 'tmpfs', path }))];
  const shown = tool.has('a') ? [{ name: 'proc', type: 'proc', path: '/proc' }, ...all] : all;
  if (tool.operands.length === 0) return shown;
  const found: FileSystem[] = [];
  for (const name of tool.operands) {
    const path = tool.path(name);
    const holds = (mount: string) => mount === '/' || path === mount || path.startsWith(`${mount}/`);
    if (tool.files.exists(path)) found.push(all.filter((each) => holds(each.path)).at(-1) ?? root);
    else await tool.fail(tool.isGnu ? `${name}: No such file or directory` : `${name}: can't find mount point`);
  }
  return found;
}

/** The first columns to the left, the last one too, numbers to the right. */
function inTable(rows: readonly (readonly string[])[], toLeft: number): string {
  const widths = (rows[0] ?? []).map((_, at) =>
    Math.max(at === 0 ? 14 : 5, ...rows.map((row) => row[at]?.length ?? 0)),
  );
  const cell = (text: string, at: number, last: boolean) =>
    last
      ? text
      : at < toLeft
        ? text.padEnd(widths[at] ?? 0)
        : text.padStart(at === widths.length - 2 ? 4 : (widths[at] ?? 0));
  return rows.map((row) => `${row.map((text, at) => cell(text, at, at === row.length - 1)).join(' ')}\n`).join('');
}

export const clear: ToolDefinition = {
  name: 'clear',
  async run(tool) {
    await tool.out('\x1b[H\x1b[2J\x1b[3J');
    return 0;
  },
};

/** Editors need a screen of their own; the page has one. */
const editor = (name: string): ToolDefinition => ({
  name,
  raw: true,
  async run(tool) {
    throw new ToolError(
      `full-screen editors are not available in this terminal; open ${tool.process.argv[1] ?? 'the file'} in the editor pane, or use sed -i or cat > FILE <<'EOF'`,
    );
  },
});
export const vi = editor('vi');
export const vim = editor('vim');
export const nano = editor('nano');
