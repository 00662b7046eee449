// Joins a program's streams with a container's over one connection: exec and attach.

import type { KubeChannels } from '../api/ports.ts';
import { decodeUtf8, encodeUtf8 } from '../base/bytes.ts';
import { objectsAt, textAt } from '../base/fields.ts';
import { isObject, type JsonObject } from '../base/json.ts';
import type { Query } from './client/url.ts';
import { resourcePath } from './client/url.ts';
import type { Context } from './context.ts';
import type { Input } from './detach-keys.ts';
import { CommandError, ExitError, StatusError } from './errors.ts';

const channels = { stdin: 0, stdout: 1, stderr: 2, status: 3, resize: 4 } as const;

export interface RemoteSession {
  readonly subresource: 'exec' | 'attach';
  readonly ns: string;
  readonly pod: string;
  readonly container: string;
  readonly command?: readonly string[];
  readonly stdin: boolean;
  readonly tty: boolean;
  readonly stderr?: boolean;
  /** Where standard input comes from; the process's own by default. */
  readonly input?: Input;
}

/** What a session is joined with instead of the process's own streams. */
export interface LocalStreams {
  /** The next bytes of the input, or undefined at its end. */
  read(): Promise<Uint8Array | undefined>;
  out(bytes: Uint8Array): void;
  err(bytes: Uint8Array): void;
}

/** Runs until the remote program has ended. Throws ExitError with its exit code where that is not 0. */
export async function runRemote(context: Context, session: RemoteSession): Promise<void> {
  const code = await runJoined(context, session, {
    read: () => (session.input ?? context.process.stdin).read(),
    out: (bytes) => context.out(bytes),
    err: (bytes) => context.err(bytes),
  });
  if (code === 0) return;
  await context.output.flush();
  context.err(`command terminated with exit code ${code}\n`);
  throw new ExitError(code);
}

/** Runs until the remote program has ended; its exit code. */
export async function runJoined(context: Context, session: RemoteSession, streams: LocalStreams): Promise<number> {
  const connection = await open(context, session);
  const { process } = context;
  const stopResize = session.tty ? followSize(context, (bytes) => connection.write(channels.resize, bytes)) : undefined;
  const cooked = session.tty && session.stdin ? process.terminal?.raw?.() : undefined;
  if (session.stdin) void pump(streams, connection);
  const stopCancel = process.cancel.onCancel(() => connection.close());
  try {
    for (;;) {
      await context.output.flush();
      const piece = await connection.read();
      if (!piece) return 0;
      if (piece.channel === channels.stdout) streams.out(piece.bytes);
      else if (piece.channel === channels.stderr) streams.err(piece.bytes);
      else if (piece.channel === channels.status) return exitCode(piece.bytes);
    }
  } finally {
    cooked?.();
    stopResize?.();
    stopCancel();
    connection.close();
  }
}

function open(context: Context, session: RemoteSession): Promise<KubeChannels> {
  const { ns, pod, subresource } = session;
  const query: Query = {
    container: session.container,
    ...(session.command ? { command: session.command } : {}),
    stdin: session.stdin || undefined,
    stdout: true,
    stderr: !session.tty || undefined,
    tty: session.tty || undefined,
  };
  const path = resourcePath({ group: '', version: 'v1', resource: 'pods' }, { ns, name: pod, subresource });
  return context
    .client()
    .connect({ path, query, about: { resource: 'pods', name: pod } })
    .catch((error: unknown) => {
      throw upgradeError(error);
    });
}

interface Connection {
  write(channel: number, bytes: Uint8Array): Promise<void>;
  closeChannel(channel: number): void;
}

async function pump(streams: LocalStreams, connection: Connection): Promise<void> {
  for (;;) {
    const piece = await streams.read().catch(() => undefined);
    if (!piece) break;
    await connection.write(channels.stdin, piece).catch(() => undefined);
  }
  connection.closeChannel(channels.stdin);
}

function followSize(context: Context, send: (bytes: Uint8Array) => Promise<void>): (() => void) | undefined {
  const { terminal } = context.process;
  if (!terminal) return undefined;
  const tell = (size: { readonly columns: number; readonly rows: number }) => {
    const message = encodeUtf8(`${JSON.stringify({ Width: size.columns, Height: size.rows })}\n`);
    void send(message).catch(() => undefined);
  };
  tell(terminal);
  return terminal.onResize(tell);
}

/** From the closing Status. Throws what it says when the program did not run at all. */
function exitCode(bytes: Uint8Array): number {
  const value: unknown = JSON.parse(decodeUtf8(bytes));
  if (!isObject(value) || textAt(value, 'status') === 'Success') return 0;
  const code = exitCodeOf(value);
  if (code === undefined) throw new CommandError(textAt(value, 'message'));
  return code;
}

function exitCodeOf(status: JsonObject): number | undefined {
  if (textAt(status, 'reason') !== 'NonZeroExitCode') return undefined;
  const cause = objectsAt(status, 'details.causes').find((item) => textAt(item, 'reason') === 'ExitCode');
  return cause ? Number(textAt(cause, 'message')) : undefined;
}

/** A refused upgrade: whoever refused it, only the message is told. */
export function upgradeError(error: unknown): unknown {
  if (!(error instanceof StatusError)) return error;
  return new CommandError(`unable to upgrade connection: ${error.message}`);
}
