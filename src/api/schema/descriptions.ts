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

const conventions = 'https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md';
/** Fields of every kind whose text the package lacks because they refer to another definition. */
function commonText(kind: string, field: string): string {
  const what = kind.toLowerCase();
  if (field === 'metadata') return `Standard object's metadata. More info: ${conventions}#metadata`;
  const more = `More info: ${conventions}#spec-and-status`;
  if (field === 'spec') return `Specification of the desired behavior of the ${what}. ${more}`;
  if (field !== 'status') return '';
  const note = 'This data may not be up to date. Populated by the system. Read-only.';
  return `Most recently observed status of the ${what}. ${note} ${more}`;
}

/** The texts of a table. */
export function descriptionsOf({ texts, textIndexes }: DescriptionTable): Descriptions {
  const indexes = (name: string) => (Object.hasOwn(textIndexes, name) ? textIndexes[name] : undefined) ?? [];
  return {
    ofDefinition: (name) => texts[indexes(name)[0] ?? -1] ?? '',
    ofField(name, field) {
      const fields = definition(name)?.fields;
      const position = fields ? [...fields.keys()].indexOf(field) : -1;
      const text = texts[indexes(name)[position + 1] ?? -1] ?? '';
      return text === '' && fields?.has('kind') ? commonText(name.slice(name.lastIndexOf('.') + 1), field) : text;
    },
  };
}
