// The OpenAPI documents by path, made when somebody asks for them and kept.
import { type Descriptions, noDescriptions } from '../../api/schema/descriptions.ts';
import { openApiDocument, openApiIndex, openApiPath, openApiV2Document } from '../../api/schema/openapi.ts';
import { fnv1a } from '../../base/hash.ts';
import type { JsonObject } from '../../base/json.ts';
import { builtInGroups, builtInResources } from '../../kinds/catalog.ts';

export class OpenApiDocuments {
  private readonly made = new Map<string, JsonObject>();

  constructor(private readonly descriptions: Descriptions = noDescriptions) {}

  /** The document at a path below /openapi; undefined: there is none. */
  at(path: string): JsonObject | undefined {
    const clean = path.replace(/^\/openapi\//, '').replace(/\/+$/, '');
    const known = this.made.get(clean);
    if (known) return known;
    const document = this.make(clean);
    if (document) this.made.set(clean, document);
    return document;
  }

  private make(path: string): JsonObject | undefined {
    if (path === 'v2') return openApiV2Document(builtInResources(), this.descriptions);
    const versions = builtInGroups().flatMap(({ group, versions: all }) =>
      all.map(({ version, resources }) => ({ group, version, resources })),
    );
    if (path === 'v3') {
      const hash = (text: string): string => fnv1a(text).toString(16).toUpperCase().padStart(8, '0').repeat(16);
      return openApiIndex(
        versions.map((version) => ({ path: openApiPath(version), hash: hash(openApiPath(version)) })),
      );
    }
    const found = versions.find((version) => path === `v3/${openApiPath(version)}`);
    return found && openApiDocument(found, found.resources, this.descriptions);
  }
}
