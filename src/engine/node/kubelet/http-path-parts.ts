// What a kubelet's answers over HTTP are made from.
import type { FileTree } from '../../../base/files.ts';
import type { Meter } from '../../client/meter.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { Kubelet } from './kubelet.ts';
import type { SystemUsage } from './measurements.ts';

export interface HttpPathParts {
  readonly runtime: Runtime;
  readonly node: string;
  readonly files: FileTree;
  readonly kubelet: Kubelet;
  readonly bootedAt: number;
  /** What runs on the machine beside its pods. */
  readonly system: SystemUsage;
  readonly memoryBytes: number;
  readonly now: number;
  readonly cores: number;
  readonly meter: Meter;
  /** Where its API server is, e.g. `172.18.0.2:6443`. */
  server(): string;
}
