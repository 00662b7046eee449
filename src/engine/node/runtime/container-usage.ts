// What a container uses of its node: CPU time and memory, worked out from what its programs say of themselves whenever
// somebody asks. Nothing runs for it meanwhile: a container that nobody measures costs nothing.
//
//   cores   0.5 ┤   ┌──────┐            use({ cores: 0.5 }) … the function that it gave, called
//               │   │      │            CPU time at an instant: the area up to it
//        idle 0 ┼───┘      └───── time
import type { ResourceRequirements } from '../../../api/generated/types.ts';
import type { ResourceUse } from '../../../api/program.ts';
import { parseQuantity } from '../../../api/quantity.ts';
import { fnv1a } from '../../../base/hash.ts';
import type { Scope } from '../../sim/scope.ts';

/** What a container of an image uses by itself. */
export interface UsageProfile {
  /** Thousandths of a core, all the time. */
  readonly idleMillicores: number;
  readonly memoryMebibytes: number;
  /** CPU time that answering a connection takes. Default 0.3. */
  readonly connectionCpuMs?: number;
}

/** What a shell or a small tool uses while it waits. */
export const shellProfile: UsageProfile = { idleMillicores: 0, memoryMebibytes: 1 };
/** What a program uses that nobody has described. */
export const modestProfile: UsageProfile = { idleMillicores: 1, memoryMebibytes: 16 };

/** How much there is. */
export interface UsageBounds {
  readonly cores: number;
  readonly memoryBytes: number;
}

export interface UsageOptions {
  readonly scope: Scope;
  readonly profile: UsageProfile;
  /** What no two containers have in common: they use a little more or less than each other. */
  readonly id: string;
  readonly machine: UsageBounds;
  /** What it may use now. */
  resources(): ResourceRequirements | undefined;
  /** It holds more memory than there is for it. */
  overflow(): void;
  /** It has taken much memory. */
  grew?(): void;
}

interface Job {
  readonly cpuMs: number;
  readonly done: () => void;
}

const mebibyte = 1024 * 1024;
const pageBytes = 4096;
/** What a machine's memory may run short by. */
const muchBytes = 64 * mebibyte;
/** CPU time that starting takes. */
const startCpuMs = 20;
const connectionCpuMs = 0.3;
/** Nobody gets quite all of what they could use. */
const efficiency = 0.996;
/** The kernel's period for CPU limits. */
const periodMs = 100;

export class ContainerUsage {
  private readonly uses = new Set<ResourceUse>();
  private readonly waiting: Job[] = [];
  private working = 0;
  /** Cores that jobs keep busy right now. */
  private jobCores = 0;
  /** CPU time that may still be used at full speed in spite of the limit, and since when. */
  private spareMs = 0;
  private spareAt = Number.NEGATIVE_INFINITY;
  /** CPU time up to `countedAt`. */
  private countedMs = startCpuMs;
  private countedAt: number;
  private over = false;
  private ended = false;
  /** 0.9 to 1.1. */
  private readonly factor: number;

  constructor(private readonly options: UsageOptions) {
    this.countedAt = options.scope.now;
    this.factor = 0.9 + (fnv1a(options.id) % 200) / 1000;
  }

  /** CPU time since its start. */
  get cpuMs(): number {
    this.count();
    return this.countedMs;
  }

  get memoryBytes(): number {
    const own = this.options.profile.memoryMebibytes * mebibyte * this.factor;
    return this.ended ? 0 : sum(this.uses, ({ memoryBytes = 0 }) => memoryBytes, own - (own % pageBytes));
  }

  /** Takes that much from now on. Returns how to give it back. */
  use(what: ResourceUse): () => void {
    this.count();
    this.uses.add(what);
    if ((what.memoryBytes ?? 0) >= muchBytes) this.options.grew?.();
    this.checkMemory();
    return () => {
      this.count();
      this.uses.delete(what);
    };
  }

  /** A piece of work that needs that much CPU time: as many at a time as there are cores for, each on one of them. */
  work(cpuMs: number, done: () => void): void {
    this.waiting.push({ cpuMs, done });
    this.startJobs();
  }

  /** CPU time for a connection that came in. */
  connected(): void {
    this.countedMs += this.options.profile.connectionCpuMs ?? connectionCpuMs;
  }

  /** What there is for it is about to change: up to now counts by what was. */
  count(): void {
    const { now } = this.options.scope;
    this.countedMs += this.coresNow * (now - this.countedAt);
    this.countedAt = now;
  }

  /** From now on it uses nothing. */
  end(): void {
    this.count();
    this.ended = true;
  }

  /** Whether all that it holds still fits. */
  checkMemory(): void {
    if (this.over || this.memoryBytes <= (this.limit('memory') ?? this.options.machine.memoryBytes)) return;
    this.over = true;
    this.options.overflow();
  }

  /** Of the machine's cores, taken at this moment. */
  get coresNow(): number {
    if (this.ended) return 0;
    const own = (this.options.profile.idleMillicores / 1000) * this.factor;
    const steady = Math.min(
      sum(this.uses, ({ cores = 0 }) => cores, own),
      this.coresMax(),
    );
    return steady * efficiency + this.jobCores;
  }

  private coresMax(): number {
    return this.limit('cpu') ?? this.options.machine.cores;
  }

  private limit(name: string): number | undefined {
    const text = this.options.resources()?.limits?.[name];
    return text === undefined ? undefined : parseQuantity(String(text)).toNumber();
  }

  private startJobs(): void {
    while (this.working < Math.max(1, Math.floor(this.coresMax()))) {
      const job = this.waiting.shift();
      if (!job) return;
      const durationMs = this.durationOf(job.cpuMs);
      const speed = job.cpuMs / durationMs;
      this.count();
      this.jobCores += speed;
      this.working++;
      this.options.scope.schedule(durationMs, () => {
        this.count();
        this.jobCores -= speed;
        this.working--;
        job.done();
        this.startJobs();
      });
    }
  }

  /** A limit below one core is a share of each period: what was not used of it goes fast, the rest at the limit's pace. */
  private durationOf(cpuMs: number): number {
    const limit = this.coresMax();
    if (limit >= 1) return cpuMs;
    const { now } = this.options.scope;
    const spare = Math.min(limit * periodMs, this.spareMs + limit * (now - this.spareAt));
    const fastMs = Math.min(cpuMs, spare / (1 - limit));
    const durationMs = fastMs + (cpuMs - fastMs) / limit;
    this.spareMs = Math.max(0, spare - fastMs * (1 - limit));
    this.spareAt = now + durationMs;
    return durationMs;
  }
}

function sum(uses: Iterable<ResourceUse>, part: (use: ResourceUse) => number, first: number): number {
  let total = first;
  for (const use of uses) total += part(use);
  return total;
}
