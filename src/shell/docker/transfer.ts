// docker pull, push and tag: images between the daemon and registries.
import { DockerError } from '../../api/docker.ts';
import { type DockerCall, type DockerCommand, DockerCommandError, option } from './command.ts';
import { readAccounts, registryOf } from './config-file.ts';

export const pull: DockerCommand = {
  name: 'pull',
  operands: 'NAME[:TAG|@DIGEST]',
  about: 'Download an image from a registry',
  min: 1,
  max: 1,
  options: [option.flag('quiet', 'Suppress verbose output', 'q')],
  async run(call) {
    const [name = ''] = call.options.operands;
    if (call.options.has('quiet')) {
      const { name: full } = await call.docker.pull(name);
      await call.out(`${full}\n`);
    } else await pullImage(call, name, call.out);
    return 0;
  },
};

/** Pulls and shows how; `docker run` shows it on standard error. */
export async function pullImage(
  call: Pick<DockerCall, 'docker'>,
  name: string,
  write: (text: string) => Promise<void>,
): Promise<void> {
  const hasTag = /[:@]/.test(name.slice(name.lastIndexOf('/') + 1));
  if (!hasTag) await write('Using default tag: latest\n');
  const reply = await call.docker.pull(name);
  const tag = /@/.test(name) ? reply.digest : reply.name.slice(reply.name.lastIndexOf(':') + 1);
  const repository = reply.name.slice(0, reply.name.lastIndexOf(':')).replace(/^docker\.io\//, '');
  await write(`${tag}: Pulling from ${repository}\n`);
  for (const layer of reply.layers) await write(`${layer}: Pull complete\n`);
  await write(`Digest: ${reply.digest}\n`);
  const short = reply.name.replace(/^docker\.io\/(library\/)?/, '');
  await write(
    `Status: ${reply.known > 0 ? 'Image is up to date' : 'Downloaded newer image'} for ${short}\n${reply.name}\n`,
  );
}

export const push: DockerCommand = {
  name: 'push',
  operands: 'NAME[:TAG]',
  about: 'Upload an image to a registry',
  min: 1,
  max: 1,
  options: [
    option.flag('quiet', 'Suppress verbose output', 'q'),
    option.flag('all-tags', 'Push all tags of an image', 'a'),
  ],
  async run(call) {
    const [name = ''] = call.options.operands;
    const hasTag = name.slice(name.lastIndexOf('/') + 1).includes(':');
    if (!call.options.has('all-tags')) {
      if (!hasTag) await call.out('Using default tag: latest\n');
      return pushTags(call, name, [name]);
    }
    if (hasTag) throw new DockerCommandError("tag can't be used with --all-tags/-a");
    const full = fullRepository(name);
    const tags = (await call.docker.images()).flatMap((image) => image.tags);
    const all = tags.filter((each) => fullRepository(each.slice(0, each.lastIndexOf(':'))) === full);
    return pushTags(call, name, all.length > 0 ? all.sort() : [name]);
  },
};

async function pushTags(call: DockerCall, repository: string, names: readonly string[]): Promise<number> {
  await call.out(`The push refers to repository [${fullRepository(repository)}]\n`);
  const accounts = readAccounts(call.process);
  try {
    for (const name of names) {
      const reply = await call.docker.push(name, accounts.get(registryOf(name))?.user);
      const said = reply.known > 0 ? 'Layer already exists' : 'Pushed';
      if (!call.options.has('quiet'))
        for (const layer of [...reply.layers].reverse()) await call.out(`${layer}: ${said}\n`);
      const pushed = reply.name.slice(reply.name.lastIndexOf(':') + 1);
      if (call.options.has('quiet')) await call.out(`${reply.name}\n`);
      else await call.out(`${pushed}: digest: ${reply.digest} size: ${1000 + reply.layers.length * 246}\n`);
    }
    return 0;
  } catch (error) {
    if (!(error instanceof DockerError)) throw error;
    await call.error(`${error.message}\n`);
    return 1;
  }
}

export const tag: DockerCommand = {
  name: 'tag',
  operands: 'SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]',
  about: 'Create a tag TARGET_IMAGE that refers to SOURCE_IMAGE',
  min: 2,
  max: 2,
  options: [],
  async run({ docker, options }) {
    const [source = '', target = ''] = options.operands;
    await docker.tag(source, target);
    return 0;
  },
};

function fullRepository(name: string): string {
  const slash = name.lastIndexOf('/');
  const bare = name.slice(0, slash + 1) + (name.slice(slash + 1).split(':')[0] ?? '');
  const registry = registryOf(name);
  if (registry !== 'docker.io' || bare.startsWith('docker.io/')) return bare;
  return `docker.io/${bare.includes('/') ? bare : `library/${bare}`}`;
}
