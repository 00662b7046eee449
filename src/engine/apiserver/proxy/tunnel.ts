// A connection that the API server passes on: a client's upgrade goes to somebody else, whose bytes come back as they are.
import type { ApiError } from '../../../api/status.ts';
import { concatBytes } from '../../../base/bytes.ts';
import type { Dialer, HttpTarget } from '../../../base/http.ts';
import { exchange } from '../../../base/http-exchange.ts';
import type { ChannelInput, ChannelSink } from '../channels.ts';
import { asJson } from '../json-edge.ts';
import { LateInput } from '../late-input.ts';
import { onlyOfMessage } from './messages.ts';

/** `target` asks for an upgrade; `failure` words why nobody could be asked. */
export function openTunnel(
  dialer: Dialer,
  target: HttpTarget,
  sink: ChannelSink,
  failure: (message: string) => ApiError,
): ChannelInput {
  const input = new LateInput();
  let refusal = { status: 502, headers: {} };
  const pieces: Uint8Array[] = [];
  const giveUp = exchange(dialer, target, {
    head(status, headers) {
      refusal = { status, headers: Object.fromEntries(onlyOfMessage(headers)) };
    },
    piece: (bytes) => pieces.push(bytes),
    end: () => sink.refused(refusal.status, { kind: 'bytes', bytes: concatBytes(pieces) }, refusal.headers),
    failed(message) {
      const error = failure(message);
      sink.refused(error.code, { kind: 'json', value: asJson(error.status) });
    },
    upgraded(connection, { headers, early }) {
      sink.accepted(Object.fromEntries(headers));
      if (early.length > 0) sink.data(0, early);
      connection.onData((bytes) => sink.data(0, bytes));
      connection.onClose(() => sink.end());
      input.open({
        write: (_channel, bytes) => connection.send(bytes),
        closeChannel() {},
        close: () => connection.close(),
      });
    },
  });
  input.wait(giveUp);
  return input;
}
