// What a kubelet serves to the API server: logs, exec, attach, port-forward, stats. Callbacks, as engine code.
import type { JsonObject } from '../base/json.ts';

import type { ApiError } from './status.ts';
/** Which container of which pod. */
export interface ContainerTarget {
  readonly namespace: string;
  readonly pod: string;
  readonly uid?: string | undefined;
  /** Empty: the pod's only container (the API server has already chosen a default). */
  readonly container: string;
}

/** As `kubectl logs` asks for them. */
export interface LogOptions {
  readonly follow: boolean;
  readonly previous: boolean;
  readonly timestamps: boolean;
  readonly tailLines?: number | undefined;
  readonly limitBytes?: number | undefined;
  readonly sinceSeconds?: number | undefined;
  /** Milliseconds since the Unix epoch. */
  readonly sinceTime?: number | undefined;
  readonly stream?: 'All' | 'Stdout' | 'Stderr' | undefined;
}

/** What exec and attach are to connect. */
export interface StreamOptions {
  readonly command: readonly string[];
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
}

/** Where output goes. `refused` instead of anything else when it cannot begin; else `output`*, then `end`. */
export interface OutputSink {
  refused(error: ApiError): void;
  /** `channel`: 1 stdout, 2 stderr; port-forward: the index of the port. Return false to ask for a pause. */
  output(channel: number, bytes: Uint8Array): void;
  /** For exec: the exit code. For port-forward a port's end comes as `portEnded`. */
  end(exitCode?: number): void;
  portEnded?(index: number, error?: string): void;
}

/** The other direction. */
export interface InputHandle {
  input(channel: number, bytes: Uint8Array): void;
  inputEnded(channel: number): void;
  resize(columns: number, rows: number): void;
  close(): void;
}

/** A node's kubelet, as far as it can be reached. */
export interface KubeletApi {
  logs(target: ContainerTarget, options: LogOptions, sink: OutputSink): InputHandle;
  exec(target: ContainerTarget, options: StreamOptions, sink: OutputSink): InputHandle;
  attach(target: ContainerTarget, options: StreamOptions, sink: OutputSink): InputHandle;
  portForward(target: ContainerTarget, ports: readonly number[], sink: OutputSink): InputHandle;
  /** GET of a kubelet's HTTP path with its query: `/healthz`, `/pods`, `/stats/summary`, `/logs/` … */
  get(path: string): KubeletAnswer;
}

/** `type`: its content type where it is not the usual one of its body. */
export interface KubeletAnswer {
  readonly status: number;
  readonly body: JsonObject | string;
  readonly type?: string;
}
