// Redirections: a command's descriptors as changed copies of those around it.
import { encodeUtf8 } from '../../base/bytes.ts';
import { FileError, normalizePath } from '../../base/files.ts';
import type { Redirection } from '../syntax/ast.ts';
import { expandText, expandWords } from './expand.ts';
import type { Descriptor, Frame, Io, ShellState } from './shell-state.ts';
import { bytesReader, fileReader, fileWriter } from './streams.ts';
import { RedirectionError } from './unwind.ts';

/** Throws {@link RedirectionError}. */
export async function redirect(shell: ShellState, redirections: readonly Redirection[], frame: Frame): Promise<Io> {
  if (redirections.length === 0) return frame.io;
  const io = new Map(frame.io);
  for (const redirection of redirections) await apply(shell, { redirection, io, frame: { ...frame, io } });
  return io;
}

interface Step {
  readonly redirection: Redirection;
  readonly io: Map<number, Descriptor>;
  readonly frame: Frame;
}

async function apply(shell: ShellState, { redirection, io, frame }: Step): Promise<void> {
  const { operator, target, descriptor } = redirection;
  if (operator === '<<' || operator === '<<<') {
    const text = await expandText(shell, target, frame);
    io.set(numberOf(descriptor, 0), { reader: bytesReader(encodeUtf8(operator === '<<' ? text : `${text}\n`)) });
    return;
  }
  const name = await targetName(shell, redirection, frame);
  if (operator === '<&' || operator === '>&') {
    copy(io, numberOf(descriptor, operator === '<&' ? 0 : 1), name);
    return;
  }
  if (operator === '<') {
    io.set(numberOf(descriptor, 0), { reader: openForReading(shell, io, name) });
    return;
  }
  const opened = openForWriting(shell, io, { name, append: operator === '>>' });
  if (operator === '<>') io.set(numberOf(descriptor, 0), { ...opened, reader: openForReading(shell, io, name) });
  else if (descriptor === 'both') io.set(1, opened).set(2, opened);
  else io.set(numberOf(descriptor, 1), opened);
}

function numberOf(descriptor: Redirection['descriptor'], otherwise: number): number {
  return typeof descriptor === 'number' ? descriptor : otherwise;
}

async function targetName(shell: ShellState, { target }: Redirection, frame: Frame): Promise<string> {
  const fields = await expandWords(shell, [target], frame);
  const [name] = fields;
  if (fields.length !== 1 || name === undefined) {
    const source = target.parts
      .map((part) => (part.kind === 'parameter' ? `$${part.name}` : 'text' in part ? part.text : ''))
      .join('');
    throw new RedirectionError(`${source}: ambiguous redirect`);
  }
  return name;
}

function copy(io: Map<number, Descriptor>, to: number, name: string): void {
  if (name === '-') {
    io.delete(to);
    return;
  }
  const source = io.get(Number(name.replace(/-$/, '')));
  if (!source) throw new RedirectionError(`${name}: Bad file descriptor`);
  io.set(to, source);
}

/** /dev/stdin and its like: descriptors that the command has already. */
function descriptorPath(path: string): number | undefined {
  const names = new Map([
    ['/dev/stdin', 0],
    ['/dev/stdout', 1],
    ['/dev/stderr', 2],
    ['/dev/tty', 1],
  ]);
  return names.get(path);
}

function openForReading(shell: ShellState, io: Io, name: string) {
  const path = normalizePath(name, shell.process.cwd);
  const known = descriptorPath(path);
  if (known === 0) return io.get(0)?.reader;
  return attempt(shell, { name, reading: true }, () => fileReader(shell.process.machine.files, path));
}

function openForWriting(
  shell: ShellState,
  io: Io,
  { name, append }: { readonly name: string; readonly append: boolean },
): Descriptor {
  const { files } = shell.process.machine;
  const path = normalizePath(name, shell.process.cwd);
  const known = descriptorPath(path);
  if (known !== undefined) return io.get(known) ?? {};
  return attempt(shell, { name, reading: false }, () => {
    files.writeFile(name.endsWith('/') ? `${path}/` : path, '', { append });
    return { writer: fileWriter(files, path) };
  });
}

interface Opening {
  readonly name: string;
  readonly reading: boolean;
}

function attempt<T>(shell: ShellState, opening: Opening, open: () => T): T {
  try {
    return open();
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new RedirectionError(explain(shell, opening, error));
  }
}

function explain(shell: ShellState, { name, reading }: Opening, error: FileError): string {
  if (shell.dialect === 'bash') return `${name}: ${error.message}`;
  const isAsh = shell.dialect === 'ash';
  const verb = `${isAsh ? "can't" : 'cannot'} ${reading ? 'open' : 'create'}`;
  if (error.code !== 'ENOENT') return `${verb} ${name}: ${error.message}`;
  if (reading) return `${verb} ${name}: ${isAsh ? 'no such file' : 'No such file'}`;
  return `${verb} ${name}: ${isAsh ? 'nonexistent directory' : 'Directory nonexistent'}`;
}
