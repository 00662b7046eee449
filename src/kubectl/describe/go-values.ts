// Values as Go's %v and time formats print them, which is what descriptions are made of.
import { isList, isObject, type JsonValue } from '../../base/json.ts';

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Mon, 02 Jan 2006 15:04:05 +0000`; Go's zero time where there is none. */
export function rfc1123(timestamp: string): string {
  const time = timestamp === '' ? undefined : new Date(timestamp);
  if (!time || Number.isNaN(time.getTime())) return 'Mon, 01 Jan 0001 00:00:00 +0000';
  const date = `${two(time.getUTCDate())} ${months[time.getUTCMonth()]} ${time.getUTCFullYear()}`;
  const clock = `${two(time.getUTCHours())}:${two(time.getUTCMinutes())}:${two(time.getUTCSeconds())}`;
  return `${days[time.getUTCDay()]}, ${date} ${clock} +0000`;
}

/** `2006-01-02 15:04:05 +0000 UTC`, as Go prints a time without a format. */
export function goTime(timestamp: string): string {
  const time = new Date(timestamp === '' ? '0001-01-01T00:00:00Z' : timestamp);
  return `${time.toISOString().slice(0, 19).replace('T', ' ')} +0000 UTC`;
}

/** `[a b]` for lists, `map[a:b]` for objects, `<nil>` for null; texts and numbers as they are. */
export function goValue(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return '<nil>';
  if (isList(value)) return `[${value.map(goValue).join(' ')}]`;
  if (isObject(value)) {
    const keys = Object.keys(value).sort();
    return `map[${keys.map((key) => `${key}:${goValue(value[key])}`).join(' ')}]`;
  }
  return String(value);
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
