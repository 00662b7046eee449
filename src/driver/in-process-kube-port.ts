// KubePort over an API server that runs in this thread.
import type { KubeBody, KubePort, KubeReply, KubeRequest, KubeStream } from '../api/ports.ts';
import { type Cancellation, ConnectionError, type KubeChannels } from '../api/ports.ts';
import type { Descriptions } from '../api/schema/descriptions.ts';
import { concatBytes, encodeUtf8 } from '../base/bytes.ts';
import type { ChannelInput, ChannelSink } from '../engine/apiserver/channels.ts';
import type { HttpSink } from '../engine/apiserver/http-sink.ts';
import type { Driver } from './driver.ts';
import { fieldTexts } from './field-texts.ts';
import { Inbox } from './inbox.ts';
import type { Journal } from './journal.ts';

/** The HTTP edge of an API server, as the engine offers it. */
export interface HttpEdge {
  /** As the trace names it. */
  readonly name: string;
  http(request: KubeRequest, sink: HttpSink): () => void;
  connect(request: KubeRequest, sink: ChannelSink): ChannelInput;
  /** Hands over the texts for OpenAPI documents. */
  describe(texts: Descriptions): void;
}

export interface InProcessOptions {
  /** What kubectl prints as the server. */
  readonly server: string;
  /** One way between client and server, virtual. */
  readonly delayMs: number;
  /** The server's edge; undefined while nothing listens there. */
  edge(): HttpEdge | undefined;
  /** For clients that are no programs of the world: their requests come at whatever instant the wall clock shows. */
  readonly outside?: boolean;
  /** The trace step that requests go back to; 0: none is known. */
  cause?(): number;
  /** Hears what is asked and how it is answered, by the step of the trace. */
  readonly journal?: Journal | undefined;
}

export function inProcessKubePort(driver: Driver, options: InProcessOptions): KubePort {
  const { simulation } = driver;
  const { root } = simulation;

  /** Calls `reach` with the edge one delay from now, or fails as a refused connection does. */
  function toServer(call: KubeRequest, reach: (edge: HttpEdge) => void, fail: (error: Error) => void): number {
    if (options.outside) driver.catchUp();
    const { cause } = simulation;
    simulation.cause = options.cause?.() ?? 0;
    const step = simulation.record(clientOf(call), call.method, pathOf(call));
    options.journal?.asked(step, call);
    root.schedule(options.delayMs, () => {
      const edge = options.edge();
      if (edge) {
        options.journal?.reached(step, edge.name);
        reach(edge);
      } else
        fail(
          new ConnectionError(`dial tcp ${/\/\/(.*)/.exec(options.server)?.[1] ?? ''}: connect: connection refused`),
        );
    });
    simulation.cause = cause;
    return step;
  }

  function request(call: KubeRequest, cancel?: Cancellation): Promise<KubeReply> {
    return driver.wait<KubeReply>((answer) => {
      let stop = (): void => {};
      let head: { status: number; headers: Readonly<Record<string, string>> } | undefined;
      const pieces: KubeBody[] = [];
      const sink: HttpSink = {
        head: (status, headers) => {
          head = { status, headers };
          options.journal?.answered(step, status);
        },
        body: (piece) => pieces.push(piece),
        end: () =>
          root.schedule(options.delayMs, () =>
            answer.resolve({ ...(head ?? { status: 500, headers: {} }), body: joined(pieces) }),
          ),
      };
      const step = toServer(
        call,
        (edge) => {
          stop = edge.http(call, sink);
        },
        answer.reject,
      );
      return () => stop();
    }, cancel);
  }

  function stream(call: KubeRequest, cancel?: Cancellation): Promise<KubeStream> {
    const inbox = new Inbox<KubeBody>(driver);
    let stop = (): void => {};
    const close = (): void => {
      stop();
      inbox.end();
    };
    return driver.wait<KubeStream>((answer) => {
      const sink: HttpSink = {
        head: (status, headers) => {
          options.journal?.answered(step, status);
          root.schedule(options.delayMs, () =>
            answer.resolve({ status, headers, read: () => inbox.take(cancel), close }),
          );
        },
        body: (piece) => void root.schedule(options.delayMs, () => inbox.put(piece)),
        end: () => void root.schedule(options.delayMs, () => inbox.end()),
      };
      const step = toServer(
        call,
        (edge) => {
          stop = edge.http(call, sink);
        },
        answer.reject,
      );
      cancel?.onCancel(close);
      return close;
    }, cancel);
  }

  function connect(call: KubeRequest, cancel?: Cancellation): Promise<KubeChannels> {
    const inbox = new Inbox<{ readonly channel: number; readonly bytes: Uint8Array }>(driver);
    let input: ChannelInput | undefined;
    const later = (run: () => void): void => void root.schedule(options.delayMs, run);
    const send = (run: () => void): void => {
      if (options.outside) driver.catchUp();
      later(run);
    };
    const close = (): void => {
      input?.close();
      inbox.end();
    };
    const channels = {
      read: () => inbox.take(cancel),
      write: async (channel: number, bytes: Uint8Array) => send(() => input?.write(channel, bytes)),
      closeChannel: (channel: number) => send(() => input?.closeChannel(channel)),
      close,
    };
    return driver.wait<KubeChannels>((answer) => {
      const sink: ChannelSink = {
        accepted: (headers) => later(() => answer.resolve({ status: 101, ...(headers && { headers }), ...channels })),
        refused: (status, refusal, headers) =>
          later(() => answer.resolve({ status, refusal, ...(headers && { headers }), ...channels })),
        data: (channel, bytes) => later(() => inbox.put({ channel, bytes })),
        end: () => later(() => inbox.end()),
      };
      toServer(
        call,
        (edge) => {
          input = edge.connect(call, sink);
        },
        answer.reject,
      );
      cancel?.onCancel(close);
      return close;
    }, cancel);
  }

  /** Whoever reads an OpenAPI document reads it with its texts. */
  async function explained<T>(ask: () => Promise<T>): Promise<T> {
    const texts = await fieldTexts(driver);
    options.edge()?.describe(texts);
    return ask();
  }

  return {
    server: options.server,
    request: (call, cancel) => (isDocument(call) ? explained(() => request(call, cancel)) : request(call, cancel)),
    stream: (call, cancel) => (isDocument(call) ? explained(() => stream(call, cancel)) : stream(call, cancel)),
    connect,
  };
}

/** OpenAPI, and Tables for whoever may read what they say of their columns: kubectl does not. */
function isDocument({ path, headers = {} }: KubeRequest): boolean {
  if (path.startsWith('/openapi/')) return true;
  return (headers.accept ?? '').includes('as=Table') && !(headers['user-agent'] ?? '').startsWith('kubectl');
}

/** The first word of its user agent, e.g. `kubectl`: who is behind what the request brings about. */
function clientOf({ headers }: KubeRequest): string {
  return /^[^/\s]+/.exec(headers?.['user-agent'] ?? '')?.[0] ?? 'client';
}

function pathOf({ path }: KubeRequest): string {
  const query = path.indexOf('?');
  return query === -1 ? path : path.slice(0, query);
}

/** One body of several pieces of the same kind. */
function joined(pieces: readonly KubeBody[]): KubeBody {
  const [first] = pieces;
  if (!first) return { kind: 'text', text: '' };
  if (pieces.length === 1) return first;
  const bytes = pieces.map((piece) =>
    piece.kind === 'bytes'
      ? piece.bytes
      : encodeUtf8(piece.kind === 'text' ? piece.text : `${JSON.stringify(piece.value)}\n`),
  );
  return { kind: 'bytes', bytes: concatBytes(bytes) };
}
