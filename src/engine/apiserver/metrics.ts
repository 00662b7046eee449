// /metrics: what this API server counts, in Prometheus' text form. Left out: everything that upstream measures in time.
import type { Fairness } from './fairness/fairness.ts';
import type { Route } from './router.ts';

export const metricsType = 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores';

export interface StoredCount {
  readonly group: string;
  readonly resource: string;
  readonly count: number;
}

/** What auditing counts: its events, and requests by their level. */
export interface AuditCounts {
  readonly events: number;
  readonly levels: ReadonlyMap<string, number>;
}

/** What else the server counts. */
export interface ServerCounts {
  readonly auditor: AuditCounts | undefined;
  readonly fairness: Fairness;
}

/** Requests that were answered, by what they were. */
export class RequestCounts {
  private readonly counts = new Map<string, number>();

  add(route: Route, verb: string, code: number): void {
    const { group, version, resource, subresource = '', scope } = labelsOf(route);
    const labels = `code="${code}",component="apiserver",dry_run="",group="${group}",resource="${resource}",scope="${scope}",subresource="${subresource}",verb="${verb}",version="${version}"`;
    this.counts.set(labels, (this.counts.get(labels) ?? 0) + 1);
  }

  /** `objects`: how many there are of each resource. */
  text(objects: readonly StoredCount[], { auditor: audit, fairness }: ServerCounts): string {
    const requests = [...this.counts].map(([labels, count]) => `apiserver_request_total{${labels}} ${count}`);
    const stored = objects.map(
      ({ group, resource, count }) => `apiserver_resource_objects{group="${group}",resource="${resource}"} ${count}`,
    );
    return [
      '# HELP apiserver_request_total [STABLE] Requests over HTTP, by verb, resource and code of the answer.',
      '# TYPE apiserver_request_total counter',
      ...requests.sort(),
      '# HELP apiserver_resource_objects [ALPHA] Objects that are stored, by resource.',
      '# TYPE apiserver_resource_objects gauge',
      ...stored.sort(),
      '# HELP apiserver_audit_event_total [ALPHA] Audit events that went to the log.',
      '# TYPE apiserver_audit_event_total counter',
      `apiserver_audit_event_total ${audit?.events ?? 0}`,
      ...levelLines(audit),
      ...flowLines(fairness),
      '# HELP kubernetes_build_info [ALPHA] What this server says that it is; always 1.',
      '# TYPE kubernetes_build_info gauge',
      'kubernetes_build_info{git_version="v1.36.2",major="1",minor="36"} 1',
      '',
    ].join('\n');
  }
}

function flowLines(fairness: Fairness): readonly string[] {
  const flows = [...fairness.bySchema.values()];
  const lines = (count: 'dispatched' | 'rejected', more = ''): readonly string[] =>
    flows
      .filter((flow) => flow[count] > 0)
      .map(({ schema, level, [count]: value }) => {
        const labels = `flow_schema="${schema}",priority_level="${level}"${more}`;
        return `apiserver_flowcontrol_${count}_requests_total{${labels}} ${value}`;
      })
      .sort();
  const seats = [...fairness.nominalSeats()].sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    '# HELP apiserver_flowcontrol_dispatched_requests_total [BETA] Requests that went on, by flow schema and level.',
    '# TYPE apiserver_flowcontrol_dispatched_requests_total counter',
    ...lines('dispatched'),
    '# HELP apiserver_flowcontrol_nominal_limit_seats [BETA] Seats that a priority level has by its shares.',
    '# TYPE apiserver_flowcontrol_nominal_limit_seats gauge',
    ...seats.map(([level, count]) => `apiserver_flowcontrol_nominal_limit_seats{priority_level="${level}"} ${count}`),
    '# HELP apiserver_flowcontrol_rejected_requests_total [BETA] Requests that were turned away.',
    '# TYPE apiserver_flowcontrol_rejected_requests_total counter',
    ...lines('rejected', ',reason="concurrency-limit"'),
  ];
}

function levelLines(audit: AuditCounts | undefined): readonly string[] {
  if (!audit || audit.levels.size === 0) return [];
  return [
    '# HELP apiserver_audit_level_total [ALPHA] Requests by the level that the audit policy gives them.',
    '# TYPE apiserver_audit_level_total counter',
    ...[...audit.levels].sort().map(([level, count]) => `apiserver_audit_level_total{level="${level}"} ${count}`),
  ];
}

function labelsOf(route: Route) {
  if (route.kind === 'path') return { group: '', version: '', resource: '', subresource: '', scope: '' };
  const scope = route.name !== undefined ? 'resource' : route.namespace !== undefined ? 'namespace' : 'cluster';
  return { ...route, scope };
}
