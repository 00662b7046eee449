// What the API's documentation says of definitions and fields. The texts are large: whoever needs them loads
// generated/descriptions.ts and hands it over.
import { definition } from './schema.ts';

/** Texts of definitions and their fields; '' where there is none. */
export interface Descriptions {
  ofDefinition(name: string): string;
  ofField(name: string, field: string): string;
}

/** What generated/descriptions.ts exports. */
export interface DescriptionTable {
  readonly texts: readonly string[];
  readonly textIndexes: Readonly<Record<string, readonly number[]>>;
}

/** For documents without texts. */
export const noDescriptions: Descriptions = { ofDefinition: () => '', ofField: () => '' };

/** The texts of a table. */
export function descriptionsOf({ texts, textIndexes }: DescriptionTable): Descriptions {
  const indexes = (name: string) => (Object.hasOwn(textIndexes, name) ? textIndexes[name] : undefined) ?? [];
  return {
    ofDefinition: (name) => texts[indexes(name)[0] ?? -1] ?? '',
    ofField(name, field) {
      const fields = definition(name)?.fields;
      const position = fields ? [...fields.keys()].indexOf(field) : -1;
      return texts[indexes(name)[position + 1] ?? -1] ?? '';
    },
  };
}
