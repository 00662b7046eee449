// docker cp: files between the machine and a container.

import { type FileSnapshot, placeSnapshot, snapshotNode } from '../../base/file-snapshot.ts';
import { FileError, normalizePath } from '../../base/files.ts';
import { humanSize } from '../../base/human-size.ts';
import { type DockerCall, type DockerCommand, DockerCommandError, option } from './command.ts';

const block = 512;

export const copy: DockerCommand = {
  name: 'cp',
  operands: 'CONTAINER:SRC_PATH DEST_PATH|-\n\tdocker cp [OPTIONS] SRC_PATH|- CONTAINER:DEST_PATH',
  about: 'Copy files/folders between a container and the local filesystem',
  min: 2,
  max: 2,
  options: [option.flag('quiet', 'Suppress progress output during copy', 'q')],
  async run(call) {
    const [from = '', to = ''] = call.options.operands;
    const [source, target] = [placeOf(from), placeOf(to)];
    if (source.container !== undefined && target.container !== undefined)
      throw new DockerCommandError('copying between containers is not supported');
    if (source.container === undefined && target.container === undefined)
      throw new DockerCommandError('must specify at least one container source');
    if (source.container === undefined) await copyIn(call, { path: source.path, to, ...containerOf(target) });
    else await copyOut(call, { to: target.path, ...containerOf(source) });
    return 0;
  },
};

interface Place {
  readonly container: string | undefined;
  readonly path: string;
}

/** `web:/etc/hosts`; a path of the machine has no colon before its first slash. */
function placeOf(text: string): Place {
  const [, container, path = ''] = /^([^/.:][^/:]*):(.*)$/s.exec(text) ?? [];
  return container === undefined ? { container, path: text } : { container, path };
}

function containerOf({ container = '', path }: Place): { readonly container: string; readonly at: string } {
  return { container, at: path };
}

async function copyIn(
  call: DockerCall,
  given: { readonly path: string; readonly to: string; readonly container: string; readonly at: string },
): Promise<void> {
  const { files } = call.process.machine;
  const from = normalizePath(given.path, call.process.cwd);
  if (!files.exists(from)) throw new DockerCommandError(`lstat ${from}: no such file or directory`);
  const node = snapshotNode(files.stat(from));
  const there = await call.docker.copyOut(given.container, normalizePath(given.at));
  const place = placeIn({ at: given.at, there }, { path: given.path, from, node });
  await call.docker.copyIn(given.container, place, node);
  await tell(call, node, given.to);
}

async function copyOut(
  call: DockerCall,
  given: { readonly to: string; readonly container: string; readonly at: string },
): Promise<void> {
  const { process } = call;
  const { files } = process.machine;
  const from = normalizePath(given.at);
  const node = await call.docker.copyOut(given.container, from);
  if (!node)
    throw new DockerCommandError(
      `Error response from daemon: Could not find the file ${given.at} in container ${given.container}`,
    );
  const to = normalizePath(given.to, process.cwd);
  const there = files.exists(to) ? snapshotNode(files.stat(to)) : undefined;
  const place = placeIn({ at: given.to, there }, { path: given.at, from, node });
  try {
    placeSnapshot(files, normalizePath(place, process.cwd), node);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new DockerCommandError(
      `invalid output path: directory "${to.slice(0, to.lastIndexOf('/')) || '/'}" does not exist`,
    );
  }
  await tell(call, node, to);
}

/** Into a directory that is there, under its own name; its content alone where the source ends with `/.`. */
function placeIn(
  target: { readonly at: string; readonly there: FileSnapshot | undefined },
  source: { readonly path: string; readonly from: string; readonly node: FileSnapshot },
): string {
  const { at, there } = target;
  if (there?.kind !== 'directory') {
    if (at.endsWith('/') && source.node.kind !== 'directory') throw new DockerCommandError(`no such directory: ${at}`);
    return at;
  }
  if (source.node.kind === 'directory' && /(^|\/)\.$/.test(source.path)) return at;
  return `${at.replace(/\/+$/, '')}/${source.from.slice(source.from.lastIndexOf('/') + 1)}`;
}

async function tell(call: DockerCall, node: FileSnapshot, to: string): Promise<void> {
  if (call.options.has('quiet')) return;
  await call.error(`Successfully copied ${humanSize(archiveBytes(node) + 2 * block)} to ${to}\n`);
}

/** As a tar archive has it: headers and padding included. */
function archiveBytes(node: FileSnapshot): number {
  if (node.kind === 'directory') return node.entries.reduce((sum, [, child]) => sum + archiveBytes(child), block);
  if (node.kind !== 'file') return block;
  const size = node.text?.length ?? Math.floor(((node.base64?.length ?? 0) * 3) / 4);
  return block + Math.ceil(size / block) * block;
}
