// Settings as Go's JSON reader takes them: names in any case, what does not fit told with the Go struct's name.
import { isList, isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import type { Shape, Struct } from './settings-shape.ts';

export interface DecodedSettings {
  readonly value: JsonValue | undefined;
  /** Each as Go says it, without `json: ` in front. */
  readonly problems: readonly string[];
}

/** `strict`: fields must be known and texts be texts. Otherwise they are passed over and made texts. */
export function decodeSettings(
  value: JsonValue,
  shape: Shape,
  { strict }: { readonly strict: boolean },
): DecodedSettings {
  const problems: string[] = [];
  return { value: decodeValue(value, shape, { path: [], holder: '', problems, strict }), problems };
}

interface Place {
  readonly path: readonly string[];
  /** The Go struct around the value. */
  readonly holder: string;
  readonly problems: string[];
  readonly strict: boolean;
}

/** The value with the fields' names as the shape has them; null and what does not fit are left out. */
function decodeValue(value: JsonValue, shape: Shape, place: Place): JsonValue | undefined {
  if (value === null) return undefined;
  if (shape === 'any') return value;
  if (typeof shape === 'object' && shape.kind === 'struct' && isObject(value)) return decodeStruct(value, shape, place);
  if (typeof shape === 'object' && shape.kind === 'list' && isList(value))
    return value.map((item) => decodeValue(item, shape.of, place) ?? zero(shape.of));
  if (typeof shape === 'object' && shape.kind === 'map' && isObject(value))
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, decodeValue(item, shape.of, place) ?? zero(shape.of)]),
    );
  const isInt = shape === 'int' || shape === 'int64';
  if (isInt && typeof value === 'number' && Number.isInteger(value)) return value;
  if ((shape === 'string' && typeof value === 'string') || (shape === 'bool' && typeof value === 'boolean'))
    return value;
  if (shape === 'string' && !place.strict && !isList(value) && !isObject(value)) return `${value}`;
  const fraction = isInt && typeof value === 'number' ? ` ${value}` : '';
  const where = place.holder === '' ? 'value' : `struct field ${place.holder}.${place.path.join('.')}`;
  place.problems.push(`cannot unmarshal ${jsonType(value)}${fraction} into Go ${where} of type ${goType(shape)}`);
  return undefined;
}

function decodeStruct(value: JsonObject, { name, fields }: Struct, place: Place): JsonObject {
  const read: [string, JsonValue][] = [];
  for (const key of Object.keys(value).sort()) {
    const exact = fields.has(key) ? key : [...fields.keys()].find((one) => one.toLowerCase() === key.toLowerCase());
    const field = exact === undefined ? undefined : fields.get(exact);
    if (exact === undefined || !field) {
      if (place.strict) place.problems.push(`unknown field ${JSON.stringify(key)}`);
      continue;
    }
    const inner = { ...place, path: [...place.path, field.shown], holder: name };
    const held = decodeValue(value[key] ?? null, field.shape, inner);
    if (held !== undefined) read.push([exact, held]);
  }
  return Object.fromEntries(read);
}

function zero(shape: Shape): JsonValue {
  if (shape === 'string') return '';
  if (shape === 'bool') return false;
  if (shape === 'int' || shape === 'int64') return 0;
  return shape === 'any' ? null : shape.kind === 'list' ? [] : {};
}

function jsonType(value: JsonValue): string {
  if (isList(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

function goType(shape: Shape): string {
  if (shape === 'any') return 'interface {}';
  if (typeof shape === 'string') return shape;
  if (shape.kind === 'struct') return `types.${shape.name}`;
  return `${shape.kind === 'list' ? '[]' : 'map[string]'}${goType(shape.of)}`;
}
