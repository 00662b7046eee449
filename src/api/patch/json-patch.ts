// JSON patches (RFC 6902): a list of operations on paths, applied one after the other, all or none.
import { equal, isList, isObject, type JsonObject, type JsonValue, own } from '../../base/json.ts';
import { PatchError } from './patch-error.ts';

/** The server applies no more operations than this at once. */
const operationsMax = 10_000;

/** The patched document. Throws {@link PatchError}: 400 for no patch, 413 for a long one, 422 when it does not apply. */
export function applyJsonPatch(document: JsonValue, patch: JsonValue): JsonValue {
  if (!isList(patch)) throw new PatchError(notAPatch(patch), 400);
  if (patch.length > operationsMax) {
    const text = `The allowed maximum operations in a JSON patch is ${operationsMax}, got ${patch.length}`;
    throw new PatchError(text, 413);
  }
  let result = document;
  for (const operation of patch) {
    if (!isObject(operation)) throw new PatchError(notAnOperation(operation), 400);
    result = applyOperation(result, operation);
  }
  return result;
}

function notAPatch(patch: JsonValue): string {
  const what = isObject(patch) ? 'object' : typeof patch === 'boolean' ? 'bool' : typeof patch;
  return `error decoding patch: json: cannot unmarshal ${what} into Go value of type []handlers.jsonPatchOp`;
}

function notAnOperation(operation: JsonValue): string {
  const what = isList(operation) ? 'array' : typeof operation === 'boolean' ? 'bool' : typeof operation;
  return `error decoding patch: json: cannot unmarshal ${what} into Go value of type handlers.jsonPatchOp`;
}

function applyOperation(document: JsonValue, operation: JsonObject): JsonValue {
  const kind = textOf(operation, 'op');
  const path = textOf(operation, 'path');
  if (operations.has(kind) && typeof own(operation, 'path') !== 'string')
    throw new PatchError(`${kind} operation failed to decode path: missing value`, 422);
  const value = own(operation, 'value');
  switch (kind) {
    case 'add':
      return add(document, path, value ?? null);
    case 'remove':
      return remove(document, path, 'remove');
    case 'replace':
      return replace(document, path, value ?? null);
    case 'move': {
      const from = textOf(operation, 'from');
      const moved = read(document, from, 'move');
      return add(remove(document, from, 'move'), path, moved);
    }
    case 'copy':
      return add(document, path, read(document, textOf(operation, 'from'), 'copy'));
    case 'test':
      return test(document, path, value ?? null);
    default:
      throw new PatchError(`Unexpected kind: ${kind || 'unknown'}`, 422);
  }
}

const operations = new Set(['add', 'remove', 'replace', 'move', 'copy', 'test']);

function textOf(operation: JsonObject, key: string): string {
  const value = own(operation, key);
  return typeof value === 'string' ? value : '';
}

/** `/a~1b/0` as ['a/b', '0']. */
function split(path: string): readonly string[] {
  return path === ''
    ? []
    : path
        .split('/')
        .slice(1)
        .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Rebuilds the document with what `change` makes of the parent of the path's last part. */
function changeParent(
  document: JsonValue,
  path: string,
  missing: () => PatchError,
  change: (parent: JsonObject | readonly JsonValue[], key: string) => JsonValue,
): JsonValue {
  const parts = split(path);
  if (parts.length === 0) throw missing();
  const walk = (here: JsonValue | undefined, depth: number): JsonValue => {
    if (!isObject(here) && !isList(here)) throw missing();
    const key = parts[depth] ?? '';
    if (depth === parts.length - 1) return change(here, key);
    if (isList(here)) {
      const index = indexOf(here, key, here.length - 1, () => missing());
      return here.with(index, walk(here[index], depth + 1));
    }
    return withKey(here, key, walk(own(here, key), depth + 1));
  };
  return walk(document, 0);
}

function withKey(object: JsonObject, key: string, value: JsonValue): JsonObject {
  return Object.fromEntries([...Object.entries(object).filter(([name]) => name !== key), [key, value]]);
}

/** The position that a key names. Throws what is wrong with it, in the words of the operation. */
function indexOf(list: readonly JsonValue[], key: string, max: number, words: (why: string) => PatchError): number {
  if (!/^-?\d+$/.test(key)) throw words(`strconv.Atoi: parsing ${JSON.stringify(key)}: invalid syntax`);
  const index = Number(key);
  const at = index < 0 ? index + list.length : index;
  if (at < 0 || at > max) throw words(`Unable to access invalid index: ${index}: invalid index referenced`);
  return at;
}

const failed = (operation: string, path: string) => (why: string) =>
  unapplied(`error in ${operation} for path: '${path}': ${why}`);

function add(document: JsonValue, path: string, value: JsonValue): JsonValue {
  const missing = () => unapplied(`add operation does not apply: doc is missing path: "${path}": missing value`);
  return changeParent(document, path, missing, (parent, key) => {
    if (isObject(parent)) return withKey(parent, key, value);
    if (key === '-') return [...parent, value];
    const words = (why: string) => {
      const number = why.startsWith('strconv') ? `value was not a proper array index: '${key}': ${why}` : why;
      return failed('add', path)(number);
    };
    return parent.toSpliced(indexOf(parent, key, parent.length, words), 0, value);
  });
}

function remove(document: JsonValue, path: string, operation: string): JsonValue {
  const missing = () =>
    unapplied(`${operation} operation does not apply: doc is missing path: "${path}": missing value`);
  return changeParent(document, path, missing, (parent, key) => {
    const words = failed(operation, path);
    if (!isObject(parent)) return parent.toSpliced(indexOf(parent, key, parent.length - 1, words), 1);
    if (!Object.hasOwn(parent, key)) {
      // Upstream names the key alone when it moves.
      const subject = operation === 'move' ? key : path;
      throw failed(operation, subject)(`Unable to remove nonexistent key: ${key}: missing value`);
    }
    return Object.fromEntries(Object.entries(parent).filter(([name]) => name !== key));
  });
}

/** A field of an object that is not there is added. */
function replace(document: JsonValue, path: string, value: JsonValue): JsonValue {
  if (path === '') return value;
  const missing = () => unapplied(`replace operation does not apply: doc is missing path: ${path}: missing value`);
  const noKey = () => unapplied(`replace operation does not apply: doc is missing key: ${path}: missing value`);
  return changeParent(document, path, missing, (parent, key) => {
    if (!isObject(parent)) return parent.with(indexOf(parent, key, parent.length - 1, noKey), value);
    if (!Object.hasOwn(parent, key)) return withKey(parent, key, value);
    return Object.fromEntries(Object.entries(parent).map(([name, old]) => [name, name === key ? value : old]));
  });
}

/** What move and copy take: null for a field that is not there. */
function read(document: JsonValue, path: string, operation: string): JsonValue {
  const missing = () =>
    unapplied(`${operation} operation does not apply: doc is missing from path: ${path}: missing value`);
  const words = (why: string) => unapplied(`error in ${operation} for from: '${path}': ${why}`);
  return find(document, path, { missing, words }) ?? null;
}

interface Words {
  readonly missing: () => PatchError;
  readonly words: (why: string) => PatchError;
}

function find(document: JsonValue, path: string, { missing, words }: Words): JsonValue | undefined {
  const parts = split(path);
  let here: JsonValue | undefined = document;
  for (const [i, part] of parts.entries()) {
    const isLast = i === parts.length - 1;
    if (isList(here)) here = here[indexOf(here, part, here.length - 1, isLast ? words : missing)];
    else if (isObject(here)) here = own(here, part);
    else throw missing();
  }
  return here;
}

function test(document: JsonValue, path: string, value: JsonValue): JsonValue {
  const missing = () => unapplied(`test operation does not apply: is missing path: ${path}: missing value`);
  const found = find(document, path, { missing, words: failed('test', path) });
  if (found === undefined ? value !== null : !equal(found, value))
    throw unapplied(`testing value ${path} failed: test failed`);
  return document;
}

function unapplied(message: string): PatchError {
  return new PatchError(message, 422);
}
