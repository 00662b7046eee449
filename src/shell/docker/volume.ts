// docker volume: directories that outlive containers.

import type { DockerVolume } from '../../api/docker.ts';
import { humanSize } from '../../base/human-size.ts';
import { confirmed, type DockerCommand, labelsOf, option, passesFilters } from './command.ts';
import { listOptions, printList } from './list.ts';
import { objectCommands } from './object-commands.ts';

const root = '/var/lib/docker/volumes';

const create: DockerCommand = {
  name: 'volume create',
  operands: '[VOLUME]',
  about: 'Create a volume',
  min: 0,
  max: 1,
  options: [
    option.text('driver', 'Specify volume driver name (default "local")', 'd'),
    option.list('label', 'Set metadata for a volume'),
    option.text('name', 'Specify volume name'),
  ],
  async run({ docker, options, out }) {
    const [name = options.text('name')] = options.operands;
    await out(`${await docker.volumes.create(name, labelsOf(options.list('label')))}\n`);
    return 0;
  },
};

const list: DockerCommand = {
  name: 'volume ls',
  aliases: ['volume list'],
  operands: '',
  about: 'List volumes',
  min: 0,
  max: 0,
  options: listOptions,
  async run(call) {
    const filters = call.options.list('filter');
    const volumes = (await call.docker.volumes.list()).filter((volume) => passes(volume, filters));
    const rows = volumes.map(({ name }) => ({
      Driver: 'local',
      Name: name,
      Scope: 'local',
      Mountpoint: placeOf(name),
    }));
    return printList(call, rows, {
      columns: { DRIVER: 'Driver', 'VOLUME NAME': 'Name' },
      id: 'Name',
      titles: { SCOPE: 'Scope', MOUNTPOINT: 'Mountpoint' },
      type: '*formatter.volumeContext',
    });
  },
};

const [inspect, remove] = objectCommands<DockerVolume>({
  noun: 'volume',
  all: ({ docker }) => docker.volumes.list(),
  isNamed: (volume, name) => volume.name === name,
  shown,
  missing: (name) => `get ${name}: no such volume`,
  remove: ({ docker }, name) => docker.volumes.remove(name),
});

const prune: DockerCommand = {
  name: 'volume prune',
  operands: '',
  about: 'Remove unused local volumes',
  min: 0,
  max: 0,
  options: [
    option.flag('all', 'Remove all unused volumes, not just anonymous ones', 'a'),
    option.flag('force', 'Do not prompt for confirmation', 'f'),
  ],
  async run(call) {
    const isAll = call.options.has('all');
    const which = isAll ? 'all local volumes' : 'anonymous local volumes';
    if (!(await confirmed(call, `WARNING! This will remove ${which} not used by at least one container.`))) return 0;
    const going = (await call.docker.volumes.list()).filter(
      ({ users, anonymous }) => users.length === 0 && (isAll || anonymous),
    );
    for (const { name } of going) await call.docker.volumes.remove(name);
    if (going.length > 0) await call.out(`Deleted Volumes:\n${going.map(({ name }) => `${name}\n`).join('')}\n`);
    const bytes = going.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    await call.out(`Total reclaimed space: ${humanSize(bytes)}\n`);
    return 0;
  },
};

export const volumeCommands: readonly DockerCommand[] = [create, inspect, list, prune, remove];

function passes(volume: DockerVolume, filters: readonly string[]): boolean {
  return passesFilters(filters, {
    name: (value) => volume.name.includes(value),
    dangling: (value) => (volume.users.length === 0) === (value === 'true' || value === '1'),
    label: (value) =>
      value in volume.labels || Object.entries(volume.labels).some(([key, held]) => `${key}=${held}` === value),
    driver: (value) => value === 'local',
  });
}

function placeOf(name: string): string {
  return `${root}/${name}/_data`;
}

function shown({ name, createdAt, labels, anonymous }: DockerVolume): object {
  const own = anonymous ? { 'com.docker.volume.anonymous': '' } : undefined;
  return {
    CreatedAt: new Date(Math.floor(createdAt)).toISOString().replace(/\.\d+/, ''),
    Driver: 'local',
    Labels: Object.keys(labels).length > 0 ? labels : (own ?? null),
    Mountpoint: placeOf(name),
    Name: name,
    Options: null,
    Scope: 'local',
  };
}
