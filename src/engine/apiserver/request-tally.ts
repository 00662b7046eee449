// Which requests came to an API server and how they ended: counted as they are answered, told at /metrics.
import type { ApiRequest, UserInfo, WatchSink } from '../../api/request.ts';
import { exponentialBounds, Histogram } from '../../base/metric-counts.ts';
import type { Scope, Stop } from '../sim/scope.ts';
import { WebhookTally } from './admission/webhooks/webhook-tally.ts';

/** What of a request its count goes by. */
export type Tallied = Pick<
  ApiRequest,
  'group' | 'version' | 'resource' | 'subresource' | 'verb' | 'namespace' | 'name' | 'patchType' | 'options'
>;

/** Requests of one kind that ended alike. */
export interface RequestCell {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string;
  readonly verb: ApiRequest['verb'];
  readonly applies: boolean;
  readonly dryRun: boolean;
  readonly scope: 'resource' | 'namespace' | 'cluster';
  readonly code: number;
  count: number;
  /** Seconds of those that were not answered at once. */
  waited: Histogram | undefined;
}

/** Requests of one user for one resource. */
export interface UserCell {
  readonly group: string;
  count: number;
}

/** As apiserver_request_duration_seconds has them. */
export const durationBounds = [
  0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60,
] as const;

export const sizeBounds = exponentialBounds(1000, 10, 7);

export class RequestTally {
  private readonly byResource = new Map<string, RequestCell[]>();
  /** Of those inside the world, who asked; identities are shared by all requests of a client. */
  readonly byUser = new Map<UserInfo, Map<string, UserCell>>();
  /** Answers of paths that are no resources. */
  readonly byPath = new Map<string, number>();
  readonly webhooks = new WebhookTally();
  /** Bytes of answers to those who read over HTTP. */
  private readonly sizes = new Map<RequestCell, Histogram>();

  constructor(private readonly scope: Pick<Scope, 'now'>) {}

  get now(): number {
    return this.scope.now;
  }

  /** `tookMs`: more than nothing where it had to wait for others. */
  add(request: Tallied, code: number, tookMs = 0): void {
    const cell = this.cellOf(request, code);
    cell.count++;
    if (tookMs <= 0) return;
    cell.waited ??= new Histogram(durationBounds);
    cell.waited.observe(tookMs / 1000);
  }

  /** A request of a component, which no flow has counted. */
  addInside(request: ApiRequest, code: number, tookMs = 0): void {
    this.add(request, code, tookMs);
    const { user, resource, group } = request;
    let cells = this.byUser.get(user);
    if (!cells) {
      cells = new Map();
      this.byUser.set(user, cells);
    }
    const cell = cells.get(resource);
    if (cell) cell.count++;
    else cells.set(resource, { group, count: 1 });
  }

  /** An answer to somebody who read has been sent. */
  answered(request: Tallied, code: number, bytes: number): void {
    const cell = this.cellOf(request, code);
    let sizes = this.sizes.get(cell);
    if (!sizes) {
      sizes = new Histogram(sizeBounds);
      this.sizes.set(cell, sizes);
    }
    sizes.observe(bytes);
  }

  answerSizes(): ReadonlyMap<RequestCell, Histogram> {
    return this.sizes;
  }

  /** A watch counts when it ends. */
  watch(request: Tallied, sink: WatchSink, open: (sink: WatchSink) => Stop): Stop {
    const since = this.scope.now;
    let ended = false;
    const end = (): void => {
      if (!ended) this.add(request, 200, this.scope.now - since);
      ended = true;
    };
    const stop = open({
      events: (events) => sink.events(events),
      closed() {
        end();
        sink.closed();
      },
    });
    return () => {
      end();
      stop();
    };
  }

  addPath(path: string, code: number): void {
    const key = `${code} ${path}`;
    this.byPath.set(key, (this.byPath.get(key) ?? 0) + 1);
  }

  cells(): readonly RequestCell[] {
    return [...this.byResource.values()].flat();
  }

  private cellOf(request: Tallied, code: number): RequestCell {
    const { group, version, resource, subresource = '', verb, options } = request;
    const applies = request.patchType === 'application/apply-patch+yaml';
    const dryRun = (options?.dryRun?.length ?? 0) > 0;
    const scope = scopeOf(request);
    let cells = this.byResource.get(resource);
    if (!cells) {
      cells = [];
      this.byResource.set(resource, cells);
    }
    for (const cell of cells)
      if (
        cell.verb === verb &&
        cell.code === code &&
        cell.subresource === subresource &&
        cell.scope === scope &&
        cell.applies === applies &&
        cell.dryRun === dryRun &&
        cell.version === version &&
        cell.group === group
      )
        return cell;
    const place = { group, version, resource, subresource };
    const made: RequestCell = { ...place, verb, applies, dryRun, scope, code, count: 0, waited: undefined };
    cells.push(made);
    return made;
  }
}

function scopeOf({ verb, name, namespace }: Tallied): RequestCell['scope'] {
  if (name !== undefined || verb === 'create') return 'resource';
  return namespace !== undefined ? 'namespace' : 'cluster';
}
