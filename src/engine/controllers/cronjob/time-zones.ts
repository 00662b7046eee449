// Time zones of the IANA database: what a zone's clocks show at a time, and when a cron schedule next comes by them.
//
//   America/New_York|EST EDT|50 40|0101…|1BQT0 11B0 …     offsets in minutes west and moments in minutes, in base 60
//                    └ 0  └ 1  └ 0 └ 1 └ which from when on
import packed from 'moment-timezone/data/packed/latest.json';
import type { Schedule } from './schedule.ts';

/** From when on its clocks are how far ahead of UTC; in order, the first from ever. All in milliseconds. */
interface Period {
  readonly from: number;
  readonly aheadMs: number;
}

type Zone = readonly Period[];

const minuteMs = 60_000;
const known = new Map<string, Zone>();
/** Periods that a search for the next time goes through: years of them. */
const periodsMax = 16;

/** The schedule by a zone's clocks; undefined: there is no such zone. The controller manager's own zone is UTC. */
export function scheduleIn(name: string, schedule: Schedule): Schedule | undefined {
  const zone = name === 'Local' ? zoneOf('UTC') : zoneOf(name);
  return zone && { next: (afterMs) => nextIn(zone, schedule, afterMs) };
}

/** A time that clocks skip does not come; one that they show twice comes twice. */
function nextIn(zone: Zone, schedule: Schedule, afterMs: number): number | undefined {
  const first = zone.findLastIndex(({ from }) => from <= afterMs);
  let after = afterMs;
  for (let at = Math.max(first, 0); at < Math.min(zone.length, first + periodsMax); at++) {
    const { aheadMs } = zone[at] ?? { aheadMs: 0 };
    const until = zone[at + 1]?.from ?? Number.POSITIVE_INFINITY;
    const local = schedule.next(after + aheadMs);
    if (local === undefined) return undefined;
    if (local - aheadMs < until) return local - aheadMs;
    after = until - 1;
  }
  return undefined;
}

function zoneOf(name: string): Zone | undefined {
  const found = known.get(name) ?? unpack(name);
  if (found) known.set(name, found);
  return found;
}

function unpack(name: string): Zone | undefined {
  const link = packed.links.find((pair) => pair.endsWith(`|${name}`));
  const wanted = link === undefined ? name : link.slice(0, link.indexOf('|'));
  const text = packed.zones.find((zone) => zone.startsWith(`${wanted}|`));
  if (text === undefined) return undefined;
  const [, , offsets = '', indices = '', untils = ''] = text.split('|');
  const ahead = offsets.split(' ').map((offset) => -number60(offset) * minuteMs);
  const steps = untils === '' ? [] : untils.split(' ').map(number60);
  let from = Number.NEGATIVE_INFINITY;
  let minutes = 0;
  return [...indices].map((index, at) => {
    const period = { from, aheadMs: Math.round(ahead[number60(index)] ?? 0) };
    minutes += steps[at] ?? 0;
    from = Math.round(minutes) * minuteMs;
    return period;
  });
}

/** A number in base 60, with digits after the point. */
function number60(text: string): number {
  const [, sign = '', whole = '', rest = ''] = /^(-?)([^.]*)\.?(.*)$/.exec(text) ?? [];
  let value = 0;
  for (const digit of whole) value = value * 60 + digitOf(digit);
  let place = 1;
  for (const digit of rest) {
    place /= 60;
    value += digitOf(digit) * place;
  }
  return sign === '-' ? -value : value;
}

function digitOf(character: string): number {
  const code = character.charCodeAt(0);
  return code > 96 ? code - 87 : code > 64 ? code - 29 : code - 48;
}
