// Reads what the schema is made of: the models of the npm package @kubernetes/client-node and our own tables.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
export const clientNode = join(root, 'node_modules/@kubernetes/client-node');
export const tables = join(root, 'src/api/schema');

/** Messages that the documents do not have. */
const unwantedMessages =
  /^(meta\.v1\.(\w+Options|Time|MicroTime|Timestamp|Duration|Verbs|FieldsV1|TypeMeta|RootPaths)|core\.v1\.(Preconditions|(Pod|Node|Service)\w*Options))$/;
/** Messages whose JSON form is not an object of their fields. */
const anyMessages = new Set([
  'JSON',
  'JSONSchemaPropsOrArray',
  'JSONSchemaPropsOrBool',
  'JSONSchemaPropsOrStringArray',
]);
/** A JSON schema, or something else. */
const schemaForms = {
  JSONSchemaPropsOrArray: 'schemas',
  JSONSchemaPropsOrBool: 'schema|bool',
  JSONSchemaPropsOrStringArray: 'schema|strings',
};
const listMessages = new Set(['ExtraValue', 'Verbs']);

/** "NAME: field word word, field word" lines as a map of maps. */
export function readTable(name) {
  const table = new Map();
  for (const line of readFileSync(join(tables, name), 'utf8').split('\n')) {
    const match = /^([\w.]+):(.*)$/.exec(line);
    if (!match) continue;
    const fields = new Map();
    for (const field of match[2].split(',').map((text) => text.trim().split(' ')))
      if (field[0]) fields.set(field[0], field.slice(1));
    table.set(match[1], fields);
  }
  return table;
}

export function readDefinitions(protobuf, rules, forms) {
  const definitions = new Map();
  for (const [message, messageFields] of protobuf) {
    const name = message.split('.').at(-1);
    const packageName = message.slice(0, -name.length - 1);
    if (anyMessages.has(name) || listMessages.has(name)) continue;
    if (unwantedMessages.test(message) && message !== 'meta.v1.DeleteOptions') continue;
    const model = findModel(packageName, name);
    if (!model) {
      if (messageFields.size === 0) definitions.set(message, { fields: [], text: '', rules: [] });
      continue;
    }
    const types = fieldTypes(protobuf, packageName, messageFields);
    const fieldRules = rules.get(message) ?? new Map();
    const fields = readModel(model).map((field) => ({
      ...field,
      type: types.get(field.name) ?? modelType(field),
      rules: fieldRules.get(field.name) ?? [],
      ...fieldForm(forms.get(message), field.name),
    }));
    fields.sort((a, b) => a.position - b.position);
    definitions.set(message, { model, fields, text: modelText(model), rules: fieldRules.get('.') ?? [] });
  }
  const version = readModel('VersionInfo').map((field) => ({
    ...field,
    type: modelType(field),
    rules: [],
    ...fieldForm(forms.get('version.Info'), field.name),
  }));
  version.sort((a, b) => a.position - b.position);
  definitions.set('version.Info', { model: 'VersionInfo', fields: version, text: modelText('VersionInfo'), rules: [] });
  return new Map([...definitions].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Where the server writes a field, its form ("=", "?", "?=" or nothing) and the Go type that messages show. */
function fieldForm(forms, name) {
  const names = [...(forms?.keys() ?? [])];
  const position = names.findIndex((text) => text.replace(/[?=]+$/, '') === name);
  if (position < 0) return { position, form: '' };
  const [goType] = forms.get(names[position]);
  return { position, form: names[position].slice(name.length), goType };
}

/** JSON field → type; the fields of inlined messages count as the message's own. */
function fieldTypes(protobuf, packageName, messageFields) {
  const types = new Map();
  for (const [field, [, type]] of messageFields) {
    if (!type.startsWith('^')) types.set(field, resolveType(packageName, type));
    else
      for (const [name, inner] of fieldTypes(protobuf, packageName, protobuf.get(`${packageName}.${type.slice(1)}`)))
        types.set(name, inner);
  }
  return types;
}

const modelsDirectory = join(clientNode, 'dist/gen/models');
const modelNames = new Set(
  readdirSync(modelsDirectory)
    .filter((file) => file.endsWith('.js'))
    .map((file) => file.slice(0, -3)),
);
function findModel(packageName, name) {
  const [group, version] = packageName.split('.');
  const upper = version.toUpperCase();
  const prefixed = `${group[0].toUpperCase()}${group.slice(1)}${upper}${name}`;
  if (modelNames.has(prefixed)) return prefixed;
  if (name === 'CustomResourceDefinition') return `${upper}${name}`;
  return modelNames.has(`${upper}${name}`) ? `${upper}${name}` : undefined;
}

const declarations = new Map();
function declaration(model) {
  let text = declarations.get(model);
  if (text === undefined) {
    text = readFileSync(join(modelsDirectory, `${model}.d.ts`), 'utf8');
    declarations.set(model, text);
  }
  return text;
}

const cleanText = (text) => text.replace(/\\(['"])/g, '$1').trim();
const modelText = (model) => {
  const match = /\/\*\*\n\* ([^\n]*)\n\*\/\nexport declare class/.exec(declaration(model));
  return match ? cleanText(match[1]) : '';
};

/** Fields in the declaration's order: JSON name, required, description, the model's own type. */
function readModel(model) {
  const code = readFileSync(join(modelsDirectory, `${model}.js`), 'utf8');
  const attributes = new Map();
  for (const [, name, jsonName, type, format] of code.matchAll(
    /"name": "(.+?)",\s+"baseName": "(.+?)",\s+"type": "(.+?)",\s+"format": "(.*?)"/g,
  ))
    attributes.set(name, { jsonName, type, format });
  const fields = [];
  const pattern = /(?:\/\*\*\n\s+\* ([^\n]*)\n\s+\*\/\n\s+)?'([^']+)'(\?)?: /g;
  for (const [, text = '', name, optional] of declaration(model).matchAll(pattern)) {
    const attribute = attributes.get(name);
    if (!attribute) continue;
    fields.push({
      name: attribute.jsonName,
      required: optional === undefined,
      text: cleanText(text),
      modelType: attribute.type,
      format: attribute.format,
    });
  }
  return fields;
}

/** The schema's word for a protobuf type: i32 i64 f64 bool string bytes Quantity Time … [] {} or a definition's name. */
function resolveType(packageName, type) {
  if (type === undefined) return undefined;
  if (type.startsWith('[]') || type.startsWith('{}')) {
    const inner = resolveType(packageName, type.slice(2));
    return inner && type.slice(0, 2) + inner;
  }
  if (/^(i32|i64|bool|string|bytes|Quantity|Time|MicroTime|IntOrString)$/.test(type)) return type;
  if (type === 'double') return 'f64';
  const name = type.split('.').at(-1);
  if (name in schemaForms) return schemaForms[name];
  if (type === 'RawExtension' || anyMessages.has(name)) return 'any';
  if (name === 'FieldsV1') return 'any';
  if (listMessages.has(name)) return '[]string';
  if (name === 'Duration') return 'string';
  return type.includes('.') ? type : `${packageName}.${type}`;
}

/** For what protobuf does not have: version.Info, and kind and apiVersion of kinds. */
function modelType({ modelType: type, name }) {
  if (type === 'string') return 'string';
  throw new Error(`field ${name} has no known type (${type})`);
}
