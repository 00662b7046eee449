// The page of `kubectl explain -o plaintext-openapiv2`: from OpenAPI v2, laid out as kubectl did before there was v3.
import { isList, isObject, type JsonObject, type JsonValue, own } from '../../../base/json.ts';
import { byBytes } from '../../../base/text-order.ts';
import { CommandError } from '../../errors.ts';

const width = 80;
const descriptionIndent = 5;
const fieldIndent = 3;

/** What is explained. */
export interface OlderExplained {
  /** The server's OpenAPI v2 document. */
  readonly document: JsonObject;
  readonly gvk: { readonly group: string; readonly version: string; readonly kind: string };
  readonly fields: readonly string[];
  readonly recursive: boolean;
}

/** The whole page. Throws CommandError where the kind or a field is unknown. */
export function olderPage({ document, gvk, fields, recursive }: OlderExplained): string {
  const definitions = isObject(document.definitions) ? document.definitions : {};
  const root = Object.values(definitions).find((schema) => isObject(schema) && isOfKind(schema, gvk));
  if (!isObject(root))
    throw new CommandError(`couldn't find resource for "${gvk.group}/${gvk.version}, Kind=${gvk.kind}"`);
  const schemas = new Schemas(definitions);
  const found = schemas.find(root, fields);
  const { descriptions, schema } = schemas.inside(found);
  const name = fields.at(-1) ?? '';
  const type = schemas.typeName(found);
  const version = gvk.group === '' ? gvk.version : `${gvk.group}/${gvk.version}`;
  const properties = schemas.properties(schema);
  const label = properties ? 'RESOURCE: ' : 'FIELD:    ';
  const named = name !== '' && (properties || schema.type !== undefined) ? `${label}${name} <${type}>\n\n` : '';
  const head = `KIND:     ${gvk.kind}\nVERSION:  ${version}\n\n${named}DESCRIPTION:\n${described(descriptions)}`;
  if (!properties) return head;
  return `${head}\nFIELDS:\n${recursive ? schemas.tree(schema, fieldIndent, new Set()) : schemas.list(schema)}`;
}

class Schemas {
  constructor(private readonly definitions: JsonObject) {}

  /** Where a path leads; what has no fields is found whatever is still to go. */
  find(schema: JsonObject, path: readonly string[]): JsonObject {
    const [first, ...rest] = path;
    if (first === undefined) return schema;
    const inner = this.next(schema);
    if (inner) return this.find(inner, path);
    const properties = this.properties(schema);
    if (!properties) return schema;
    const property = own(properties, first);
    if (!isObject(property)) throw new CommandError(`field ${JSON.stringify(first)} does not exist`);
    return this.find(property, rest);
  }

  /** Through references, lists and maps to what has fields or none, with all descriptions on the way. */
  inside(schema: JsonObject): { readonly descriptions: readonly string[]; readonly schema: JsonObject } {
    const own = typeof schema.description === 'string' ? schema.description : '';
    const inner = this.next(schema);
    if (!inner) return { descriptions: [own], schema };
    const found = this.inside(inner);
    return { ...found, descriptions: [own, ...found.descriptions] };
  }

  properties(schema: JsonObject): JsonObject | undefined {
    const isKind = schema.type === undefined || schema.type === 'object';
    return isKind && isObject(schema.properties) ? schema.properties : undefined;
  }

  typeName(schema: JsonObject): string {
    const target = this.target(schema);
    if (target) return this.typeName(target);
    if (schema.type === 'array') return `[]${this.typeName(this.next(schema) ?? {})}`;
    if (this.properties(schema)) return 'Object';
    if (schema.type === 'object') return `map[string]${this.typeName(this.next(schema) ?? {})}`;
    return typeof schema.type === 'string' ? schema.type : '';
  }

  list(schema: JsonObject): string {
    const required = isList(schema.required) ? schema.required : [];
    return this.entries(schema)
      .map(([name, property]) => {
        const head = `${' '.repeat(fieldIndent)}${name}\t<${this.typeName(property)}>`;
        const description = typeof property.description === 'string' ? property.description : '';
        const text = indented(wrapped(description, width - descriptionIndent), descriptionIndent);
        return `${head}${required.includes(name) ? ' -required-' : ''}\n${text}\n`;
      })
      .join('');
  }

  /** Fields of fields; a type within itself is not opened again. */
  tree(schema: JsonObject, indent: number, open: ReadonlySet<string>): string {
    return this.entries(schema)
      .map(([name, property]) => {
        const line = `${' '.repeat(indent)}${name}\t<${this.typeName(property)}>\n`;
        let inner: JsonObject | undefined = property;
        let seen = open;
        while (inner && !this.properties(inner)) {
          const reference = typeof inner.$ref === 'string' ? inner.$ref : undefined;
          if (reference !== undefined && seen.has(reference)) return line;
          if (reference !== undefined) seen = new Set([...seen, reference]);
          inner = this.next(inner);
        }
        return inner ? line + this.tree(inner, indent + fieldIndent, seen) : line;
      })
      .join('');
  }

  private entries(schema: JsonObject): readonly (readonly [string, JsonObject])[] {
    const properties = this.properties(schema) ?? {};
    return Object.keys(properties)
      .sort(byBytes)
      .flatMap((name) => {
        const property = properties[name];
        return isObject(property) ? [[name, property] as const] : [];
      });
  }

  /** What a reference, a list or a map is of. */
  private next(schema: JsonObject): JsonObject | undefined {
    const target = this.target(schema);
    if (target) return target;
    if (schema.type === 'array') return objectOf(schema.items);
    if (schema.type === 'object' && !isObject(schema.properties)) return objectOf(schema.additionalProperties);
    return undefined;
  }

  private target({ $ref: reference }: JsonObject): JsonObject | undefined {
    if (typeof reference !== 'string') return undefined;
    const definition = own(this.definitions, reference.replace('#/definitions/', ''));
    return isObject(definition) ? definition : undefined;
  }
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function isOfKind(schema: JsonObject, gvk: OlderExplained['gvk']): boolean {
  const kinds = schema['x-kubernetes-group-version-kind'];
  return (isList(kinds) ? kinds : []).some(
    (one) => isObject(one) && one.kind === gvk.kind && one.version === gvk.version && (one.group ?? '') === gvk.group,
  );
}

function described(descriptions: readonly string[]): string {
  const given = descriptions.map((text, i) => {
    if (text === '') return '';
    return `${i === 0 ? '' : '\n'}${indented(wrapped(text, width - descriptionIndent), descriptionIndent)}`;
  });
  return given.join('') || `${' '.repeat(descriptionIndent)}<empty>\n`;
}

function indented(lines: readonly string[], amount: number): string {
  return lines.map((line) => (line === '' ? '\n' : `${' '.repeat(amount)}${line}\n`)).join('');
}

/** Lines that follow each other become one, unless they look like lists, code or the end of a thought. */
function wrapped(text: string, widthMax: number): readonly string[] {
  const made: string[] = [];
  let words: string[] = [];
  let last = '';
  const flush = (): void => {
    if (words.length === 0) return;
    made.push(words.join(' '));
    words = [];
    last = '';
  };
  for (const line of text.split('\n')) {
    const isCode = line.startsWith('    ');
    const isEmpty = line.trim() === '';
    // Upstream looks whether there is anything above before it has written the line that it is at.
    const isKept = isEmpty && made.length > 0;
    if (isCode || isEmpty || last.endsWith(':') || /^(\d+\.?|-|\*)\s/.test(line.trim())) flush();
    if (isCode) made.push(line);
    else if (isKept) made.push('');
    if (isCode || isEmpty) continue;
    for (const word of line.trim().split(/\s+/)) {
      if (words.length > 0 && [...words, word].join(' ').length > widthMax) flush();
      words.push(word);
      last = word;
    }
  }
  flush();
  return made;
}
