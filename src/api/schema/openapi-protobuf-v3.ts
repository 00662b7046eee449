// OpenAPI documents of version 3 in protobuf.
import { isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { type Messages, OpenApiEncoder } from './openapi-encoder.ts';

/** The bytes of a document. */
export function encodeOpenApiV3(document: JsonObject): Uint8Array {
  return encoder.message('Document', document);
}

const messages: Messages = {
  Document: {
    openapi: [1, 'text'],
    info: [2, 'Info'],
    paths: [4, 'Paths'],
    components: [5, 'Components'],
    security: [6, '[SecurityRequirement'],
  },
  Info: { title: [1, 'text'], description: [2, 'text'], version: [6, 'text'] },
  Paths: { '*': [1, 'PathItem'] },
  Components: { schemas: [1, 'Schemas'], securitySchemes: [7, 'SecuritySchemes'] },
  Schemas: { '*': [1, 'SchemaOrReference'] },
  SecuritySchemes: { '*': [1, '1>SecurityScheme'] },
  SecurityScheme: { type: [1, 'text'], description: [2, 'text'], name: [3, 'text'], in: [4, 'text'] },
  SecurityRequirement: { '*': [1, 'Texts'] },
  PathItem: {
    summary: [2, 'text'],
    description: [3, 'text'],
    get: [4, 'Operation'],
    put: [5, 'Operation'],
    post: [6, 'Operation'],
    delete: [7, 'Operation'],
    options: [8, 'Operation'],
    head: [9, 'Operation'],
    patch: [10, 'Operation'],
    parameters: [13, '[ParameterOrReference'],
    'x-': [14, 'any'],
  },
  Operation: {
    tags: [1, '[text'],
    summary: [2, 'text'],
    description: [3, 'text'],
    operationId: [5, 'text'],
    parameters: [6, '[ParameterOrReference'],
    requestBody: [7, 'RequestBodyOrReference'],
    responses: [8, 'Responses'],
    'x-': [13, 'any'],
  },
  Parameter: {
    name: [1, 'text'],
    in: [2, 'text'],
    description: [3, 'text'],
    required: [4, 'flag'],
    schema: [10, 'SchemaOrReference'],
    'x-': [14, 'any'],
  },
  RequestBody: { description: [1, 'text'], content: [2, 'MediaTypes'], required: [3, 'flag'] },
  Responses: { default: [1, 'ResponseOrReference'], '*': [2, 'ResponseOrReference'] },
  Response: { description: [1, 'text'], content: [3, 'MediaTypes'] },
  MediaTypes: { '*': [1, 'MediaType'] },
  MediaType: { schema: [1, 'SchemaOrReference'] },
  Reference: { $ref: [1, 'text'], description: [3, 'text'] },
  Schema: {
    nullable: [1, 'flag'],
    example: [7, 'any'],
    title: [9, 'text'],
    multipleOf: [10, 'double'],
    maximum: [11, 'double'],
    exclusiveMaximum: [12, 'flag'],
    minimum: [13, 'double'],
    exclusiveMinimum: [14, 'flag'],
    maxLength: [15, 'integer'],
    minLength: [16, 'integer'],
    pattern: [17, 'text'],
    maxItems: [18, 'integer'],
    minItems: [19, 'integer'],
    uniqueItems: [20, 'flag'],
    maxProperties: [21, 'integer'],
    minProperties: [22, 'integer'],
    required: [23, '[text'],
    enum: [24, '[any'],
    type: [25, 'text'],
    allOf: [26, '[SchemaOrReference'],
    oneOf: [27, '[SchemaOrReference'],
    anyOf: [28, '[SchemaOrReference'],
    not: [29, 'Schema'],
    items: [30, '1>SchemaOrReference'],
    properties: [31, 'Schemas'],
    additionalProperties: [32, 'AdditionalProperties'],
    default: [33, 'Default'],
    description: [34, 'text'],
    format: [35, 'text'],
    'x-': [36, 'any'],
  },
};

const encoder = new OpenApiEncoder(messages, (type, value) => {
  const [, referred] = /^(\w+)OrReference$/.exec(type) ?? [];
  if (referred !== undefined) return isObject(value) && value.$ref !== undefined ? '2>Reference' : `1>${referred}`;
  if (type === 'AdditionalProperties') return isObject(value) ? '1>SchemaOrReference' : '2>flag';
  if (type === 'Texts') return '1>[text';
  return type === 'Default' ? defaultType(value) : undefined;
});

/** Only scalars can be told; of anything else there is but an empty message. */
function defaultType(value: JsonValue): string | undefined {
  if (typeof value === 'number') return '1>double';
  if (typeof value === 'boolean') return '2>flag';
  return typeof value === 'string' ? '3>text' : undefined;
}
