// docker ps: the containers that run, or all of them.
import type { DockerContainer } from '../../api/docker.ts';
import { type DockerCommand, fillTemplate, humanAge, option, shortId, table } from './command.ts';

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
  async run({ docker, options, process, out }) {
    const filters = options.list('filter');
    const isAll = options.has('all') || options.has('latest') || filters.some((each) => each.startsWith('status='));
    const all = (await docker.containers()).filter(
      (each) => (isAll || each.state === 'running') && filters.every((filter) => passes(each, filter)),
    );
    const now = process.clock.now();
    const rows = (options.has('latest') ? all.slice(0, 1) : all).map((each) =>
      fields(each, now, options.has('no-trunc')),
    );
    const template = options.text('format');
    if (options.has('quiet')) await out(rows.map(({ ID }) => `${ID}\n`).join(''));
    else if (template !== undefined && !template.startsWith('table'))
      await out(rows.map((row) => `${fillTemplate(template, row)}\n`).join(''));
    else if (template !== undefined && template !== 'table') {
      const columns = template.slice(6);
      const title = columns.replace(/\{\{\s*\.(\w+)\s*\}\}/g, (_, name: string) => titles[name] ?? name.toUpperCase());
      const cells = [title.replace(/\\t/g, '\t'), ...rows.map((row) => fillTemplate(columns, row))];
      await out(table(cells.map((line) => line.split('\t'))));
    } else {
      const title = ['CONTAINER ID', 'IMAGE', 'COMMAND', 'CREATED', 'STATUS', 'PORTS', 'NAMES'];
      const cells = rows.map((row) => [
        row.ID,
        row.Image,
        row.Command,
        row.RunningFor,
        row.Status,
        row.Ports,
        row.Names,
      ]);
      await out(table([title, ...cells]));
    }
    return 0;
  },
};

const titles: Readonly<Record<string, string>> = {
  ID: 'CONTAINER ID',
  RunningFor: 'CREATED',
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
  };
}

export function statusOf({ state, startedAt, finishedAt, exitCode }: DockerContainer, now: number): string {
  if (state === 'created') return 'Created';
  if (state === 'running') return `Up ${humanAge(now - startedAt)}`;
  return `Exited (${exitCode}) ${humanAge(now - finishedAt)} ago`;
}

function portsOf({ state, ports, exposed }: DockerContainer): string {
  if (state !== 'running') return '';
  const published = new Set(ports.map(({ containerPort }) => `${containerPort}/tcp`));
  const shown = ports.flatMap(({ hostIp, hostPort, containerPort }) => {
    const tail = `${hostPort}->${containerPort}/tcp`;
    return hostIp === '0.0.0.0' ? [`0.0.0.0:${tail}`, `[::]:${tail}`] : [`${hostIp}:${tail}`];
  });
  return [...exposed.filter((port) => !published.has(port)), ...shown].join(', ');
}

function passes(container: DockerContainer, filter: string): boolean {
  const [key, value = ''] = filter.split('=');
  if (key === 'name') return container.name.includes(value);
  if (key === 'status') return container.state === value;
  if (key === 'id') return container.id.startsWith(value);
  if (key === 'ancestor') return container.image.replace(/:latest$/, '') === value.replace(/:latest$/, '');
  return false;
}
