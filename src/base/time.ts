// Instants as text: RFC 3339 as Kubernetes writes it. An instant is milliseconds since the Unix epoch.

/** `2026-11-22T14:38:56Z`: metav1.Time, whole seconds, cut off. */
export function formatTime(at: number): string {
  const second = Math.floor(at / 1000);
  const known = seconds.get(second);
  if (known !== undefined) return known;
  const text = `${new Date(second * 1000).toISOString().slice(0, 19)}Z`;
  if (seconds.size >= secondsMax) seconds.clear();
  seconds.set(second, text);
  return text;
}

/** Many ask for the same few seconds. */
const seconds = new Map<number, string>();
const secondsMax = 64;

/** `2026-11-22T14:38:56.123000Z`: metav1.MicroTime. */
export function formatMicroTime(at: number): string {
  const millis = Math.floor(at);
  const fraction = (millis - Math.floor(millis / 1000) * 1000) * 1000 + Math.floor((at - millis) * 1000);
  return `${formatTime(at).slice(0, -1)}.${String(fraction).padStart(6, '0')}Z`;
}

/** `Sun, 22 Nov 2026 14:38:56 GMT`: as HTTP's headers have it. */
export function formatHttpDate(at: number): string {
  return new Date(at).toUTCString();
}

const rfc3339 = /^(\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d)(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

/** The instant of an RFC 3339 text; undefined where the text is none. Fractions are kept to the microsecond. */
export function parseTime(text: string | undefined): number | undefined {
  const match = text === undefined ? null : rfc3339.exec(text);
  if (!match) return undefined;
  const at = Date.parse(`${(match[1] ?? '').toUpperCase()}${(match[3] ?? '').toUpperCase()}`);
  if (Number.isNaN(at)) return undefined;
  return at + Math.floor(Number(`0${match[2] ?? ''}`) * 1_000_000) / 1000;
}

/** As parseTime, of a text with exactly six digits after the second's point. */
export function parseMicroTime(text: string): number | undefined {
  return /\.\d{6}(?:Z|[+-]\d\d:\d\d)$/.test(text) ? parseTime(text) : undefined;
}
