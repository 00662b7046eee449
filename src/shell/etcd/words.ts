// How etcdctl splits the lines that it reads into words, and words sizes and durations as Go programs do.
import { unquote } from '../../base/go/quote.ts';

/** `put "a key" 'a value'` is three words. */
export function splitWords(line: string): readonly string[] {
  const words = line.match(/"(?:[^"\\]|\\.)*"|'[^']*'|[^'"\s]\S*[^'"\s]?/g) ?? [];
  return words.map((word) =>
    word.startsWith("'") ? word.slice(1, -1) : word.startsWith('"') ? (unquote(word) ?? word) : word,
  );
}

/** As Go writes durations, to the nanosecond. */
export function durationText(ms: number): string {
  const text = (value: number): string => String(Number(value.toFixed(6)));
  if (ms < 1) return `${Number((ms * 1000).toFixed(3))}µs`;
  return ms < 1000 ? `${text(ms)}ms` : `${text(ms / 1000)}s`;
}

/** `20 kB`, `2.1 GB`: thousands, two digits. */
export function humanBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  const rounded = Math.floor(value * 10 + 0.5) / 10;
  return unit === 0 ? `${bytes} B` : `${rounded < 10 ? rounded.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** Why a peer cannot be reached at a URL, in etcd's words; undefined: it can. */
export function peerUrlProblem(url: string): string | undefined {
  const [, scheme = '', host = '', path] = /^([a-z]+):\/\/([^/]*)(\/.*)?$/.exec(url) ?? [];
  if (!/^(https?|unixs?)$/.test(scheme)) return `URL scheme must be http, https, unix, or unixs: ${url}`;
  if (!/:\d+$/.test(host)) return `URL address does not have the form "host:port": ${url}`;
  return path === undefined ? undefined : `URL must not contain a path: ${url}`;
}
