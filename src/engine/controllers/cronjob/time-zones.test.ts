// Cron schedules by the clocks of time zones: skipped and repeated hours, links, zones that do not exist.
import { expect, test } from 'vitest';
import { parseSchedule } from './schedule.ts';
import { scheduleIn } from './time-zones.ts';

test('a schedule comes when the zone’s clocks show its time', () => {
  const rows: readonly (readonly [zone: string, cron: string, after: string])[] = [
    ['America/New_York', '30 9 * * 1-5', '2026-01-01T15:00:00Z'],
    ['America/New_York', '30 9 * * 1-5', '2026-07-01T15:00:00Z'],
    // 8 March 2026: from 01:59 to 03:00.
    ['US/Eastern', '30 2 * * *', '2026-03-07T08:00:00Z'],
    ['US/Eastern', '0 3 * * *', '2026-03-08T06:00:00Z'],
    // 1 November 2026: 01:30 comes twice.
    ['America/New_York', '30 1 * * *', '2026-11-01T00:00:00Z'],
    ['America/New_York', '30 1 * * *', '2026-11-01T05:30:00Z'],
    ['Asia/Kolkata', '0 0 1 * *', '2026-05-05T00:00:00Z'],
    ['Europe/Berlin', '@daily', '2026-03-28T23:00:00Z'],
    ['Etc/GMT+5', '0 12 * * *', '2026-01-01T00:00:00Z'],
    ['UTC', '0 12 * * *', '2026-01-01T00:00:00Z'],
    ['Mars/Olympus', '0 12 * * *', '2026-01-01T00:00:00Z'],
  ];
  const told = rows.map(([zone, cron, after]) => {
    const schedule = parseSchedule(cron);
    const next = schedule && scheduleIn(zone, schedule)?.next(Date.parse(after));
    return `${zone} ${cron} after ${after}: ${next === undefined ? 'never' : new Date(next).toISOString()}`;
  });
  expect(told.join('\n')).toMatchInlineSnapshot(`
    "America/New_York 30 9 * * 1-5 after 2026-01-01T15:00:00Z: 2026-01-02T14:30:00.000Z
    America/New_York 30 9 * * 1-5 after 2026-07-01T15:00:00Z: 2026-07-02T13:30:00.000Z
    US/Eastern 30 2 * * * after 2026-03-07T08:00:00Z: 2026-03-09T06:30:00.000Z
    US/Eastern 0 3 * * * after 2026-03-08T06:00:00Z: 2026-03-08T07:00:00.000Z
    America/New_York 30 1 * * * after 2026-11-01T00:00:00Z: 2026-11-01T05:30:00.000Z
    America/New_York 30 1 * * * after 2026-11-01T05:30:00Z: 2026-11-01T06:30:00.000Z
    Asia/Kolkata 0 0 1 * * after 2026-05-05T00:00:00Z: 2026-05-31T18:30:00.000Z
    Europe/Berlin @daily after 2026-03-28T23:00:00Z: 2026-03-29T22:00:00.000Z
    Etc/GMT+5 0 12 * * * after 2026-01-01T00:00:00Z: 2026-01-01T17:00:00.000Z
    UTC 0 12 * * * after 2026-01-01T00:00:00Z: 2026-01-01T12:00:00.000Z
    Mars/Olympus 0 12 * * * after 2026-01-01T00:00:00Z: never"
  `);
});
