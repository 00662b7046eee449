// Why things happened: every step of a component, each pointing at the step that caused it, and a running hash of
// all of them that two equal runs share.
//
//   7 kubectl      request  create deployments default/web     cause 0
//   8 apiserver    stored   deployments default/web            cause 7
//   9 deployment-controller  request create replicasets …      cause 8
import { fnv1a, fnv1aInt, fnvOffset } from '../../base/hash.ts';

export interface TraceStep {
  /** Counts from 1; 0 means "nothing caused this" (time alone). */
  readonly id: number;
  readonly cause: number;
  /** Milliseconds since the Unix epoch, virtual. */
  readonly at: number;
  /** Who did it, e.g. `apiserver`, `kubelet/worker-1`. */
  readonly component: string;
  /** What it did, e.g. `create`, `scheduled`, `pull`. */
  readonly action: string;
  /** On what, e.g. `pods default/web-x7k2p`. */
  readonly subject: string;
  readonly detail?: string | undefined;
  /** Places on the network that it went by, e.g. `pod/default/client`, `service/default/web`. */
  readonly way?: readonly string[] | undefined;
}

/** A step as the component that takes it tells of it. */
export type TakenStep = Omit<TraceStep, 'id' | 'cause' | 'at'>;

/** Steps kept; older ones are forgotten (the hash keeps covering them). */
const stepsMax = 65_536;

export class Trace {
  private readonly ring: TraceStep[] = [];
  private next = 1;
  private first = fnvOffset;
  private second = 0x9747b28c;
  /** Steps are hashed when somebody asks, and before one is forgotten. */
  private hashed = 0;
  private readonly listeners = new Set<(step: TraceStep) => void>();

  /** `cause`: the step that this one goes back to; `at`: when it was taken. */
  add(step: TakenStep, { cause, now: at }: { readonly cause: number; readonly now: number }): number {
    if (this.last - this.hashed >= stepsMax) this.hashOn();
    const id = this.next++;
    const { component, action, subject, detail, way } = step;
    const whole: TraceStep = { id, cause, at, component, action, subject, detail, way };
    this.ring[id % stepsMax] = whole;
    for (const listener of this.listeners) listener(whole);
    return id;
  }

  get(id: number): TraceStep | undefined {
    const step = this.ring[id % stepsMax];
    return step?.id === id ? step : undefined;
  }

  /** Steps after `id`, oldest first, as far as they are kept. */
  since(id: number): readonly TraceStep[] {
    const steps: TraceStep[] = [];
    for (let at = Math.max(id + 1, this.next - stepsMax, 1); at < this.next; at++) {
      const step = this.get(at);
      if (step) steps.push(step);
    }
    return steps;
  }

  get last(): number {
    return this.next - 1;
  }

  listen(listener: (step: TraceStep) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Sixteen hexadecimal digits over every step so far. */
  hash(): string {
    this.hashOn();
    return this.first.toString(16).padStart(8, '0') + this.second.toString(16).padStart(8, '0');
  }

  /** Takes the steps since the last time into the hash. */
  private hashOn(): void {
    for (const step of this.since(this.hashed)) {
      const { subject, action, component, cause, at, detail = '', way } = step;
      this.first = fnv1aInt(cause, fnv1aInt(at % 0x7fffffff, this.first));
      this.first = fnv1a(subject, fnv1a(action, fnv1a(component, this.first)));
      this.second = fnv1a(detail, fnv1aInt(this.first, this.second));
      if (way) for (const place of way) this.second = fnv1a(place, this.second);
    }
    this.hashed = this.last;
  }
}
