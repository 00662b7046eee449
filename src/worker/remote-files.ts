// The page's side of the learner's files.
import type { FilesInput, FilesOutput } from './messages.ts';

/** Rejects with a message in strerror's words. */
export interface RemoteFiles {
  /** Paths below the learner's home. */
  list(): Promise<readonly string[]>;
  read(path: string): Promise<string>;
  write(path: string, text: string): Promise<void>;
  /** Tells that the editor has closed a file. */
  close(path: string): void;
}

interface Waiting {
  resolve(value: string | readonly string[]): void;
  reject(error: Error): void;
}

export function remoteFiles(port: MessagePort, onEdit: (path: string) => void): RemoteFiles {
  const waiting = new Map<number, Waiting>();
  let asked = 0;
  port.onmessage = ({ data }: MessageEvent<FilesOutput>) => {
    if (data.kind === 'edit') return onEdit(data.path);
    const { id } = data;
    if (data.kind === 'answer') waiting.get(id)?.resolve(data.value);
    else waiting.get(id)?.reject(new Error(data.message));
    waiting.delete(id);
  };
  const tell = (message: FilesInput): void => port.postMessage(message);
  const ask = (message: (id: number) => FilesInput): Promise<string | readonly string[]> =>
    new Promise((resolve, reject) => {
      const id = ++asked;
      waiting.set(id, { resolve, reject });
      tell(message(id));
    });
  return {
    list: async () => {
      const paths = await ask((id) => ({ kind: 'list', id }));
      return typeof paths === 'string' ? [] : paths;
    },
    read: async (path) => String(await ask((id) => ({ kind: 'read', id, path }))),
    write: async (path, text) => {
      await ask((id) => ({ kind: 'write', id, path, text }));
    },
    close: (path) => tell({ kind: 'close', path }),
  };
}
