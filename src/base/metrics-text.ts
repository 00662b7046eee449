// Prometheus' text format: families of series, each a value and perhaps the time at which it was measured.
//
//   # HELP node_cpu_usage_seconds_total Cumulative cpu time consumed by the node in core-seconds
//   # TYPE node_cpu_usage_seconds_total counter
//   node_cpu_usage_seconds_total 357.35 1633253812125

export interface MetricFamily {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge';
  readonly series: readonly Series[];
}

export interface Series {
  /** `name="value",…` in order; none where absent. */
  readonly labels?: string;
  readonly value: number;
  /** Milliseconds since the Unix epoch. */
  readonly at?: number;
}

/** Families without series are left out. */
export function metricsText(families: readonly MetricFamily[]): string {
  const lines: string[] = [];
  for (const { name, help, type, series } of families) {
    if (series.length === 0) continue;
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
    for (const { labels, value, at } of series)
      lines.push(
        `${name}${labels ? `{${labels}}` : ''} ${goFloat(value)}${at === undefined ? '' : ` ${Math.floor(at)}`}`,
      );
  }
  return `${lines.join('\n')}\n`;
}

const seriesPattern = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)(?: (-?\d+))?$/;

/** The series of a text; lines that are none (comments among them) pass by. */
export function* readMetrics(text: string): Generator<Series & { readonly name: string }> {
  for (const line of text.split('\n')) {
    if (line.startsWith('#')) continue;
    const [, name, labels, value, at] = seriesPattern.exec(line) ?? [];
    if (name === undefined) continue;
    yield {
      name,
      value: Number(value),
      ...(labels !== undefined && { labels }),
      ...(at !== undefined && { at: Number(at) }),
    };
  }
}

/** As Go's strconv writes the shortest form: `1.3049856e+07`. */
function goFloat(value: number): string {
  const [digits = '', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(value);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}
