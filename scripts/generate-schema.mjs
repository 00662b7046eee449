// Writes src/api/generated: types, resource handles, the schema table and the descriptions of the v1 API, read from
// the npm package @kubernetes/client-node. Skips the work when nothing has changed. Run: node scripts/generate-schema.mjs
//
//   client-node models (fields, required, text) ─┐
//   protobuf-fields.txt (exact types, packages)  ├─▶ definitions ─▶ types.ts, schema.ts, descriptions.ts, protobuf.ts
//   field-forms.txt (order, pointers, Go types)  ─┤
//   merge-rules.txt (list types, merge keys)     ─┘
//   client-node apis (paths, kinds)              ────▶ resources.ts
//
// Only versions without alpha or beta are kept: v1.36 serves no others unless told to.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const clientNode = join(root, 'node_modules/@kubernetes/client-node');
const tables = join(root, 'src/api/schema');
const out = join(root, 'src/api/generated');

/** Which package keeps the bare name where several have a model of that name. */
const bareNameOwners = {
  Event: 'events.v1',
  EventList: 'events.v1',
  EventSeries: 'events.v1',
  ResourceClaim: 'resource.v1',
  EndpointPort: 'discovery.v1',
  Subject: 'rbac.v1',
  TokenRequest: 'authentication.v1',
  JSONPatch: 'admissionregistration.v1',
};
const unwantedMessages =
  /^(meta\.v1\.(\w+Options|Time|MicroTime|Timestamp|Duration|Verbs|FieldsV1|TypeMeta|RootPaths)|core\.v1\.(Preconditions|(Pod|Node|Service)\w*Options))$/;
/** Messages whose JSON form is not an object of their fields. */
const anyMessages = new Set([
  'JSON',
  'JSONSchemaPropsOrArray',
  'JSONSchemaPropsOrBool',
  'JSONSchemaPropsOrStringArray',
]);
const listMessages = new Set(['ExtraValue', 'Verbs']);

function main() {
  const stamp = `// ${fingerprint()}`;
  if (existsSync(join(out, 'types.ts')) && readFileSync(join(out, 'types.ts'), 'utf8').includes(stamp)) return;
  const protobuf = readTable('protobuf-fields.txt');
  const rules = readTable('merge-rules.txt');
  const definitions = readDefinitions(protobuf, rules, readTable('field-forms.txt'));
  mkdirSync(out, { recursive: true });
  const typeNames = nameTypes([...definitions.keys()]);
  write('descriptions.ts', descriptionsFile(definitions));
  write('schema.ts', schemaFile(definitions));
  write('enums.ts', enumsFile());
  write('protobuf.ts', protobufFile(protobuf));
  write('resources.ts', resourcesFile(definitions, typeNames));
  write('types.ts', `${typesFile(definitions, typeNames)}\n${stamp}\n`);
}

function fingerprint() {
  const hash = createHash('sha256');
  const inputs = [fileURLToPath(import.meta.url), join(clientNode, 'package.json')];
  for (const file of [
    ...inputs,
    join(tables, 'protobuf-fields.txt'),
    join(tables, 'merge-rules.txt'),
    join(tables, 'field-forms.txt'),
    join(tables, 'enums.txt'),
  ])
    hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

/** Readers of the folder never see half a file. */
function write(name, text) {
  const part = join(out, `${name}.${process.pid}.part`);
  writeFileSync(part, text);
  renameSync(part, join(out, name));
}

/** "NAME: field word word, field word" lines as a map of maps. */
function readTable(name) {
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

function readDefinitions(protobuf, rules, forms) {
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
  const version = readModel('VersionInfo').map((field) => ({ ...field, type: modelType(field), rules: [] }));
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

/** Definition → TypeScript name: the bare one for the owner or the newest version, a prefix or suffix for others. */
function nameTypes(keys) {
  const byName = new Map();
  for (const key of keys) {
    const name = key.split('.').at(-1);
    byName.set(name, [...(byName.get(name) ?? []), key]);
  }
  const names = new Map();
  for (const [name, sameName] of byName) {
    const groups = new Set(sameName.map((key) => key.split('.')[0]));
    const newest = sameName.at(-1);
    for (const key of sameName) {
      const [group, version] = key.split('.');
      if (sameName.length === 1 || bareNameOwners[name] === `${group}.${version}`) names.set(key, name);
      else if (groups.size > 1) names.set(key, `${group[0].toUpperCase()}${group.slice(1)}${name}`);
      else names.set(key, key === newest ? name : `${name}${version.toUpperCase()}`);
    }
  }
  names.set('version.Info', 'VersionInfo');
  return names;
}

function typesFile(definitions, typeNames) {
  const lines = ['// The types of the v1 API, generated by scripts/generate-schema.mjs. Do not edit.', ''];
  lines.push("import type { JsonValue } from '../../base/json.ts';", '');
  for (const [key, { fields, text }] of definitions) {
    if (text) lines.push(comment(text, ''));
    lines.push(`export interface ${typeNames.get(key)} {`);
    for (const { name, required, type, text: fieldText } of fields) {
      if (fieldText) lines.push(comment(fieldText, '  '));
      const quoted = /^\w+$/.test(name) ? name : `'${name}'`;
      const typeText = typeScript(type, typeNames);
      lines.push(`  readonly ${quoted}${required ? `: ${typeText}` : `?: ${typeText} | undefined`};`);
    }
    lines.push('}', '');
  }
  return lines.join('\n');
}

const comment = (text, indent) => `${indent}/** ${text.split('*/').join('* /')} */`;

const scalarTypes = {
  i32: 'number',
  i64: 'number',
  f64: 'number',
  bool: 'boolean',
  string: 'string',
  bytes: 'string',
  Quantity: 'string',
  Time: 'string',
  MicroTime: 'string',
  IntOrString: 'number | string',
  any: 'JsonValue',
};
function typeScript(type, typeNames) {
  if (type.startsWith('[]')) {
    const inner = typeScript(type.slice(2), typeNames);
    return inner.includes(' ') ? `readonly (${inner})[]` : `readonly ${inner}[]`;
  }
  if (type.startsWith('{}')) return `{ readonly [key: string]: ${typeScript(type.slice(2), typeNames)} }`;
  const name = scalarTypes[type] ?? typeNames.get(type);
  if (!name) throw new Error(`no type ${type}`);
  return name;
}

/** One string a definition: "name!?= type ~goType rule rule,name type", rules of the definition itself under ".". */
function schemaFile(definitions) {
  const lines = ['// The schema of the v1 API, generated by scripts/generate-schema.mjs. Do not edit.', ''];
  lines.push('/** Definition → its fields as "name[!?=] type [~goType] rule…". Read by schema/schema.ts. */');
  lines.push('export const definitionTable: Readonly<Record<string, string>> = {');
  for (const [key, { fields, rules }] of definitions) {
    const own = rules.length ? [`. any ${rules.join(' ')}`] : [];
    const group = key.slice(0, key.lastIndexOf('.') + 1);
    const fieldTexts = fields.map(({ name, required, type, form = '', goType, rules: words }) => {
      const short = type.replace(group, '.');
      return [`${name}${required ? '!' : ''}${form}`, short, ...(goType ? [`~${goType}`] : []), ...words].join(' ');
    });
    lines.push(`  ${JSON.stringify(key)}: ${JSON.stringify([...own, ...fieldTexts].join(','))},`);
  }
  lines.push('};', '');
  return lines.join('\n');
}

/** Values of enumerated types. */
function enumsFile() {
  const lines = ['// The enumerated types of the v1 API, generated by scripts/generate-schema.mjs. Do not edit.', ''];
  lines.push('/** Type → its values, with "|" between them. */');
  lines.push('export const enumTable: Readonly<Record<string, string>> = {');
  for (const line of readFileSync(join(tables, 'enums.txt'), 'utf8').split('\n')) {
    const match = /^([\w.]+): (.*)$/.exec(line);
    if (match) lines.push(`  '${match[1]}': ${JSON.stringify(match[2])},`);
  }
  lines.push('};', '');
  return lines.join('\n');
}

/** The texts, each once: many fields share theirs (apiVersion, kind, metadata …). */
function descriptionsFile(definitions) {
  const texts = new Map();
  const indexOf = (text) => {
    if (!texts.has(text)) texts.set(text, texts.size);
    return texts.get(text);
  };
  const rows = [];
  for (const [key, { fields, text }] of definitions)
    rows.push([key, [indexOf(text), ...fields.map((field) => indexOf(field.text))]]);
  const lines = [
    '// Descriptions of the v1 API, generated by scripts/generate-schema.mjs. Load lazily. Do not edit.',
    '',
  ];
  lines.push('/** Every text once. */', 'export const texts: readonly string[] = [');
  for (const text of texts.keys()) lines.push(`  ${JSON.stringify(text)},`);
  lines.push(
    '];',
    '',
    "/** Definition → indexes into texts: its own, then its fields' in the order of definitionTable. */",
  );
  lines.push('export const textIndexes: Readonly<Record<string, readonly number[]>> = {');
  for (const [key, indexes] of rows) lines.push(`  ${JSON.stringify(key)}: [${indexes.join(', ')}],`);
  lines.push('};', '');
  return lines.join('\n');
}

/** Fields in JSON names: "name number type,…". */
function protobufFile(protobuf) {
  const lines = ['// The protobuf encoding of the v1 API, generated by scripts/generate-schema.mjs. Do not edit.', ''];
  lines.push('/** Message → its fields as "name number type". Read by protobuf.ts. */');
  lines.push('export const messageTable: Readonly<Record<string, string>> = {');
  for (const [message, fields] of protobuf) {
    const texts = [...fields].map(([name, [number, type]]) => `${name} ${number} ${type}`);
    lines.push(`  ${JSON.stringify(message)}: ${JSON.stringify(texts.join(','))},`);
  }
  lines.push('};', '');
  return lines.join('\n');
}

function resourcesFile(definitions, typeNames) {
  const resources = readResources(definitions, typeNames);
  const types = [...new Set(resources.map(({ type }) => type))].sort();
  const lines = ['// A typed handle of every resource, generated by scripts/generate-schema.mjs. Do not edit.'];
  lines.push(
    "import type { Resource } from '../resource.ts';",
    `import type {\n  ${types.join(',\n  ')},\n} from './types.ts';`,
    '',
  );
  for (const { name, type, group, version, resource, kind, namespaced } of resources) {
    const values = `group: '${group}', version: '${version}', resource: '${resource}', kind: '${kind}'`;
    lines.push(`export const ${name}: Resource<${type}> = { ${values}, namespaced: ${namespaced} };`);
  }
  lines.push('');
  return lines.join('\n');
}

/** Every path without a name after the resource is one: /apis/GROUP/VERSION[/namespaces/{namespace}]/RESOURCE. */
function readResources(definitions, typeNames) {
  const directory = join(clientNode, 'dist/gen/apis');
  const byModel = new Map([...definitions].map(([key, { model }]) => [model, key]));
  const found = new Map();
  for (const file of readdirSync(directory)
    .filter((name) => /V\d+Api\.js$/.test(name))
    .sort()) {
    const code = readFileSync(join(directory, file), 'utf8');
    const calls = code.matchAll(/async (create|list)(\w+)\([^)]*\) \{(?:(?!async )[\s\S])*?localVarPath = '([^']+)'/g);
    for (const [, verb, method, path] of calls) {
      const match = /^\/(?:api|apis\/([^/]+))\/(v\d+)\/(namespaces\/\{namespace\}\/)?(\w+)$/.exec(path);
      if (!match || method.includes('ForAllNamespaces')) continue;
      const [, group = '', version, namespaced, resource] = match;
      const key = `${group}/${version}/${resource}`;
      const kind = method.replace(/^Namespaced/, '').replace(/^Collection/, '');
      if (found.has(key) || (verb === 'list' && found.has(key))) continue;
      const definition = kindDefinition(byModel, file.replace(/Api\.js$/, ''), version, kind);
      if (definition)
        found.set(key, { group, version, resource, kind, namespaced: namespaced !== undefined, definition });
    }
  }
  return nameResources([...found.values()], typeNames);
}

function kindDefinition(byModel, api, version, kind) {
  return byModel.get(`${api}${kind}`) ?? byModel.get(`${version.toUpperCase()}${kind}`);
}

/** The constant is the resource's name in the kind's camel case; where a type has no bare name, the constant follows it. */
function nameResources(resources, typeNames) {
  return resources
    .map((resource) => {
      const type = typeNames.get(resource.definition);
      const [before, after = ''] = type.split(resource.kind);
      const camel = lowerFirst(before) ? `${lowerFirst(before)}${plural(resource)}` : lowerFirst(plural(resource));
      return { ...resource, type, name: camel + after };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** PodTemplate + podtemplates = PodTemplates, NetworkPolicy + networkpolicies = NetworkPolicies. */
function plural({ kind, resource }) {
  let shared = 0;
  while (shared < kind.length && kind[shared].toLowerCase() === resource[shared]) shared++;
  return kind.slice(0, shared) + resource.slice(shared);
}

/** Pod → pod, CSIDriver → csiDriver, IPAddress → ipAddress. */
function lowerFirst(name) {
  return name.replace(/^([A-Z]+)(?=[A-Z][a-z]|$)|^[A-Z]/, (letters) => letters.toLowerCase());
}

main();
