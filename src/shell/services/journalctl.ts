// journalctl: what the services of a cluster's machine have written.
import type { JournalEntry, MachinesPort } from '../../api/machines.ts';
import type { Process, Program } from '../../api/program.ts';
import { readGoDuration } from '../../base/go-duration.ts';
import { OptionError, type OptionSpec, type Options, readOptions } from '../text/long-options.ts';
import { explanationOf } from './journal-catalog.ts';
import { type JournalForm, journalForms, journalLine } from './journal-line.ts';

const options: readonly OptionSpec[] = [
  { name: 'unit', short: 'u', kind: 'list', about: 'Show logs from the specified unit' },
  { name: 'follow', short: 'f', kind: 'switch', about: 'Follow the journal' },
  { name: 'lines', short: 'n', kind: 'text', about: 'Number of journal entries to show' },
  { name: 'since', short: 'S', kind: 'text', about: 'Show entries not older than the specified date' },
  { name: 'until', short: 'U', kind: 'text', about: 'Show entries not newer than the specified date' },
  { name: 'output', short: 'o', kind: 'text', about: 'Change journal output mode' },
  { name: 'grep', short: 'g', kind: 'text', about: 'Show entries with MESSAGE matching PATTERN' },
  { name: 'identifier', short: 't', kind: 'list', about: 'Show entries with the specified syslog identifier' },
  // All that a machine has written is of its current boot.
  { name: 'boot', short: 'b', kind: 'switch', about: 'Show current boot', idle: true },
  { name: 'catalog', short: 'x', kind: 'switch', about: 'Add message explanations where available' },
  { name: 'pager-end', short: 'e', kind: 'switch', about: 'Immediately jump to the end in the pager' },
  { name: 'reverse', short: 'r', kind: 'switch', about: 'Show the newest entries first' },
  // There is no pager here, and nothing is shortened.
  { name: 'no-pager', kind: 'switch', about: 'Do not pipe output into a pager', idle: true },
  { name: 'full', short: 'l', kind: 'switch', about: 'Do not ellipsize fields', idle: true },
  { name: 'quiet', short: 'q', kind: 'switch', about: 'Do not show info messages and privilege warning' },
  { name: 'no-hostname', kind: 'switch', about: 'Suppress output of hostname field' },
];

/** How often who follows looks for news. */
const lookMs = 250;
/** What `-e` and `-f` show at most unless they are told. */
const endLines = 1000;
const followLines = 10;

export function journalctl(machines: () => MachinesPort): Program {
  return async (process) => {
    const node = /^node\/(.+)$/.exec(process.machine.id)?.[1];
    const read = async () => (node === undefined ? undefined : machines().journal(node));
    try {
      const given = readOptions(normalized(process.argv.slice(1)), options);
      const all = await read();
      if (!all) {
        if (!given.has('quiet')) await process.stderr.write('No journal files were found.\n-- No entries --\n');
        return 0;
      }
      const wanted = filterOf(given, process);
      const count = countOf(given);
      const matching = all.filter(wanted);
      const shown = count === undefined ? matching : count === 0 ? [] : matching.slice(-count);
      await print(process, given.has('reverse') ? [...shown].reverse() : shown, given);
      if (shown.length === 0 && !given.has('follow') && !given.has('quiet'))
        await process.stdout.write('-- No entries --\n');
      if (!given.has('follow')) return 0;
      let last = all.at(-1)?.number ?? -1;
      while (!process.cancel.cancelled) {
        await process.clock.sleep(lookMs, process.cancel);
        const news = ((await read()) ?? []).filter(({ number }) => number > last);
        last = news.at(-1)?.number ?? last;
        await print(process, news.filter(wanted), given);
      }
      return 130;
    } catch (error) {
      if (!(error instanceof OptionError)) throw error;
      await process.stderr.write(`journalctl: ${error.message}\n`);
      return 1;
    }
  };
}

/** `-n` alone is `-n10`. */
function normalized(words: readonly string[]): readonly string[] {
  return words.flatMap((word, at) => {
    const next = words[at + 1];
    const alone = (word === '-n' || word === '--lines') && (next === undefined || next.startsWith('-'));
    return alone ? [word, '10'] : [word];
  });
}

function countOf(given: Options): number | undefined {
  const text = given.text('lines');
  if (text === 'all') return undefined;
  if (text !== undefined && !/^\d+$/.test(text)) throw new OptionError(`Failed to parse lines '${text}'`);
  if (text !== undefined) return Number(text);
  if (given.has('follow')) return followLines;
  return given.has('pager-end') ? endLines : undefined;
}

function filterOf(given: Options, process: Process): (entry: JournalEntry) => boolean {
  const now = process.clock.now();
  const units = given.list('unit').map((name) => name.replace(/\.service$/, ''));
  const identifiers = given.list('identifier');
  const since = timeOf(given.text('since'), now) ?? Number.NEGATIVE_INFINITY;
  const until = timeOf(given.text('until'), now) ?? Number.POSITIVE_INFINITY;
  const text = given.text('grep');
  const pattern = text === undefined ? undefined : patternOf(text);
  return ({ unit, by, at, text: line }) =>
    (units.length === 0 || units.includes(unit)) &&
    (identifiers.length === 0 || identifiers.includes(by.replace(/\[.*$/, ''))) &&
    at >= since &&
    at <= until &&
    (pattern?.test(line) ?? true);
}

function patternOf(text: string): RegExp {
  try {
    return new RegExp(text, text === text.toLowerCase() ? 'i' : '');
  } catch {
    throw new OptionError(`Bad pattern "${text}"`);
  }
}

const unitsMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `2026-01-01 09:00:00`, `today`, `10 minutes ago`, `-5m`. */
function timeOf(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  const midnight = now - (now % 86_400_000);
  if (text === 'now') return now;
  if (text === 'today') return midnight;
  if (text === 'yesterday') return midnight - 86_400_000;
  const [, count, unit] = /^(\d+)\s*(s|m|h|d)\w*\s+ago$/.exec(text) ?? [];
  if (count !== undefined && unit !== undefined) return now - Number(count) * (unitsMs[unit] ?? 0);
  const [, span] = /^-(.+)$/.exec(text) ?? [];
  const spanMs = span === undefined ? undefined : readGoDuration(span.replace(/min\b/, 'm'));
  if (spanMs !== undefined) return now - spanMs;
  const whole = /^\d\d:\d\d(:\d\d)?$/.test(text) ? `${new Date(now).toISOString().slice(0, 10)} ${text}` : text;
  const time = Date.parse(`${whole.replace(' ', 'T')}${/\d\d:\d\d/.test(whole) ? 'Z' : 'T00:00:00Z'}`);
  if (Number.isNaN(time)) throw new OptionError(`Failed to parse timestamp: ${text}`);
  return time;
}

async function print(process: Process, entries: readonly JournalEntry[], given: Options): Promise<void> {
  const asked = given.text('output') ?? 'short';
  const form: JournalForm | undefined = journalForms.find((known) => known === asked);
  if (!form) throw new OptionError(`the output mode ${asked} is not simulated`);
  const hostname = given.has('no-hostname') ? '' : process.machine.hostname;
  if (entries.length === 0) return;
  const explains = given.has('catalog') && form !== 'cat' && form !== 'json';
  const linesOf = (entry: JournalEntry) => [
    journalLine(entry, hostname, form),
    ...(explains ? explanationOf(entry) : []),
  ];
  await process.stdout.write(entries.map((entry) => `${linesOf(entry).join('\n')}\n`).join(''));
}
