// What kubectl adds to the functions of Go templates.
import { decodeBase64, decodeUtf8 } from '../../base/bytes.ts';
import { FunctionError, type TemplateFunction, textArgument } from '../../base/go/template-functions.ts';
import { numberOf, type TemplateValue } from '../../base/go/template-values.ts';
import { isList, isObject } from '../../base/json.ts';

export const kubectlFunctions: ReadonlyMap<string, TemplateFunction> = new Map<string, TemplateFunction>([
  ['base64decode', { min: 1, max: 1, run: ([value]) => base64decode(textArgument(value)) }],
  ['exists', { min: 1, max: Number.POSITIVE_INFINITY, run: ([item, ...keys]) => exists(item, keys) }],
]);

function base64decode(encoded: string): string {
  const bytes = decodeBase64(encoded);
  if (bytes) return decodeUtf8(bytes);
  const clean = encoded.replace(/[\r\n]/g, '');
  const bad = clean.search(/[^A-Za-z0-9+/=]/);
  const at = bad >= 0 ? bad : clean.includes('=') ? clean.indexOf('=') : Math.floor(clean.length / 4) * 4;
  throw new FunctionError(`base64 decode failed: illegal base64 data at input byte ${at}`);
}

function exists(item: TemplateValue, keys: readonly TemplateValue[]): boolean {
  let value = item;
  for (const key of keys) {
    const number = numberOf(key);
    if (isList(value) && number !== undefined && number >= 0 && number < value.length) value = value[number];
    else if (isObject(value) && typeof key === 'string') value = Object.hasOwn(value, key) ? value[key] : null;
    else return false;
  }
  return value !== null && value !== undefined;
}
