// An image of the docker daemon: what it runs, what is in it, and how it becomes an image that nodes can run.
import type { DockerImageConfig, HistoryLayer } from '../../api/docker.ts';
import { snapshotDirectory } from '../../base/file-snapshot.ts';
import { type DirectoryNode, type FileNode, FileTree } from '../../base/files.ts';
import { fnv1a } from '../../base/hash.ts';
import type { ImageDefinition } from '../node/images/define-image.ts';
import { rootFiles } from '../node/runtime/root-files.ts';

export interface LocalImage {
  /** `sha256:…`. */
  readonly id: string;
  readonly createdAt: number;
  readonly sizeBytes: number;
  readonly config: DockerImageConfig;
  readonly definition: ImageDefinition;
  /** Short ids. */
  readonly layers: readonly string[];
  /** Newest first. */
  readonly history: readonly HistoryLayer[];
}

/** 64 hexadecimal digits that stand for a text: stable, no real digest. */
export function digestOf(text: string): string {
  let digest = '';
  for (let i = 0; i < 8; i++) digest += fnv1a(`${i}/${text}`).toString(16).padStart(8, '0');
  return digest;
}

/** The files that a container of the image begins with. */
export function baseTree(image: ImageDefinition, now: number): DirectoryNode {
  const name = 'build';
  const pulled = { name, digestName: name, sizeBytes: 0, image };
  const files = rootFiles(
    {
      name,
      attempt: 0,
      image: pulled,
      imageName: name,
      command: undefined,
      args: undefined,
      env: new Map(),
      workingDir: undefined,
      user: { uid: 0, gid: 0, groups: [], ownGroups: [] },
      mounts: [],
      hostname: name,
      systemFiles: () => new Map(),
      ports: [],
      stdin: false,
      tty: false,
      terminationMessagePath: '/dev/termination-log',
      terminationMessagePolicy: 'File',
      resources: undefined,
    },
    () => now,
  );
  return files.root;
}

/** The history of an image that came from a registry: how it runs, on top of all that is in it. */
export function historyOf(
  { entrypoint, command, env, ports }: DockerImageConfig,
  { createdAt, sizeBytes }: { readonly createdAt: number; readonly sizeBytes: number },
): readonly HistoryLayer[] {
  const comment = 'buildkit.dockerfile.v0';
  const list = (words: readonly string[]): string => `[${words.map((word) => JSON.stringify(word)).join(' ')}]`;
  const settings = [
    ...(command ? [`CMD ${list(command)}`] : []),
    ...(entrypoint ? [`ENTRYPOINT ${list(entrypoint)}`] : []),
    ...ports.map((port) => `EXPOSE map[${port}:{}]`),
    ...env.filter((line) => !line.startsWith('PATH=')).map((line) => `ENV ${line}`),
  ];
  return [
    ...settings.map((createdBy) => ({ createdAt, createdBy, sizeBytes: 0, comment })),
    { createdAt, createdBy: '/bin/sh -c #(nop) ADD file:… in / ', sizeBytes, comment: '' },
  ];
}

const defaultPath = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** How an image of a registry runs. */
export function configOf(image: ImageDefinition): DockerImageConfig {
  const env = Object.entries(image.env ?? {}).map(([name, value]) => `${name}=${value}`);
  return {
    entrypoint: image.entrypoint,
    command: image.command,
    env: env.some((line) => line.startsWith('PATH=')) ? env : [defaultPath, ...env],
    workingDir: image.workingDir ?? '',
    user: image.user?.name ?? '',
    stopSignal: image.stopSignal,
    ports: [],
    labels: {},
  };
}

/** What a build made of files and settings, on top of its base. */
export function definitionOf(
  base: ImageDefinition | undefined,
  config: DockerImageConfig,
  built: { readonly root: DirectoryNode; readonly sizeBytes: number },
): ImageDefinition {
  const programs: Record<string, string> = {};
  const natives = base?.natives ?? {};
  walk(built.root, '', (path, node) => {
    if (node.program !== undefined && (!Object.hasOwn(natives, path) || node.program !== path))
      programs[path] = node.program;
  });
  const environment = config.env.map((line) => [line.split('=')[0] ?? '', line.slice(line.indexOf('=') + 1)] as const);
  const user = userOf(config.user, passwdOf(built.root));
  return {
    names: [],
    sizeBytes: built.sizeBytes,
    ...(config.entrypoint ? { entrypoint: withoutShell(config.entrypoint) } : {}),
    ...(config.command ? { command: withoutShell(config.command) } : {}),
    env: Object.fromEntries(environment),
    ...(config.workingDir ? { workingDir: config.workingDir } : {}),
    ...(user ? { user } : {}),
    ...(config.stopSignal ? { stopSignal: config.stopSignal } : {}),
    programs,
    tree: snapshotDirectory(built.root),
    natives,
  };
}

/** `sh -c "node server.js"` runs as `node server.js`: servers are no programs of the shell. */
export function withoutShell(words: readonly string[]): readonly string[] {
  const [shell, flag, line, ...rest] = words;
  if (shell !== '/bin/sh' || flag !== '-c' || rest.length > 0 || !plainLine.test(line ?? '')) return words;
  const plain = (line ?? '').replace(/^exec +/, '').match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
  return plain.map((word) => word.replace(/^(["'])(.*)\1$/, '$2'));
}

/** Words, some of them in quotes, that mean what they say. */
const plainLine = /^(exec +)?([\w./:=@-]+|"[^"$`\\]*"|'[^']*')( +([\w./:=@-]+|"[^"$`\\]*"|'[^']*'))*$/;

function walk(directory: DirectoryNode, path: string, visit: (path: string, node: FileNode) => void): void {
  for (const [name, node] of directory.entries) {
    const at = `${path}/${name}`;
    if (node.kind === 'directory') walk(node, at, visit);
    else if (node.kind === 'file' && !node.generate && !node.discard) visit(at, node);
  }
}

function passwdOf(root: DirectoryNode): string {
  const files = new FileTree(() => 0, root);
  return files.exists('/etc/passwd') ? files.readText('/etc/passwd') : '';
}

/** `name`, `uid`, `uid:gid`, as USER and --user have them; undefined: root. */
export function userOf(name: string, passwd = ''): ImageDefinition['user'] {
  if (name === '' || name === 'root' || name === '0') return undefined;
  const [user = '', group] = name.split(':');
  if (/^\d+$/.test(user)) return { name: '', uid: Number(user), gid: Number(group ?? 0) };
  const line = passwd.split('\n').find((each) => each.startsWith(`${user}:`));
  const uid = Number(line?.split(':')[2] ?? 1000);
  return { name: user, uid, gid: Number(line?.split(':')[3] ?? uid) };
}
