// What learners keep at registries: accounts with passwords, and the images that they pushed.
import type { ImageDefinition } from '../node/images/define-image.ts';
import { imageOf } from '../node/images/image-of.ts';
import { type ImageName, repositoryOf } from '../node/registry/image-name.ts';
import type { PushedImage, RegistryAccounts } from '../node/registry/registries.ts';
import { type PlainImage, plainImage, restoreImage } from './plain-image.ts';

/** Plain data. */
export interface AccountsSnapshot {
  readonly passwords: readonly (readonly [account: string, password: string])[];
  readonly pushed: readonly (Omit<PushedImage, 'image'> & { readonly image: PlainImage })[];
  readonly localOnly: readonly string[];
  readonly loaded?: readonly (Omit<PushedImage, 'image'> & { readonly image: PlainImage })[];
}

export class LearnerAccounts implements RegistryAccounts {
  /** Passwords by `registry/user`. */
  private readonly passwords = new Map<string, string>();
  /** By `repository:tag`. */
  private readonly pushed = new Map<string, PushedImage>();
  /** Given to nodes without a registry, by `repository:tag`. */
  private readonly given = new Map<string, PushedImage>();
  /** Repositories that exist on the learner's machine alone. */
  private readonly localOnly = new Set<string>();

  /** Whether the password is right; the first to use a name gets the account. */
  login(registry: string, user: string, password: string): boolean {
    const key = `${registry}/${user}`;
    const known = this.passwords.get(key);
    if (known !== undefined) return known === password;
    this.passwords.set(key, password);
    return true;
  }

  snapshot(): AccountsSnapshot {
    return {
      passwords: [...this.passwords],
      pushed: [...this.pushed.values()].map((each) => ({ ...each, image: plainImage(each.image) })),
      localOnly: [...this.localOnly],
      loaded: [...this.given.values()].map((each) => ({ ...each, image: plainImage(each.image) })),
    };
  }

  restore({ passwords, pushed, localOnly, loaded = [] }: AccountsSnapshot): void {
    for (const each of loaded)
      this.given.set(`${each.repository}:${each.tag}`, { ...each, image: restoreImage(each.image) });
    for (const [account, password] of passwords) this.passwords.set(account, password);
    for (const each of pushed)
      this.pushed.set(`${each.repository}:${each.tag}`, { ...each, image: restoreImage(each.image) });
    for (const repository of localOnly) this.localOnly.add(repository);
  }

  find(name: ImageName): PushedImage | undefined {
    const repository = repositoryOf(name);
    if (name.digest === undefined) return this.pushed.get(`${repository}:${name.tag ?? 'latest'}`);
    return [...this.pushed.values()].find((image) => image.repository === repository && image.digest === name.digest);
  }

  loaded(name: ImageName): PushedImage | undefined {
    return this.given.get(`${repositoryOf(name)}:${name.tag ?? 'latest'}`);
  }

  load(name: ImageName, image: Omit<PushedImage, 'repository' | 'tag'>): void {
    const [repository, tag] = [repositoryOf(name), name.tag ?? 'latest'];
    this.given.set(`${repository}:${tag}`, { repository, tag, ...image });
  }

  holds(repository: string): boolean {
    return [...this.pushed.values()].some((image) => image.repository === repository);
  }

  lacks(repository: string): boolean {
    return this.localOnly.has(repository);
  }

  /** The learner has given an image of its own this name. */
  named(repository: string): void {
    if (!this.holds(repository) && !imageOf(repository)) this.localOnly.add(repository);
  }

  push(
    name: ImageName,
    image: { readonly digest: string; readonly sizeBytes: number; readonly image: ImageDefinition },
  ): void {
    const repository = repositoryOf(name);
    const tag = name.tag ?? 'latest';
    this.localOnly.delete(repository);
    this.pushed.set(`${repository}:${tag}`, { repository, tag, ...image });
  }
}
