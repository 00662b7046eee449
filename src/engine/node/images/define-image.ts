// What a simulated image is: its configuration, the files and programs in it, and the servers that run natively.
import type { NetworkHost } from '../../../api/network.ts';
import type { ResourceUse, Signal } from '../../../api/program.ts';
import type { DirectorySnapshot } from '../../../base/file-snapshot.ts';
import type { FileTree } from '../../../base/files.ts';
import type { Client } from '../../client/client.ts';
import type { Scope } from '../../sim/scope.ts';
import type { UsageProfile } from '../runtime/container-usage.ts';

/** What a native program (a simulated server) gets from its container. */
export interface NativeContext {
  readonly scope: Scope;
  readonly argv: readonly string[];
  readonly env: ReadonlyMap<string, string>;
  readonly cwd: string;
  /** The pod's network, shared by its containers. */
  readonly network: NetworkHost;
  readonly hostname: string;
  /** The container's image as its pod names it. */
  readonly imageName: string;
  /** `containerPort`s that the container declares (TCP). */
  readonly ports: readonly number[];
  files(): FileTree;
  /** Whether a volume is mounted there or below: else the files are the image's own. */
  mountedIn(directory: string): boolean;
  stdout(text: string): void;
  stderr(text: string): void;
  /** Runs a part of the cluster that this container holds, for as long as the container runs. */
  component(name: string): boolean;
  /** Takes that much CPU and memory from now on. Returns how to give it back. */
  use(what: ResourceUse): () => void;
  /** Does a piece of work that takes that much CPU time; it takes longer when there is too little of it. */
  work(cpuMs: number, done: () => void): void;
  /** The API server as the pod's service account may use it; undefined: the container has no token. */
  api(userAgent: string): Client | undefined;
  /** Ends the container; only the first call counts. */
  exit(code: number): void;
}

export interface NativeProcess {
  /** Not called for SIGKILL. What is not handled passes by, as PID 1's signals do. */
  signal(signal: Signal): void;
}

/** Begins at once; what it has opened on the network is closed for it when the container ends. */
export type NativeProgram = (context: NativeContext) => NativeProcess;

export interface ImageDefinition {
  /** Full repositories, e.g. `docker.io/library/nginx`. */
  readonly names: readonly string[];
  readonly sizeBytes: number;
  /** Known digests by tag. */
  readonly digests?: Readonly<Record<string, string>>;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly workingDir?: string;
  readonly user?: { readonly name: string; readonly uid: number; readonly gid: number };
  /** The signal that asks it to end; default SIGTERM. */
  readonly stopSignal?: Signal;
  /** Programs of the simulator in it, by path, e.g. `/bin/sh` → `sh`. */
  readonly programs?: Readonly<Record<string, string>>;
  /** Text files in it, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** All that is in it, besides what every container has; `programs` and `files` are then not looked at for it. */
  readonly tree?: DirectorySnapshot;
  /** What its own programs use; default: a modest server's. */
  readonly usage?: UsageProfile;
  /** Programs that run inside the engine, by path. */
  readonly natives?: Readonly<Record<string, NativeProgram>>;
}

export function defineImage(image: ImageDefinition): ImageDefinition {
  return image;
}

/** A native program that only waits for its end. */
export function untilStopped(context: NativeContext, onStop: () => void = () => {}): NativeProcess {
  const { exit } = context; // not the whole context: it would live as long as the container
  return {
    signal(signal) {
      if (signal !== 'SIGTERM' && signal !== 'SIGINT' && signal !== 'SIGQUIT') return;
      onStop();
      exit(0);
    },
  };
}
