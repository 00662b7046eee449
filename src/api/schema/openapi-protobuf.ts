// The OpenAPI document of version 2 in protobuf, which is the only form that kubectl reads it in.
//
//   {"swagger": "2.0", "definitions": {"T": {…}}}  ─▶  1: "2.0" │ 9: {1: {1: "T", 2: {…}}}
import { isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { type Messages, OpenApiEncoder } from './openapi-encoder.ts';

/** The bytes of a document. */
export function encodeOpenApiV2(document: JsonObject): Uint8Array {
  return encoder.message('Document', document);
}

const messages: Messages = {
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
    'x-': [13, 'any'],
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
    'x-': [31, 'any'],
  },
};

const encoder = new OpenApiEncoder(messages, (type, value) => {
  switch (type) {
    case 'AdditionalProperties':
      return isObject(value) ? '1>Schema' : '2>flag';
    case 'Texts':
      return '1>[text';
    case 'ParametersItem':
      return isReference(value) ? '2>Reference' : '1>Parameter';
    case 'Parameter':
      return parameterType(value);
    default:
      return undefined;
  }
});

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
