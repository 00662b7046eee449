// Resource types by what people write: plural, singular, kind, short name, with version and group, and categories.
import { CommandError, NoResourceMatch, StatusError, UnreachableError } from '../errors.ts';
import type { Client } from './client.ts';
import { type ApiGroup, type ApiResource, discover } from './discovery.ts';
import type { DiscoveryCache } from './discovery-cache.ts';

export class Mapper {
  private groupsFound: Promise<readonly ApiGroup[]> | undefined;
  /** What is known was kept by an earlier command: something may have appeared since. */
  private stale = false;
  private asksServer = false;

  constructor(
    private readonly client: Client,
    private readonly cache: Pick<DiscoveryCache, 'read' | 'write'>,
    private readonly log: (place: string, text: string) => void,
    private readonly warn: (text: string) => void,
  ) {}

  /** Upstream's mappers try a failing discovery again and again, and log each time. `tries`: how often. */
  async groups(tries = 1): Promise<readonly ApiGroup[]> {
    this.groupsFound ??= this.load();
    try {
      return await this.groupsFound;
    } catch (error) {
      this.groupsFound = undefined;
      const text = error instanceof Error ? error.message : String(error);
      for (let i = 0; i < tries; i++)
        this.log(
          'memcache.go:265',
          `"Unhandled Error" err=${JSON.stringify(`couldn't get current server API group list: ${text}`)}`,
        );
      throw error;
    }
  }

  /** Forgets what was discovered: a kind may have appeared since. */
  invalidate(): void {
    this.groupsFound = undefined;
    this.asksServer = true;
  }

  private async load(): Promise<readonly ApiGroup[]> {
    const kept = this.asksServer ? undefined : this.cache.read();
    this.stale = kept !== undefined;
    if (kept) return kept;
    const found = await discover(this.client);
    this.cache.write(found);
    return found;
  }

  /** What `look` finds; where it finds nothing in what was kept, the server is asked. */
  private async looked<T>(
    look: (groups: readonly ApiGroup[]) => T | undefined,
    tries?: number,
  ): Promise<T | undefined> {
    const found = look(await this.groups(tries));
    if (found !== undefined || !this.stale) return found;
    this.invalidate();
    return look(await this.groups(tries));
  }

  /** `po`, `pods`, `Pod`, `deployments.apps`, `deploy.v1.apps` → the resource. Throws CommandError for none. */
  async resource(written: string): Promise<ApiResource> {
    const found = await this.find(written);
    if (found) return found;
    throw new CommandError(`the server doesn't have a resource type "${splitFirst(written)[0]}"`);
  }

  /** Like resource, but an unknown one is undefined. */
  async find(written: string): Promise<ApiResource | undefined> {
    const tries = written.split('.').length > 2 ? 6 : 4;
    return this.looked((groups) => findResource(groups, written, this.warn), tries);
  }

  /** The resource of an object's kind. Throws kubectl's `no matches for kind` error. */
  async kind(apiVersion: string, kind: string): Promise<ApiResource> {
    const found = await this.looked((groups) => findKind(groups, apiVersion, kind));
    if (found) return found;
    throw new NoKindMatch(kind, apiVersion);
  }

  /** The resources of a category (`all`), or undefined if there is no such category. */
  async category(name: string): Promise<readonly ApiResource[] | undefined> {
    const groups = await this.groups().catch((error: unknown) => {
      if (error instanceof UnreachableError || error instanceof StatusError) return [];
      throw error;
    });
    const members = preferred(groups).filter((resource) => resource.categories.includes(name));
    return members.length > 0 ? members : undefined;
  }

  /** The resources of one name in all groups, in the server's order. */
  async namesakes({ resource }: ApiResource): Promise<readonly ApiResource[]> {
    return preferred(await this.groups()).filter((one) => one.resource === resource);
  }

  /** A resource that must be there, with the words for one that is not (`kubectl explain`, `auth can-i`). */
  async mustFind(resource: string, group = '', version = ''): Promise<ApiResource> {
    const found = await this.find([resource, version, group].filter(Boolean).join('.'));
    if (found) return found;
    throw new NoResourceMatch(resource, group, version);
  }
}

/** `no matches for kind "Foo" in version "example.com/v1"` */
export class NoKindMatch extends CommandError {
  constructor(
    readonly kind: string,
    readonly apiVersion: string,
  ) {
    super(`no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(apiVersion)}`);
  }
}

/** Every resource once, in its group's preferred version (or the first that serves it). */
export function preferred(groups: readonly ApiGroup[]): readonly ApiResource[] {
  return groups.flatMap((group) => {
    const seen = new Map<string, ApiResource>();
    for (const version of group.versions)
      for (const resource of version.resources) if (!seen.has(resource.resource)) seen.set(resource.resource, resource);
    return [...seen.values()];
  });
}

/** The kind as it is written, or all in small letters. */
export function findKind(groups: readonly ApiGroup[], apiVersion: string, kind: string): ApiResource | undefined {
  const slash = apiVersion.indexOf('/');
  const group = slash < 0 ? '' : apiVersion.slice(0, slash);
  const version = apiVersion.slice(slash + 1);
  const versions = groups.find(({ name }) => name === group)?.versions;
  return versions
    ?.find((one) => one.version === version)
    ?.resources.find((resource) => resource.kind === kind || resource.kind.toLowerCase() === kind);
}

/**
 * First as resource.version.group, then as resource.group, then as kind.version.group and kind.group. Within each a
 * group may be shortened (`deployments.ap`), and the core group's resource wins over others of the same name.
 */
export function findResource(
  groups: readonly ApiGroup[],
  written: string,
  warn: (text: string) => void = () => {},
): ApiResource | undefined {
  const [name, afterName] = splitFirst(written);
  const [version, group] = splitFirst(afterName);
  const isExact = group !== '' || (version !== '' && written.split('.').length === 3);
  const matchesKind = ({ kind }: ApiResource) => kind === name || kind.toLowerCase() === name;
  const find = (inGroup: string, inVersion: string): ApiResource | undefined => {
    const whole = expandShortcut(groups, { resource: name, group: inGroup }, warn);
    const plural = whole.resource.toLowerCase();
    const matches = (resource: ApiResource) => resource.resource === plural || resource.singular === plural;
    return search(groups, { matches, group: whole.group, version: inVersion });
  };
  return (
    (isExact ? find(group, version) : undefined) ??
    find(afterName, '') ??
    (isExact ? search(groups, { matches: matchesKind, group, version }) : undefined) ??
    search(groups, { matches: matchesKind, group: afterName, version: '' })
  );
}

interface GroupResource {
  readonly resource: string;
  readonly group: string;
}

/** A short name's resource: the first that has it; names of other resources go before short names. */
function expandShortcut(
  groups: readonly ApiGroup[],
  written: GroupResource,
  warn: (text: string) => void,
): GroupResource {
  const { resource: name, group } = written;
  const all = preferred(groups);
  const inGroup = group === '' ? all : all.filter((one) => one.group === group);
  if (inGroup.some(({ resource, singular }) => resource === name || singular === name)) return written;
  const [first, ...others] = inGroup.filter(({ shortNames }) => shortNames.includes(name));
  for (const other of others) {
    const also = other.group === '' ? other.resource : `${other.resource}.${other.group}`;
    warn(`short name ${JSON.stringify(name)} could also match lower priority resource ${also}`);
  }
  const found =
    first ??
    (group === '' ? undefined : all.find((one) => one.group.startsWith(group) && one.shortNames.includes(name)));
  return found ? { resource: found.resource, group: found.group } : written;
}

function search(
  groups: readonly ApiGroup[],
  wanted: { readonly matches: (resource: ApiResource) => boolean; readonly group: string; readonly version: string },
): ApiResource | undefined {
  const exact = groups.filter((group) => group.name === wanted.group);
  const candidates =
    wanted.group === '' ? groups : [...exact, ...groups.filter((group) => group.name.startsWith(wanted.group))];
  const all = candidates.flatMap((group) => (wanted.version ? group.versions : []).flatMap((one) => one.resources));
  const pool = wanted.version ? all.filter(({ version }) => version === wanted.version) : preferred(candidates);
  return pool.find(wanted.matches);
}

function splitFirst(written: string): readonly [string, string] {
  const dot = written.indexOf('.');
  return dot < 0 ? [written, ''] : [written.slice(0, dot), written.slice(dot + 1)];
}
