// The docker daemon of the learner's machine: its images, its containers, and how they meet registries and network.
import {
  type BuildEvent,
  type BuildRequest,
  type ContainerRequest,
  DockerError,
  type DockerImage,
  DockerUnavailable,
  type TransferReply,
} from '../../api/docker.ts';
import { type ImageName, parseImageName, repositoryOf } from '../node/registry/image-name.ts';
import type { PulledImage, Registries } from '../node/registry/registries.ts';
import type { RandomStream } from '../sim/random.ts';
import type { ContainerSnapshot, ContainersOptions } from './docker-container.ts';
import { DockerContainers } from './docker-containers.ts';
import type { NetworksSnapshot } from './docker-networks.ts';
import type { VolumeSnapshot } from './docker-volumes.ts';
import { BuildCache, ImageBuilder } from './image-builder.ts';
import { configOf, digestOf, historyOf, type LocalImage } from './local-image.ts';
import { type PlainImage, plainImage, restoreImage } from './plain-image.ts';
import type { LearnerAccounts } from './registry-accounts.ts';

/** Where a cluster keeps the images that its pods run. */
export interface ImageStore {
  images(): readonly string[];
  addImage(image: PulledImage): void;
  removeImage(name: string): boolean;
}

export interface DaemonOptions extends ContainersOptions {
  /** The daemon's images are a cluster's too: what one has, the other has. */
  readonly store?: ImageStore | undefined;
  readonly registries: Registries;
  readonly accounts: LearnerAccounts;
}

/** Plain data. */
export interface DockerSnapshot {
  readonly images: readonly (Omit<LocalImage, 'definition'> & { readonly definition: PlainImage })[];
  readonly tags: readonly (readonly [tag: string, id: string])[];
  readonly digests: readonly (readonly [id: string, digests: readonly string[]])[];
  readonly containers?: readonly ContainerSnapshot[];
  readonly networks?: NetworksSnapshot;
  readonly volumes?: readonly VolumeSnapshot[];
}

const pullMs = 2200;
const pushMs = 3100;
const refusalMs = 600;

export class DockerDaemon {
  readonly containers: DockerContainers;
  private readonly images = new Map<string, LocalImage>();
  /** Image id by `docker.io/library/nginx:latest`. */
  private readonly tags = new Map<string, string>();
  /** `docker.io/library/nginx@sha256:…` by image id. */
  private readonly digests = new Map<string, Set<string>>();
  private readonly random: RandomStream;
  private on = true;
  /** Called when the daemon goes down. */
  onStop: () => void = () => {};
  private readonly cache = new BuildCache();
  private builds = 0;

  constructor(readonly options: DaemonOptions) {
    this.random = options.scope.random('docker');
    this.containers = new DockerContainers(options, this.random);
  }

  get running(): boolean {
    return this.on;
  }

  power(on: boolean): void {
    if (this.on === on) return;
    this.on = on;
    if (on) return;
    this.containers.stopAll();
    this.onStop();
  }

  /** Before each call. */
  check(): void {
    if (!this.on) throw new DockerUnavailable();
    this.takeStock();
  }

  listImages(): readonly DockerImage[] {
    return [...this.images.values()].map((image) => this.show(image)).sort((a, b) => b.createdAt - a.createdAt);
  }

  /** By name, id or the beginning of an id. */
  find(name: string): LocalImage | undefined {
    const id = name.replace(/^sha256:/, '');
    if (/^[0-9a-f]{4,64}$/.test(id))
      for (const image of this.images.values()) if (image.id.startsWith(`sha256:${id}`)) return image;
    const parsed = parseImageName(name);
    if ('problem' in parsed) return undefined;
    if (parsed.digest !== undefined) {
      const full = `${repositoryOf(parsed)}@${parsed.digest}`;
      for (const [image, digests] of this.digests) if (digests.has(full)) return this.images.get(image);
    }
    return this.images.get(this.tags.get(tagKey(parsed)) ?? '');
  }

  show(image: LocalImage): DockerImage {
    const tags = [...this.tags].filter(([, id]) => id === image.id).map(([tag]) => familiar(tag));
    const digests = [...(this.digests.get(image.id) ?? [])].map(familiar);
    const { id, createdAt, sizeBytes, config } = image;
    return { id, tags, digests, createdAt, sizeBytes, config };
  }

  /** Images, their names, and containers as they were asked for. */
  snapshot(): DockerSnapshot {
    return {
      images: [...this.images.values()].map((image) => ({ ...image, definition: plainImage(image.definition) })),
      tags: [...this.tags],
      digests: [...this.digests].map(([id, digests]) => [id, [...digests]]),
      containers: this.containers.snapshot(),
      networks: this.containers.networks.snapshot(),
      volumes: this.containers.volumes.snapshot(),
    };
  }

  restore({ images, tags, digests, containers = [], networks = [], volumes = [] }: DockerSnapshot): void {
    for (const image of images) this.images.set(image.id, { ...image, definition: restoreImage(image.definition) });
    this.containers.networks.restore(networks);
    this.containers.volumes.restore(volumes);
    for (const [tag, id] of tags) this.tags.set(tag, id);
    for (const [id, names] of digests) this.digests.set(id, new Set(names));
    this.containers.restore(containers, (id) => this.images.get(id));
  }

  /** As a node has it that got it without a registry; nodes that are restored find it here again. */
  asPulled(name: string): PulledImage | undefined {
    const image = this.find(name);
    const parsed = parseImageName(name);
    if (!image || 'problem' in parsed) return undefined;
    this.options.accounts.load(parsed, { digest: image.id, sizeBytes: image.sizeBytes, image: image.definition });
    return this.options.registries.resolve(parsed);
  }

  /** Builds; events come until `built` or `failed`. Returns how to give up. */
  build(request: BuildRequest, tell: (event: BuildEvent) => void): () => void {
    return this.options.scope.spawn(new ImageBuilder(this, this.cache, request, tell).run());
  }

  nextBuildId(): number {
    this.builds++;
    return this.builds;
  }

  fullTag(tag: string): string {
    return tagKey(parse(tag));
  }

  shortTag(tag: string): string {
    return familiar(this.fullTag(tag));
  }

  add(image: LocalImage, tags: readonly string[]): void {
    this.images.set(image.id, image);
    for (const tag of tags) {
      const name = parse(tag);
      this.name(tagKey(name), image.id);
      this.options.accounts.named(repositoryOf(name));
    }
  }

  private name(tag: string, id: string): void {
    this.tags.set(tag, id);
    const image = this.options.store && this.asPulled(tag);
    if (image) this.options.store?.addImage(image);
  }

  /** Learns of the images that the cluster got by itself. */
  private takeStock(): void {
    for (const text of this.options.store?.images() ?? []) {
      const name = parseImageName(text);
      if ('problem' in name || this.tags.has(tagKey(name))) continue;
      const made = this.fromRegistry(this.options.registries.resolve(name), repositoryOf(name), 4);
      this.images.set(made.id, made);
      this.tags.set(tagKey(name), made.id);
    }
  }

  /** Asks the registry; `done` hears of it later. */
  pull(text: string, done: (reply: TransferReply | Error) => void): void {
    const name = parse(text);
    const outcome = this.options.registries.pull(name);
    const repository = repositoryOf(name);
    if (outcome.kind === 'failed') {
      const message = /no such host|not found/.test(outcome.message)
        ? /not found/.test(outcome.message)
          ? `manifest for ${familiar(tagKey(name))} not found: manifest unknown: manifest unknown`
          : `Get "https://${name.registry}/v2/": dial tcp: lookup ${name.registry}: no such host`
        : `pull access denied for ${familiar(repository)}, repository does not exist or may require 'docker login': denied: requested access to the resource is denied`;
      this.options.scope.schedule(refusalMs, () => done(new DockerError(message)));
      return;
    }
    const known = this.find(text);
    const made = this.fromRegistry(outcome.image, repository, known ? 0 : 4);
    const { digestName } = outcome.image;
    const digest = digestName.slice(digestName.indexOf('@') + 1);
    this.options.scope.schedule(known ? refusalMs : pullMs + this.random.below(800), () => {
      if (!known) this.images.set(made.id, made);
      if (!known) this.name(tagKey(name), made.id);
      this.digestsOf(known?.id ?? made.id).add(digestName);
      done({ name: tagKey(name), digest, layers: made.layers, known: known ? 1 : 0 });
    });
  }

  private fromRegistry({ image, digestName, sizeBytes }: PulledImage, repository: string, layers: number): LocalImage {
    const createdAt = createdBefore(this.options.scope.now, repository);
    const config = configOf(image);
    return {
      id: `sha256:${digestOf(`config/${digestName}`)}`,
      createdAt,
      sizeBytes,
      config,
      definition: image,
      layers: [...Array(layers).keys()].map((i) => digestOf(`${i}/${repository}`).slice(0, 12)),
      history: historyOf(config, { createdAt, sizeBytes }),
    };
  }

  /** `user`: who the client is logged in as. */
  push(text: string, user: string | undefined, done: (reply: TransferReply | Error) => void): void {
    const name = parse(text);
    const image = this.find(text);
    const repository = repositoryOf(name);
    const { scope, accounts, registries } = this.options;
    if (!image) throw new DockerError(`An image does not exist locally with the tag: ${familiar(repository)}`);
    const digest = `sha256:${digestOf(`manifest/${image.id}`)}`;
    const reply = {
      name: tagKey(name),
      digest,
      layers: image.layers,
      known: accounts.holds(repository) ? image.layers.length : 0,
    };
    const owner = name.path.split('/')[0];
    if (user === undefined || (name.registry === 'docker.io' && owner !== user)) {
      scope.schedule(refusalMs, () =>
        done(
          new DockerError(
            'push access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
          ),
        ),
      );
      return;
    }
    if (registries.isUnreachable(name)) {
      scope.schedule(refusalMs, () =>
        done(new DockerError(`Get "https://${name.registry}/v2/": dial tcp: lookup ${name.registry}: no such host`)),
      );
      return;
    }
    scope.schedule(pushMs + this.random.below(900), () => {
      accounts.push(name, { digest, sizeBytes: image.sizeBytes, image: image.definition });
      this.digestsOf(image.id).add(`${repository}@${digest}`);
      done(reply);
    });
  }

  tag(source: string, target: string): void {
    const image = this.find(source);
    const name = parse(target, 'target');
    if (!image) throw new DockerError(`No such image: ${withTag(source)}`);
    this.name(tagKey(name), image.id);
    this.options.accounts.named(repositoryOf(name));
  }

  removeImage(text: string, force: boolean): readonly string[] {
    const image = this.find(text);
    if (!image) throw new DockerError(`No such image: ${withTag(text)}`);
    const byId = !('problem' in parseImageName(text)) && this.tags.has(tagKey(parse(text))) ? undefined : image.id;
    const own = [...this.tags].filter(([, id]) => id === image.id).map(([tag]) => tag);
    const going = byId === undefined ? [tagKey(parse(text))] : own;
    if (byId !== undefined && own.length > 1 && !force)
      throw new DockerError(
        `conflict: unable to delete ${image.id.slice(7, 19)} (must be forced) - image is referenced in multiple repositories`,
      );
    const last = own.length <= going.length;
    const user = this.containers.list().find((container) => container.imageId === image.id);
    if (last && user && (user.state === 'running' || !force)) {
      const state = user.state === 'running' ? 'running' : 'stopped';
      const must = state === 'running' ? 'cannot be forced' : 'must be forced';
      const what = byId === undefined ? `remove repository reference "${text}"` : `delete ${image.id.slice(7, 19)}`;
      throw new DockerError(
        byId === undefined && !force
          ? `conflict: unable to ${what} (must force) - container ${user.id.slice(0, 12)} is using its referenced image ${image.id.slice(7, 19)}`
          : `conflict: unable to ${what} (${must}) - image is being used by ${state} container ${user.id.slice(0, 12)}`,
      );
    }
    const lines = going.map((tag) => `Untagged: ${familiar(tag)}`);
    for (const tag of going) {
      this.tags.delete(tag);
      this.options.store?.removeImage(tag);
    }
    if (!last) return lines;
    for (const digest of this.digests.get(image.id) ?? []) lines.push(`Untagged: ${familiar(digest)}`);
    this.digests.delete(image.id);
    this.images.delete(image.id);
    return [...lines, `Deleted: ${image.id}`];
  }

  /** By name or id; there must be one. */
  get(name: string): LocalImage {
    const image = this.find(name);
    if (!image) throw new DockerError(`No such image: ${withTag(name)}`);
    return image;
  }

  create(request: ContainerRequest): string {
    return this.containers.create(request, this.get(request.image));
  }

  private digestsOf(id: string): Set<string> {
    const known = this.digests.get(id) ?? new Set<string>();
    this.digests.set(id, known);
    return known;
  }
}

/** `docker.io/library/nginx:latest` as people write it: `nginx:latest`. */
export function familiar(name: string): string {
  return name.replace(/^docker\.io\/(library\/)?/, '');
}

function tagKey(name: ImageName): string {
  return `${repositoryOf(name)}:${name.tag ?? 'latest'}`;
}

function withTag(text: string): string {
  return /[:@]/.test(text.slice(text.lastIndexOf('/') + 1)) ? text : `${text}:latest`;
}

function parse(text: string, what = 'reference'): ImageName {
  const name = parseImageName(text);
  if ('problem' in name)
    throw new DockerError(
      what === 'target'
        ? `Error parsing reference: "${text}" is not a valid repository/tag: ${name.problem}`
        : name.problem,
    );
  return name;
}

const dayMs = 86_400_000;

/** Images of a registry were made some weeks ago. */
function createdBefore(now: number, repository: string): number {
  return now - (7 + (Number.parseInt(digestOf(repository).slice(0, 4), 16) % 60)) * dayMs;
}
