// What a node uses right now: itself, its pods and their containers, measured at the moment that somebody asks.
import type { Container } from '../runtime/container.ts';
import type { Runtime } from '../runtime/runtime.ts';

export interface Measured {
  readonly cpuMs: number;
  readonly memoryBytes: number;
}

export interface MeasuredContainer extends Measured {
  readonly name: string;
  readonly startedAt: number;
}

export interface MeasuredPod extends Measured {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly startedAt: number;
  readonly containers: readonly MeasuredContainer[];
}

export interface Measurements extends Measured {
  readonly node: string;
  readonly at: number;
  readonly bootedAt: number;
  /** All that the machine has. */
  readonly memoryMax: number;
  readonly pods: readonly MeasuredPod[];
}

/** What runs on a machine beside its pods: the kubelet, the runtime, the system. */
export interface SystemUsage {
  readonly cores: number;
  readonly memoryBytes: number;
}

const mebibyte = 1024 * 1024;
export const workerUsage: SystemUsage = { cores: 0.0446, memoryBytes: 380 * mebibyte };
/** With etcd, the API server, the scheduler and the controllers as processes of the machine. */
export const controlPlaneUsage: SystemUsage = { cores: 0.1646, memoryBytes: 920 * mebibyte };

/** CPU time that booting took. */
const bootCpuMs = 4000;

export function measure(parts: {
  readonly runtime: Runtime;
  readonly node: string;
  readonly bootedAt: number;
  readonly system: SystemUsage;
  readonly memoryBytes: number;
  readonly now: number;
}): Measurements {
  const { runtime, node, bootedAt, system, now } = parts;
  const pods: MeasuredPod[] = [];
  for (const { name, namespace, uid, sandbox, containers } of runtime.pods.values()) {
    const running = containers.filter(({ state }) => state === 'running').map(measured);
    if (running.length === 0) continue;
    const startedAt = sandbox?.createdAt ?? now;
    pods.push({ name, namespace, uid, startedAt, containers: running, ...totalOf(running) });
  }
  return {
    node,
    at: now,
    bootedAt,
    memoryMax: parts.memoryBytes,
    pods,
    cpuMs: bootCpuMs + runtime.cpuMs + system.cores * (now - bootedAt),
    memoryBytes: Math.min(parts.memoryBytes, system.memoryBytes + totalOf(pods).memoryBytes),
  };
}

function measured({ name, startedAt, usage }: Container): MeasuredContainer {
  return { name, startedAt, cpuMs: usage?.cpuMs ?? 0, memoryBytes: usage?.memoryBytes ?? 0 };
}

function totalOf(parts: readonly Measured[]): Measured {
  let cpuMs = 0;
  let memoryBytes = 0;
  for (const part of parts) {
    cpuMs += part.cpuMs;
    memoryBytes += part.memoryBytes;
  }
  return { cpuMs, memoryBytes };
}
