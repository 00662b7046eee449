// Startup, readiness and liveness probes of running containers: when they run, how often they must agree, and what
// follows. Models pkg/kubelet/prober.
import type { Container as ContainerSpec, ContainerStatus, Pod, Probe } from '../../../api/generated/types.ts';
import type { NetworkHost } from '../../../api/network.ts';
import type { Scope, Stop } from '../../sim/scope.ts';
import type { Work } from '../../sim/work.ts';
import type { Container } from '../runtime/container.ts';
import { idOf } from './container-status.ts';
import type { Tell } from './image-manager.ts';
import type { ProbeResults } from './pod-status.ts';
import { checkProbe } from './probe-check.ts';

export type ProbeKind = 'startup' | 'readiness' | 'liveness';

const words: Readonly<Record<ProbeKind, string>> = { startup: 'Startup', readiness: 'Readiness', liveness: 'Liveness' };

interface Watched {
  readonly pod: Pod;
  readonly spec: ContainerSpec;
  readonly container: Container;
  readonly podIp: string;
  /** When the pod was ready to start containers: probes tick from there. */
  readonly since: number;
  readonly tell: Tell;
}

interface Results {
  readonly watched: Watched;
  started: boolean;
  ready: boolean;
  /** Which of the two that end it has failed. */
  failed: 'liveness' | 'startup' | undefined;
  readonly stops: Set<Stop>;
}

/** What the runs of one probe came to, of one instance of its container after the other. */
export interface ProbeRuns {
  readonly pod: Pod;
  readonly container: string;
  readonly kind: ProbeKind;
  successful: number;
  failed: number;
}

/** A readiness probe runs as soon as the container is seen running. */
const soonMs = 100;

export class Probes implements ProbeResults {
  private readonly results = new Map<string, Results>();
  private readonly byProbe = new Map<string, ProbeRuns>();

  constructor(
    private readonly scope: Scope,
    private readonly host: NetworkHost,
    /** A result has changed: the pod is to be synced. */
    private readonly changed: (uid: string) => void,
  ) {}

  started(_uid: string, status: ContainerStatus): boolean {
    return this.results.get(status.containerID ?? '')?.started ?? true;
  }

  ready(_uid: string, status: ContainerStatus): boolean {
    return this.results.get(status.containerID ?? '')?.ready ?? true;
  }

  /** Which probe wants the container ended. */
  failed(container: Container): 'liveness' | 'startup' | undefined {
    return this.results.get(idOf(container))?.failed;
  }

  /** Of pods that have not begun to end. */
  runs(): Iterable<ProbeRuns> {
    return this.byProbe.values();
  }

  watch(watched: Watched): void {
    const { spec, container } = watched;
    if (!spec.startupProbe && !spec.readinessProbe && !spec.livenessProbe) return;
    const results: Results = {
      watched,
      started: !spec.startupProbe,
      ready: !spec.readinessProbe,
      failed: undefined,
      stops: new Set(),
    };
    this.results.set(idOf(container), results);
    container.onExit(() => this.end(idOf(container)));
    if (spec.startupProbe) this.begin(results, 'startup', spec.startupProbe);
    else this.beginOthers(results);
  }

  /** Liveness and startup no longer matter once the pod is to go. */
  podEnds(uid: string): void {
    for (const results of this.results.values())
      if (results.watched.pod.metadata?.uid === uid) for (const stop of results.stops) stop();
    for (const [key, { pod }] of this.byProbe) if (pod.metadata?.uid === uid) this.byProbe.delete(key);
  }

  private beginOthers(results: Results): void {
    const { readinessProbe, livenessProbe } = results.watched.spec;
    if (readinessProbe) this.begin(results, 'readiness', readinessProbe);
    if (livenessProbe) this.begin(results, 'liveness', livenessProbe);
  }

  private end(id: string): void {
    const results = this.results.get(id);
    this.results.delete(id);
    if (results) for (const stop of results.stops) stop();
  }

  private begin(results: Results, kind: ProbeKind, probe: Probe): void {
    const stop = this.scope.spawn(this.run(results, kind, probe));
    results.stops.add(stop);
  }

  private *run(results: Results, kind: ProbeKind, probe: Probe): Work<void> {
    const { container, since } = results.watched;
    const { cause } = this.scope;
    const periodMs = (probe.periodSeconds ?? 10) * 1000;
    const earliest = Math.max(container.startedAt + (probe.initialDelaySeconds ?? 0) * 1000, this.scope.now);
    const tick = since + Math.ceil((earliest - since) / periodMs) * periodMs;
    const first = kind === 'readiness' && !probe.initialDelaySeconds ? earliest + soonMs : tick;
    let wait = first - this.scope.now;
    let last: boolean | undefined;
    for (let run = 0; ; ) {
      yield* this.scope.sleep(wait);
      this.scope.resumeCause(cause); // not the round before
      const begun = this.scope.now;
      const ok = yield* this.ask(results, kind, probe);
      run = ok === last ? run + 1 : 1;
      last = ok;
      if (run >= (ok ? (probe.successThreshold ?? 1) : (probe.failureThreshold ?? 3))) {
        if (this.take(results, kind, ok)) return;
      }
      wait = Math.max(0, periodMs - (this.scope.now - begun));
    }
  }

  private *ask(results: Results, kind: ProbeKind, probe: Probe): Work<boolean> {
    const { container, spec, podIp, tell } = results.watched;
    const timeoutMs = (probe.timeoutSeconds ?? 1) * 1000;
    const target = { scope: this.scope, host: this.host, container, spec, podIp };
    const { ok, output } = yield* checkProbe(probe, timeoutMs, target);
    const runs = this.runsOf(results.watched, kind);
    if (ok) runs.successful++;
    else runs.failed++;
    if (!ok) tell('Warning', 'Unhealthy', `${words[kind]} probe failed: ${output}`);
    return ok;
  }

  private runsOf({ pod, spec }: Watched, kind: ProbeKind): ProbeRuns {
    const key = `${pod.metadata?.uid}/${spec.name}/${kind}`;
    const known = this.byProbe.get(key);
    if (known) return known;
    const made: ProbeRuns = { pod, container: spec.name, kind, successful: 0, failed: 0 };
    this.byProbe.set(key, made);
    return made;
  }

  /** Takes a result that enough runs agree on; true when this probe has done its work. */
  private take(results: Results, kind: ProbeKind, ok: boolean): boolean {
    const uid = results.watched.pod.metadata?.uid ?? '';
    if (kind === 'readiness') {
      if (results.ready === ok) return false;
      results.ready = ok;
      this.changed(uid);
      return false;
    }
    if (!ok) {
      results.failed = kind;
      this.changed(uid);
      return true;
    }
    if (kind === 'liveness') return false;
    results.started = true;
    this.beginOthers(results);
    this.changed(uid);
    return true;
  }
}
