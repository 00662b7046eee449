// docker ps: the containers that run, or all of them.
import type { DockerContainer } from '../../api/docker.ts';
import { humanAge } from '../../base/human-age.ts';
import { type DockerCommand, option, passesFilters, shortId } from './command.ts';
import { printList } from './list.ts';

export const ps: DockerCommand = {
  name: 'ps',
  operands: '',
  about: 'List containers',
  min: 0,
  max: 0,
  options: [
    option.flag('all', 'Show all containers (default shows just running)', 'a'),
    option.flag('quiet', 'Only display container IDs', 'q'),
    option.flag('latest', 'Show the latest created container', 'l'),
    option.flag('no-trunc', "Don't truncate output"),
    option.list('filter', 'Filter output based on conditions provided', 'f'),
    option.text('format', 'Format output using a Go template'),
  ],
  async run(call) {
    const { docker, options, process } = call;
    const filters = options.list('filter');
    const isAll = options.has('all') || options.has('latest') || filters.some((each) => each.startsWith('status='));
    const all = (await docker.containers()).filter(
      (each) => (isAll || ['running', 'paused', 'restarting'].includes(each.state)) && passes(each, filters),
    );
    const now = process.clock.now();
    const rows = (options.has('latest') ? all.slice(0, 1) : all).map((each) =>
      fields(each, now, options.has('no-trunc')),
    );
    return printList(call, rows, { columns, id: 'ID', type: '*formatter.ContainerContext' });
  },
};

const columns = {
  'CONTAINER ID': 'ID',
  IMAGE: 'Image',
  COMMAND: 'Command',
  CREATED: 'RunningFor',
  STATUS: 'Status',
  PORTS: 'Ports',
  NAMES: 'Names',
};

function fields(container: DockerContainer, now: number, whole: boolean) {
  const command = container.argv.join(' ');
  return {
    ID: whole ? container.id : shortId(container.id),
    Image: container.image,
    Command: `"${whole || command.length <= 20 ? command : `${command.slice(0, 19)}…`}"`,
    RunningFor: `${humanAge(now - container.createdAt)} ago`,
    Status: statusOf(container, now),
    Ports: portsOf(container),
    Names: container.name,
    State: container.state,
    CreatedAt: new Date(Math.floor(container.createdAt))
      .toISOString()
      .replace('T', ' ')
      .replace(/\.\d+Z/, ' +0000 UTC'),
    Networks: container.endpoints.map(({ network }) => network).join(','),
    Mounts: container.mounts.map(({ source = '' }) => source).join(','),
    Labels: Object.entries(container.labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(','),
    Size: '0B',
  };
}

export function statusOf(container: DockerContainer, now: number): string {
  const { state, startedAt, finishedAt, exitCode, health } = container;
  if (state === 'created') return 'Created';
  if (state === 'restarting') return `Restarting (${exitCode}) ${humanAge(now - finishedAt)} ago`;
  const up = `Up ${humanAge(now - startedAt)}`;
  if (state === 'paused') return `${up} (Paused)`;
  if (state === 'running')
    return health ? `${up} (${health.status === 'starting' ? 'health: starting' : health.status})` : up;
  return `Exited (${exitCode}) ${humanAge(now - finishedAt)} ago`;
}

function portsOf({ state, ports, exposed }: DockerContainer): string {
  if (state !== 'running' && state !== 'paused') return '';
  const published = new Set(ports.map(({ containerPort }) => `${containerPort}/tcp`));
  const shown = ports.flatMap(({ hostIp, hostPort, containerPort }) => {
    const tail = `${hostPort}->${containerPort}/tcp`;
    return hostIp === '0.0.0.0' ? [`0.0.0.0:${tail}`, `[::]:${tail}`] : [`${hostIp}:${tail}`];
  });
  return [...exposed.filter((port) => !published.has(port)), ...shown].join(', ');
}

function passes(container: DockerContainer, filters: readonly string[]): boolean {
  const { name, state, id, image, labels, exitCode, endpoints, mounts, health } = container;
  const plain = (text: string): string => text.replace(/:latest$/, '');
  return passesFilters(filters, {
    name: (value) => name.includes(value),
    status: (value) => state === value,
    id: (value) => id.startsWith(value),
    ancestor: (value) => plain(image) === plain(value),
    label: (value) => Object.entries(labels).some(([key, held]) => key === value || `${key}=${held}` === value),
    exited: (value) => state === 'exited' && exitCode === Number(value),
    network: (value) => endpoints.some(({ network }) => network === value),
    volume: (value) => mounts.some(({ source, target }) => source === value || target === value),
    health: (value) => (health?.status ?? 'none') === value,
  });
}
