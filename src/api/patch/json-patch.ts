// JSON patches (RFC 6902): a list of operations on paths, applied one after the other, all or none.
//
// The servers' library is laxer than the RFC: `replace` may add, what is missing copies as null, and the first part of
// a path counts for nothing (`a/b` is `/b`). So is this.
import { equal, isList, isObject, type JsonObject, type JsonValue, own } from '../../base/json.ts';
import { PatchError } from './patch-error.ts';

/** The server applies no more operations than this at once. */
const operationsMax = 10_000;
/** Copies may not bring more JSON than this, in characters: a few of them in a row could fill any memory. */
const copiedMax = 3 * 1024 * 1024;

/** The patched document. Throws {@link PatchError}: 400 for no patch, 413 for a long one, 422 when it does not apply. */
export function applyJsonPatch(document: JsonValue, patch: JsonValue): JsonValue {
  if (patch === null) return document;
  if (!isList(patch)) throw undecodable(patch, 'value of type []handlers.jsonPatchOp');
  if (patch.length > operationsMax) {
    const text = `The allowed maximum operations in a JSON patch is ${operationsMax}, got ${patch.length}`;
    throw new PatchError(text, 413);
  }
  for (const operation of patch) checkOperation(operation);
  const copied = { size: 0 };
  return patch.reduce<JsonValue>(
    (result, operation) => applyOperation(result, isObject(operation) ? operation : {}, copied),
    document,
  );
}

/** Fields that an operation has in vain, as strict decoding names them: `[0].vaule`. */
export function unknownPatchFields(patch: JsonValue): readonly string[] {
  if (!isList(patch)) return [];
  const known = ['op', 'path', 'from', 'value'];
  return patch.flatMap((operation, i) =>
    isObject(operation) ? Object.keys(operation).flatMap((key) => (known.includes(key) ? [] : [`[${i}].${key}`])) : [],
  );
}

function checkOperation(operation: JsonValue): void {
  if (operation === null) return;
  if (!isObject(operation)) throw undecodable(operation, 'value of type handlers.jsonPatchOp');
  for (const key of ['op', 'path', 'from']) {
    const value = own(operation, key) ?? '';
    if (typeof value !== 'string') throw undecodable(value, `struct field jsonPatchOp.${key} of type string`);
  }
}

function undecodable(value: JsonValue, target: string): PatchError {
  const type = typeof value === 'boolean' ? 'bool' : isList(value) ? 'array' : typeof value;
  return new PatchError(`error decoding patch: json: cannot unmarshal ${type} into Go ${target}`, 400);
}

function applyOperation(document: JsonValue, operation: JsonObject, copied: { size: number }): JsonValue {
  const kind = textOf(operation, 'op');
  const value = own(operation, 'value') ?? null;
  switch (kind) {
    case 'add':
      return add(document, pathOf(operation, kind), value);
    case 'remove':
      return remove(document, pathOf(operation, kind));
    case 'replace':
      return replace(document, pathOf(operation, kind), value);
    case 'move': {
      const from = fromOf(operation, kind);
      const moved = read(document, from, kind);
      const rest = removeKey(document, from, (problem) => `error in move for path: '${keyOf(from)}': ${problem}`);
      return put(rest, pathOf(operation, kind), moved, kind);
    }
    case 'copy': {
      const found = read(document, fromOf(operation, kind), kind);
      copied.size += JSON.stringify(found).length;
      if (copied.size > copiedMax)
        throw unapplied(
          `Unable to complete the copy, the accumulated size increase of copy is ${copied.size}, exceeding the limit ${copiedMax}`,
        );
      return put(document, pathOf(operation, kind), found, kind);
    }
    case 'test':
      return test(document, pathOf(operation, kind), value);
    default:
      throw unapplied(`Unexpected kind: ${kind ?? 'unknown'}`);
  }
}

function textOf(operation: JsonObject, key: string): string | undefined {
  const value = own(operation, key);
  return typeof value === 'string' ? value : undefined;
}

function pathOf(operation: JsonObject, kind: string): string {
  const detail = kind === 'replace' || kind === 'test' || kind === 'move' ? 'operation missing path field: ' : '';
  const path = textOf(operation, 'path');
  if (path === undefined) throw unapplied(`${kind} operation failed to decode path: ${detail}missing value`);
  return path;
}

function fromOf(operation: JsonObject, kind: string): string {
  const from = textOf(operation, 'from');
  if (from === undefined)
    throw unapplied(`${kind} operation failed to decode from: operation, missing from field: missing value`);
  return from;
}

/** `/a~1b/0` as ['a/b', '0']; undefined without any slash. */
function split(path: string): readonly string[] | undefined {
  const parts = path.split('/').slice(1);
  return parts.length === 0 ? undefined : parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function keyOf(path: string): string {
  return split(path)?.at(-1) ?? '';
}

type Parent = JsonObject | readonly JsonValue[];

/** Rebuilds the document with what `change` makes of the parent of the path's last part. */
function changeParent(
  document: JsonValue,
  path: string,
  missing: string,
  change: (parent: Parent, key: string) => JsonValue,
): JsonValue {
  const parts = split(path);
  const walk = (here: JsonValue | undefined, depth: number): JsonValue => {
    if (!parts || (!isObject(here) && !isList(here))) throw unapplied(missing);
    const key = parts[depth] ?? '';
    if (depth === parts.length - 1) return change(here, key);
    if (isObject(here)) return withKey(here, key, walk(own(here, key), depth + 1));
    const at = indexIn(key, here.length - 1);
    if (typeof at === 'string') throw unapplied(missing);
    return here.with(at, walk(here[at], depth + 1));
  };
  return walk(document, 0);
}

function withKey(object: JsonObject, key: string, value: JsonValue): JsonObject {
  const entries = Object.entries(object);
  if (!Object.hasOwn(object, key)) return Object.fromEntries([...entries, [key, value]]);
  return Object.fromEntries(entries.map(([name, old]) => [name, name === key ? value : old]));
}

/** Where in a list a key points to, from the end if it is negative; a text says why it does not. */
function indexIn(key: string, max: number): number | string {
  if (!/^[+-]?\d+$/.test(key)) return `strconv.Atoi: parsing ${JSON.stringify(key)}: invalid syntax`;
  const index = Number(key);
  const at = index < 0 ? index + max + 1 : index;
  return at < 0 || at > max ? `Unable to access invalid index: ${index}: invalid index referenced` : at;
}

function add(document: JsonValue, path: string, value: JsonValue): JsonValue {
  const missing = `add operation does not apply: doc is missing path: "${path}": missing value`;
  return changeParent(document, path, missing, (parent, key) =>
    added(parent, key, value, (problem) => `error in add for path: '${path}': ${problem}`),
  );
}

/** What `move` and `copy` do with what they have read. */
function put(document: JsonValue, path: string, value: JsonValue, kind: 'move' | 'copy'): JsonValue {
  const missing = `${kind} operation does not apply: doc is missing destination path: ${path}: missing value`;
  const where = kind === 'move' ? `error in move for path: '${path}'` : 'error while adding value during copy';
  return changeParent(document, path, missing, (parent, key) =>
    added(parent, key, value, (problem) => `${where}: ${problem}`),
  );
}

function added(parent: Parent, key: string, value: JsonValue, words: (problem: string) => string): JsonValue {
  if (isObject(parent)) return withKey(parent, key, value);
  if (key === '-') return [...parent, value];
  const at = indexIn(key, parent.length);
  if (typeof at === 'number') return parent.toSpliced(at, 0, value);
  throw unapplied(words(at.startsWith('strconv') ? `value was not a proper array index: '${key}': ${at}` : at));
}

function remove(document: JsonValue, path: string): JsonValue {
  return removeKey(document, path, (problem) => `error in remove for path: '${path}': ${problem}`);
}

function removeKey(document: JsonValue, path: string, words: (problem: string) => string): JsonValue {
  const missing = `remove operation does not apply: doc is missing path: "${path}": missing value`;
  return changeParent(document, path, missing, (parent, key) => {
    if (!isObject(parent)) {
      const at = indexIn(key, parent.length - 1);
      if (typeof at === 'string') throw unapplied(words(at));
      return parent.toSpliced(at, 1);
    }
    if (!Object.hasOwn(parent, key)) throw unapplied(words(`Unable to remove nonexistent key: ${key}: missing value`));
    return Object.fromEntries(Object.entries(parent).filter(([name]) => name !== key));
  });
}

function replace(document: JsonValue, path: string, value: JsonValue): JsonValue {
  if (path === '') {
    if (isObject(value) || isList(value)) return value;
    throw unapplied('replace operation value must be object or array');
  }
  const missing = `replace operation does not apply: doc is missing path: ${path}: missing value`;
  return changeParent(document, path, missing, (parent, key) => {
    if (isObject(parent)) return withKey(parent, key, value);
    const at = indexIn(key, parent.length - 1);
    if (typeof at === 'number') return parent.with(at, value);
    throw unapplied(`replace operation does not apply: doc is missing key: ${path}: missing value`);
  });
}

/** What stands at a path, null where its parent lacks it. */
function read(document: JsonValue, path: string, kind: 'move' | 'copy'): JsonValue {
  const parent = parentOf(document, path);
  if (parent === undefined)
    throw unapplied(`${kind} operation does not apply: doc is missing from path: ${path}: missing value`);
  const where = kind === 'move' ? `error in move for path: '${keyOf(path)}'` : `error in copy for from: '${path}'`;
  return valueIn(parent, keyOf(path), (problem) => `${where}: ${problem}`);
}

function test(document: JsonValue, path: string, value: JsonValue): JsonValue {
  const failed = `testing value ${path} failed: test failed`;
  if (path === '') {
    if (equal(document, value)) return document;
    throw unapplied(failed);
  }
  const parent = parentOf(document, path);
  if (parent === undefined) throw unapplied(`test operation does not apply: is missing path: ${path}: missing value`);
  const found = valueIn(parent, keyOf(path), (problem) => `error in test for path: '${path}': ${problem}`);
  if (!equal(found, value)) throw unapplied(failed);
  return document;
}

function valueIn(parent: Parent, key: string, words: (problem: string) => string): JsonValue {
  if (isObject(parent)) return own(parent, key) ?? null;
  const at = indexIn(key, parent.length - 1);
  if (typeof at === 'string') throw unapplied(words(at));
  return parent[at] ?? null;
}

function parentOf(document: JsonValue, path: string): Parent | undefined {
  const parts = split(path);
  let here: JsonValue | undefined = parts ? document : undefined;
  for (const part of parts?.slice(0, -1) ?? []) {
    if (isList(here)) {
      const at = indexIn(part, here.length - 1);
      here = typeof at === 'number' ? here[at] : undefined;
    } else here = isObject(here) ? own(here, part) : undefined;
  }
  return isObject(here) || isList(here) ? here : undefined;
}

function unapplied(message: string): PatchError {
  return new PatchError(message, 422);
}
