// What `journalctl -x` adds to systemd's own messages: the entries of its catalog.
import type { JournalEntry } from '../../api/machines.ts';

interface Explanation {
  readonly subject: string;
  readonly lines: readonly string[];
}

/** By the message; its groups are the unit and what else is told of it. */
const catalog: readonly (readonly [RegExp, (unit: string, found: readonly string[], job: number) => Explanation])[] = [
  [
    /^Started (\S+) - /,
    (unit, _, job) => ({
      subject: `A start job for unit ${unit} has finished successfully`,
      lines: [`A start job for unit ${unit} has finished successfully.`, '', `The job identifier is ${job}.`],
    }),
  ],
  [
    /^Stopped (\S+) - /,
    (unit, _, job) => ({
      subject: `A stop job for unit ${unit} has finished`,
      lines: [
        `A stop job for unit ${unit} has finished.`,
        '',
        `The job identifier is ${job} and the job result is done.`,
      ],
    }),
  ],
  [
    /^(\S+): Main process exited, code=(\w+), status=(\d+)/,
    (unit, [code = '', status = '']) => ({
      subject: 'Unit process exited',
      lines: [
        `An ExecStart= process belonging to unit ${unit} has exited.`,
        '',
        `The process' exit code is '${code}' and its exit status is ${status}.`,
      ],
    }),
  ],
  [
    /^(\S+): Failed with result '([^']*)'/,
    (unit, [result = '']) => ({
      subject: 'Unit failed',
      lines: [`The unit ${unit} has entered the 'failed' state with result '${result}'.`],
    }),
  ],
  [
    /^(\S+): Scheduled restart job/,
    (unit) => ({
      subject: 'Automatic restarting of a unit has been scheduled',
      lines: [
        `Automatic restarting of the unit ${unit} has been scheduled, as the result for`,
        'the configured Restart= setting for the unit.',
      ],
    }),
  ],
];

/** The lines below an entry; none for what systemd's catalog does not know. */
export function explanationOf({ by, text, number }: JournalEntry): readonly string[] {
  if (!by.startsWith('systemd[')) return [];
  for (const [pattern, explain] of catalog) {
    const [whole, unit = '', ...found] = pattern.exec(text) ?? [];
    if (whole === undefined) continue;
    const { subject, lines } = explain(unit, found, number);
    const head = [`Subject: ${subject}`, 'Defined-By: systemd', 'Support: https://www.debian.org/support', ''];
    return [...head, ...lines].map((line) => `░░ ${line}`);
  }
  return [];
}
