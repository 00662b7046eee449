// docker diff, port, top and stats: what a container changed, publishes, runs and uses.
import { DockerError } from '../../api/docker.ts';
import { type DockerCall, type DockerCommand, option, shortId, table } from './command.ts';
import { printList } from './list.ts';

export const diff: DockerCommand = {
  name: 'diff',
  operands: 'CONTAINER',
  about: "Inspect changes to files or directories on a container's filesystem",
  min: 1,
  max: 1,
  options: [],
  async run({ docker, options, out }) {
    const changes = await docker.changes(options.operands[0] ?? '');
    await out(changes.map(({ kind, path }) => `${kind} ${path}\n`).join(''));
    return 0;
  },
};

export const port: DockerCommand = {
  name: 'port',
  operands: 'CONTAINER [PRIVATE_PORT[/PROTO]]',
  about: 'List port mappings or a specific mapping for the container',
  min: 1,
  max: 2,
  options: [],
  async run({ docker, options, out }) {
    const [name = '', wanted] = options.operands;
    const container = await docker.findContainer(name);
    if (!container) throw new DockerError(`No such container: ${name}`);
    const number = Number(wanted?.replace(/\/tcp$/, ''));
    const ports = container.ports.filter(({ containerPort }) => wanted === undefined || containerPort === number);
    if (wanted !== undefined && ports.length === 0)
      throw new DockerError(`no public port '${wanted}' published for ${name}`);
    for (const { hostIp, hostPort, containerPort } of ports)
      for (const ip of hostIp === '0.0.0.0' ? ['0.0.0.0', '[::]'] : [hostIp])
        await out(`${wanted === undefined ? `${containerPort}/tcp -> ` : ''}${ip}:${hostPort}\n`);
    return 0;
  },
};

export const top: DockerCommand = {
  name: 'top',
  operands: 'CONTAINER [ps OPTIONS]',
  about: 'Display the running processes of a container',
  min: 1,
  operandsEnd: true,
  options: [],
  async run({ docker, options, out }) {
    const processes = await docker.processes(options.operands[0] ?? '');
    const titles = ['UID', 'PID', 'PPID', 'C', 'STIME', 'TTY', 'TIME', 'CMD'];
    const rows = processes.map(({ user, pid, startedAt, command }) => {
      const time = new Date(Math.floor(startedAt)).toISOString().slice(11, 16);
      return [user, String(pid), String(pid - 21), '0', time, '?', '00:00:00', command];
    });
    await out(table([titles, ...rows].map((row) => row.map((cell) => cell.padEnd(17)))).replace(/ +$/gm, ''));
    return 0;
  },
};

const periodMs = 1000;

export const stats: DockerCommand = {
  name: 'stats',
  operands: '[CONTAINER...]',
  about: 'Display a live stream of container(s) resource usage statistics',
  min: 0,
  options: [
    option.flag('no-stream', 'Disable streaming stats and only pull the first result'),
    option.flag('all', 'Show all containers (default shows just running)', 'a'),
    option.flag('no-trunc', 'Do not truncate output'),
    option.text('format', 'Format output using a Go template'),
  ],
  async run(call) {
    const isLive = !call.options.has('no-stream') && call.process.terminal !== undefined;
    do {
      if (isLive) await call.out('\u001b[H\u001b[2J');
      await show(call);
      if (isLive) await call.process.clock.sleep(periodMs, call.process.cancel);
    } while (isLive);
    return 0;
  },
};

async function show(call: DockerCall): Promise<void> {
  const { docker, options } = call;
  const isAll = options.has('all');
  const running = (await docker.containers()).filter(
    ({ state, image }) => (isAll || state === 'running') && !/kicbase/.test(image),
  );
  const names = options.operands.length > 0 ? options.operands : running.map(({ id }) => id);
  const rows = [];
  for (const name of names) {
    const { id, name: own, cpuShare, memoryBytes, memoryLimitBytes, processes } = await docker.stats(name);
    const share = memoryLimitBytes > 0 ? (100 * memoryBytes) / memoryLimitBytes : 0;
    rows.push({
      ID: options.has('no-trunc') ? id : shortId(id),
      Name: own,
      CPUPerc: `${(100 * cpuShare).toFixed(2)}%`,
      MemUsage: `${binary(memoryBytes)} / ${binary(memoryLimitBytes)}`,
      MemPerc: `${share.toFixed(2)}%`,
      NetIO: '0B / 0B',
      BlockIO: '0B / 0B',
      PIDs: String(processes),
    });
  }
  const columns = {
    'CONTAINER ID': 'ID',
    NAME: 'Name',
    'CPU %': 'CPUPerc',
    'MEM USAGE / LIMIT': 'MemUsage',
    'MEM %': 'MemPerc',
    'NET I/O': 'NetIO',
    'BLOCK I/O': 'BlockIO',
    PIDS: 'PIDs',
  };
  await printList(call, rows, { columns, id: 'ID', type: '*container.statsContext' });
}

/** `4.5MiB`, `15.5GiB`: four digits. */
function binary(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < 3) {
    value /= 1024;
    unit++;
  }
  return `${Number(value.toPrecision(4))}${['B', 'KiB', 'MiB', 'GiB'][unit] ?? ''}`;
}
