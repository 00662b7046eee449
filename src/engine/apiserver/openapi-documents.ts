// The OpenAPI documents by path, made when somebody asks for them and kept.
import { sha512 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { type Descriptions, noDescriptions } from '../../api/schema/descriptions.ts';
import { encodeUtf8 } from '../../base/bytes.ts';
import type { JsonObject } from '../../base/json.ts';
import { late } from '../../base/late.ts';
import { byBytes } from '../../base/text-order.ts';
import { builtInGroups, type CatalogVersion } from '../../kinds/catalog.ts';
import type { RemoteOpenApi } from './aggregator/remote-openapi.ts';
import { ColumnTexts } from './column-texts.ts';
import type { ResourceRegistry, ServedResource } from './served-resource.ts';

const making = late('OpenAPI documents', () => import('./openapi-making.ts'));

export class OpenApiDocuments {
  private readonly made = new Map<string, JsonObject>();
  private readonly hashes = new Map<string, string>();
  private readonly remote = new Map<string, RemoteOpenApi>();
  private encoded: { readonly of: JsonObject; readonly bytes: Uint8Array } | undefined;

  private descriptions = noDescriptions;
  /** What Tables say of their columns. */
  readonly columns = new ColumnTexts();
  /** When any of them was another one before; milliseconds since the Unix epoch. */
  changedAt: number;

  constructor(
    private readonly registry: ResourceRegistry,
    private readonly now: () => number,
  ) {
    this.changedAt = now();
    registry.onChange(() => this.forget());
  }

  /** Documents say from now on what these say. */
  describe(descriptions: Descriptions): void {
    if (descriptions === this.descriptions) return;
    this.descriptions = descriptions;
    this.columns.describe(descriptions);
    this.forget();
  }

  /** What another server tells of an API that it answers for; undefined: nothing any more. */
  tell(api: string, read: RemoteOpenApi | undefined): void {
    if (read) this.remote.set(api, read);
    else this.remote.delete(api);
    this.forget();
  }

  private forget(): void {
    if (this.made.size + this.hashes.size > 0) this.changedAt = this.now();
    this.made.clear();
    this.hashes.clear();
  }

  /** Whether there is a document at a path below /openapi. */
  has(path: string): boolean {
    return path === 'v2' || path === 'v3' || this.paths().some((each) => path === `v3/${each}`);
  }

  /** The document at a path below /openapi; undefined: there is none. */
  at(path: string): JsonObject | undefined {
    const clean = path.replace(/^\/openapi\//, '').replace(/\/+$/, '');
    const known = this.made.get(clean);
    if (known) return known;
    const document = this.make(clean);
    if (document) this.made.set(clean, document);
    return document;
  }

  /** The document of version 2 in protobuf. */
  bytes(): Uint8Array {
    const document = this.at('v2') ?? {};
    if (this.encoded?.of !== document) this.encoded = { of: document, bytes: making().encodeOpenApiV2(document) };
    return this.encoded.bytes;
  }

  /** A document of version 3 in protobuf. Few ask for it, so that it is not kept. */
  bytesOf(path: string): Uint8Array {
    return making().encodeOpenApiV3(this.at(path) ?? {});
  }

  /** Changes with the document at a path; of all that may change in it, without making it. */
  hash(path: string): string {
    const known = this.hashes.get(path);
    if (known !== undefined) return known;
    const isPartOf = (version: ServedResource): boolean => path === 'v2' || path === `v3/${openApiPath(version)}`;
    const custom = this.custom().filter(isPartOf);
    const own = custom.map(({ apiVersion, resource, kind, namespaced, subresources, custom: part }) => {
      return [apiVersion, resource, kind, namespaced, subresources, part?.schema];
    });
    const remote = path === 'v2' ? [...this.remote.values()].map(({ paths, definitions }) => [paths, definitions]) : [];
    const content = JSON.stringify([own, remote]);
    const text = [path, String(this.descriptions === noDescriptions), content].join();
    const made = bytesToHex(sha512(encodeUtf8(text))).toUpperCase();
    this.hashes.set(path, made);
    return made;
  }

  private make(path: string): JsonObject | undefined {
    if (path === 'v2') return making().versionTwo(this.custom(), [...this.remote.values()], this.descriptions);
    if (path === 'v3') return this.index();
    const version = this.versions().find((each) => path === `v3/${openApiPath(each)}`);
    if (!version) return making().serverPart(path.replace(/^v3\//, ''), this.descriptions);
    const { group } = version;
    const custom = this.custom().filter((one) => one.group === group && one.version === version.version);
    return making().versionThree(version, custom, this.descriptions);
  }

  private index(): JsonObject {
    const own = this.paths().map((path): [string, string] => [
      path,
      `/openapi/v3/${path}?hash=${this.hash(`v3/${path}`)}`,
    ]);
    const remote = [...this.remote.values()].flatMap(({ documents }) => [...documents]);
    const urls = [...new Map([...remote, ...own])].sort(([a], [b]) => byBytes(a, b));
    return { paths: Object.fromEntries(urls.map(([path, serverRelativeURL]) => [path, { serverRelativeURL }])) };
  }

  /** Those of which there is a document of version 3. */
  private paths(): readonly string[] {
    const groups = builtInGroups().filter(({ group }) => group !== '');
    return [...serverPaths, ...groups.map(({ group }) => `apis/${group}`), ...this.versions().map(openApiPath)];
  }

  private custom(): readonly ServedResource[] {
    return [...this.registry.all()].filter((resource) => resource.custom?.listed);
  }

  private versions(): readonly (CatalogVersion & { readonly group: string })[] {
    return this.registry.groups().flatMap(({ group, versions }) => versions.map((version) => ({ ...version, group })));
  }
}

/** Documents of no group. */
const serverPaths = ['.well-known/openid-configuration', 'api', 'apis', 'openid/v1/jwks', 'version'];

/** `apis/apps/v1`, or `api/v1` in the core group: the key in the index. */
function openApiPath({ group, version }: { readonly group: string; readonly version: string }): string {
  return group === '' ? `api/${version}` : `apis/${group}/${version}`;
}
