// Sizes in words, as docker prints them.

/** `861MB`, `7.8MB`, `1.12GB`: decimal, three digits. */
export function humanSize(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < 4) {
    value /= 1000;
    unit++;
  }
  return `${Number(value.toPrecision(3))}${['B', 'kB', 'MB', 'GB', 'TB'][unit] ?? ''}`;
}
