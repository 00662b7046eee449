// FNV-1a, 32 bits: fast, stable, the hash that Kubernetes itself uses for template hashes.

export const fnvOffset = 0x811c9dc5;

/** Continues the hash over a text's UTF-16 units (low byte, then high byte where there is one). */
export function fnv1a(text: string, hash = fnvOffset): number {
  let h = hash;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    h = Math.imul(h ^ (unit & 0xff), 0x01000193);
    if (unit > 0xff) h = Math.imul(h ^ (unit >> 8), 0x01000193);
  }
  return h >>> 0;
}

/** Continues the hash over a number's integer part (32 bits). */
export function fnv1aInt(value: number, hash: number): number {
  let h = hash;
  for (let shift = 0; shift < 32; shift += 8) h = Math.imul(h ^ ((value >>> shift) & 0xff), 0x01000193);
  return h >>> 0;
}
