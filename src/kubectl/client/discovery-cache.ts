// What was discovered of a server, kept below ~/.kube/cache as client-go keeps it, so that most commands ask nothing.
//
//   discovery/127.0.0.1_6443/servergroups.json              groups and versions
//   discovery/127.0.0.1_6443/apps/v1/serverresources.json   the resources of one
import type { Process } from '../../api/program.ts';
import { apiVersionText } from '../../api/resource.ts';
import { FileError, normalizePath } from '../../base/files.ts';
import { isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { type ApiGroup, type ApiResource, objects, plainResources, text } from './discovery.ts';

/** After so long nothing of it counts. */
const lifetimeMs = 6 * 60 * 60 * 1000;

export class DiscoveryCache {
  private readonly directory: string;

  constructor(
    private readonly process: Process,
    { server, directory }: { readonly server: string; readonly directory: string },
  ) {
    const host = server.replace(/^[a-z]+:\/\//, '').replace(/[^\w./-]/g, '_');
    this.directory = normalizePath(`${directory}/discovery/${host}`, process.cwd);
  }

  /** All groups; undefined when something is missing, broken or too old. */
  read(): readonly ApiGroup[] | undefined {
    const list = this.readJson('servergroups.json');
    if (!list) return undefined;
    const groups: ApiGroup[] = [];
    for (const group of objects(list.groups)) {
      const name = text(group.name);
      const versions = [];
      for (const { version: given } of objects(group.versions)) {
        const version = text(given);
        const resources = this.readJson(fileOf(name, version));
        if (!resources) return undefined;
        versions.push({
          version,
          stale: false,
          resources: plainResources(objects(resources.resources), name, version),
        });
      }
      groups.push({ name, versions });
    }
    return groups;
  }

  /** Keeps them; where that is impossible, the next command asks again. */
  write(groups: readonly ApiGroup[]): void {
    const { files } = this.process.machine;
    try {
      for (const { name, versions } of groups)
        for (const { version, resources } of versions) {
          const list = resourceList(apiVersionText({ group: name, version }), resources);
          files.writeFile(`${this.directory}/${fileOf(name, version)}`, JSON.stringify(list), { parents: true });
        }
      const list = { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map(groupEntry) };
      files.writeFile(`${this.directory}/servergroups.json`, JSON.stringify(list), { parents: true });
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
    }
  }

  private readJson(name: string): JsonObject | undefined {
    const { machine, clock } = this.process;
    const path = `${this.directory}/${name}`;
    try {
      const age = clock.now() - machine.files.stat(path).modifiedAt;
      const value: unknown = age > lifetimeMs ? undefined : JSON.parse(machine.files.readText(path));
      return isObject(value) ? value : undefined;
    } catch (error) {
      if (error instanceof FileError || error instanceof SyntaxError) return undefined;
      throw error;
    }
  }
}

function fileOf(group: string, version: string): string {
  return `${group === '' ? version : `${group}/${version}`}/serverresources.json`;
}

function groupEntry({ name, versions }: ApiGroup): JsonObject {
  const entries = versions.map(({ version }) => ({ groupVersion: apiVersionText({ group: name, version }), version }));
  return { name, versions: entries, ...(entries[0] && { preferredVersion: entries[0] }) };
}

function resourceList(groupVersion: string, resources: readonly ApiResource[]): JsonObject {
  const entries = resources.flatMap((one): JsonValue[] => [
    {
      name: one.resource,
      singularName: one.singular,
      namespaced: one.namespaced,
      group: one.group,
      version: one.version,
      kind: one.kind,
      verbs: one.verbs,
      ...(one.shortNames.length > 0 && { shortNames: one.shortNames }),
      ...(one.categories.length > 0 && { categories: one.categories }),
    },
    ...one.subresources.map(({ name, kind, verbs }) => ({
      name: `${one.resource}/${name}`,
      singularName: '',
      namespaced: one.namespaced,
      kind,
      verbs,
    })),
  ]);
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: entries };
}
