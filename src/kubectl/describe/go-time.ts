// Times as Go's formats print them, which is what descriptions are made of.

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

function two(number: number): string {
  return String(number).padStart(2, '0');
}
