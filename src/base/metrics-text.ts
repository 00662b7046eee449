// Prometheus' text format: families of series, each a value and perhaps the time at which it was measured.
//
//   # HELP node_cpu_usage_seconds_total Cumulative cpu time consumed by the node in core-seconds
//   # TYPE node_cpu_usage_seconds_total counter
//   node_cpu_usage_seconds_total 357.35 1633253812125
//
// Left out: OpenMetrics, which none of Kubernetes' components answers with; asked for it, they give this text.

export interface MetricFamily {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary';
  readonly series: readonly Series[];
}

export interface Series {
  /** Of a histogram or a summary: which of its series. */
  readonly suffix?: '_bucket' | '_sum' | '_count';
  /** `name="value",…` in order, as labelText writes it; none where absent. */
  readonly labels?: string;
  readonly value: number;
  /** Milliseconds since the Unix epoch. */
  readonly at?: number;
}

/** One that counts up, e.g. `counter('etcd_…_total', 'The number of …', 3)`. */
export function counter(name: string, help: string, series: number | readonly Series[]): MetricFamily {
  return { name, help, type: 'counter', series: seriesOf(series) };
}

export function gauge(name: string, help: string, series: number | readonly Series[]): MetricFamily {
  return { name, help, type: 'gauge', series: seriesOf(series) };
}

function seriesOf(series: number | readonly Series[]): readonly Series[] {
  return typeof series === 'number' ? [{ value: series }] : series;
}

/** `{ a: 'x', b: '"' }` as `a="x",b="\""`. */
export function labelText(labels: Readonly<Record<string, string | number>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(String(value), escapesOfLabels)}"`)
    .join(',');
}

/** Families by name, as a registry gathers them; those without series are left out. */
export function metricsText(families: readonly MetricFamily[]): string {
  const lines: string[] = [];
  const ordered = [...families].sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const { name, help, type, series } of ordered) {
    if (series.length === 0) continue;
    lines.push(`# HELP ${name} ${escaped(help, /[\\\n]/g)}`, `# TYPE ${name} ${type}`);
    for (const { suffix = '', labels, value, at } of series)
      lines.push(
        `${name}${suffix}${labels ? `{${labels}}` : ''} ${goFloat(value)}${at === undefined ? '' : ` ${Math.floor(at)}`}`,
      );
  }
  return `${lines.join('\n')}\n`;
}

/** The Content-Type of metricsText, by what an Accept header says of escapes up to where it takes text. */
export function metricsType(accept = ''): string {
  let escaping = 'underscores';
  for (const part of accept.split(',')) {
    escaping = /;\s*escaping=(allow-utf-8|underscores|dots|values)\s*(?:;|$)/.exec(part)?.[1] ?? escaping;
    if (/^\s*text\/plain\s*(;|$)/.test(part)) break;
  }
  return `text/plain; version=0.0.4; charset=utf-8; escaping=${escaping}`;
}

const escapesOfLabels = /[\\\n"]/g;

function escaped(text: string, special: RegExp): string {
  return text.replace(special, (found) => (found === '\n' ? '\\n' : `\\${found}`));
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
export function goFloat(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  const [digits = '', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(value);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}
