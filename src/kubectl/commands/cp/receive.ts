// An archive from a container, written to local files.
import { concatBytes } from '../../../base/bytes.ts';
import { FileError, normalizePath } from '../../../base/files.ts';
import { TarError, unpackTar } from '../../../base/tar.ts';
import type { Context } from '../../context.ts';
import { CommandError } from '../../errors.ts';
import { cleanPath, joinPaths, type Place, parentOf } from './places.ts';

const bytesMax = 256 * 1024 * 1024;

/** Gathers the archive as it comes. */
export class TarReceiver {
  private readonly pieces: Uint8Array[] = [];
  private length = 0;

  take(bytes: Uint8Array): void {
    this.length += bytes.length;
    if (this.length > bytesMax) throw new CommandError('write: no space left on device');
    this.pieces.push(bytes);
  }

  get bytes(): Uint8Array {
    return concatBytes(this.pieces);
  }

  /** Whether the two empty blocks of an archive's end have come. */
  get isWhole(): boolean {
    const end = this.bytes.subarray(-1024);
    return end.length === 1024 && end.every((byte) => byte === 0);
  }
}

export function unpackTo(
  context: Context,
  archive: Uint8Array,
  { from, prefix, target }: { readonly from: Place; readonly prefix: string; readonly target: string },
): void {
  const { files } = context.process.machine;
  const place = (path: string) => normalizePath(path, context.process.cwd);
  let warned = false;
  for (const entry of entriesOf(archive)) {
    if (!entry.name.startsWith(prefix)) throw new CommandError('tar contents corrupted');
    const to = joinPaths(target, entry.name.slice(prefix.length));
    const inside = cleanPath(target);
    if (to !== inside && inside !== '.' && inside !== '/' && !to.startsWith(`${inside}/`)) {
      context.err(`warning: file ${JSON.stringify(to)} is outside target destination, skipping\n`);
      continue;
    }
    files.makeDirectory(place(parentOf(to)), { parents: true });
    if (entry.kind === 'directory') files.makeDirectory(place(to), { parents: true });
    else if (entry.kind === 'link') {
      const quoted = [to, entry.target].map((text) => JSON.stringify(text)).join(' -> ');
      const advice = ` (consider using "kubectl exec -n ${JSON.stringify(from.ns)} ${JSON.stringify(from.pod)} -- tar cf - ${JSON.stringify(from.path)} | tar xf -")`;
      context.err(`warning: skipping symlink: ${quoted}${warned ? '' : advice}\n`);
      warned = true;
    } else writeFile(context, to, entry.content);
  }
}

function entriesOf(archive: Uint8Array) {
  try {
    return unpackTar(archive);
  } catch (error) {
    if (error instanceof TarError) throw new CommandError(error.message);
    throw error;
  }
}

function writeFile(context: Context, path: string, content: Uint8Array): void {
  try {
    context.process.machine.files.writeFile(normalizePath(path, context.process.cwd), content);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new CommandError(`open ${path}: ${error.message.toLowerCase()}`);
  }
}
