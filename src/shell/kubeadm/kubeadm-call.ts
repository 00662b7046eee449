// What kubeadm's subcommands share.
import type { KubePort } from '../../api/ports.ts';
import type { Process } from '../../api/program.ts';

/** Ends kubeadm: `message` is all that is printed. */
export class KubeadmError extends Error {
  override name = 'KubeadmError';
}

export interface KubeadmCall {
  readonly process: Process;
  readonly operands: readonly string[];
  option(name: string): string | undefined;
  has(name: string): boolean;
  /** The cluster, as a kubeconfig of this machine leads to it. */
  kube(): KubePort;
}
