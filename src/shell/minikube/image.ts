// minikube image: brings images of the machine's docker into the cluster without a registry.
import { type MinikubeCommand, MinikubeExit, needRunning } from './command.ts';

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
    for (const name of operands)
      if (!(await call.clusters.loadImage(cluster.name, name)))
        throw new MinikubeExit(
          `\n❌  Exiting due to GUEST_IMAGE_LOAD: Failed to load image: "${name}" is not an image of this machine's docker`,
          80,
        );
    return 0;
  },
};

export const imageList: MinikubeCommand = {
  name: 'image ls',
  about: 'List images',
  options: [],
  async run(call) {
    const cluster = await needRunning(call);
    const names = await call.clusters.images(cluster.name);
    await call.out(names.map((name) => `${name}\n`).join(''));
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
