// The page that `kubectl explain` prints for a type or one of its fields.
import { isList, isObject, type JsonObject, type JsonValue } from '../../../base/json.ts';
import { byBytes } from '../../../base/text-order.ts';
import { CommandError } from '../../errors.ts';

export interface Explained {
  /** The OpenAPI v3 document of the group version. */
  readonly document: JsonObject;
  readonly gvr: { readonly group: string; readonly version: string; readonly resource: string };
  readonly fields: readonly string[];
  readonly recursive: boolean;
}

/** Prints head and body: a field that does not exist is noticed after the head. */
export function explainSchema({ document, gvr, fields, recursive }: Explained, print: (text: string) => void): void {
  const gvk = findKind(document, gvr);
  if (!gvk)
    throw new CommandError(
      `error: GVR (${gvr.group}/${gvr.version}, Resource=${gvr.resource}) not found in OpenAPI schema`,
    );
  const page = new Page(document, recursive);
  const head = `${gvk.group ? `GROUP:      ${gvk.group}\n` : ''}KIND:       ${gvk.kind}\nVERSION:    ${gvk.version}\n\n`;
  const components = isObject(document.components) ? document.components : {};
  const schemas = isObject(components.schemas) ? components.schemas : {};
  for (const name of Object.keys(schemas).sort(byBytes)) {
    const schema = schemas[name];
    if (!isObject(schema) || !kindsOf(schema).some((one) => sameKind(one, gvk))) continue;
    const body = page.output(schema, fields, new Set());
    print(head);
    if (body === '') throw new CommandError(`error: field "${fields.at(-1)}" does not exist`);
    print(`${body}\n`);
    return;
  }
  throw new CommandError(
    `error: GVK map[group:${gvk.group} kind:${gvk.kind} version:${gvk.version}] not found in OpenAPI schema`,
  );
}

interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

function kindsOf(schema: JsonObject): readonly Kind[] {
  const list = schema['x-kubernetes-group-version-kind'];
  return (isList(list) ? list : isObject(list) ? [list] : []).filter(isObject).map((one) => ({
    group: String(one.group ?? ''),
    version: String(one.version ?? ''),
    kind: String(one.kind ?? ''),
  }));
}

function sameKind(a: Kind, b: Kind): boolean {
  return a.group === b.group && a.version === b.version && a.kind === b.kind;
}

/** The kind that the paths of a resource speak of. */
function findKind(document: JsonObject, gvr: Explained['gvr']): Kind | undefined {
  const root = gvr.group === '' ? `/api/${gvr.version}` : `/apis/${gvr.group}/${gvr.version}`;
  const paths = isObject(document.paths) ? document.paths : {};
  for (const scope of ['', '/namespaces/{namespace}'])
    for (const name of ['', '/{name}']) {
      const item = paths[`${root}${scope}/${gvr.resource}${name}`];
      if (!isObject(item)) continue;
      for (const method of ['get', 'post', 'put', 'patch', 'delete']) {
        const operation = item[method];
        const [kind] = isObject(operation) ? kindsOf(operation) : [];
        if (kind) return kind;
      }
    }
  return undefined;
}

class Page {
  constructor(
    private readonly document: JsonObject,
    private readonly recursive: boolean,
  ) {}

  private resolve(schema: JsonObject): JsonObject {
    return this.target(schema.$ref) ?? schema;
  }

  private target(reference: JsonValue | undefined): JsonObject | undefined {
    if (typeof reference !== 'string' || !reference.startsWith('#/')) return undefined;
    let at: JsonValue | undefined = this.document;
    for (const part of reference.slice(2).split('/'))
      at = isObject(at) && Object.hasOwn(at, part) ? at[part] : undefined;
    return isObject(at) ? at : undefined;
  }

  /** The description and fields of what a path leads to; empty where it leads nowhere. */
  output(schema: JsonObject, path: readonly string[], history: ReadonlySet<string>): string {
    const reference = typeof schema.$ref === 'string' ? schema.$ref : '';
    const resolved = this.resolve(schema);
    const [first, ...rest] = path;
    if (first === undefined) return this.details(resolved);
    if (reference !== '' && history.has(reference)) return '';
    const seen = reference === '' ? history : new Set([...history, reference]);
    const properties = isObject(resolved.properties) ? resolved.properties : {};
    const property = Object.hasOwn(properties, first) ? properties[first] : undefined;
    if (isObject(property)) {
      const head =
        rest.length === 0
          ? `FIELD: ${first} <${this.typeGuess(property)}>\n${enumText(property, { long: true, indent: 0 })}\n\n`
          : '';
      const body = this.output(property, rest, new Set());
      return body === '' ? '' : head.replace(/\n\n\n$/, '\n\n\n') + body;
    }
    if (isObject(resolved.items)) return this.output(resolved.items, path, seen);
    if (isObject(resolved.additionalProperties)) return this.output(resolved.additionalProperties, path, seen);
    for (const part of objects(resolved.allOf)) {
      const found = this.output(part, path, seen);
      if (found !== '') return found;
    }
    return '';
  }

  private details(schema: JsonObject): string {
    const fields = this.fieldList(schema, 1, new Set());
    const description = indent(4, wrap(76, this.description(schema) || '<empty>'));
    return `DESCRIPTION:\n${description}\n${fields === '' ? '' : `FIELDS:\n${fields}`}`;
  }

  private description(schema: JsonObject): string {
    const resolved = this.resolve(schema);
    const parts = [
      ...objects(resolved.allOf),
      ...objects([resolved.items ?? null, resolved.additionalProperties ?? null]),
    ];
    const own =
      typeof resolved.description === 'string' && resolved.description !== '' ? `${resolved.description}\n` : '';
    return own + parts.map((part) => this.description(part)).join('');
  }

  private fieldList(schema: JsonObject, level: number, history: ReadonlySet<string>): string {
    const reference = typeof schema.$ref === 'string' ? schema.$ref : '';
    if (reference !== '' && history.has(reference)) return '';
    const seen = new Set([...history, reference]);
    const resolved = this.resolve(schema);
    const properties = isObject(resolved.properties) ? resolved.properties : {};
    const required = isList(resolved.required) ? resolved.required : [];
    let text = '';
    for (const name of Object.keys(properties).sort(byBytes)) {
      const property = properties[name];
      if (!isObject(property)) continue;
      text += this.field(name, property, { level, required: required.includes(name) });
      if (this.recursive) text += this.fieldList(property, level + 1, seen);
    }
    for (const part of [
      ...objects(resolved.allOf),
      ...objects([resolved.items ?? null, resolved.additionalProperties ?? null]),
    ])
      text += this.fieldList(part, level, seen);
    return text;
  }

  private field(name: string, schema: JsonObject, how: { readonly level: number; readonly required: boolean }): string {
    const amount = how.level * 2;
    const head = `${indent(amount, name)}\t<${this.typeGuess(schema)}>${how.required ? ' -required-' : ''}`;
    const line = `${head}${enumText(schema, { long: false, indent: amount })}\n`;
    if (this.recursive) return line;
    const description =
      typeof schema.description === 'string' && schema.description !== '' ? schema.description : '<no description>';
    return `${line}${indent(amount + 2, wrap(78 - amount, description))}\n\n`;
  }

  private typeGuess(schema: JsonObject): string {
    if (isObject(schema.items)) return `[]${this.typeGuess(schema.items)}`;
    if (isObject(schema.additionalProperties)) return `map[string]${this.typeGuess(schema.additionalProperties)}`;
    const [only, second] = objects(schema.allOf);
    if (only && !second && !schema.properties) return this.typeGuess(only);
    const type = typeof schema.type === 'string' ? schema.type : '';
    if (typeof schema.$ref !== 'string') return type === '' || type === 'object' ? 'Object' : type;
    const target = this.target(schema.$ref);
    const targetType = typeof target?.type === 'string' ? target.type : '';
    if (targetType !== '' && targetType !== 'object') return targetType;
    return schema.$ref.split('/').at(-1)?.split('.').at(-1) || 'Object';
  }
}

function objects(value: JsonValue | undefined): readonly JsonObject[] {
  return isList(value) ? value.filter(isObject) : [];
}

const enumsShown = 4;

function enumText(schema: JsonObject, how: { readonly long: boolean; readonly indent: number }): string {
  const values = isList(schema.enum) ? schema.enum : [];
  if (values.length === 0) return '';
  const shown = values.map((value) => (value === '' ? '""' : String(value)));
  if (how.long) return `ENUM:${shown.map((value) => `\n    ${value}`).join('')}`;
  const more = shown.length > enumsShown ? ', ....' : '';
  return `\n${indent(how.indent, '')}enum: ${shown.slice(0, enumsShown).join(', ')}${more}`;
}

function indent(amount: number, text: string): string {
  const pad = ' '.repeat(amount);
  return pad + text.replaceAll('\n', `\n${pad}`);
}

/** Breaks lines at blanks so that none is longer than a width, where words allow. Blanks that begin a line stay. */
function wrap(width: number, text: string): string {
  return text
    .split('\n')
    .map((line) => wrapLine(width, line))
    .join('\n');
}

function wrapLine(width: number, line: string): string {
  let made = '';
  let length = 0;
  for (const [, blanks = '', word = ''] of line.matchAll(/(\s*)(\S*)/g)) {
    // Upstream breaks as soon as a word's beginning is too much, and never twice for one word.
    const room = Math.max(0, width - length - blanks.length);
    if (word === '' && blanks.length > width - length) break;
    const breaks = word.length > room && room + 1 < width;
    made += breaks ? `\n${word}` : blanks + word;
    length = breaks ? word.length : length + blanks.length + word.length;
  }
  return made;
}
