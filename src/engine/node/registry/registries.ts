// The world's image registries: which images exist, how big they are, and what pulling one answers.
import { fnv1a } from '../../../base/hash.ts';
import type { RandomStream } from '../../sim/random.ts';
import { defaultImage } from '../images/default-image.ts';
import type { ImageDefinition } from '../images/define-image.ts';
import { imageOf } from '../images/image-of.ts';
import { fullName, type ImageName, repositoryOf } from './image-name.ts';

/** What a registry account holds: images that a learner pushed. */
export interface PushedImage {
  /** Without tag, e.g. `docker.io/amy/app`. */
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
  readonly sizeBytes: number;
  readonly image: ImageDefinition;
}

/** The learner's registry accounts, as far as pulling goes. */
export interface RegistryAccounts {
  find(name: ImageName): PushedImage | undefined;
  /** What nodes were given of it without a registry. */
  loaded(name: ImageName): PushedImage | undefined;
  /** Whether the repository exists at all: a wrong tag is then `not found` and not `pull access denied`. */
  holds(repository: string): boolean;
  /** Whether it exists on the learner's machine alone. */
  lacks(repository: string): boolean;
}

export interface PulledImage {
  /** As the runtime names it, e.g. `docker.io/library/nginx:1.27`. */
  readonly name: string;
  /** E.g. `docker.io/library/nginx@sha256:…`. */
  readonly digestName: string;
  readonly sizeBytes: number;
  readonly image: ImageDefinition;
}

export type PullOutcome =
  | { readonly kind: 'pulled'; readonly image: PulledImage; readonly durationMs: number }
  | { readonly kind: 'failed'; readonly message: string; readonly durationMs: number };

const pullMs = 700;
const failMs = 400;
/** Tags by which people ask for an image that does not exist; any other name does. */
const missingTag = /does-?not-?exist|no-?such|non-?exist/i;
/** How long the resolver looks for a registry that has no address. */
const lookupMs = 1200;

export class Registries {
  constructor(
    private readonly random: RandomStream,
    private readonly accounts?: RegistryAccounts,
  ) {}

  pull(name: ImageName): PullOutcome {
    const refused = this.refusal(name);
    if (refused !== undefined)
      return {
        kind: 'failed',
        message: refused,
        durationMs: (isExample(name.registry) ? lookupMs : failMs) + this.random.below(20),
      };
    return { kind: 'pulled', image: this.resolve(name), durationMs: pullMs + 1 + this.random.below(4) };
  }

  /** What the image is; the caller knows that it exists. */
  resolve(name: ImageName): PulledImage {
    const pushed = this.accounts?.find(name) ?? this.accounts?.loaded(name);
    const repository = repositoryOf(name);
    const known = pushed?.image ?? imageOf(repository);
    const tag = name.tag ?? 'latest';
    const digest = name.digest ?? pushed?.digest ?? known?.digests?.[tag] ?? madeUpDigest(fullName(name));
    return {
      name: fullName(name),
      digestName: `${repository}@${digest}`,
      sizeBytes: pushed?.sizeBytes ?? known?.sizeBytes ?? madeUpSize(repository),
      image: known ?? defaultImage(fullName(name)),
    };
  }

  /** Whether its registry has no address. */
  isUnreachable(name: ImageName): boolean {
    return isExample(name.registry);
  }

  /** Containerd's words for why an image cannot be had; undefined when it can. */
  private refusal(name: ImageName): string | undefined {
    const ref = fullName(name);
    const head = `failed to pull and unpack image "${ref}": failed to resolve reference "${ref}": `;
    if (isExample(name.registry))
      return `${head}failed to do request: Head "https://${name.registry}/v2/${name.path}/manifests/${name.digest ?? name.tag}": dial tcp: lookup ${hostOf(name.registry)} on 172.18.0.1:53: no such host`;
    if (this.accounts?.find(name)) return undefined;
    const repository = repositoryOf(name);
    if (missingTag.test(name.tag ?? '') || this.accounts?.holds(repository))
      return `rpc error: code = NotFound desc = ${head}${ref}: not found`;
    if (this.accounts?.lacks(repository) || /(^|\/)nodejs-app/.test(name.path))
      return `${head}pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed`;
    return undefined;
  }
}

/** Names reserved for documentation never have an address. */
function isExample(registry: string): boolean {
  return /(^|\.)(example\.(com|org|net)|example|invalid|test)$/.test(hostOf(registry));
}

function hostOf(registry: string): string {
  return registry.replace(/:\d+$/, '');
}

function madeUpDigest(name: string): string {
  let digest = '';
  for (let i = 0; i < 8; i++) digest += fnv1a(`${i}/${name}`).toString(16).padStart(8, '0');
  return `sha256:${digest}`;
}

function madeUpSize(repository: string): number {
  return 20_000_000 + (fnv1a(repository) % 80_000_000);
}
