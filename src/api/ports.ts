// The seams: everything that crosses from the simulated world to programs, page, lessons and back.
//
//   programs, page, lessons  ──KubePort──▶  one cluster's API server (simulated, or real behind a proxy)
//                            ──NetworkPort▶ anything that listens in the world
//                            ──ControlPort▶ time, nodes, faults, snapshots: what Kubernetes has no API for
//
// Only plain serialisable messages cross. Every wait is a promise of a port: a program that holds no promise of a
// port is runnable, and virtual time stands still while one is (headless).
import type { JsonValue } from '../base/json.ts';

/** Tells work in progress that nobody waits for it any more: Ctrl-C, a closed connection, a stopped process. */
export interface Cancellation {
  readonly cancelled: boolean;
  /** Calls `run` once when cancelled (at once if it is already). Returns how to stop listening. */
  onCancel(run: () => void): () => void;
}

/** A body: parsed JSON, text as it is (YAML, a log), or bytes (protobuf). */
export type KubeBody =
  | { readonly kind: 'json'; readonly value: JsonValue }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array };

/**
 * One call of the Kubernetes HTTP API.
 * `path` is the request target: path and query, percent-encoded, e.g. `/api/v1/namespaces/default/pods?limit=500`.
 * Header names are lower case; a header that is there several times has its values joined by line feeds.
 */
export interface KubeRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: KubeBody;
  /** Present over TLS; `certificate` is the client's (DER), whose private key it has proven to have. */
  readonly tls?: { readonly certificate?: Uint8Array };
  /** The address that it comes from; absent: from outside the cluster's network. */
  readonly remote?: string;
}

/** The whole answer. `status` is the HTTP status code; an error's body is a `v1.Status`. */
export interface KubeReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: KubeBody;
}

/** An answer that keeps coming: watch events (`json`, one `{type, object}` each) or log text (`text` or `bytes`). */
export interface KubeStream {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The next piece, or undefined at the end. A call takes one credit: the server holds back what nobody reads. */
  read(): Promise<KubeBody | undefined>;
  close(): void;
}

/**
 * A duplex connection of numbered channels (exec, attach: 0 stdin, 1 stdout, 2 stderr, 3 the closing `v1.Status`,
 * 4 resize; port-forward: 2n data and 2n+1 error for the nth port).
 */
export interface KubeChannels {
  /** 101; how it was refused; or 426 where there is nothing to upgrade to, and a plain request would be answered. */
  readonly status: number;
  /** The body of a refused upgrade (status is not 101). */
  readonly refusal?: KubeBody;
  /**
   * The headers of somebody behind the API server (a proxy subresource, an aggregated API) who answered the upgrade.
   * With status 101 the connection is theirs: bytes as they come, all on channel 0.
   */
  readonly headers?: Readonly<Record<string, string>>;
  read(): Promise<{ readonly channel: number; readonly bytes: Uint8Array } | undefined>;
  write(channel: number, bytes: Uint8Array): Promise<void>;
  /** No more input on this channel. */
  closeChannel(channel: number): void;
  close(): void;
}

/** The Kubernetes HTTP API of one cluster, as data. Rejects with {@link ConnectionError} when nothing answers. */
export interface KubePort {
  /** What `kubectl` would print as the server, e.g. `https://127.0.0.1:6443`. */
  readonly server: string;
  request(request: KubeRequest, cancel?: Cancellation): Promise<KubeReply>;
  stream(request: KubeRequest, cancel?: Cancellation): Promise<KubeStream>;
  connect(request: KubeRequest, cancel?: Cancellation): Promise<KubeChannels>;
}

/** Nothing answered at all: refused, timed out, no route, name not found. `message` is Go's words for it. */
export class ConnectionError extends Error {
  override name = 'ConnectionError';
}

/** A byte connection of the simulated network. */
export interface Connection {
  /** The next bytes, or undefined when the other side has closed. */
  read(): Promise<Uint8Array | undefined>;
  write(bytes: Uint8Array): Promise<void>;
  close(): void;
}

/** What curl, the browser pane, node ports, tunnels and probes use. `from` is a machine's id. */
export interface NetworkPort {
  /** Resolves `host` as that machine does (hosts file, DNS) and connects. Rejects with {@link ConnectionError}. */
  dial(
    from: string,
    target: { readonly host: string; readonly port: number },
    cancel?: Cancellation,
  ): Promise<Connection>;
  /** Addresses of a name as seen by that machine; empty when it does not exist. */
  resolve(from: string, host: string): Promise<readonly string[]>;
  /** Listens on a port of that machine (0: a free one). Rejects with {@link ConnectionError} when it is taken. */
  listen(from: string, port: number, cancel?: Cancellation): Promise<PortListener>;
}

/** What takes a port's connections. */
export interface PortListener {
  readonly port: number;
  /** The next connection, or undefined once nobody listens any more. */
  accept(): Promise<Connection | undefined>;
  close(): void;
}

/** Virtual time for programs. Milliseconds since the Unix epoch. */
export interface ClockPort {
  now(): number;
  sleep(ms: number, cancel?: Cancellation): Promise<void>;
}

/** Kubernetes' own processes on a machine: a control plane's, and every node's. */
export type ComponentName =
  | 'etcd'
  | 'kube-apiserver'
  | 'kube-controller-manager'
  | 'kube-scheduler'
  | 'kubelet'
  | 'kube-proxy';

/** What Kubernetes has no API for. */
export interface ControlPort {
  readonly clock: ClockPort;
  powerOff(node: string): Promise<void>;
  powerOn(node: string): Promise<void>;
  /** Cuts (or mends) a node's network without stopping the node. */
  partition(node: string, cut: boolean): Promise<void>;
  /** Stops a process of a machine as a crash would, or starts it again. Rejects where the machine has none. */
  setComponent(node: string, component: ComponentName, running: boolean): Promise<void>;
  /** What a slow disk adds to all that a machine's etcd member does; 0: it is as fast as the others. */
  slowEtcd(node: string, delayMs: number): Promise<void>;
}
