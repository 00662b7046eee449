// A pod template as Go's spew prints it for hashing: every field with its type, pointers followed, maps sorted.
//
//   (v1.PodTemplateSpec){ObjectMeta:(v1.ObjectMeta){Name:(string) … Labels:(map[string]string)map[app:web] …
import type { PodTemplateSpec } from '../../../api/generated/types.ts';
import { parseQuantity } from '../../../api/quantity.ts';
import { isList, isObject, type JsonValue, own } from '../../../base/json.ts';
import { goFields } from './go-types.ts';
import { asJson } from './present.ts';

export function dumpTemplate(template: PodTemplateSpec): string {
  return dump('PodTemplateSpec', asJson(template), false);
}

/** `bare`: without the type, as inside of lists, maps and pointers. */
function dump(type: string, value: JsonValue | undefined, bare: boolean): string {
  const head = bare ? '' : `(${qualified(type)})`;
  const missing = value === undefined || value === null;
  if (type.startsWith('*')) return missing ? `${head}<nil>` : (bare ? '<*>' : head) + dump(type.slice(1), value, true);
  if (type.startsWith('[]')) {
    if (!isList(value)) return `${head}<nil>`;
    return `${head}[${value.map((item) => dump(type.slice(2), item, true)).join(' ')}]`;
  }
  if (type.startsWith(mapPrefix))
    return head + dumpMap(value, (item) => dump(type.slice(mapPrefix.length), item, true));
  if (type === 'ResourceList') return head + dumpMap(value, (item) => quantity(String(item)));
  if (type === 'Time') return `${head}{Time:(time.Time){wall:(uint64)0 ext:(int64)0 loc:(*time.Location)<nil>}}`;
  if (type === 'intstr.IntOrString') return head + intOrString(value);
  if (type === 'resource.Quantity') return head + quantity(missing ? '0' : String(value));
  const fields = goFields(type);
  if (fields) {
    const object = isObject(value) ? value : {};
    const texts = fields.map(
      ({ name, type: inner, key }) => `${name}:${dump(inner, key === '+' ? object : own(object, key), false)}`,
    );
    return `${head}{${texts.join(' ')}}`;
  }
  return head + (missing ? zeroOf(type) : String(value));
}

const mapPrefix = 'map[string]';

function dumpMap(value: JsonValue | undefined, item: (value: JsonValue | undefined) => string): string {
  if (!isObject(value)) return '<nil>';
  const entries = Object.keys(value).sort();
  return `map[${entries.map((key) => `${key}:${item(own(value, key))}`).join(' ')}]`;
}

/** Types of the API's own packages bear their package's name, which is v1 for all of them. */
function qualified(type: string): string {
  return type.replace(/^((?:\*|\[\]|map\[string\])*)([A-Z].*)$/, '$1v1.$2');
}

function zeroOf(type: string): string {
  if (type === 'bool') return 'false';
  return /^u?int\d*$/.test(type) ? '0' : '';
}

function intOrString(value: JsonValue | undefined): string {
  const [kind, number, text] = typeof value === 'string' ? [1, 0, value] : [0, value ?? 0, ''];
  return `{Type:(intstr.Type)${kind} IntVal:(int32)${number} StrVal:(string)${text}}`;
}

const decimalScales: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};

/** A decimal suffix is kept as the scale; the text is kept where Go's parser finds it to be in canonical form. */
function quantity(text: string): string {
  const [, whole = '', fraction = '', suffix = ''] = /^0*(\d*)\.?(\d*)(.*)$/.exec(text) ?? [];
  const shifted = whole + fraction || '0';
  const binary = suffix.endsWith('i');
  const scale = binary ? 0 : (decimalScales[suffix] ?? 0) - fraction.length;
  const value = binary ? String(parseQuantity(text).toNumber()) : shifted;
  const canonical = binary ? Number(whole) % 8 !== 0 : scale % 3 === 0 && !/^0.|000$/.test(shifted);
  const amount = `(resource.int64Amount){value:(int64)${value} scale:(resource.Scale)${scale}}`;
  const rest = `s:(string)${canonical ? text : ''} Format:(resource.Format)${binary ? 'BinarySI' : 'DecimalSI'}`;
  return `{i:${amount} d:(resource.infDecAmount){Dec:(*inf.Dec)<nil>} ${rest}}`;
}
