// Durations as Go writes them.

/** Go's time.Duration in whole milliseconds: `700ms`, `1.203s`, `1m2s`. */
export function goDuration(ms: number): string {
  const whole = Math.floor(ms);
  if (whole < 1000) return whole === 0 ? '0s' : `${whole}ms`;
  const seconds = (whole % 60_000) / 1000;
  const minutes = Math.floor(whole / 60_000);
  if (minutes === 0) return `${seconds}s`;
  return minutes < 60 ? `${minutes}m${seconds}s` : `${Math.floor(minutes / 60)}h${minutes % 60}m${seconds}s`;
}
