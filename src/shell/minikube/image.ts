// minikube image: brings images of the machine's docker into the cluster without a registry.
import { DockerError } from '../../api/docker.ts';
import { normalizePath } from '../../base/files.ts';
import { drawTable, type MinikubeCall, type MinikubeCommand, MinikubeExit, needRunning } from './command.ts';

export const imageLoad: MinikubeCommand = {
  name: 'image load',
  about: 'Load an image into minikube',
  options: [],
  async run(call) {
    const cluster = await needRunning(call);
    const { operands } = call.options;
    if (operands.length === 0)
      throw new MinikubeExit(
        '\n❌  Exiting due to MK_USAGE: Please provide an image in your local daemon to load into minikube via <minikube image load IMAGE_NAME>',
        14,
      );
    for (const given of operands)
      for (const name of await namesIn(call, given))
        if (await call.clusters.loadImage(cluster.name, name)) continue;
        else
          throw new MinikubeExit(
            `\n❌  Exiting due to GUEST_IMAGE_LOAD: Failed to load image: "${name}" is not an image of this machine's docker`,
            80,
          );
    return 0;
  },
};

export const imagePull: MinikubeCommand = {
  name: 'image pull',
  about: 'Pull images',
  options: [],
  async run(call) {
    const cluster = await needRunning(call);
    for (const name of call.options.operands) {
      const pulled = await call.docker.pull(name).catch((error) => {
        if (!(error instanceof DockerError)) throw error;
        throw new MinikubeExit(`\n❌  Exiting due to GUEST_IMAGE_PULL: Failed to pull images: ${error.message}`, 80);
      });
      await call.clusters.loadImage(cluster.name, pulled.name);
    }
    return 0;
  },
};

export const imageRemove: MinikubeCommand = {
  name: 'image rm',
  about: 'Remove one or more images',
  options: [],
  async run(call) {
    const cluster = await needRunning(call);
    for (const name of call.options.operands)
      if (!(await call.clusters.removeImage(cluster.name, name)))
        await call.error(`❗  Failed to remove images for profile ${cluster.name}: no such image: "${name}"\n`);
    return 0;
  },
};

export const imageList: MinikubeCommand = {
  name: 'image ls',
  about: 'List images',
  options: [{ name: 'format', kind: 'text', about: 'Format output. One of: short|table|json|yaml' }],
  async run(call) {
    const cluster = await needRunning(call);
    const names = [...(await call.clusters.images(cluster.name))].sort().reverse();
    const form = call.options.text('format') ?? 'short';
    if (form === 'short') await call.out(names.map((name) => `${name}\n`).join(''));
    else if (form === 'json') await call.out(`${JSON.stringify(names.map((name) => ({ repoTags: [name] })))}\n`);
    else if (form === 'table') {
      const rows = names.map((name) => [name.slice(0, name.lastIndexOf(':')), name.slice(name.lastIndexOf(':') + 1)]);
      await call.out(drawTable(['IMAGE', 'TAG'], rows));
    } else
      throw new MinikubeExit(
        `\n❌  Exiting due to MK_USAGE: the simulator lists images as short, table or json, not ${form}`,
        14,
      );
    return 0;
  },
};

export const imageBuild: MinikubeCommand = {
  name: 'image build',
  about: 'Build a container image in minikube',
  options: [
    { name: 'tag', short: 't', kind: 'text', about: 'Tag to apply to the new image (optional)' },
    { name: 'file', short: 'f', kind: 'text', about: 'Path to the Dockerfile to use (optional)' },
  ],
  async run(call) {
    const cluster = await needRunning(call);
    const { process, options } = call;
    const [place = '.'] = options.operands;
    const tag = options.text('tag') ?? 'docker.io/library/build';
    const file = options.text('file');
    const { env, cwd, stdin, stdout, stderr, terminal } = process;
    const argv = ['docker', 'build', '-t', tag, ...(file === undefined ? [] : ['-f', file]), place];
    const child = await process.spawn({ argv, env, cwd, stdin, stdout, stderr, terminal });
    const code = await child.wait();
    if (code === 0) await call.clusters.loadImage(cluster.name, tag);
    return code;
  },
};

/** The images that a word names: one of docker's, or those of an archive that `docker save` wrote. */
async function namesIn({ docker, process }: MinikubeCall, word: string): Promise<readonly string[]> {
  const { files } = process.machine;
  const path = normalizePath(word, process.cwd);
  if (!/\.tar$/.test(word) || !files.exists(path)) return [word];
  const lines = await docker.load(files.readFile(path));
  return lines.map((line) => line.replace(/^Loaded image(?: ID)?: /, ''));
}
