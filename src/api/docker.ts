// The seam between the docker client and its daemon: what crosses the socket, as plain data.
import type { DirectorySnapshot } from '../base/file-snapshot.ts';
import type { Signal } from './program.ts';

/** The daemon's refusal; `message` is its words, e.g. `No such image: nginx:latest`. */
export class DockerError extends Error {
  override name = 'DockerError';
}

/** Nobody listens on the daemon's socket. */
export class DockerUnavailable extends Error {
  override name = 'DockerUnavailable';
}

/** How an image runs: what `docker inspect` shows as Config. */
export interface DockerImageConfig {
  readonly entrypoint: readonly string[] | undefined;
  readonly command: readonly string[] | undefined;
  /** `NAME=value`. */
  readonly env: readonly string[];
  readonly workingDir: string;
  readonly user: string;
  /** What asks it to end; default SIGTERM. */
  readonly stopSignal?: Signal | undefined;
  /** E.g. `80/tcp`. */
  readonly ports: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** A local image. */
export interface DockerImage {
  /** `sha256:…`. */
  readonly id: string;
  /** As people write them, e.g. `nginx:1.27`, `amy/app:latest`. */
  readonly tags: readonly string[];
  /** E.g. `nginx@sha256:…`. */
  readonly digests: readonly string[];
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number;
  readonly sizeBytes: number;
  readonly config: DockerImageConfig;
}

/** A published port: `-p 8080:80`. */
export interface PublishedPort {
  readonly hostIp: string;
  readonly hostPort: number;
  readonly containerPort: number;
}

/** A container, running or not. */
export interface DockerContainer {
  readonly id: string;
  readonly name: string;
  /** As it was asked for. */
  readonly image: string;
  readonly imageId: string;
  readonly argv: readonly string[];
  readonly env: readonly string[];
  readonly createdAt: number;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly state: 'created' | 'running' | 'exited';
  readonly exitCode: number;
  readonly ip: string;
  readonly ports: readonly PublishedPort[];
  /** Declared by its image and not published. */
  readonly exposed: readonly string[];
  readonly removeOnExit: boolean;
}

/** What `docker run` and `docker create` ask for. */
export interface ContainerRequest {
  readonly image: string;
  readonly name: string | undefined;
  readonly entrypoint: readonly string[] | undefined;
  readonly command: readonly string[];
  readonly env: readonly string[];
  readonly workingDir: string | undefined;
  readonly user: string | undefined;
  readonly hostname: string | undefined;
  /** A host port of 0: any. */
  readonly ports: readonly PublishedPort[];
  readonly publishAll: boolean;
  readonly stdin: boolean;
  readonly tty: boolean;
  readonly removeOnExit: boolean;
}

/** A program's output and input while it runs. */
export interface Attachment {
  /** The next piece (1: standard output, 2: errors), or undefined at the end. */
  read(): Promise<{ readonly stream: 1 | 2; readonly bytes: Uint8Array } | undefined>;
  write(bytes: Uint8Array): void;
  closeInput(): void;
  signal(signal: Signal): void;
  /** Its terminal has another size; without one this does nothing. */
  resize?(columns: number, rows: number): void;
  /** The exit code, known after the last piece. */
  exitCode(): number;
  /** Nobody reads any more. */
  close(): void;
}

/** An instruction of a Dockerfile, e.g. `{ name: 'COPY', words: ['.', '/app'], text: 'COPY . /app' }`. */
export interface BuildInstruction {
  readonly name: string;
  readonly words: readonly string[];
  /** Whether `words` were a JSON array. */
  readonly isJson: boolean;
  readonly flags: Readonly<Record<string, string>>;
  /** As written, continuation lines joined. */
  readonly text: string;
  readonly line: number;
}

/** What `docker build` sends. */
export interface BuildRequest {
  readonly instructions: readonly BuildInstruction[];
  readonly context: DirectorySnapshot;
  readonly args: Readonly<Record<string, string>>;
  readonly tags: readonly string[];
  readonly target: string | undefined;
  readonly noCache: boolean;
  /** Base images come from their registry, whatever is there already. */
  readonly pull?: boolean;
}

/** What the daemon tells about a build as it goes on. Steps are numbered from 0 in the order they begin. */
export type BuildEvent =
  | { readonly kind: 'begin'; readonly step: number; readonly title: string }
  | { readonly kind: 'log'; readonly step: number; readonly text: string }
  | { readonly kind: 'end'; readonly step: number; readonly cached: boolean; readonly durationMs: number }
  | { readonly kind: 'failed'; readonly step: number; readonly line: number; readonly message: string }
  | { readonly kind: 'built'; readonly image: DockerImage };

/** A pull or push that succeeded. */
export interface TransferReply {
  /** As a person writes it, e.g. `docker.io/library/nginx:latest`. */
  readonly name: string;
  readonly digest: string;
  /** Short ids of its layers. */
  readonly layers: readonly string[];
  /** Layers that the other side had already. */
  readonly known: number;
}

/** The docker daemon of the learner's machine. Every call rejects with {@link DockerUnavailable} or {@link DockerError}. */
export interface DockerPort {
  ping(): Promise<void>;
  /** Starts or stops the daemon itself, as systemd does. */
  power(on: boolean): Promise<void>;
  images(): Promise<readonly DockerImage[]>;
  containers(): Promise<readonly DockerContainer[]>;
  /** An image by name or id; undefined: there is none. */
  findImage(name: string): Promise<DockerImage | undefined>;
  findContainer(name: string): Promise<DockerContainer | undefined>;
  pull(name: string): Promise<TransferReply>;
  push(name: string, user: string | undefined): Promise<TransferReply>;
  /** Whether the registry takes the password; an account that nobody has yet is made. */
  login(registry: string, user: string, password: string): Promise<boolean>;
  tag(source: string, target: string): Promise<void>;
  /** What was untagged and deleted, as the client prints it. */
  removeImage(name: string, force: boolean): Promise<readonly string[]>;
  build(request: BuildRequest): Promise<{ next(): Promise<BuildEvent | undefined>; cancel(): void }>;
  create(request: ContainerRequest): Promise<string>;
  /** Starts it; with `attach`, its output and input from the first byte on. */
  start(name: string, attach: boolean): Promise<Attachment | undefined>;
  stop(name: string, signal: Signal | undefined, timeoutMs: number): Promise<void>;
  remove(name: string, force: boolean): Promise<void>;
  logs(
    name: string,
    options: { readonly follow: boolean; readonly tail: number | undefined; readonly timestamps: boolean },
  ): Promise<Attachment>;
  exec(
    name: string,
    options: { readonly argv: readonly string[]; readonly stdin: boolean; readonly tty: boolean },
  ): Promise<Attachment>;
}
