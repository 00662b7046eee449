// Port-forward over SPDY: two streams a connection, one for its data and one for what goes wrong with it.
import type { KubeChannels } from '../../../api/ports.ts';
import type { SpdyStream } from './spdy-session.ts';

/** Opens the channels of a port: 0 data, 1 error. */
export type OpenPort = (port: number) => Promise<KubeChannels>;

/** Takes streams and pairs those that have the same request id. */
export function forwardStreams(open: OpenPort): (stream: SpdyStream) => void {
  const errors = new Map<string, SpdyStream>();
  return (stream) => {
    const id = stream.headers.get('requestid') ?? stream.headers.get('port') ?? '';
    if (stream.headers.get('streamtype') === 'error') {
      errors.set(id, stream);
      return;
    }
    const problems = errors.get(id);
    errors.delete(id);
    connect(open, stream, problems).catch((error: unknown) => {
      problems?.write(Buffer.from(error instanceof Error ? error.message : String(error)));
      problems?.end();
      stream.end();
    });
  };
}

async function connect(open: OpenPort, stream: SpdyStream, problems: SpdyStream | undefined): Promise<void> {
  const waiting: Uint8Array[] = [];
  let channels: KubeChannels | undefined;
  let ended = false;
  stream.onData = (bytes) => {
    if (channels) void channels.write(0, new Uint8Array(bytes));
    else waiting.push(new Uint8Array(bytes));
  };
  stream.onEnd = () => {
    ended = true;
    channels?.closeChannel(0);
  };
  const opened = await open(Number(stream.headers.get('port')));
  if (opened.status !== 101) {
    const { refusal } = opened;
    throw new Error(refusal?.kind === 'json' ? JSON.stringify(refusal.value) : 'the port cannot be forwarded');
  }
  channels = opened;
  for (const bytes of waiting) await opened.write(0, bytes);
  if (ended) opened.closeChannel(0);
  for (let frame = await opened.read(); frame; frame = await opened.read()) {
    (frame.channel === 0 ? stream : problems)?.write(frame.bytes);
    if (frame.channel !== 0) break; // a problem is the last that comes
  }
  problems?.end();
  stream.end();
  opened.close();
}
