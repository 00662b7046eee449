// strftime's formats on UTC time.

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

export function formatDate(ms: number, format: string): string {
  const date = new Date(ms);
  const two = (value: number) => String(value).padStart(2, '0');
  const dayOfYear = Math.floor((ms - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1;
  const hour = date.getUTCHours();
  const fields: Readonly<Record<string, () => string>> = {
    Y: () => String(date.getUTCFullYear()),
    y: () => two(date.getUTCFullYear() % 100),
    m: () => two(date.getUTCMonth() + 1),
    d: () => two(date.getUTCDate()),
    e: () => String(date.getUTCDate()).padStart(2),
    H: () => two(hour),
    I: () => two(hour % 12 || 12),
    M: () => two(date.getUTCMinutes()),
    S: () => two(date.getUTCSeconds()),
    N: () => `${String(date.getUTCMilliseconds()).padStart(3, '0')}000000`,
    a: () => (days[date.getUTCDay()] ?? '').slice(0, 3),
    A: () => days[date.getUTCDay()] ?? '',
    b: () => (months[date.getUTCMonth()] ?? '').slice(0, 3),
    B: () => months[date.getUTCMonth()] ?? '',
    h: () => (months[date.getUTCMonth()] ?? '').slice(0, 3),
    j: () => String(dayOfYear).padStart(3, '0'),
    u: () => String(date.getUTCDay() || 7),
    w: () => String(date.getUTCDay()),
    p: () => (hour < 12 ? 'AM' : 'PM'),
    Z: () => 'UTC',
    z: () => '+0000',
    s: () => String(Math.floor(ms / 1000)),
    F: () => formatDate(ms, '%Y-%m-%d'),
    T: () => formatDate(ms, '%H:%M:%S'),
    R: () => formatDate(ms, '%H:%M'),
    D: () => formatDate(ms, '%m/%d/%y'),
    c: () => formatDate(ms, '%a %b %e %H:%M:%S %Y'),
    r: () => formatDate(ms, '%I:%M:%S %p'),
    x: () => formatDate(ms, '%m/%d/%y'),
    X: () => formatDate(ms, '%H:%M:%S'),
    n: () => '\n',
    t: () => '\t',
    '%': () => '%',
  };
  return format.replace(/%(3?)-?([A-Za-z%])/g, (whole, three: string, letter: string) => {
    const text = fields[letter]?.();
    return text === undefined ? whole : three && letter === 'N' ? text.slice(0, 3) : text;
  });
}
