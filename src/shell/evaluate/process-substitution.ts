// <(…) and >(…): a file that holds a command's output, or whose content becomes a command's input.
// Left out: streaming. The file is complete before the command that reads it starts.
import { FileError, fileNode } from '../../base/files.ts';
import type { WordPart } from '../syntax/ast.ts';
import { forkShell } from './fork-shell.ts';
import type { Frame, ShellState } from './shell-state.ts';
import { bytesReader, fileWriter } from './streams.ts';

const descriptorsFrom = 63;

export async function substituteProcess(
  shell: ShellState,
  part: Extract<WordPart, { kind: 'process' }>,
  frame: Frame,
): Promise<string> {
  const { files } = shell.process.machine;
  const path = freePath(shell);
  files.place(path, fileNode('', shell.process.clock.now()));
  shell.afterCommand.push(async () => {
    if (part.direction === '>') {
      const io = new Map(frame.io).set(0, { reader: bytesReader(files.readFile(path)) });
      await (
        await forkShell(shell, io, (inner, innerFrame) => inner.evaluator.script(inner, part.script, innerFrame))
      ).wait();
    }
    files.remove(path);
  });
  if (part.direction === '<') {
    const io = new Map(frame.io).set(1, { writer: fileWriter(files, path) });
    await (
      await forkShell(shell, io, (inner, innerFrame) => inner.evaluator.script(inner, part.script, innerFrame))
    ).wait();
  }
  return path;
}

function freePath(shell: ShellState): string {
  const { files } = shell.process.machine;
  for (let number = descriptorsFrom; number > 3; number--)
    if (!files.exists(`/dev/fd/${number}`)) return `/dev/fd/${number}`;
  throw new FileError('EBUSY', '/dev/fd');
}
