// What the steps of the trace asked and changed: kept beside the trace by its step, as references to what etcd holds.
//
//   trace     7 kubectl POST …        8 apiserver create deployments default/web
//   journal   7 request, status 201   8 revision 412: (nothing) ─▶ Deployment web
import type { KubeRequest } from '../api/ports.ts';
import type { EtcdEvent } from '../engine/etcd/store.ts';

/** One request of a program, as its step of the trace sent it. */
export interface NotedRequest {
  readonly request: KubeRequest;
  /** Who took it, as the trace names it; undefined until then. */
  server: string | undefined;
  /** Undefined until it is answered. */
  status: number | undefined;
}

interface Entry {
  readonly step: number;
  readonly changes: EtcdEvent[];
  request?: NotedRequest;
}

/** Steps kept; later ones take the place of the oldest. */
const stepsMax = 16_384;
/** Changes kept of one step: a collection's deletion can have thousands. */
const changesMax = 1000;

export class Journal {
  private readonly ring: Entry[] = [];

  /** `step`: the step that what happens now goes back to. */
  constructor(private readonly step: () => number) {}

  /** Call it inside the write. */
  changed(event: EtcdEvent): void {
    const step = this.step();
    if (step === 0) return;
    const { changes } = this.entry(step);
    if (changes.length < changesMax) changes.push(event);
  }

  asked(step: number, request: KubeRequest): void {
    this.entry(step).request = { request, server: undefined, status: undefined };
  }

  reached(step: number, server: string): void {
    const noted = this.find(step)?.request;
    if (noted) noted.server = server;
  }

  answered(step: number, status: number): void {
    const noted = this.find(step)?.request;
    if (noted) noted.status = status;
  }

  /** What a step wrote, in order; empty when it wrote nothing or is forgotten. */
  changesOf(step: number): readonly EtcdEvent[] {
    return this.find(step)?.changes ?? [];
  }

  requestOf(step: number): NotedRequest | undefined {
    return this.find(step)?.request;
  }

  private find(step: number): Entry | undefined {
    const entry = this.ring[step % stepsMax];
    return entry?.step === step ? entry : undefined;
  }

  private entry(step: number): Entry {
    const known = this.find(step);
    if (known) return known;
    const made: Entry = { step, changes: [] };
    this.ring[step % stepsMax] = made;
    return made;
  }
}
