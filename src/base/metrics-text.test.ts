import { expect, test } from 'vitest';
import { Counts, exponentialBounds, Histogram, Histograms } from './metric-counts.ts';
import { counter, gauge, labelText, metricsText, metricsType, readMetrics } from './metrics-text.ts';

test('families come by name, series by their labels, values as Go writes them, without families that have no series', () => {
  const counts = new Counts();
  for (const code of [404, 200, 200]) counts.add(labelText({ code, path: 'a"b\\c\nd' }));
  counts.add(labelText({ code: 500, path: '' }), 13_049_856);
  const latency = new Histogram(exponentialBounds(0.001, 10, 3));
  latency.observe(0.001);
  latency.observe(0.05, 2);
  latency.observe(7);
  const byVerb = new Histograms([0.5]);
  byVerb.of('verb="list"').observe(1);
  byVerb.of('verb="get"').observe(0);
  const text = metricsText([
    { name: 'wait_seconds', help: 'Two\nlines.', type: 'histogram', series: byVerb.series() },
    { name: 'latency_seconds', help: 'In \\ seconds.', type: 'histogram', series: latency.series() },
    counter('answers_total', 'Answers.', counts.series()),
    gauge('nothing', 'Of which there is none.', []),
    gauge('size_bytes', 'Size.', [
      { value: 2.5e-7, at: 12.7 },
      { labels: 'kind="x"', value: Number.NaN },
    ]),
    gauge('up', 'Whether it is up.', 1),
  ]);
  expect(text).toMatchInlineSnapshot(`
    "# HELP answers_total Answers.
    # TYPE answers_total counter
    answers_total{code="200",path="a\\"b\\\\c\\nd"} 2
    answers_total{code="404",path="a\\"b\\\\c\\nd"} 1
    answers_total{code="500",path=""} 1.3049856e+07
    # HELP latency_seconds In \\\\ seconds.
    # TYPE latency_seconds histogram
    latency_seconds_bucket{le="0.001"} 1
    latency_seconds_bucket{le="0.01"} 1
    latency_seconds_bucket{le="0.1"} 3
    latency_seconds_bucket{le="+Inf"} 4
    latency_seconds_sum 7.101
    latency_seconds_count 4
    # HELP size_bytes Size.
    # TYPE size_bytes gauge
    size_bytes 2.5e-07 12
    size_bytes{kind="x"} NaN
    # HELP up Whether it is up.
    # TYPE up gauge
    up 1
    # HELP wait_seconds Two\\nlines.
    # TYPE wait_seconds histogram
    wait_seconds_bucket{verb="get",le="0.5"} 1
    wait_seconds_bucket{verb="get",le="+Inf"} 1
    wait_seconds_sum{verb="get"} 0
    wait_seconds_count{verb="get"} 1
    wait_seconds_bucket{verb="list",le="0.5"} 0
    wait_seconds_bucket{verb="list",le="+Inf"} 1
    wait_seconds_sum{verb="list"} 1
    wait_seconds_count{verb="list"} 1
    "
  `);
  expect([...readMetrics(text)].filter(({ name }) => name === 'latency_seconds_count')).toEqual([
    { name: 'latency_seconds_count', value: 4 },
  ]);
});

test('the type follows the escapes that are asked for, never OpenMetrics', () => {
  const rows: readonly (readonly [accept: string | undefined, escaping: string])[] = [
    [undefined, 'underscores'],
    ['*/*', 'underscores'],
    ['application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6', 'allow-utf-8'],
    ['application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;escaping=dots;q=0.4', 'dots'],
  ];
  for (const [accept, escaping] of rows)
    expect(metricsType(accept)).toBe(`text/plain; version=0.0.4; charset=utf-8; escaping=${escaping}`);
});
