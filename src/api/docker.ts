// The seam between the docker client and its daemon: what crosses the socket, as plain data.
import type { DirectorySnapshot, FileSnapshot } from '../base/file-snapshot.ts';
import type { Signal } from './program.ts';

/** The daemon's refusal; `message` is its words, e.g. `No such image: nginx:latest`. */
export class DockerError extends Error {
  override name = 'DockerError';
}

/** Nobody listens on the daemon's socket. */
export class DockerUnavailable extends Error {
  override name = 'DockerUnavailable';
}

/** How the daemon asks a container whether it is well. */
export interface HealthCheck {
  /** `['CMD-SHELL', 'curl …']`, `['CMD', 'curl', …]`; `['NONE']`: not at all. */
  readonly test: readonly string[];
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly startPeriodMs: number;
  readonly retries: number;
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
  /** Directories that get a volume of their own. */
  readonly volumes?: readonly string[] | undefined;
  readonly health?: HealthCheck | undefined;
}

/** A layer of an image's history, newest first. */
export interface HistoryLayer {
  readonly createdAt: number;
  /** E.g. `COPY . . # buildkit`. */
  readonly createdBy: string;
  readonly sizeBytes: number;
  readonly comment: string;
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

/** What of the machine, or which volume, a container sees at a path of its own. */
export interface DockerMount {
  readonly kind: 'volume' | 'bind' | 'tmpfs';
  /** A volume's name (undefined: a new one without a name), or a path of the machine. */
  readonly source: string | undefined;
  readonly target: string;
  readonly readOnly: boolean;
  /** The path of the machine must be there: otherwise it is made. */
  readonly mustExist?: boolean | undefined;
}

/** When a container that ended is started again. */
export interface RestartPolicy {
  readonly name: 'no' | 'always' | 'unless-stopped' | 'on-failure';
  /** Of on-failure; 0: without end. */
  readonly retriesMax: number;
}

/** A container's place on a network. */
export interface DockerEndpoint {
  readonly network: string;
  /** '' while it does not run. */
  readonly ip: string;
  readonly gateway: string;
  /** Names of its own there. */
  readonly aliases: readonly string[];
}

/** Whether a container answers its health check, and how often it did not in a row. */
export interface DockerHealth {
  readonly status: 'starting' | 'healthy' | 'unhealthy';
  readonly failures: number;
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
  readonly state: 'created' | 'running' | 'paused' | 'restarting' | 'exited';
  readonly exitCode: number;
  /** On its first network. */
  readonly ip: string;
  readonly ports: readonly PublishedPort[];
  /** Declared by its image and not published. */
  readonly exposed: readonly string[];
  readonly removeOnExit: boolean;
  readonly endpoints: readonly DockerEndpoint[];
  /** Volumes by the name that they have now. */
  readonly mounts: readonly DockerMount[];
  readonly labels: Readonly<Record<string, string>>;
  readonly restart: RestartPolicy;
  readonly restartCount: number;
  readonly health: DockerHealth | undefined;
  readonly workingDir: string;
  readonly user: string;
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
  /** `bridge`, `host`, `none`, `container:NAME` or a network's name. */
  readonly network: string;
  readonly aliases: readonly string[];
  readonly mounts: readonly DockerMount[];
  readonly labels: Readonly<Record<string, string>>;
  readonly restart: RestartPolicy;
  /** Instead of the image's. */
  readonly health: Partial<HealthCheck> | undefined;
  /** Names that its hosts file has, beside its own. */
  readonly extraHosts: readonly (readonly [name: string, ip: string])[];
  /** At most so much. */
  readonly memoryBytes: number | undefined;
  readonly cpus: number | undefined;
}

/** A network of the daemon. */
export interface DockerNetwork {
  readonly id: string;
  readonly name: string;
  readonly driver: string;
  readonly createdAt: number;
  /** E.g. `172.19.0.0/16`; undefined: it has no addresses (host, none). */
  readonly subnet: string | undefined;
  readonly gateway: string | undefined;
  readonly internal: boolean;
  readonly labels: Readonly<Record<string, string>>;
  /** Running containers on it. */
  readonly members: readonly { readonly id: string; readonly name: string; readonly ip: string }[];
}

/** A volume of the daemon. */
export interface DockerVolume {
  readonly name: string;
  /** It got its name from the daemon. */
  readonly anonymous: boolean;
  readonly createdAt: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly sizeBytes: number;
  /** Names of containers that have it. */
  readonly users: readonly string[];
}

/** What a container uses now. */
export interface ContainerStats {
  readonly id: string;
  readonly name: string;
  /** Of one core. */
  readonly cpuShare: number;
  readonly memoryBytes: number;
  readonly memoryLimitBytes: number;
  readonly processes: number;
}

/** A process of a container. */
export interface ContainerProcess {
  readonly user: string;
  readonly pid: number;
  readonly startedAt: number;
  readonly command: string;
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
  /** The size of the Dockerfile. */
  readonly dockerfileBytes: number;
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
  /** Sends a signal and does not wait. */
  kill(name: string, signal: Signal): Promise<void>;
  remove(name: string, options: { readonly force: boolean; readonly volumes: boolean }): Promise<void>;
  rename(name: string, to: string): Promise<void>;
  /** Holds all that it does, or lets it go on. */
  pause(name: string, on: boolean): Promise<void>;
  /** The exit code, once it has ended. */
  wait(name: string): Promise<number>;
  stats(name: string): Promise<ContainerStats>;
  processes(name: string): Promise<readonly ContainerProcess[]>;
  /** Paths that differ from its image's: changed, added, deleted. */
  changes(name: string): Promise<readonly { readonly kind: 'C' | 'A' | 'D'; readonly path: string }[]>;
  /** Its files and settings as a new image; the image's id. */
  commit(
    name: string,
    options: {
      readonly tag: string | undefined;
      readonly message: string;
      readonly changes: readonly BuildInstruction[];
    },
  ): Promise<string>;
  /** A file or directory of a container; undefined: there is none. */
  copyOut(name: string, path: string): Promise<FileSnapshot | undefined>;
  /** Puts it at exactly that path; the directory above must be there. */
  copyIn(name: string, path: string, node: FileSnapshot): Promise<void>;
  history(image: string): Promise<readonly HistoryLayer[]>;
  /** Images as the bytes of a tar archive. */
  save(names: readonly string[]): Promise<Uint8Array>;
  /** What was loaded, as the client prints it. */
  load(archive: Uint8Array): Promise<readonly string[]>;
  /** Images of Docker Hub whose name has the text in it. */
  search(text: string): Promise<readonly { readonly name: string; readonly official: boolean }[]>;
  readonly networks: DockerNetworksPort;
  readonly volumes: DockerVolumesPort;
  logs(
    name: string,
    options: { readonly follow: boolean; readonly tail: number | undefined; readonly timestamps: boolean },
  ): Promise<Attachment>;
  exec(
    name: string,
    options: { readonly argv: readonly string[]; readonly stdin: boolean; readonly tty: boolean },
  ): Promise<Attachment>;
}

/** The daemon's networks. */
export interface DockerNetworksPort {
  list(): Promise<readonly DockerNetwork[]>;
  create(request: {
    readonly name: string;
    readonly driver: string;
    readonly subnet: string | undefined;
    readonly internal: boolean;
    readonly labels: Readonly<Record<string, string>>;
  }): Promise<string>;
  remove(name: string): Promise<void>;
  connect(network: string, container: string, aliases: readonly string[]): Promise<void>;
  disconnect(network: string, container: string): Promise<void>;
}

/** The daemon's volumes. */
export interface DockerVolumesPort {
  list(): Promise<readonly DockerVolume[]>;
  /** Without a name, the daemon gives one. The name. */
  create(name: string | undefined, labels: Readonly<Record<string, string>>): Promise<string>;
  remove(name: string): Promise<void>;
}
