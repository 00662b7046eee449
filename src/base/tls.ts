// TLS as far as the simulation has it: both sides say hello and show certificates; after that, bytes pass as they are.
// Left out: encryption, and the proof that a certificate's owner has its key.
//
//   client ── 16 03 03 LENGTH {"serverName": …, "certificate"?: PEM} ──▶ server
//   client ◀── 16 03 03 LENGTH {"certificate": PEM} ── server, then data both ways
import { concatBytes, decodeUtf8, encodeUtf8 } from './bytes.ts';
import type { ByteSocket } from './http.ts';
import { isObject, type JsonObject } from './json.ts';

export interface Hello {
  /** Whom the client wants to talk to. */
  readonly serverName?: string | undefined;
  /** PEM. */
  readonly certificate?: string | undefined;
}

const prefix = Uint8Array.of(0x16, 3, 3);
const headBytes = prefix.length + 2;

export function encodeHello(hello: Hello): Uint8Array {
  const body = encodeUtf8(JSON.stringify(hello));
  return concatBytes([prefix, Uint8Array.of(body.length >> 8, body.length & 255), body]);
}

/** Takes the other side's hello off the front of what comes. */
export class HelloReader {
  private seen: Uint8Array = new Uint8Array();

  /** Undefined while more is needed; `plain`: whoever is there does not speak TLS. */
  push(bytes: Uint8Array): { readonly hello: Hello; readonly rest: Uint8Array } | 'plain' | undefined {
    this.seen = concatBytes([this.seen, bytes]);
    const { seen } = this;
    if (!prefix.every((byte, i) => seen[i] === undefined || seen[i] === byte)) return 'plain';
    const size = ((seen[3] ?? 0) << 8) | (seen[4] ?? 0);
    if (seen.length < headBytes || seen.length < headBytes + size) return undefined;
    const hello = parseHello(decodeUtf8(seen.subarray(headBytes, headBytes + size)));
    return hello ? { hello, rest: seen.subarray(headBytes + size) } : 'plain';
  }
}

/** What Go's servers answer to a client that speaks plain HTTP to them. */
const plainAnswer = encodeUtf8('HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n');

/** A listener behind TLS. `certificate` is asked for at each connection, for whom the client names; `accept` gets its hello too. */
export function tlsListener<S extends ByteSocket>(options: {
  certificate(hello: Hello): string;
  accept(socket: ByteSocket, hello: Hello, outer: S): void;
}): { accept(socket: S): void } {
  return {
    accept(outer) {
      const reader = new HelloReader();
      let data: ((bytes: Uint8Array) => void) | undefined;
      let greeted = false;
      const inner: ByteSocket = {
        send: (bytes) => outer.send(bytes),
        close: () => outer.close(),
        onClose: (run) => outer.onClose(run),
        onData: (run) => {
          data = run;
        },
      };
      outer.onData((bytes) => {
        if (greeted) {
          data?.(bytes);
          return;
        }
        const read = reader.push(bytes);
        if (read === undefined) return;
        if (read === 'plain') {
          outer.send(plainAnswer);
          outer.close();
          return;
        }
        greeted = true;
        outer.send(encodeHello({ certificate: options.certificate(read.hello) }));
        options.accept(inner, read.hello, outer);
        if (read.rest.length > 0) data?.(read.rest);
      });
    },
  };
}

function parseHello(text: string): Hello | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined; // bytes of something else
  }
  if (!isObject(value)) return undefined;
  return { serverName: textOf(value, 'serverName'), certificate: textOf(value, 'certificate') };
}

function textOf(value: JsonObject, name: string): string | undefined {
  const field = Object.hasOwn(value, name) ? value[name] : undefined;
  return typeof field === 'string' ? field : undefined;
}
