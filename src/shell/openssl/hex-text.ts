// Bytes in hexadecimal, as OpenSSL prints them.

/** `AB:01:…`. */
export function colons(bytes: Uint8Array): string {
  return pairs(bytes).join(':').toUpperCase();
}

/** `AB01…`. */
export function digits(bytes: Uint8Array): string {
  return pairs(bytes).join('');
}

/** `ab:01:` over several lines. */
export function hexBlock(bytes: Uint8Array, perLine: number): readonly string[] {
  const all = pairs(bytes);
  const lines: string[] = [];
  for (let at = 0; at < all.length; at += perLine) {
    const last = at + perLine >= all.length;
    lines.push(`${all.slice(at, at + perLine).join(':')}${last ? '' : ':'}`);
  }
  return lines;
}

function pairs(bytes: Uint8Array): readonly string[] {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0'));
}
