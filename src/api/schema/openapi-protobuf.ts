// The OpenAPI document of version 2 in protobuf, which is the only form that kubectl reads it in.
//
//   {"swagger": "2.0", "definitions": {"T": {…}}}  ─▶  1: "2.0" │ 9: {1: {1: "T", 2: {…}}}
import { encodeUtf8 } from '../../base/bytes.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { ByteWriter } from '../protobuf-wire.ts';

/** The bytes of a document. */
export function encodeOpenApiV2(document: JsonObject): Uint8Array {
  return message('Document', document);
}

/**
 * By message, the number and type of each field. `*` stands for any name: such an entry is a message of name (1) and
 * value (2). `x-` is where extensions go. Types: a scalar's word, a message, `[T` a list of T, `N>T` a message that
 * holds T as its field N.
 */
const messages: Readonly<Record<string, Readonly<Record<string, readonly [number, string]>>>> = {
  Document: {
    swagger: [1, 'text'],
    info: [2, 'Info'],
    paths: [8, 'Paths'],
    definitions: [9, 'Definitions'],
    parameters: [10, 'Parameters'],
    security: [12, '[SecurityRequirement'],
    securityDefinitions: [13, 'SecurityDefinitions'],
  },
  Info: { title: [1, 'text'], version: [2, 'text'], description: [3, 'text'] },
  Paths: { '*': [2, 'PathItem'] },
  PathItem: {
    get: [2, 'Operation'],
    put: [3, 'Operation'],
    post: [4, 'Operation'],
    delete: [5, 'Operation'],
    options: [6, 'Operation'],
    head: [7, 'Operation'],
    patch: [8, 'Operation'],
    parameters: [9, '[ParametersItem'],
  },
  Operation: {
    tags: [1, '[text'],
    description: [3, 'text'],
    operationId: [5, 'text'],
    produces: [6, '[text'],
    consumes: [7, '[text'],
    parameters: [8, '[ParametersItem'],
    responses: [9, 'Responses'],
    schemes: [10, '[text'],
    'x-': [13, 'extension'],
  },
  Parameters: { '*': [1, 'Parameter'] },
  Reference: { $ref: [1, 'text'] },
  SecurityRequirement: { '*': [1, 'Texts'] },
  SecurityDefinitions: { '*': [1, '2>ApiKey'] },
  ApiKey: { type: [1, 'text'], name: [2, 'text'], in: [3, 'text'], description: [4, 'text'] },
  BodyParameter: {
    description: [1, 'text'],
    name: [2, 'text'],
    in: [3, 'text'],
    required: [4, 'flag'],
    schema: [5, 'Schema'],
  },
  QueryParameter: {
    required: [1, 'flag'],
    in: [2, 'text'],
    description: [3, 'text'],
    name: [4, 'text'],
    type: [6, 'text'],
    uniqueItems: [20, 'flag'],
  },
  PathParameter: {
    required: [1, 'flag'],
    in: [2, 'text'],
    description: [3, 'text'],
    name: [4, 'text'],
    type: [5, 'text'],
    uniqueItems: [19, 'flag'],
  },
  Responses: { '*': [1, '1>Response'] },
  Response: { description: [1, 'text'], schema: [2, '1>Schema'] },
  Definitions: { '*': [1, 'Schema'] },
  Schema: {
    $ref: [1, 'text'],
    format: [2, 'text'],
    title: [3, 'text'],
    description: [4, 'text'],
    default: [5, 'any'],
    multipleOf: [6, 'double'],
    maximum: [7, 'double'],
    exclusiveMaximum: [8, 'flag'],
    minimum: [9, 'double'],
    exclusiveMinimum: [10, 'flag'],
    maxLength: [11, 'integer'],
    minLength: [12, 'integer'],
    pattern: [13, 'text'],
    maxItems: [14, 'integer'],
    minItems: [15, 'integer'],
    uniqueItems: [16, 'flag'],
    maxProperties: [17, 'integer'],
    minProperties: [18, 'integer'],
    required: [19, '[text'],
    enum: [20, '[any'],
    additionalProperties: [21, 'AdditionalProperties'],
    type: [22, '1>text'],
    items: [23, '1>Schema'],
    allOf: [24, '[Schema'],
    properties: [25, 'Definitions'],
    'x-': [31, 'extension'],
  },
};

function message(name: string, object: JsonObject): Uint8Array {
  const fields = messages[name] ?? {};
  const writer = new ByteWriter();
  const entries = fields['*'];
  if (entries) {
    const [number, type] = entries;
    for (const [key, value] of Object.entries(object)) writer.bytesField(number, entry(key, type, value));
    return writer.done();
  }
  const known = Object.entries(object).flatMap(([key, value]) => {
    const name = key.startsWith('x-') ? 'x-' : key;
    const [number, type] = (Object.hasOwn(fields, name) && fields[name]) || [];
    return number === undefined || type === undefined ? [] : [{ key, value, number, type }];
  });
  for (const { key, value, number, type } of known.sort((a, b) => a.number - b.number)) {
    if (type === 'extension') writer.bytesField(number, entry(key, 'any', value));
    else write(writer, number, type, value);
  }
  return writer.done();
}

function entry(name: string, type: string, value: JsonValue): Uint8Array {
  const writer = new ByteWriter();
  write(writer, 1, 'text', name);
  write(writer, 2, type, value);
  return writer.done();
}

function write(writer: ByteWriter, number: number, type: string, value: JsonValue): void {
  if (type.startsWith('[')) {
    for (const item of isList(value) ? value : []) write(writer, number, type.slice(1), item);
    return;
  }
  if (type === 'text') writer.bytesField(number, encodeUtf8(String(value)));
  else if (type === 'flag') writer.varintField(number, value === true ? 1 : 0);
  else if (type === 'integer') writer.varintField(number, Number(value));
  else if (type === 'double') writer.doubleField(number, Number(value));
  else writer.bytesField(number, nested(type, value));
}

function nested(type: string, value: JsonValue): Uint8Array {
  const inner = new ByteWriter();
  const wrapped = /^(\d)>(.*)$/.exec(type);
  if (wrapped) write(inner, Number(wrapped[1]), wrapped[2] ?? '', value);
  // Values of any shape are YAML texts, which JSON is too.
  else if (type === 'any') write(inner, 2, 'text', `${JSON.stringify(value)}\n`);
  else if (type === 'AdditionalProperties' && isObject(value)) write(inner, 1, 'Schema', value);
  else if (type === 'AdditionalProperties') write(inner, 2, 'flag', value);
  else if (type === 'Texts') write(inner, 1, '[text', value);
  else if (type === 'ParametersItem') return nested(isReference(value) ? '2>Reference' : '1>Parameter', value);
  else if (type === 'Parameter') return nested(parameterType(value), value);
  else return message(type, isObject(value) ? value : {});
  return inner.done();
}

/** Whether a parameter is one of those that are shared. */
function isReference(value: JsonValue): boolean {
  return isObject(value) && value.$ref !== undefined;
}

/** Bodies are parameters of their own kind; the others are told apart by where they stand. */
function parameterType(value: JsonValue): string {
  const place = isObject(value) ? value.in : undefined;
  if (place === 'body') return '1>BodyParameter';
  return place === 'path' ? '2>4>PathParameter' : '2>3>QueryParameter';
}
