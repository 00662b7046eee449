// What a machine says of itself: date, hostname, whoami, id, uname, pwd, ps, nproc, uptime, free, df, clear.
import { hostOf } from '../../process/process-host.ts';
import { formatDate } from '../../text/date-format.ts';
import { type ToolDefinition, ToolError } from '../tool.ts';

/** `2024-01-02`, `@1700000000`, `2 days ago`, `tomorrow`. */
function parseDate(text: string, now: number): number {
  if (/^@\d+$/.test(text)) return Number(text.slice(1)) * 1000;
  if (text === 'now' || text === 'today') return now;
  if (text === 'tomorrow') return now + 86_400_000;
  if (text === 'yesterday') return now - 86_400_000;
  const relative = /^([+-]?\d+)\s*(second|sec|minute|min|hour|day|week)s?(\s+ago)?$/.exec(text);
  if (relative) {
    const size =
      { second: 1, sec: 1, minute: 60, min: 60, hour: 3600, day: 86_400, week: 604_800 }[relative[2] ?? ''] ?? 1;
    return now + Number(relative[1]) * size * 1000 * (relative[3] ? -1 : 1);
  }
  const iso = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?(?:Z|[+-]\d\d:?\d\d)?$/.test(text);
  const parsed = iso
    ? Date.parse(
        /T| /.test(text) && !/(Z|[+-]\d\d:?\d\d)$/.test(text) ? `${text.replace(' ', 'T')}Z` : text.replace(' ', 'T'),
      )
    : Number.NaN;
  if (Number.isNaN(parsed)) throw new ToolError(`invalid date '${text}'`);
  return parsed;
}

export const date: ToolDefinition = {
  name: 'date',
  short: 'ud:I?R',
  long: { utc: 'u', date: 'd:', 'iso-8601': 'I?', 'rfc-3339': 'rfc-3339:', 'rfc-email': 'R' },
  async run(tool) {
    const now = tool.process.clock.now();
    const given = tool.value('d');
    const ms = given === undefined ? now : parseDate(given, now);
    const [format] = tool.operands;
    if (format !== undefined && !format.startsWith('+')) throw new ToolError(`invalid date '${format}'`);
    const iso = tool.value('I');
    const standard = tool.has('I')
      ? iso === 'seconds' || iso === 's'
        ? '%Y-%m-%dT%H:%M:%S+00:00'
        : '%Y-%m-%d'
      : tool.has('R')
        ? '%a, %d %b %Y %H:%M:%S +0000'
        : '%a %b %e %H:%M:%S UTC %Y';
    await tool.out(`${formatDate(ms, format?.slice(1) ?? standard)}\n`);
    return 0;
  },
};

export const hostname: ToolDefinition = {
  name: 'hostname',
  short: 'sfiI',
  async run(tool) {
    const { machine, network } = tool.process;
    if (!tool.has('i', 'I')) await tool.out(`${machine.hostname}\n`);
    else await tool.out(`${(await network.resolve(machine.id, machine.hostname)).join(' ') || '127.0.0.1'}\n`);
    return 0;
  },
};

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
    const { name, uid } = tool.process.user;
    const one = tool.has('n') ? name : String(uid);
    await tool.out(
      tool.has('u', 'g', 'G') ? `${one}\n` : `uid=${uid}(${name}) gid=${uid}(${name}) groups=${uid}(${name})\n`,
    );
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
  async run(tool) {
    await tool.out(`${tool.process.cwd}\n`);
    return 0;
  },
};

export const ps: ToolDefinition = {
  name: 'ps',
  raw: true,
  async run(tool) {
    const all = hostOf(tool.process)?.processes() ?? [];
    const args = tool.process.argv.slice(1).join('');
    const now = tool.process.clock.now();
    const clockTime = (ms: number, hours: boolean) =>
      `${hours ? '00:' : ''}${hours ? '00' : '0'}:${String(ms % 1).padStart(2, '0')}`;
    if (!tool.isGnu) {
      await tool.out('PID   USER     TIME  COMMAND\n');
      for (const { pid, user, argv } of all)
        await tool.out(
          `${String(pid).padStart(5)} ${user.padEnd(8)} ${clockTime(0, false).padStart(5)} ${argv.join(' ')}\n`,
        );
      return 0;
    }
    if (args.includes('f') || args.includes('u')) {
      const isAux = args.includes('u');
      await tool.out(
        isAux
          ? 'USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\n'
          : 'UID          PID    PPID  C STIME TTY          TIME CMD\n',
      );
      for (const { pid, parentPid, user, argv, startedAt } of all) {
        const began = formatDate(Math.min(now, startedAt), '%H:%M');
        await tool.out(
          isAux
            ? `${user.padEnd(8)} ${String(pid).padStart(7)}  0.0  0.0   4624  3584 pts/0    S    ${began}   0:00 ${argv.join(' ')}\n`
            : `${user.padEnd(8)} ${String(pid).padStart(7)} ${String(parentPid).padStart(7)}  0 ${began} pts/0    00:00:00 ${argv.join(' ')}\n`,
        );
      }
      return 0;
    }
    await tool.out('    PID TTY          TIME CMD\n');
    for (const { pid, argv } of all)
      await tool.out(`${String(pid).padStart(7)} pts/0    00:00:00 ${(argv[0] ?? '').replace(/.*\//, '')}\n`);
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
    const show = (kib: number) =>
      tool.has('h')
        ? `${(kib / 1024 / 1024).toFixed(1)}Gi`
        : tool.has('m')
          ? String(Math.floor(kib / 1024))
          : tool.has('g')
            ? String(Math.floor(kib / 1024 / 1024))
            : String(kib);
    const row = (name: string, cells: readonly number[]) =>
      `${name.padEnd(8)}${cells.map((cell) => show(cell).padStart(12)).join('')}\n`;
    await tool.out(
      `${' '.repeat(8)}${['total', 'used', 'free', 'shared', 'buff/cache', 'available'].map((title) => title.padStart(12)).join('')}\n`,
    );
    await tool.out(row('Mem:', [total, used, total - used, 0, 0, total - used]) + row('Swap:', [0, 0, 0]));
    return 0;
  },
};

export const df: ToolDefinition = {
  name: 'df',
  short: 'hTkma',
  async run(tool) {
    const human = tool.has('h');
    await tool.out(
      `Filesystem     ${human ? ' Size  Used Avail Use%' : '1K-blocks    Used Available Use%'} Mounted on\n`,
    );
    const row = (name: string, path: string) =>
      `${name.padEnd(15)}${human ? '  98G   23G   71G  25%' : '102626232 24117248  75000000  25%'} ${path}\n`;
    await tool.out(row(tool.isGnu ? '/dev/sda1' : 'overlay', '/'));
    for (const { path } of tool.files.mountPoints()) if (path !== '/') await tool.out(row('tmpfs', path));
    return 0;
  },
};

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
