// Cron schedules: five fields, or a name such as @hourly. Times are UTC.
//
//   */15 9-17 * * MON-FRI     minute hour day-of-month month day-of-week

export interface Schedule {
  /** The first time after `afterMs`; undefined when there is none within five years, e.g. for 30 February. */
  next(afterMs: number): number | undefined;
}

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const fields: readonly Field[] = [
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day of month', min: 1, max: 31 },
  { name: 'month', min: 1, max: 12, names: months },
  { name: 'day of week', min: 0, max: 6, names: days },
];
const named = new Map([
  ['@yearly', '0 0 1 1 *'],
  ['@annually', '0 0 1 1 *'],
  ['@monthly', '0 0 1 * *'],
  ['@weekly', '0 0 * * 0'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@hourly', '0 * * * *'],
]);
const minuteMs = 60_000;
const dayMs = 86_400_000;
const daysMax = 366 * 5;

/** Undefined when the text is no schedule. */
export function parseSchedule(text: string): Schedule | undefined {
  const every = /^@every ((?:\d+(?:\.\d+)?(?:h|m|s))+)$/.exec(text);
  if (every) return everySchedule(durationMs(every[1] ?? ''));
  const parts = (named.get(text) ?? text).trim().split(/\s+/);
  if (parts.length !== fields.length) return undefined;
  const sets = fields.map((field, i) => parseField(parts[i] ?? '', field));
  const [minutes, hours, monthDays, monthSet, weekDays] = sets;
  if (!minutes || !hours || !monthDays || !monthSet || !weekDays) return undefined;
  // Where both day fields restrict, either suffices.
  const either = !isStar(parts[2]) && !isStar(parts[4]);
  const onDay = (date: Date): boolean => {
    if (!monthSet.has(date.getUTCMonth() + 1)) return false;
    const byMonth = monthDays.has(date.getUTCDate());
    const byWeek = weekDays.has(date.getUTCDay());
    return either ? byMonth || byWeek : byMonth && byWeek;
  };
  return { next: (afterMs) => nextTime(afterMs, onDay, { minutes, hours }) };
}

function nextTime(
  afterMs: number,
  onDay: (date: Date) => boolean,
  { minutes, hours }: { readonly minutes: ReadonlySet<number>; readonly hours: ReadonlySet<number> },
): number | undefined {
  const first = (Math.floor(afterMs / minuteMs) + 1) * minuteMs;
  const firstDay = Math.floor(first / dayMs) * dayMs;
  for (let day = 0; day < daysMax; day++) {
    const start = firstDay + day * dayMs;
    if (!onDay(new Date(start))) continue;
    for (let hour = 0; hour < 24; hour++) {
      if (!hours.has(hour)) continue;
      for (let minute = 0; minute < 60; minute++) {
        const at = start + (hour * 60 + minute) * minuteMs;
        if (at >= first && minutes.has(minute)) return at;
      }
    }
  }
  return undefined;
}

function everySchedule(periodMs: number): Schedule {
  const wholeMs = Math.max(1000, Math.floor(periodMs / 1000) * 1000);
  return { next: (afterMs) => Math.floor(afterMs / 1000) * 1000 + wholeMs };
}

function durationMs(text: string): number {
  const units = new Map([
    ['h', 3_600_000],
    ['m', minuteMs],
    ['s', 1000],
  ]);
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(h|m|s)/g))
    total += Number(amount) * (units.get(unit ?? '') ?? 0);
  return total;
}

function isStar(text: string | undefined): boolean {
  return text !== undefined && (text.startsWith('*') || text === '?') && !/^\*\/(?!1$)/.test(text);
}

function parseField(text: string, field: Field): ReadonlySet<number> | undefined {
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const match = /^(\*|\?|[0-9a-z]+(?:-[0-9a-z]+)?)(?:\/(\d+))?$/i.exec(part);
    if (!match) return undefined;
    const [, range = '', step] = match;
    const bounds = parseRange(range, field, step !== undefined);
    const by = Number(step ?? 1);
    if (!bounds || by === 0) return undefined;
    for (let value = bounds[0]; value <= bounds[1]; value += by) values.add(value);
  }
  return values;
}

function parseRange(text: string, field: Field, stepped: boolean): readonly [number, number] | undefined {
  if (text === '*' || text === '?') return [field.min, field.max];
  const [from = '', to] = text.split('-');
  const first = numberOf(from, field);
  const last = to === undefined ? (stepped ? field.max : first) : numberOf(to, field);
  if (first === undefined || last === undefined || first > last) return undefined;
  return [first, last];
}

function numberOf(text: string, { min, max, names }: Field): number | undefined {
  const index = names?.indexOf(text.toLowerCase()) ?? -1;
  const value = index >= 0 ? index + min : /^\d+$/.test(text) ? Number(text) : -1;
  return value >= min && value <= max ? value : undefined;
}
