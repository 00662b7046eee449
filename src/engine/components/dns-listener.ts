// What CoreDNS answers beside names: its metrics on 9153, its health on 8080, whether it is ready on 8181.
import type { Listener } from '../../api/network.ts';
import { httpListener } from '../../base/http.ts';
import { exponentialBounds, Histogram } from '../../base/metric-counts.ts';
import { counter, gauge, labelText, type MetricFamily, metricsText, metricsType } from '../../base/metrics-text.ts';
import { processMetrics } from '../../base/process-metrics.ts';
import type { Scope } from '../sim/scope.ts';

/** What a name server has been asked. */
export interface DnsTally {
  found: number;
  missing: number;
}

export interface DnsParts {
  readonly scope: Scope;
  readonly startedAt: number;
  readonly tally: DnsTally;
}

export function dnsMetricsListener(parts: DnsParts): Listener {
  return httpListener(({ target, headers }, reply) =>
    target.split('?')[0] === '/metrics'
      ? reply({
          status: 200,
          headers: { 'Content-Type': metricsType(headers.get('accept') ?? '') },
          body: metricsText(dnsFamilies(parts)),
        })
      : reply({ status: 404, body: '404 page not found\n' }),
  );
}

/** `path` answers `OK`. */
export function dnsHealthListener(path: '/health' | '/ready'): Listener {
  return httpListener(({ target }, reply) =>
    reply(target.split('?')[0] === path ? { status: 200, body: 'OK' } : { status: 404, body: '404 page not found\n' }),
  );
}

/** Seconds that an answer is taken to need. */
const answerSeconds = 0.000_2;

function dnsFamilies({ scope, startedAt, tally }: DnsParts): readonly MetricFamily[] {
  const { found, missing } = tally;
  const at = { server: 'dns://:53', view: '', zone: '.' };
  const durations = new Histogram(exponentialBounds(0.000_25, 2, 16));
  durations.observe(answerSeconds, found + missing);
  const process = {
    startedAt,
    now: scope.now,
    cpuSeconds: 0.3 + (found + missing) * 0.0002 + ((scope.now - startedAt) / 1000) * 0.002,
    residentBytes: 48e6,
    goroutines: 46,
    openFiles: 12,
  };
  const responses = [
    { rcode: 'NOERROR', value: found },
    { rcode: 'NXDOMAIN', value: missing },
  ].filter(({ value }) => value > 0);
  return [
    ...processMetrics(process),
    gauge(
      'coredns_build_info',
      "A metric with a constant '1' value labeled by version, revision, and goversion from which CoreDNS was built.",
      [{ labels: labelText({ goversion: 'go1.26.10', revision: '', version: '1.14.0' }), value: 1 }],
    ),
    {
      name: 'coredns_dns_request_duration_seconds',
      help: 'Histogram of the time (in seconds) each request took per zone.',
      type: 'histogram',
      series: durations.series(labelText(at)),
    },
    counter('coredns_dns_requests_total', 'Counter of DNS requests made per zone, protocol and family.', [
      {
        labels: labelText({ family: '1', proto: 'udp', server: at.server, type: 'A', view: '', zone: '.' }),
        value: found + missing,
      },
    ]),
    counter(
      'coredns_dns_responses_total',
      'Counter of response status codes.',
      responses.map(({ rcode, value }) => ({
        labels: labelText({ plugin: 'kubernetes', rcode, server: at.server, view: '', zone: '.' }),
        value,
      })),
    ),
    counter('coredns_panics_total', 'A metrics that counts the number of panics.', 0),
    gauge(
      'coredns_plugin_enabled',
      'A metric that indicates whether a plugin is enabled on per server and zone basis.',
      [
        ...['errors', 'kubernetes', 'prometheus'].map((name) => ({
          labels: labelText({ name, server: at.server, view: '', zone: '.' }),
          value: 1,
        })),
      ],
    ),
  ];
}
