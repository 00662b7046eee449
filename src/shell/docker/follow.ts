// Connects a terminal (or pipe) with a program elsewhere: its output comes here, input and Ctrl-C go there.
import type { Attachment } from '../../api/docker.ts';
import type { Process } from '../../api/program.ts';

export interface FollowOptions {
  /** Sends standard input. */
  readonly input: boolean;
  /** The program has a terminal of its own: keys go to it as they are. */
  readonly terminal?: boolean;
  /** What SIGINT and SIGTERM do: reach the program, or end the watching alone. */
  readonly onSignal: 'send' | 'leave';
}

/** Resolves with the program's exit code. */
export async function follow(process: Process, attached: Attachment, options: FollowOptions): Promise<number> {
  let left = false;
  const leave = (): void => {
    left = true;
    attached.close();
  };
  const handlers = (['SIGINT', 'SIGTERM'] as const).map((signal) =>
    process.onSignal(signal, () => (options.onSignal === 'send' ? attached.signal(signal) : leave())),
  );
  const unlisten = process.cancel.onCancel(leave);
  const { terminal } = process;
  const cooked = options.terminal ? terminal?.raw?.() : undefined;
  const stopResize =
    options.terminal && terminal
      ? terminal.onResize(({ columns, rows }) => attached.resize?.(columns, rows))
      : undefined;
  if (options.terminal && terminal) attached.resize?.(terminal.columns, terminal.rows);
  if (options.input) void send(process, attached);
  else attached.closeInput();
  for (let piece = await attached.read(); piece; piece = await attached.read())
    await (piece.stream === 1 ? process.stdout : process.stderr).write(piece.bytes);
  unlisten();
  cooked?.();
  stopResize?.();
  for (const stop of handlers) stop();
  return left ? 130 : attached.exitCode();
}

async function send(process: Process, attached: Attachment): Promise<void> {
  try {
    for (let bytes = await process.stdin.read(); bytes; bytes = await process.stdin.read()) attached.write(bytes);
    attached.closeInput();
  } catch {
    attached.closeInput(); // nobody types any more
  }
}
