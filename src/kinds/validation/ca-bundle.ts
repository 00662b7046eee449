// Certificates that an API server may trust a webhook by.
import { decodeBase64, decodeUtf8 } from '../../base/bytes.ts';

const block = /-----BEGIN ([^-\n]*)-----\r?\n([\s\S]*?)-----END \1-----/g;

/** Why a bundle in base64, as the API has it, holds no certificates; undefined: it does. */
export function caBundleProblem(bundle: string): string | undefined {
  const text = decodeUtf8(decodeBase64(bundle) ?? new Uint8Array());
  const blocks = [...text.matchAll(block)].filter(([, type]) => type === 'CERTIFICATE');
  if (blocks.length === 0) return 'data does not contain any valid RSA or ECDSA certificates';
  const sequence = 0x30;
  const broken = blocks.some(([, , body = '']) => decodeBase64(body.replace(/\s/g, ''))?.[0] !== sequence);
  return broken ? 'x509: malformed certificate' : undefined;
}
