// The client's side of exec, attach and port-forward over the simulated network: channels in a WebSocket's frames.
import type { Connection, KubeChannels } from '../api/ports.ts';
import { concatBytes } from '../base/bytes.ts';
import { encodeFrame, FrameReader } from '../base/websocket.ts';

/** v5: this channel's payload is the number of a channel that has no more input. */
const closeChannel = 255;

/** What a client sends to begin. */
export const upgradeHeaders = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGFiZXJuZXRlcw==',
  'sec-websocket-protocol': 'v5.channel.k8s.io, v4.channel.k8s.io',
};

/** `isForward`: each channel begins with the number of its port, which nobody needs here. */
export function channelsOf(
  connection: Connection,
  incoming: AsyncGenerator<Uint8Array>,
  { isForward }: { readonly isForward: boolean },
): KubeChannels {
  const waiting: { readonly channel: number; readonly bytes: Uint8Array }[] = [];
  const begun = new Set<number>();
  let ended = false;
  const send = (channel: number, bytes: Uint8Array): Promise<void> =>
    connection.write(encodeFrame('binary', concatBytes([new Uint8Array([channel]), bytes]), { masked: true }));
  const reader = new FrameReader({
    message(payload) {
      const [channel] = payload;
      if (channel === undefined) return;
      if (isForward && !begun.has(channel)) begun.add(channel);
      else waiting.push({ channel, bytes: payload.slice(1) });
    },
    ping: (payload) => void connection.write(encodeFrame('pong', payload, { masked: true })),
    close() {
      ended = true;
    },
  });
  return {
    status: 101,
    async read() {
      while (waiting.length === 0 && !ended) {
        const { value, done } = await incoming.next();
        if (done) ended = true;
        else reader.push(value);
      }
      return waiting.shift();
    },
    write: send,
    closeChannel: (channel) => void send(closeChannel, new Uint8Array([channel])),
    close: () => connection.close(),
  };
}
