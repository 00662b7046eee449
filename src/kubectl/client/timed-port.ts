// `--request-timeout`: a port whose answers end when time is up, as Go's http.Client ends them, body and all.
import { type Cancellation, type ClockPort, ConnectionError, type KubePort, type KubeStream } from '../../api/ports.ts';
import { Canceller } from '../canceller.ts';

export interface RequestLimit {
  /** Milliseconds for one request with its answer. */
  readonly timeoutMs: number;
  readonly clock: ClockPort;
  /** Hears of an answer that was still coming. */
  readonly onCut: () => void;
}

export function timedPort(port: KubePort, limit: RequestLimit): KubePort {
  return {
    server: port.server,
    request: (call, cancel) => inTime(limit, cancel, (both) => port.request(call, both)).then(({ value }) => value),
    async stream(call, cancel) {
      const { value, alarm, time } = await inTime(limit, cancel, (both) => port.stream(call, both), true);
      return cutStream(value, { alarm, time, onCut: limit.onCut });
    },
    // Duplex connections are not the HTTP client's.
    connect: (call, cancel) => port.connect(call, cancel),
  };
}

/** The timeout as a query parameter, which also tells the server: `1s`, `1m30s`. */
export function timeoutText(timeoutMs: number): string {
  const seconds = timeoutMs / 1000;
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const head = `${hours > 0 ? `${hours}h` : ''}${minutes > 0 ? `${minutes % 60}m` : ''}`;
  return seconds < 1 ? `${timeoutMs}ms` : `${head}${seconds % 60}s`;
}

interface InTime<T> {
  readonly value: T;
  /** Stops the clock. */
  readonly alarm: Canceller;
  /** Resolves when time is up. */
  readonly time: Promise<undefined>;
}

async function inTime<T>(
  { timeoutMs, clock }: RequestLimit,
  cancel: Cancellation | undefined,
  ask: (cancel: Cancellation) => Promise<T>,
  goesOn = false,
): Promise<InTime<T>> {
  const alarm = new Canceller();
  const both = new Canceller();
  const unlisten = cancel?.onCancel(() => both.cancel());
  const time = clock.sleep(timeoutMs, alarm).then(
    () => undefined,
    () => new Promise<undefined>(() => undefined),
  );
  const asked = ask(both).then((value) => ({ value }));
  asked.catch(() => undefined); // its end by `both` is told below
  const answer = await Promise.race([asked, time]).catch((error: unknown) => {
    alarm.cancel();
    throw error;
  });
  if (!answer) {
    both.cancel();
    throw new ConnectionError('context deadline exceeded (Client.Timeout exceeded while awaiting headers)');
  }
  if (!goesOn) {
    alarm.cancel();
    unlisten?.();
  }
  return { ...answer, alarm, time };
}

function cutStream(
  stream: KubeStream,
  { alarm, time, onCut }: Pick<InTime<unknown>, 'alarm' | 'time'> & Pick<RequestLimit, 'onCut'>,
): KubeStream {
  const close = (): void => {
    alarm.cancel();
    stream.close();
  };
  return {
    ...stream,
    async read() {
      const answer = await Promise.race([stream.read().then((piece) => ({ piece })), time]);
      if (!answer) onCut();
      if (!answer?.piece) close();
      return answer?.piece;
    },
    close,
  };
}
