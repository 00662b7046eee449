// The OpenAPI documents by path, made when somebody asks for them and kept.
import { type Descriptions, noDescriptions } from '../../api/schema/descriptions.ts';
import { openApiDocument, openApiIndex, openApiPath, openApiV2Document } from '../../api/schema/openapi.ts';
import { encodeOpenApiV2 } from '../../api/schema/openapi-protobuf.ts';
import { fnv1a } from '../../base/hash.ts';
import { isObject, type JsonObject } from '../../base/json.ts';
import { builtInResources } from '../../kinds/catalog.ts';
import { ColumnTexts } from './column-texts.ts';
import { customDefinitions, customOpenApi } from './custom/custom-openapi.ts';
import type { ResourceRegistry } from './served-resource.ts';

export class OpenApiDocuments {
  private readonly made = new Map<string, JsonObject>();
  private encoded: { readonly of: JsonObject; readonly bytes: Uint8Array } | undefined;

  private descriptions = noDescriptions;
  /** What Tables say of their columns. */
  readonly columns = new ColumnTexts();

  constructor(private readonly registry: ResourceRegistry) {
    registry.onChange(() => this.made.clear());
  }

  /** Documents say from now on what these say. */
  describe(descriptions: Descriptions): void {
    if (descriptions === this.descriptions) return;
    this.descriptions = descriptions;
    this.columns.describe(descriptions);
    this.made.clear();
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

  private make(path: string): JsonObject | undefined {
    const custom = [...this.registry.all()].filter((resource) => resource.custom?.listed);
    if (path === 'v2') {
      const document = openApiV2Document(builtInResources(), this.descriptions);
      const definitions = isObject(document.definitions) ? document.definitions : {};
      return { ...document, definitions: { ...definitions, ...customDefinitions(custom) } };
    }
    const versions = this.registry
      .groups()
      .flatMap(({ group, versions: all }) => all.map(({ version, resources }) => ({ group, version, resources })));
    if (path === 'v3') {
      const hash = (text: string): string => fnv1a(text).toString(16).toUpperCase().padStart(8, '0').repeat(16);
      return openApiIndex(
        versions.map((version) => ({ path: openApiPath(version), hash: hash(openApiPath(version)) })),
      );
    }
    const found = versions.find((version) => path === `v3/${openApiPath(version)}`);
    if (!found) return undefined;
    const resources = custom.filter(({ group, version }) => group === found.group && version === found.version);
    if (resources.length === 0) return openApiDocument(found, found.resources, this.descriptions);
    return customOpenApi(found, { resources, catalog: found.resources }, this.descriptions);
  }
}
