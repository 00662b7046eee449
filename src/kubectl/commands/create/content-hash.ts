// The end that `--append-hash` gives to a name: ten characters that follow from the content.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { encodeUtf8 } from '../../../base/bytes.ts';
import type { JsonObject } from '../../../base/json.ts';
import { formatJson } from '../../print/json.ts';

const replacements: Readonly<Record<string, string>> = { '0': 'g', '1': 'h', '3': 'k', a: 'm', e: 't' };

/** `content` is what the hash covers. */
export function contentHash(content: JsonObject): string {
  const hex = bytesToHex(sha256(encodeUtf8(formatJson(content, { indent: '', sorted: true }))));
  return hex.slice(0, 10).replace(/[013ae]/g, (digit) => replacements[digit] ?? digit);
}
