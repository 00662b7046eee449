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
  return pemBlocks(label, text)[0];
}

/** The bytes of all blocks with this label. */
export function pemBlocks(label: string, text: string): readonly Uint8Array[] {
  const begin = `-----BEGIN ${label}-----`;
  const blocks: Uint8Array[] = [];
  for (let from = text.indexOf(begin); from >= 0; from = text.indexOf(begin, from + begin.length)) {
    const to = text.indexOf(`-----END ${label}-----`, from);
    const bytes = to < 0 ? undefined : decodeBase64(text.slice(from + begin.length, to).replace(/[ \t]/g, ''));
    if (bytes) blocks.push(bytes);
  }
  return blocks;
}
