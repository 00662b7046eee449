// The hash by which discovery tells clients in which version a resource is stored.
import { sha256 } from '@noble/hashes/sha2.js';
import { encodeBase64, encodeUtf8 } from '../../base/bytes.ts';
import { remember } from '../../kinds/share.ts';
import type { ServedResource } from './served-resource.ts';

/** E.g. `xPOwRZ+Yhw8=` for pods; undefined for what is not stored, reviews for example. */
export const storageVersionHash = remember((resource: ServedResource): string | undefined => {
  const { group, version, kind, verbs } = resource;
  if (!verbs.includes('create') || !verbs.includes('get')) return undefined;
  const stored = resource.storedAs ?? `${group}/${version}`;
  const whole = stored.includes('/') ? stored : `/${stored}`;
  return encodeBase64(sha256(encodeUtf8(`${whole}/${kind}`)).subarray(0, 8));
});
