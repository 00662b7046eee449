// Dates as people write them: `2024-01-02`, `@1700000000`, `2 days ago`, `tomorrow`.

/** Milliseconds since the Unix epoch; undefined: the text is no date. */
export function parseDate(text: string, now: number): number | undefined {
  if (/^@\d+$/.test(text)) return Number(text.slice(1)) * 1000;
  if (text === 'now' || text === 'today') return now;
  if (text === 'tomorrow') return now + 86_400_000;
  if (text === 'yesterday') return now - 86_400_000;
  const relative = /^([+-]?\d+)\s*(second|sec|minute|min|hour|day|week)s?(\s+ago)?$/.exec(text);
  if (relative) {
    const size =
      { second: 1, sec: 1, minute: 60, min: 60, hour: 3600, day: 86_400, week: 604_800 }[relative[2] ?? ''] ?? 1;
    return now + Number(relative[1]) * size * 1000 * (relative[3] ? -1 : 1);
  }
  const iso = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?(?:Z|[+-]\d\d:?\d\d)?$/.test(text);
  const parsed = iso
    ? Date.parse(
        /T| /.test(text) && !/(Z|[+-]\d\d:?\d\d)$/.test(text) ? `${text.replace(' ', 'T')}Z` : text.replace(' ', 'T'),
      )
    : Number.NaN;
  return Number.isNaN(parsed) ? undefined : parsed;
}
