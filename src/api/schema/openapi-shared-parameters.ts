// Version 2 of a document with its common parameters in one place, each named after a hash of itself.
//
//   paths: … parameters: [{name: pretty, …}]  ─▶  parameters: {pretty-tJGM1-ng: {name: pretty, …}}
//                                                 paths: … parameters: [{$ref: '#/parameters/pretty-tJGM1-ng'}]
import { encodeBase64Url, encodeUtf8 } from '../../base/bytes.ts';
import { objectsAt, textAt } from '../../base/fields.ts';
import { isObject, type JsonObject } from '../../base/json.ts';
import { byBytes } from '../../base/text-order.ts';

/** Paths that refer to shared parameters, and these. */
export function shareParameters(paths: Readonly<Record<string, JsonObject>>): {
  readonly paths: JsonObject;
  readonly parameters: JsonObject;
} {
  const shared = new Map<string, JsonObject>();
  const replace = (holder: JsonObject): JsonObject => {
    if (holder.parameters === undefined) return holder;
    const parameters = objectsAt(holder, 'parameters').map((parameter) => {
      if (!isShared(parameter)) return parameter;
      const name = `${String(parameter.name)}-${hash(JSON.stringify(parameter))}`;
      shared.set(name, parameter);
      return { $ref: `#/parameters/${name}` };
    });
    return { ...holder, parameters };
  };
  const replaced = Object.entries(paths).map(([path, item]): [string, JsonObject] => {
    const operations = Object.entries(item).map(([method, each]) => [method, isObject(each) ? replace(each) : each]);
    return [path, replace(Object.fromEntries(operations))];
  });
  const parameters = Object.fromEntries([...shared].sort(([a], [b]) => byBytes(a, b)));
  return { paths: Object.fromEntries(replaced), parameters };
}

/** Clients look for some where they are used; others differ with the kind. */
function isShared(parameter: JsonObject): boolean {
  if (parameter.$ref !== undefined) return false;
  const { name, in: place } = parameter;
  if (name === 'name' || (place === 'query' && (name === 'fieldValidation' || name === 'dryRun'))) return false;
  return place !== 'body' || textAt(parameter, 'schema.$ref').startsWith('#/definitions/io.k8s.apimachinery');
}

const known = new Map<string, string>();

/** The first six bytes of the text's FNV-1 hash of 64 bits, as base64 for URLs. */
function hash(text: string): string {
  const found = known.get(text);
  if (found !== undefined) return found;
  let value = 0xcbf29ce484222325n;
  for (const byte of encodeUtf8(text)) value = BigInt.asUintN(64, value * 0x100000001b3n) ^ BigInt(byte);
  const bytes = Uint8Array.from({ length: 6 }, (_, at) => Number((value >> BigInt(56 - 8 * at)) & 0xffn));
  const made = encodeBase64Url(bytes);
  known.set(text, made);
  return made;
}
