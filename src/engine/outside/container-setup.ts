// What a container of the docker daemon is created with: its environment, its user, its mounts.
import { type ContainerRequest, DockerError, type DockerMount } from '../../api/docker.ts';
import { directoryNode, FileError, FileTree, type TreeNode } from '../../base/files.ts';
import type { ContainerConfig, Mount } from '../node/runtime/container-config.ts';
import type { DockerVolumes } from './docker-volumes.ts';
import { baseTree, type LocalImage, userOf } from './local-image.ts';

export interface Setup {
  readonly id: string;
  readonly request: ContainerRequest;
  readonly image: LocalImage;
  readonly env: readonly string[];
  readonly mounts: readonly Mount[];
  /** Undefined: it has none (yet). */
  ip(): string | undefined;
}

export function configOfContainer(setup: Setup): ContainerConfig {
  const { id, request, image, env, mounts } = setup;
  const hostname = request.hostname ?? id.slice(0, 12);
  const pairs = env.map((line) => [line.split('=')[0] ?? '', line.slice(line.indexOf('=') + 1)] as const);
  const { memoryBytes, cpus } = request;
  return {
    name: id.slice(0, 12),
    attempt: 0,
    image: { name: request.image, digestName: image.id, sizeBytes: image.sizeBytes, image: image.definition },
    imageName: request.image,
    command: request.entrypoint,
    args: request.command.length > 0 ? request.command : undefined,
    env: new Map([['HOSTNAME', hostname], ...(request.tty ? [['TERM', 'xterm'] as const] : []), ...pairs]),
    workingDir: request.workingDir,
    user: { ...userFor(image, request.user), groups: [], ownGroups: [] },
    mounts,
    hostname,
    systemFiles: () => new Map([['/etc/hosts', hostsFile(setup, hostname)]]),
    ports: portsOf(setup),
    stdin: request.stdin,
    tty: request.tty,
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    resources: {
      limits: {
        ...(memoryBytes === undefined ? {} : { memory: String(memoryBytes) }),
        ...(cpus === undefined ? {} : { cpu: String(cpus) }),
      },
    },
  };
}

/** Ports that a server without a configuration of its own listens on. */
export function portsOf({ request, image }: Pick<Setup, 'request' | 'image'>): readonly number[] {
  const exposed = image.config.ports.map((port) => Number.parseInt(port, 10));
  return [...new Set([...exposed, ...request.ports.map(({ containerPort }) => containerPort)])];
}

/** The image's variables, then those that were asked for. */
export function environmentOf({ config }: LocalImage, request: ContainerRequest): readonly string[] {
  const all = new Map([...config.env, ...request.env].map((line) => [line.split('=')[0] ?? '', line] as const));
  return [...all.values()];
}

/** Opens volumes and paths of the machine. */
export function openMounts(
  wanted: readonly DockerMount[],
  from: { readonly image: LocalImage; readonly volumes: DockerVolumes; readonly machine: FileTree },
): readonly Mount[] {
  const base = new FileTree(() => 0, baseTree(from.image.definition, 0));
  return wanted.map((mount) => {
    const { kind, source = '', target: path, readOnly } = mount;
    const initial = kind === 'volume' && base.exists(path) ? base.stat(path) : undefined;
    const node =
      kind === 'volume'
        ? from.volumes.open(source, initial)
        : kind === 'bind'
          ? hostNode(from.machine, mount, source)
          : directoryNode();
    return { path, node, readOnly };
  });
}

/** A path of the machine; `-v` makes a directory of what is not there, `--mount` refuses it. */
function hostNode(files: FileTree, { mustExist }: DockerMount, path: string): TreeNode {
  if (!files.exists(path)) {
    if (mustExist)
      throw new DockerError(`invalid mount config for type "bind": bind source path does not exist: ${path}`);
    try {
      files.makeDirectory(path, { parents: true });
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      throw new DockerError(`error while creating mount source path '${path}': mkdir ${path}: not a directory`);
    }
  }
  return files.stat(path);
}

function hostsFile({ ip, request }: Setup, hostname: string): string {
  const own = ip();
  const lines = [
    '127.0.0.1\tlocalhost',
    '::1\tlocalhost ip6-localhost ip6-loopback',
    ...request.extraHosts.map(([name, address]) => `${address}\t${name}`),
    ...(own ? [`${own}\t${hostname}`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** The image's, or the one that `--user` names. */
function userFor(
  { definition }: LocalImage,
  asked: string | undefined,
): { readonly uid: number; readonly gid: number } {
  const { uid = 0, gid = 0 } = definition.user ?? {};
  if (asked === undefined) return { uid, gid };
  const files = new FileTree(() => 0, baseTree(definition, 0));
  const passwd = files.exists('/etc/passwd') ? files.readText('/etc/passwd') : '';
  const [name = ''] = asked.split(':');
  if (name !== 'root' && !/^\d+$/.test(name) && !passwd.split('\n').some((line) => line.startsWith(`${name}:`)))
    throw new DockerError(`unable to find user ${name}: no matching entries in passwd file`);
  return userOf(asked, passwd) ?? { uid: 0, gid: 0 };
}
