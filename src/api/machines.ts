// The seam between a node's own programs (systemctl, journalctl, crictl, kubeadm) and the machine that they run on.
import type { Attachment } from './docker.ts';
import type { ComponentName } from './ports.ts';

/** A service that systemd looks after. */
export type UnitName = ComponentName | 'containerd';

/** A service as systemd sees it. */
export interface UnitState {
  readonly name: UnitName;
  /** `activating`: it has failed and is to be started again. */
  readonly state: 'active' | 'inactive' | 'activating';
  readonly enabled: boolean;
  /** Milliseconds since the Unix epoch: when it came to be so. */
  readonly since: number;
  readonly pid: number;
  /** Its exit code when it last failed. */
  readonly status: number;
  /** Files on disk are newer than what systemd has read. */
  readonly stale: boolean;
}

/** A line of the machine's journal. `number` grows by one with each. */
export interface JournalEntry {
  readonly number: number;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly unit: UnitName;
  /** E.g. `systemd[1]`, `kubelet[812]`. */
  readonly by: string;
  readonly text: string;
}

/** A pod's sandbox as the container runtime knows it. */
export interface RuntimeSandbox {
  readonly id: string;
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly createdAt: number;
  readonly ready: boolean;
  readonly ips: readonly string[];
  readonly hostNetwork: boolean;
}

/** A container as the container runtime knows it; its times count from the Unix epoch, in milliseconds, 0: not yet. */
export interface RuntimeContainer {
  readonly id: string;
  readonly sandbox: string;
  readonly name: string;
  readonly podName: string;
  readonly namespace: string;
  readonly podUid: string;
  readonly attempt: number;
  /** As the pod names it, and the image's own id. */
  readonly image: string;
  readonly imageId: string;
  readonly state: 'created' | 'running' | 'exited';
  readonly createdAt: number;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly exitCode: number;
  readonly reason: string;
  readonly message: string;
  readonly argv: readonly string[];
  readonly env: readonly string[];
  readonly mounts: readonly { readonly path: string; readonly readOnly: boolean }[];
  readonly cpuMs: number;
  readonly memoryBytes: number;
}

/** An image that the machine has. */
export interface RuntimeImage {
  /** E.g. `docker.io/library/nginx:1.27`. */
  readonly name: string;
  /** E.g. `docker.io/library/nginx@sha256:…`. */
  readonly digestName: string;
  readonly sizeBytes: number;
}

/** A line of a container's log; `stream`: 1 standard output, 2 errors. */
export interface RuntimeLogLine {
  readonly at: number;
  readonly stream: 1 | 2;
  readonly text: string;
}

/** What the container runtime of a machine holds at one moment. */
export interface RuntimeView {
  readonly sandboxes: readonly RuntimeSandbox[];
  readonly containers: readonly RuntimeContainer[];
  readonly images: readonly RuntimeImage[];
}

/** Why the runtime did not do what it was asked for, in its words. */
export interface RuntimeRefusal {
  readonly problem: string;
}

/** Which machine it is. */
export interface MachineFacts {
  readonly name: string;
  readonly ip: string;
  readonly controlPlane: boolean;
  /** Where its cluster's API server is, e.g. `172.18.0.2:6443`. */
  readonly apiServer: string;
}

/** Machines of clusters by name; whatever is asked of one that no cluster has is undefined. */
export interface MachinesPort {
  facts(node: string): Promise<MachineFacts | undefined>;
  units(node: string): Promise<readonly UnitState[] | undefined>;
  setUnit(node: string, unit: UnitName, running: boolean): Promise<void>;
  enableUnit(node: string, unit: UnitName, enabled: boolean): Promise<void>;
  /** Reads the units' files again. */
  reloadUnits(node: string): Promise<void>;
  journal(node: string): Promise<readonly JournalEntry[] | undefined>;
  /** Undefined while the container runtime does not run. */
  runtime(node: string): Promise<RuntimeView | undefined>;
  containerLog(node: string, container: string): Promise<readonly RuntimeLogLine[]>;
  /** Ends a container: SIGTERM, and SIGKILL after so long. */
  stopContainer(node: string, container: string, timeoutMs: number): Promise<void>;
  removeContainer(node: string, container: string): Promise<void>;
  stopSandbox(node: string, sandbox: string): Promise<void>;
  removeSandbox(node: string, sandbox: string): Promise<void>;
  pullImage(node: string, image: string): Promise<RuntimeImage | RuntimeRefusal>;
  removeImage(node: string, image: string): Promise<boolean>;
  execIn(
    node: string,
    container: string,
    options: { readonly argv: readonly string[]; readonly stdin: boolean; readonly tty: boolean },
  ): Promise<Attachment | RuntimeRefusal>;
}
