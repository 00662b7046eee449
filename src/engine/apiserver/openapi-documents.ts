// The OpenAPI documents by path, made when somebody asks for them and kept.
import { sha512 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { type Descriptions, noDescriptions } from '../../api/schema/descriptions.ts';
import { openApiDocument, openApiIndex, openApiPath, openApiV2Document } from '../../api/schema/openapi.ts';
import { encodeOpenApiV2 } from '../../api/schema/openapi-protobuf.ts';
import { encodeUtf8 } from '../../base/bytes.ts';
import { objectAt } from '../../base/fields.ts';
import type { JsonObject } from '../../base/json.ts';
import { byBytes } from '../../base/text-order.ts';
import { builtInResources, type CatalogResource } from '../../kinds/catalog.ts';
import type { RemoteOpenApi } from './aggregator/remote-openapi.ts';
import { ColumnTexts } from './column-texts.ts';
import { customDefinitions, customOpenApi } from './custom/custom-openapi.ts';
import type { ResourceRegistry, ServedResource } from './served-resource.ts';

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
    return path === 'v2' || path === 'v3' || this.versions().some((version) => path === `v3/${openApiPath(version)}`);
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
    if (this.encoded?.of !== document) this.encoded = { of: document, bytes: encodeOpenApiV2(document) };
    return this.encoded.bytes;
  }

  /** Changes with the document at a path; of all that may change in it, without making it. */
  hash(path: string): string {
    const known = this.hashes.get(path);
    if (known !== undefined) return known;
    const isPartOf = ({ group, version }: ServedResource): boolean =>
      path === 'v2' || path === `v3/${openApiPath({ group, version })}`;
    const custom = [...this.registry.all()].filter((resource) => resource.custom?.listed && isPartOf(resource));
    const remote = path === 'v2' ? [...this.remote.values()].map(({ paths, definitions }) => [paths, definitions]) : [];
    const content = JSON.stringify([customDefinitions(custom), remote]);
    const text = [path, String(this.descriptions === noDescriptions), content].join();
    const made = bytesToHex(sha512(encodeUtf8(text))).toUpperCase();
    this.hashes.set(path, made);
    return made;
  }

  private make(path: string): JsonObject | undefined {
    const custom = [...this.registry.all()].filter((resource) => resource.custom?.listed);
    if (path === 'v2') {
      const document = openApiV2Document(builtInResources(), this.descriptions);
      const own = { paths: objectAt(document, 'paths'), definitions: objectAt(document, 'definitions') };
      return {
        ...document,
        paths: { ...merged([...this.remote.values()].map(({ paths }) => paths)), ...own.paths },
        definitions: {
          ...merged([...this.remote.values()].map(({ definitions }) => definitions)),
          ...own.definitions,
          ...customDefinitions(custom),
        },
      };
    }
    const versions = this.versions();
    if (path === 'v3') {
      const paths = versions.map(openApiPath);
      const index = openApiIndex(paths.map((each) => ({ path: each, hash: this.hash(`v3/${each}`) })));
      const remote = [...this.remote.values()].flatMap(({ documents }) => [...documents]);
      const urls = remote.map(([each, serverRelativeURL]): [string, JsonObject] => [each, { serverRelativeURL }]);
      const all = Object.entries({ ...Object.fromEntries(urls), ...objectAt(index, 'paths') });
      return { paths: Object.fromEntries(all.sort(([a], [b]) => byBytes(a, b))) };
    }
    const found = versions.find((version) => path === `v3/${openApiPath(version)}`);
    if (!found) return undefined;
    const resources = custom.filter(({ group, version }) => group === found.group && version === found.version);
    if (resources.length === 0) return openApiDocument(found, found.resources, this.descriptions);
    return customOpenApi(found, { resources, catalog: found.resources }, this.descriptions);
  }

  private versions(): readonly {
    readonly group: string;
    readonly version: string;
    readonly resources: readonly CatalogResource[];
  }[] {
    return this.registry
      .groups()
      .flatMap(({ group, versions }) => versions.map(({ version, resources }) => ({ group, version, resources })));
  }
}

/** The first of one name counts. */
function merged(objects: readonly JsonObject[]): JsonObject {
  return Object.assign({}, ...[...objects].reverse());
}
