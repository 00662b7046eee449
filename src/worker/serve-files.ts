// The worker's side of the learner's files: lists, reads and writes them, and tells which ones should open.
import type { Session } from '../driver/session.ts';
import type { FilesInput, FilesOutput } from './messages.ts';

const home = '/home/learner';
const filesMax = 500;
const depthMax = 8;
/** What an editor can show. */
const textBytesMax = 1024 * 1024;

export function serveFiles(session: Session, port: MessagePort): void {
  const tell = (message: FilesOutput): void => port.postMessage(message);
  session.edited.onEdit = (path) => tell({ kind: 'edit', path });
  port.onmessage = ({ data }: MessageEvent<FilesInput>) => {
    switch (data.kind) {
      case 'list':
        tell({ kind: 'answer', id: data.id, value: listFiles(session) });
        return;
      case 'read':
        answer(data.id, async () => readText(session, data.path));
        return;
      case 'write':
        answer(data.id, async () => {
          await session.input({ kind: 'save', path: data.path, text: data.text });
          return '';
        });
        return;
      case 'close':
        session.input({ kind: 'close', path: data.path }).catch(() => {}); // nobody waits for it
    }
  };

  function answer(id: number, work: () => Promise<string>): void {
    work().then(
      (value) => tell({ kind: 'answer', id, value }),
      (error: unknown) =>
        tell({ kind: 'refused', id, message: error instanceof Error ? error.message : String(error) }),
    );
  }
}

function readText({ machine: { files } }: Session, path: string): string {
  const { length } = files.readFile(path);
  if (length > textBytesMax) throw new Error('the file is too long for the editor');
  return files.readText(path);
}

/** Below the learner's home, without hidden ones. */
function listFiles({ machine: { files } }: Session): readonly string[] {
  const found: string[] = [];
  const visit = (folder: string, depth: number): void => {
    if (depth > depthMax || !files.exists(folder)) return;
    for (const name of files.list(folder)) {
      const path = `${folder}/${name}`;
      if (name.startsWith('.') || found.length >= filesMax || !files.exists(path)) continue;
      const { kind } = files.stat(path);
      if (kind === 'directory') visit(path, depth + 1);
      else if (kind === 'file') found.push(path);
    }
  };
  visit(home, 0);
  return found;
}
