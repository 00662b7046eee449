// Families about requests: how many of which kind, how long they took, which go on.
import { httpMethods } from '../../../api/request.ts';
import { Counts, type Histogram, Histograms } from '../../../base/metric-counts.ts';
import { counter, gauge, labelText, type MetricFamily, type Series } from '../../../base/metrics-text.ts';
import { durationBounds, type RequestCell, type RequestTally, sizeBounds } from '../request-tally.ts';
import type { ResourceRegistry } from '../served-resource.ts';
import type { Storages } from '../storages.ts';

export interface MeasuredRequests {
  readonly tally: RequestTally;
  readonly registry: ResourceRegistry;
  readonly storages: Pick<Storages, 'at'>;
}

/**
 * Seconds that a server is taken to need for an answer: in virtual time, requests that wait for nobody are answered at
 * once.
 */
export const usualSeconds = { read: 0.0015, list: 0.003, write: 0.006 };

const sliBounds = durationBounds.filter((bound) => bound >= 0.05);

export function requestFamilies(measured: MeasuredRequests): readonly MetricFamily[] {
  const idle = ['mutating', 'readOnly'].map((kind) => ({ labels: labelText({ request_kind: kind }), value: 0 }));
  return [
    ...answerFamilies(measured.tally),
    gauge(
      'apiserver_current_inflight_requests',
      '[STABLE] Maximal number of currently used inflight request limit of this apiserver per request kind in last second.',
      idle.map((series, i) => ({ ...series, value: i })), // this request itself
    ),
    gauge(
      'apiserver_current_inqueue_requests',
      '[ALPHA] Maximal number of queued requests in this apiserver per request kind in last second.',
      idle,
    ),
    gauge(
      'apiserver_requested_deprecated_apis',
      '[STABLE] Gauge of deprecated APIs that have been requested, broken out by API group, version, resource, subresource, and removed_release.',
      deprecated(measured),
    ),
    ...watchFamilies(measured),
  ];
}

function answerFamilies(tally: RequestTally): readonly MetricFamily[] {
  const totals = new Counts();
  const durations = new Histograms(durationBounds);
  const slis = new Histograms(sliBounds);
  const sizes = new Histograms(sizeBounds);
  for (const [cell, histogram] of tally.answerSizes()) sizes.of(labelText(labelsOf(cell))).addAll(histogram);
  const note = (
    { component, ...labels }: Labels,
    { code, dryRun, count }: { readonly code: number; readonly dryRun: boolean; readonly count: number },
    observe: (into: Histogram) => void,
  ): void => {
    const dry_run = dryRun ? 'All' : '';
    totals.add(labelText({ code, component, dry_run, ...labels }), count);
    observe(durations.of(labelText({ component, dry_run, ...labels })));
    observe(slis.of(labelText({ component, ...labels })));
  };
  for (const cell of tally.cells()) note(labelsOf(cell), cell, (into) => observeAll(into, cell));
  for (const [key, count] of tally.byPath) {
    const [code = '', path = ''] = key.split(' ');
    const labels = pathLabels(path);
    const about = { code: Number(code), dryRun: false, count };
    if (labels) note(labels, about, (into) => into.observe(usualSeconds.read, count));
  }
  return [
    counter(
      'apiserver_request_total',
      '[STABLE] Counter of apiserver requests broken out for each verb, dry run value, group, version, resource, scope, component, and HTTP response code.',
      totals.series(),
    ),
    histogram(
      'apiserver_request_duration_seconds',
      '[STABLE] Response latency distribution in seconds for each verb, dry run value, group, version, resource, subresource, scope and component.',
      durations.series(),
    ),
    histogram(
      'apiserver_request_sli_duration_seconds',
      '[ALPHA] As apiserver_request_duration_seconds, without webhooks and waiting in the queues of priority and fairness.',
      slis.series(),
    ),
    histogram(
      'apiserver_response_sizes',
      '[STABLE] Response size distribution in bytes for each group, version, verb, resource, subresource, scope and component.',
      sizes.series(),
    ),
  ];
}

function observeAll(into: Histogram, { verb, count, waited }: RequestCell): void {
  const seconds = verb === 'get' ? usualSeconds.read : verb === 'list' ? usualSeconds.list : usualSeconds.write;
  into.observe(seconds, count - (waited?.count ?? 0));
  if (waited) into.addAll(waited);
}

/** In the order of their names. */
interface Labels extends Readonly<Record<string, string>> {
  readonly component: string;
  readonly group: string;
  readonly resource: string;
  readonly scope: string;
  readonly subresource: string;
  readonly verb: string;
  readonly version: string;
}

function labelsOf(cell: RequestCell): Labels {
  const { group, resource, scope, subresource, version } = cell;
  return { component: 'apiserver', group, resource, scope, subresource, verb: verbOf(cell), version };
}

const verbs: Readonly<Record<RequestCell['verb'], string>> = {
  ...httpMethods,
  list: 'LIST',
  watch: 'WATCH',
};

const connections: ReadonlySet<string> = new Set(['attach', 'exec', 'portforward', 'proxy']);

function verbOf({ verb, applies, subresource, group }: RequestCell): string {
  if (group === '' && connections.has(subresource)) return 'CONNECT';
  return applies ? 'APPLY' : verbs[verb];
}

/** Paths that upstream counts; undefined: it does not. */
function pathLabels(path: string): Labels | undefined {
  const [, root = '', below] = path.split('/');
  const own = { group: '', resource: '', scope: '', subresource: '', verb: 'GET', version: '' };
  switch (root) {
    case 'healthz':
    case 'livez':
    case 'readyz':
      return { component: '', ...own, subresource: `/${root}` };
    case 'openapi':
      return below === 'v3' ? { component: '', ...own, subresource: 'openapi/v3' } : undefined;
    case 'api':
    case 'apis':
      return below ? undefined : { component: 'apiserver', ...own, subresource: root };
    case 'statusz':
    case 'flagz':
      return { component: 'apiserver', ...own, resource: root };
    default:
      return undefined;
  }
}

function deprecated({ tally, registry }: MeasuredRequests): readonly Series[] {
  const found = new Map<string, Series>();
  for (const { group, version, resource, subresource } of tally.cells()) {
    const [warning] = registry.find(group, version, resource)?.warnings ?? [];
    if (warning === undefined) continue;
    const removed_release = /unavailable in v([\d.]+)\+/.exec(warning)?.[1] ?? '';
    const labels = labelText({ group, removed_release, resource, subresource, version });
    found.set(labels, { labels, value: 1 });
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, series]) => series);
}

function watchFamilies({ registry, storages }: MeasuredRequests): readonly MetricFamily[] {
  const open = new Counts();
  const sent = new Counts();
  for (const { group, version, resource, storage } of stored(registry)) {
    const { hub } = storages.at(storage);
    const about = { group, resource };
    for (const { selection } of hub.watchers()) {
      const scope =
        selection.name !== undefined ? 'resource' : selection.namespace !== undefined ? 'namespace' : 'cluster';
      open.add(labelText({ component: 'apiserver', ...about, scope, subresource: '', verb: 'WATCH', version }));
    }
    if (hub.sent > 0) sent.add(labelText({ ...about, version }), hub.sent);
  }
  return [
    gauge(
      'apiserver_longrunning_requests',
      '[STABLE] Gauge of all active long-running apiserver requests broken out by verb, group, version, resource, scope and component. Not all requests are tracked this way.',
      open.series(),
    ),
    counter('apiserver_watch_events_total', '[ALPHA] Number of events sent in watch clients', sent.series()),
  ];
}

/** One resource for each place in storage: of several versions the first. */
export function stored(registry: ResourceRegistry) {
  const found = new Map<string, { group: string; version: string; resource: string; storage: string }>();
  for (const resource of registry.all())
    if (resource.verbs.includes('watch') && !found.has(resource.storage)) found.set(resource.storage, resource);
  return [...found.values()];
}

export function histogram(name: string, help: string, series: readonly Series[]): MetricFamily {
  return { name, help, type: 'histogram', series };
}
