// Exec and attach over SPDY: a stream each for input, output, errors, the size of the terminal, and how it ended.
import type { KubeChannels } from '../../../api/ports.ts';
import type { SpdyStream } from './spdy-session.ts';

const channelOf: ReadonlyMap<string, number> = new Map([
  ['stdin', 0],
  ['stdout', 1],
  ['stderr', 2],
  ['error', 3],
  ['resize', 4],
]);

/** Joins the streams that the client opens with the channels of a command. `expected`: how many it will open. */
export function commandStreams(
  channels: KubeChannels,
  { expected, finished }: { readonly expected: number; finished(): void },
): (stream: SpdyStream) => void {
  const streams = new Map<number, SpdyStream>();
  const pump = async (): Promise<void> => {
    for (let frame = await channels.read(); frame; frame = await channels.read())
      streams.get(frame.channel)?.write(frame.bytes);
    for (const stream of streams.values()) stream.end();
    finished();
  };
  return (stream) => {
    const channel = channelOf.get(stream.headers.get('streamtype') ?? '');
    if (channel === undefined) {
      stream.end();
      return;
    }
    streams.set(channel, stream);
    stream.onData = (bytes) => void channels.write(channel, new Uint8Array(bytes));
    stream.onEnd = () => {
      if (channel === 0) channels.closeChannel(0);
    };
    if (streams.size === expected) pump().catch(finished);
  };
}
