// The field paths that rules and selectable fields name: `.spec.color`, `.spec['odd-name']`.
import { propertyOf, type Schema, schemaAt } from './schema-node.ts';

/** The path as messages show it and the schema that it leads to, or why it leads nowhere. */
export type FieldPath = { readonly path: string; readonly schema: Schema } | { readonly problem: string };

/** Follows a path through a schema. `arrays`: whether `['x']` and `[0]` may be used. */
export function fieldPathOf(text: string, root: Schema, { arrays }: { readonly arrays: boolean }): FieldPath {
  let schema: Schema | undefined = root;
  let path = '';
  for (let rest = text; rest !== ''; ) {
    const match = /^\.([^.[\]]+)/.exec(rest) ?? /^\[(?:'((?:[^'\\]|\\.)*)'|(\d+))\]/.exec(rest);
    if (!match) return { problem: `expected [ or . but got: ${rest.slice(0, 1)}` };
    const bracket = rest.startsWith('[');
    if (bracket && !arrays) return { problem: 'expected . but got: [' };
    const name: string = match[1] ?? match[2] ?? '';
    rest = rest.slice(match[0].length);
    if (bracket && match[2] !== undefined) return { problem: 'does not refer to a valid field' };
    const next: Schema | undefined = metadataField(path, name) ?? schemaAt(schema, name);
    if (!next) return { problem: 'does not refer to a valid field' };
    const isField: boolean = propertyOf(schema, name) !== undefined || !bracket;
    path += isField ? `${path === '' ? '' : '.'}${name}` : `[${name}]`;
    schema = next;
  }
  return schema === root ? { problem: 'empty path' } : { path, schema };
}

function metadataField(path: string, name: string): Schema | undefined {
  if (path === '' && name === 'metadata') return { type: 'object' };
  return path === 'metadata' ? { type: 'string' } : undefined;
}
