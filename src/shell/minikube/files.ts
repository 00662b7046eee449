// minikube cp, mount and ssh-key: files of this machine on those of the cluster.
import { FileError, normalizePath } from '../../base/files.ts';
import { type MinikubeCommand, MinikubeExit, needCluster, needRunning } from './command.ts';
import { ended } from './until-ended.ts';

export const copy: MinikubeCommand = {
  name: 'cp',
  about: 'Copy the specified file into minikube',
  options: [],
  async run(call) {
    const cluster = await needRunning(call);
    const [from, to, ...more] = call.options.operands;
    if (from === undefined || to === undefined || more.length > 0)
      throw new MinikubeExit(
        '\n❌  Exiting due to MK_USAGE: Please specify the path to copy: \n\tminikube cp <source file path> <target file absolute path> (example: "minikube cp a/b.txt /copied.txt")',
        14,
      );
    const [, node = cluster.nodes[0]?.name ?? '', path = ''] = /^(?:([^/:]+):)?(.*)$/.exec(to) ?? [];
    if (!path.startsWith('/'))
      throw new MinikubeExit(
        `\n❌  Exiting due to MK_USAGE: <target file absolute path> must be an absolute Path. Relative Path is not allowed (example: "minikube:/home/docker/copied.txt")`,
        14,
      );
    const { files } = call.process.machine;
    const source = normalizePath(from, call.process.cwd);
    try {
      const name = cluster.nodes.find((each) => each.name === node || each.name === `${cluster.name}-${node}`)?.name;
      if (name === undefined)
        throw new MinikubeExit(`\n❌  Exiting due to GUEST_NODE_RETRIEVE: Could not find node ${node}`, 80);
      await call.clusters.copy(cluster.name, { node: name, path, bytes: files.readFile(source) });
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      throw new MinikubeExit(
        `\n❌  Exiting due to HOST_PATH_STAT: stat failed: stat ${source}: no such file or directory`,
        65,
      );
    }
    return 0;
  },
};

export const mount: MinikubeCommand = {
  name: 'mount',
  about: 'Mounts the specified directory into minikube',
  options: [],
  async run(call) {
    const cluster = await needRunning(call);
    const [text = ''] = call.options.operands;
    const at = text.lastIndexOf(':');
    const [from, to] = [text.slice(0, Math.max(at, 0)), text.slice(at + 1)];
    if (from === '' || !to.startsWith('/'))
      throw new MinikubeExit(
        '\n❌  Exiting due to MK_USAGE: Please specify the directory to be mounted: \n\tminikube mount <source directory>:<target directory>   (example: "/host-home:/vm-home")',
        14,
      );
    const source = normalizePath(from, call.process.cwd);
    const { files } = call.process.machine;
    if (!files.exists(source) || files.stat(source).kind !== 'directory')
      throw new MinikubeExit(`\n❌  Exiting due to HOST_PATH_MISSING: Cannot find directory ${source} for mount`, 65);
    const [network = ''] = /^\d+\.\d+\.\d+/.exec(cluster.nodes[0]?.ip ?? '') ?? [];
    await call.say('📁', `Mounting host path ${source} into VM as ${to} ...`);
    const facts = [
      'Mount type:   9p',
      'User ID:      docker',
      'Group ID:     docker',
      'Version:      9p2000.L',
      'Message Size: 262144',
      'Options:      map[]',
      `Bind Address: ${network}.1:41231`,
    ];
    await call.out(facts.map((fact) => `    ▪ ${fact}\n`).join(''));
    await call.say('🚀', 'Userspace file server: ufs starting');
    const unmount = await call.clusters.mount(cluster.name, source, to);
    await call.say('✅', `Successfully mounted ${source} to ${to}\n`);
    await call.say('📌', 'NOTE: This process must stay alive for the mount to be accessible ...');
    await ended(call.process);
    unmount?.();
    await call.say('🔥', `Unmounting ${to} ...`);
    return 0;
  },
};

export const sshKey: MinikubeCommand = {
  name: 'ssh-key',
  about: 'Retrieve the ssh identity key path of the specified node',
  options: [{ name: 'node', short: 'n', kind: 'text', about: 'The node to get ssh-key path' }],
  async run(call) {
    const { name } = await needCluster(call);
    const home = call.process.env.get('HOME') ?? '/root';
    await call.out(`${home}/.minikube/machines/${call.options.text('node') ?? name}/id_rsa\n`);
    return 0;
  },
};
