// gRPC as far as the simulation has it: the health check, asked and answered once on a connection.
// Left out: HTTP/2's frames and protobuf.
//
//   client ── PRI * HTTP/2.0 … SM {"service": …} ⏎ ──▶ server
//   client ◀── {"status": "SERVING"} or {"code": "NotFound", "message": …} ⏎ ── server
import { concatBytes, decodeUtf8, encodeUtf8 } from './bytes.ts';
import type { ByteSocket } from './http.ts';
import { isObject } from './json.ts';

/** What a server says of one of its services. */
export type HealthAnswer =
  | { readonly status: 'SERVING' | 'NOT_SERVING' | 'UNKNOWN' | 'SERVICE_UNKNOWN' }
  | { readonly code: 'NotFound' | 'Unimplemented'; readonly message: string };

/** With this an HTTP/2 connection begins. */
const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
const questionBytesMax = 4096;

export function encodeHealthQuestion(service: string): Uint8Array {
  return encodeUtf8(`${preface}${JSON.stringify({ service })}\n`);
}

/** A listener that answers health checks and hangs up on who does not speak gRPC. */
export function healthListener(answer: (service: string) => HealthAnswer): { accept(socket: ByteSocket): void } {
  return {
    accept(socket) {
      let seen: Uint8Array = new Uint8Array();
      socket.onData((bytes) => {
        seen = concatBytes([seen, bytes]);
        const text = decodeUtf8(seen);
        if (!preface.startsWith(text.slice(0, preface.length)) || seen.length > questionBytesMax) socket.close();
        else if (text.endsWith('\n') && text.length > preface.length) {
          socket.send(encodeUtf8(`${JSON.stringify(answer(serviceIn(text.slice(preface.length))))}\n`));
          seen = new Uint8Array();
        }
      });
    },
  };
}

/** An answer from all bytes that came so far: undefined while more may come, `other` where it is none of gRPC's. */
export function readHealthAnswer(bytes: Uint8Array): HealthAnswer | 'other' | undefined {
  const text = decodeUtf8(bytes);
  if (text !== '' && !text.startsWith('{')) return 'other';
  if (!text.endsWith('\n')) return undefined;
  const value = parsed(text);
  if (!isObject(value)) return 'other';
  const { status, code, message } = value;
  const known = statuses.find((each) => each === status);
  if (known) return { status: known };
  return code === 'NotFound' || code === 'Unimplemented' ? { code, message: String(message) } : 'other';
}

const statuses = ['SERVING', 'NOT_SERVING', 'UNKNOWN', 'SERVICE_UNKNOWN'] as const;

function serviceIn(text: string): string {
  const value = parsed(text);
  return isObject(value) && typeof value.service === 'string' ? value.service : '';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // bytes of something else
  }
}
