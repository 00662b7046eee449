// Kubernetes' protobuf encoding to JSON and back. A body is the four bytes "k8s\0" and a runtime.Unknown:
//
//   6b 38 73 00 │ 1: typeMeta {1: apiVersion, 2: kind} │ 2: raw = the object's own message │ 3, 4: encoding, type
//
// Only kubectl and Go clients send it; the table of messages is loaded when a world has begun.
import { decodeBase64, decodeUtf8, encodeBase64, encodeUtf8 } from '../base/bytes.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../base/json.ts';
import { formatMicroTime, formatTime, parseTime } from './meta.ts';
import { messageTable } from './protobuf-table.ts';
import { ByteReader, ByteWriter, ProtobufError, wireType } from './protobuf-wire.ts';
import { parseApiVersion } from './resource.ts';
import { definitionName } from './schema/schema.ts';

export { ProtobufError } from './protobuf-wire.ts';

const magic = [0x6b, 0x38, 0x73, 0x00];
const depthMax = 100;

/** Whether a body begins as this encoding does. */
export function isProtobuf(bytes: Uint8Array): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}

/** The object in a body, with apiVersion and kind. Throws {@link ProtobufError}. */
export function decodeProtobuf(bytes: Uint8Array): JsonObject {
  if (!isProtobuf(bytes)) throw new ProtobufError('provided data does not appear to be a protobuf message');
  let meta: JsonObject = {};
  let raw: Uint8Array = new Uint8Array();
  new ByteReader(bytes.subarray(magic.length)).forEachField((number, reader) => {
    if (number === 1) meta = readMessage(typeMeta, reader.bytes(), 0);
    else if (number === 2) raw = reader.bytes();
    else reader.skip();
  });
  const apiVersion = String(meta.apiVersion ?? '');
  const kind = String(meta.kind ?? '');
  return { kind, apiVersion, ...readMessage(messageOf(apiVersion, kind), raw, 0) };
}

/** A body for an object; apiVersion and kind say which message. Throws {@link ProtobufError}. */
export function encodeProtobuf(object: JsonObject): Uint8Array {
  const apiVersion = String(object.apiVersion ?? '');
  const kind = String(object.kind ?? '');
  const writer = new ByteWriter();
  writer.raw(Uint8Array.from(magic));
  writer.bytesField(1, writeMessage(typeMeta, { apiVersion, kind }));
  writer.bytesField(2, writeMessage(messageOf(apiVersion, kind), object));
  return writer.done();
}

interface MessageField {
  readonly name: string;
  readonly number: number;
  readonly repeated: boolean;
  readonly map: boolean;
  readonly inline: boolean;
  /** A scalar's word or a message's full name. */
  readonly type: string;
}

interface Message {
  readonly name: string;
  readonly byNumber: ReadonlyMap<number, MessageField>;
}

const messages = new Map<string, Message>();

function messageOf(apiVersion: string, kind: string): Message {
  const version = parseApiVersion(apiVersion);
  const name = version?.group === 'meta.k8s.io' ? `meta.v1.${kind}` : version && definitionName({ ...version, kind });
  const known = (name === undefined ? undefined : message(name)) ?? message(`meta.v1.${kind}`);
  if (!known) throw new ProtobufError(`no kind ${JSON.stringify(kind)} is registered for version "${apiVersion}"`);
  return known;
}

function message(name: string): Message | undefined {
  const known = messages.get(name);
  const table = messageTable();
  if (known || !Object.hasOwn(table, name)) return known;
  const made = readTableRow(name, table[name] ?? '');
  messages.set(name, made);
  return made;
}

const scalars = /^(string|i32|i64|bool|bytes|double|Quantity|Time|MicroTime|IntOrString|RawExtension)$/;
const typeMeta = readTableRow('runtime.TypeMeta', 'apiVersion 1 string,kind 2 string');

function readTableRow(name: string, row: string): Message {
  const home = name.slice(0, name.lastIndexOf('.') + 1);
  const byNumber = new Map<number, MessageField>();
  for (const text of row === '' ? [] : row.split(',')) {
    const [fieldName = '', number = '', typeText = ''] = text.split(' ');
    const type = typeText.replace(/^(\[\]|\{\}|\^)/, '');
    byNumber.set(Number(number), {
      name: fieldName,
      number: Number(number),
      repeated: typeText.startsWith('[]'),
      map: typeText.startsWith('{}'),
      inline: typeText.startsWith('^'),
      type: scalars.test(type) || type.includes('.') ? type : home + type,
    });
  }
  return { name, byNumber };
}

function readMessage(shape: Message, bytes: Uint8Array, depth: number): JsonObject {
  if (depth > depthMax) throw new ProtobufError('message is nested too deeply');
  const result = new Map<string, JsonValue>();
  new ByteReader(bytes).forEachField((number, reader) => {
    const field = shape.byNumber.get(number);
    if (!field) reader.skip();
    else if (field.inline) {
      for (const [key, value] of Object.entries(readChild(field.type, reader.bytes(), depth))) result.set(key, value);
    } else if (field.map) {
      const before = result.get(field.name);
      const [key, value] = readEntry(field.type, reader.bytes(), depth);
      result.set(field.name, { ...(isObject(before) ? before : {}), [key]: value });
    } else if (field.repeated) {
      const before = result.get(field.name);
      result.set(field.name, [...(isList(before) ? before : []), ...readItems(field.type, reader, depth)]);
    } else result.set(field.name, readValue(field.type, reader, depth));
  });
  return Object.fromEntries(result);
}

function readChild(type: string, bytes: Uint8Array, depth: number): JsonObject {
  const shape = message(type);
  if (!shape) throw new ProtobufError(`no message ${type}`);
  return readMessage(shape, bytes, depth + 1);
}

function readEntry(type: string, bytes: Uint8Array, depth: number): readonly [string, JsonValue] {
  let key = '';
  let value: JsonValue | undefined;
  new ByteReader(bytes).forEachField((number, reader) => {
    if (number === 1) key = decodeUtf8(reader.bytes());
    else if (number === 2) value = readValue(type, reader, depth);
    else reader.skip();
  });
  return [key, value ?? (type === 'string' || type === 'bytes' ? '' : null)];
}

/** One item, or many when numbers come packed. */
function readItems(type: string, reader: ByteReader, depth: number): readonly JsonValue[] {
  const isNumber = type === 'i32' || type === 'i64' || type === 'bool';
  if (!isNumber || reader.type !== wireType.bytes) return [readValue(type, reader, depth)];
  const packed = new ByteReader(reader.bytes());
  const items: JsonValue[] = [];
  while (!packed.atEnd()) items.push(type === 'bool' ? packed.varint() !== 0 : packed.varint());
  return items;
}

function readValue(type: string, reader: ByteReader, depth: number): JsonValue {
  switch (type) {
    case 'string':
      return decodeUtf8(reader.bytes());
    case 'i32':
    case 'i64':
      return reader.varint();
    case 'bool':
      return reader.varint() !== 0;
    case 'double':
      return reader.double();
    case 'bytes':
      return encodeBase64(reader.bytes());
    default:
      return readSpecial(type, reader.bytes(), depth);
  }
}

/** Messages whose JSON is not an object of their fields. */
function readSpecial(type: string, bytes: Uint8Array, depth: number): JsonValue {
  switch (type.slice(type.lastIndexOf('.') + 1)) {
    case 'Quantity':
      return readFields('quantity', bytes).text || '0';
    case 'Time':
    case 'MicroTime': {
      if (bytes.length === 0) return null;
      const { first, second } = readFields('numbers', bytes);
      const timeMs = first * 1000 + Math.floor(second / 1e6);
      return type === 'Time' ? formatTime(timeMs) : `${formatMicroTime(timeMs).slice(0, 20)}${micros(second)}Z`;
    }
    case 'IntOrString': {
      const { first, second, third } = readFields('numbers', bytes);
      return first === 1 ? third : second;
    }
    case 'RawExtension':
    case 'FieldsV1':
    case 'JSON':
      return parseJson(readFields('quantity', bytes).text);
    case 'ExtraValue':
    case 'Verbs':
      return readChild(type, bytes, depth).items ?? [];
    case 'JSONSchemaPropsOrArray':
    case 'JSONSchemaPropsOrBool':
    case 'JSONSchemaPropsOrStringArray': {
      const { schema, jSONSchemas, allows, property } = readChild(type, bytes, depth);
      return schema ?? jSONSchemas ?? property ?? allows ?? null;
    }
    default:
      return readChild(type, bytes, depth);
  }
}

const micros = (nanos: number): string => String(Math.floor(nanos / 1000)).padStart(6, '0');

function parseJson(text: string): JsonValue {
  if (text === '') return null;
  try {
    return JSON.parse(text); // edge: JSON text of the sender
  } catch {
    throw new ProtobufError('raw extension is not JSON');
  }
}

/** Field 1 as text; or fields 1 and 2 as numbers and 3 as text. */
function readFields(kind: 'quantity' | 'numbers', bytes: Uint8Array) {
  const read = { text: '', first: 0, second: 0, third: '' };
  new ByteReader(bytes).forEachField((number, reader) => {
    if (kind === 'quantity' && number === 1) read.text = decodeUtf8(reader.bytes());
    else if (number === 1) read.first = reader.varint();
    else if (number === 2) read.second = reader.varint();
    else if (number === 3) read.third = decodeUtf8(reader.bytes());
    else reader.skip();
  });
  return read;
}

function writeMessage(shape: Message, object: JsonObject): Uint8Array {
  const writer = new ByteWriter();
  for (const field of shape.byNumber.values()) {
    if (field.inline) {
      const inner = message(field.type);
      if (inner) writer.bytesField(field.number, writeMessage(inner, object));
      continue;
    }
    const value = Object.hasOwn(object, field.name) ? object[field.name] : undefined;
    if (value === undefined || value === null) continue;
    if (field.map && isObject(value)) {
      for (const [key, item] of Object.entries(value))
        writer.bytesField(field.number, writeEntry(field.type, key, item));
    } else if (field.repeated && isList(value)) {
      for (const item of value) writeValue(writer, field.number, field.type, item);
    } else writeValue(writer, field.number, field.type, value);
  }
  return writer.done();
}

function writeEntry(type: string, key: string, value: JsonValue): Uint8Array {
  const writer = new ByteWriter();
  writer.bytesField(1, encodeUtf8(key));
  writeValue(writer, 2, type, value);
  return writer.done();
}

function writeValue(writer: ByteWriter, number: number, type: string, value: JsonValue): void {
  if (type === 'string') writer.bytesField(number, encodeUtf8(String(value)));
  else if (type === 'bytes') writer.bytesField(number, decodeBase64(String(value)) ?? new Uint8Array());
  else if (type === 'i32' || type === 'i64') writer.varintField(number, Number(value));
  else if (type === 'bool') writer.varintField(number, value === true ? 1 : 0);
  else if (type === 'double') writer.doubleField(number, Number(value));
  else writer.bytesField(number, writeSpecial(type, value));
}

function writeSpecial(type: string, value: JsonValue): Uint8Array {
  const writer = new ByteWriter();
  const name = type.slice(type.lastIndexOf('.') + 1);
  if (name === 'Quantity') writer.bytesField(1, encodeUtf8(String(value)));
  else if (name === 'RawExtension' || name === 'FieldsV1' || name === 'JSON')
    writer.bytesField(1, encodeUtf8(JSON.stringify(value)));
  else if (name === 'Time' || name === 'MicroTime') {
    const text = String(value);
    const fraction = /\.(\d+)/.exec(text)?.[1] ?? '';
    writer.varintField(1, Math.floor((parseTime(text) ?? 0) / 1000));
    writer.varintField(2, name === 'Time' ? 0 : Number(fraction.padEnd(9, '0').slice(0, 9)));
  } else if (name === 'IntOrString') {
    writer.varintField(1, typeof value === 'string' ? 1 : 0);
    writer.varintField(2, typeof value === 'number' ? value : 0);
    writer.bytesField(3, encodeUtf8(typeof value === 'string' ? value : ''));
  } else {
    const shape = message(type);
    if (!shape) throw new ProtobufError(`no message ${type}`);
    return writeMessage(shape, oddFields(name, value));
  }
  return writer.done();
}

/** The fields of a message whose JSON is something else. */
function oddFields(name: string, value: JsonValue): JsonObject {
  if (name === 'ExtraValue' || name === 'Verbs') return { items: value };
  if (name.startsWith('JSONSchemaPropsOr')) {
    if (isObject(value)) return name === 'JSONSchemaPropsOrBool' ? { allows: true, schema: value } : { schema: value };
    return typeof value === 'boolean'
      ? { allows: value }
      : name.endsWith('StringArray')
        ? { property: value }
        : { jSONSchemas: value };
  }
  return isObject(value) ? value : {};
}
