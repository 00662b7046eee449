// The field paths that rules and selectable fields name: `.spec.color`, `.spec['odd-name']`.
import { propertyOf, type Schema, valuesOf } from './schema-node.ts';

/** The path as messages show it and the schema that it leads to, or why it leads nowhere. */
export type FieldPath = { readonly path: string; readonly schema: Schema } | { readonly problem: string };

/** Follows a path through a schema. `arrays`: whether `['x']` may be used. */
export function fieldPathOf(text: string, root: Schema, { arrays }: { readonly arrays: boolean }): FieldPath {
  const tokens = text.match(/'(?:[^'\\]|\\.)*'|[.[\]]|[^.[\]]+/gs) ?? [];
  const invalid = { problem: 'does not refer to a valid field' };
  const ended = { problem: 'unexpected end of JSON path' };
  let schema = root;
  let path = '';
  for (let at = 0; at < tokens.length; ) {
    const sign = tokens[at++];
    if (sign !== '.' && sign !== '[') return { problem: `expected [ or . but got: ${sign}` };
    if (sign === '[' && !arrays) return { problem: 'array notation is not allowed' };
    const token = tokens[at++];
    if (token === undefined) return ended;
    const quoted = /^'(.*)'$/s.exec(token)?.[1];
    if (sign === '[' && quoted === undefined) return { problem: `expected single quoted string but got ${token}` };
    const name = sign === '[' ? (quoted ?? '').replace(/\\(.)/gs, '$1') : token;
    const property = propertyOf(schema, name);
    const next: Schema | undefined = property ?? (hasProperties(schema) ? undefined : valuesOf(schema));
    if (!next) return invalid;
    if (property) path += path === '' ? name : `.${name}`;
    else path += `[${name}]`;
    schema = next;
    if (sign === '.') continue;
    const close = tokens[at++];
    if (close === undefined) return ended;
    if (close !== ']') return { problem: `expected ] but got ${close}` };
  }
  return { path, schema };
}

function hasProperties({ properties }: Schema): boolean {
  return properties !== undefined && Object.keys(properties).length > 0;
}
