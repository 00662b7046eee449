// PEM: bytes as text between a BEGIN and an END line.
import { decodeBase64, encodeBase64 } from './bytes.ts';

const lineLength = 64;

/** E.g. `encodePem('CERTIFICATE', bytes)`. */
export function encodePem(label: string, bytes: Uint8Array): string {
  const lines = encodeBase64(bytes).match(new RegExp(`.{1,${lineLength}}`, 'g')) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

/** The bytes of the first block with this label; undefined: there is none. */
export function decodePem(label: string, text: string): Uint8Array | undefined {
  const begin = `-----BEGIN ${label}-----`;
  const from = text.indexOf(begin);
  const to = text.indexOf(`-----END ${label}-----`, from);
  if (from < 0 || to < 0) return undefined;
  return decodeBase64(text.slice(from + begin.length, to).replace(/[ \t]/g, ''));
}
