// A line of the journal in the forms that journalctl prints.
import type { JournalEntry } from '../../api/machines.ts';
import { formatDate } from '../text/date-format.ts';

export type JournalForm = 'short' | 'short-iso' | 'short-precise' | 'cat' | 'json';

export const journalForms: readonly JournalForm[] = ['short', 'short-iso', 'short-precise', 'cat', 'json'];

export function journalLine(
  { at, by, text, unit }: JournalEntry,
  hostname: string,
  form: JournalForm = 'short',
): string {
  switch (form) {
    case 'cat':
      return text;
    case 'json':
      return JSON.stringify({
        __REALTIME_TIMESTAMP: String(Math.floor(at * 1000)),
        _HOSTNAME: hostname,
        SYSLOG_IDENTIFIER: by.replace(/\[.*$/, ''),
        _SYSTEMD_UNIT: `${unit}.service`,
        MESSAGE: text,
      });
    case 'short-iso':
      return `${formatDate(at, '%Y-%m-%dT%H:%M:%S')}+0000 ${hostname} ${by}: ${text}`;
    case 'short-precise':
      return `${formatDate(at, '%b %d %H:%M:%S')}.${String(Math.floor((at % 1000) * 1000)).padStart(6, '0')} ${hostname} ${by}: ${text}`;
    default:
      return `${formatDate(at, '%b %d %H:%M:%S')} ${hostname} ${by}: ${text}`;
  }
}
