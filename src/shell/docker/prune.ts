// docker container prune, image prune, system df and system prune: what takes space, and taking away what nobody uses.

import type { DockerContainer, DockerImage } from '../../api/docker.ts';
import { humanSize } from '../../base/human-size.ts';
import { confirmed, type DockerCall, type DockerCommand, option, table } from './command.ts';
import { unusedNetworks } from './network.ts';

const force = option.flag('force', 'Do not prompt for confirmation', 'f');
const filter = option.list('filter', 'Provide filter values');

export const containerPrune: DockerCommand = {
  name: 'container prune',
  operands: '',
  about: 'Remove all stopped containers',
  min: 0,
  max: 0,
  options: [force],
  async run(call) {
    if (!(await confirmed(call, 'WARNING! This will remove all stopped containers.'))) return 0;
    await pruneContainers(call);
    await call.out('Total reclaimed space: 0B\n');
    return 0;
  },
};

export const imagePrune: DockerCommand = {
  name: 'image prune',
  operands: '',
  about: 'Remove unused images',
  min: 0,
  max: 0,
  options: [force, filter, option.flag('all', 'Remove all unused images, not just dangling ones', 'a')],
  async run(call) {
    const what = call.options.has('all')
      ? 'all images without at least one container associated to them'
      : 'all dangling images';
    if (!(await confirmed(call, `WARNING! This will remove ${what}.`))) return 0;
    await call.out(`Total reclaimed space: ${humanSize(await pruneImages(call))}\n`);
    return 0;
  },
};

export const systemPrune: DockerCommand = {
  name: 'system prune',
  operands: '',
  about: 'Remove unused data',
  min: 0,
  max: 0,
  options: [
    force,
    option.flag('all', 'Remove all unused images not just dangling ones', 'a'),
    option.flag('volumes', 'Prune anonymous volumes'),
  ],
  async run(call) {
    const { docker, options } = call;
    const images = options.has('all')
      ? 'all images without at least one container associated to them'
      : 'all dangling images';
    const cache = options.has('all') ? 'all build cache' : 'unused build cache';
    const what = [
      'all stopped containers',
      'all networks not used by at least one container',
      ...(options.has('volumes') ? ['all anonymous volumes not used by at least one container'] : []),
      images,
      cache,
    ];
    const warning = `WARNING! This will remove:\n${what.map((line) => `  - ${line}\n`).join('')}`;
    if (!(await confirmed(call, warning))) return 0;
    await pruneContainers(call);
    const networks = await unusedNetworks(docker);
    for (const name of networks) await docker.networks.remove(name);
    if (networks.length > 0) await call.out(`Deleted Networks:\n${networks.map((name) => `${name}\n`).join('')}\n`);
    let bytes = 0;
    if (options.has('volumes')) bytes += await pruneVolumes(call);
    bytes += await pruneImages(call);
    await call.out(`Total reclaimed space: ${humanSize(bytes)}\n`);
    return 0;
  },
};

export const systemDf: DockerCommand = {
  name: 'system df',
  operands: '',
  about: 'Show docker disk usage',
  min: 0,
  max: 0,
  options: [],
  async run({ docker, out }) {
    const [images, containers, volumes] = [
      await docker.images(),
      await docker.containers(),
      await docker.volumes.list(),
    ];
    const own = containers.filter(({ image }) => !image.includes('kicbase'));
    const row = <T>(title: string, all: readonly T[], isUsed: (one: T) => boolean, bytes: (one: T) => number) => {
      const sum = (some: readonly T[]): number => some.reduce((total, one) => total + bytes(one), 0);
      const free = sum(all.filter((one) => !isUsed(one)));
      const share = sum(all) > 0 ? ` (${Math.floor((100 * free) / sum(all))}%)` : '';
      const used = String(all.filter(isUsed).length);
      return [title, String(all.length), used, humanSize(sum(all)), `${humanSize(free)}${share}`];
    };
    await out(
      table([
        ['TYPE', 'TOTAL', 'ACTIVE', 'SIZE', 'RECLAIMABLE'],
        row(
          'Images',
          images,
          (image) => isUsed(image, own),
          ({ sizeBytes }) => sizeBytes,
        ),
        row(
          'Containers',
          own,
          ({ state }) => state === 'running',
          () => 0,
        ),
        row(
          'Local Volumes',
          volumes,
          ({ users }) => users.length > 0,
          ({ sizeBytes }) => sizeBytes,
        ),
        row(
          'Build Cache',
          [],
          () => false,
          () => 0,
        ),
      ]),
    );
    return 0;
  },
};

function isUsed(image: DockerImage, containers: readonly DockerContainer[]): boolean {
  return containers.some(({ imageId }) => imageId === image.id);
}

async function pruneContainers({ docker, out }: DockerCall): Promise<void> {
  const going = (await docker.containers()).filter(
    ({ state, image }) => (state === 'exited' || state === 'created') && !image.includes('kicbase'),
  );
  for (const { id } of going) await docker.remove(id, { force: false, volumes: false });
  if (going.length > 0) await out(`Deleted Containers:\n${going.map(({ id }) => `${id}\n`).join('')}\n`);
}

async function pruneVolumes({ docker, out }: DockerCall): Promise<number> {
  const going = (await docker.volumes.list()).filter(({ users, anonymous }) => users.length === 0 && anonymous);
  for (const { name } of going) await docker.volumes.remove(name);
  if (going.length > 0) await out(`Deleted Volumes:\n${going.map(({ name }) => `${name}\n`).join('')}\n`);
  return going.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

/** The bytes that are free now. */
async function pruneImages({ docker, options, out }: DockerCall): Promise<number> {
  const containers = await docker.containers();
  const going = (await docker.images()).filter(
    (image) => !isUsed(image, containers) && (options.has('all') || image.tags.length === 0),
  );
  const lines: string[] = [];
  for (const { id } of going)
    lines.push(
      ...(await docker.removeImage(id, true)).map((line) => line.replace(/^\w/, (letter) => letter.toLowerCase())),
    );
  if (lines.length > 0) await out(`Deleted Images:\n${lines.map((line) => `${line}\n`).join('')}\n`);
  return going.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}
