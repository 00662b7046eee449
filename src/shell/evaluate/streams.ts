// Files as streams: what redirections and programs read from and write to.
import type { Reader, Writer } from '../../api/program.ts';
import type { FileTree } from '../../base/files.ts';

const chunkBytes = 64 * 1024;

export function bytesReader(bytes: Uint8Array): Reader {
  let at = 0;
  return {
    async read() {
      if (at >= bytes.length) return undefined;
      const chunk = bytes.subarray(at, at + chunkBytes);
      at += chunk.length;
      return chunk;
    },
  };
}

/** Throws FileError. Devices without an end are read by their path. */
export function fileReader(files: FileTree, path: string): Reader {
  if (path === '/dev/zero') return { read: async () => new Uint8Array(chunkBytes) };
  if (path === '/dev/urandom' || path === '/dev/random') return noiseReader(files);
  return bytesReader(files.readFile(path));
}

export function fileWriter(files: FileTree, path: string): Writer {
  return {
    async write(data) {
      files.writeFile(path, data, { append: true });
    },
  };
}

/** The next unread noise of each machine: the same machine with the same history reads the same bytes. */
const noiseSeeds = new WeakMap<FileTree, number>();

function noiseReader(files: FileTree): Reader {
  return {
    async read() {
      let seed = noiseSeeds.get(files) ?? 0x9e3779b9;
      const bytes = Uint8Array.from({ length: 256 }, () => {
        seed ^= seed << 13;
        seed ^= seed >>> 17;
        seed ^= seed << 5;
        return seed >>> 24;
      });
      noiseSeeds.set(files, seed);
      return bytes;
    },
  };
}
