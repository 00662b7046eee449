// A pod in the scheduler's queues, and what became of it so far.
import type { PodInfo } from './pod-info.ts';

export interface QueuedPod {
  info: PodInfo;
  readonly uid: string;
  /** When it last entered the queue or failed: older goes first among equals. */
  timestamp: number;
  /** When it was first taken out of the queue, and last. */
  triedAt: number;
  poppedAt: number;
  attempts: number;
  unschedulableCount: number;
  errorCount: number;
  /** Plugins that rejected it; empty after an error. */
  rejectors: ReadonlySet<string>;
  /** The plugin that keeps it out of the queue altogether. */
  gatedBy: string;
  readonly cause: number;
}
