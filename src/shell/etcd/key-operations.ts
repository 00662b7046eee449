// What get, put and del ask of etcd, on the command line and in a transaction's lines; and how their answers print.
import type { Process } from '../../api/program.ts';
import { concatBytes, decodeUtf8, encodeBase64, encodeUtf8 } from '../../base/bytes.ts';
import type { JsonObject } from '../../base/json.ts';
import { readAll } from '../text/line-reader.ts';
import type { Options } from '../text/long-options.ts';
import { bare, type Field, fromHex, headerFields, keyText, listIn, objectIn } from './command.ts';
import { decodeBytes, encodeKey } from './etcd-client.ts';
import { EtcdctlError } from './etcdctl-error.ts';
import { type Flag, number, text, toggle } from './flags.ts';

/** A command's words, whoever gave them. */
export interface KeyWords {
  readonly process: Process;
  readonly options: Options;
  readonly operands: readonly string[];
}

export const getOptions: readonly Flag[] = [
  toggle('prefix', 'all keys that begin so'),
  toggle('from-key', 'this key and all behind it'),
  number('rev', 'as of a revision'),
  number('limit', 'at most so many'),
  text('order', 'ASCEND or DESCEND'),
  text('sort-by', 'CREATE, KEY, MODIFY, VALUE or VERSION'),
  text('consistency', 'linearizable (l) or serializable (s)', { initial: 'l' }),
  toggle('keys-only', 'without values'),
  toggle('count-only', 'how many there are'),
  toggle('print-value-only', 'without keys, in the "simple" form'),
  number('min-create-rev', 'the least create revision'),
  number('max-create-rev', 'the greatest create revision'),
  number('min-mod-rev', 'the least modification revision'),
  number('max-mod-rev', 'the greatest modification revision'),
];

export const putOptions: readonly Flag[] = [
  text('lease', 'the lease that it hangs on, in hexadecimal', { initial: '0' }),
  toggle('prev-kv', 'show what was there'),
  toggle('ignore-value', 'keep the value'),
  toggle('ignore-lease', 'keep the lease'),
];

export const delOptions: readonly Flag[] = [
  toggle('prefix', 'all keys that begin so'),
  toggle('from-key', 'this key and all behind it'),
  toggle('prev-kv', 'show what was there'),
  toggle('range', 'a range is meant: do not wait'),
];

/** Throws EtcdctlError. */
export function getRequest({ options, operands }: KeyWords): JsonObject {
  const number = (name: string): number => Number(options.text(name) ?? 0);
  if (operands.length === 0)
    throw badArguments('get command needs one argument as key and an optional argument as range_end');
  checkRange(options);
  if (options.has('keys-only') && options.has('count-only'))
    throw badArguments('`--keys-only` and `--count-only` cannot be set at the same time, choose one');
  const limits = [
    ['CreateRev', 'create-rev', 'create_revision'],
    ['ModRev', 'mod-rev', 'mod_revision'],
  ] as const;
  const bounds: Record<string, string> = {};
  const isSerial = isSerializable(options.text('consistency'));
  const keys = rangeOf(operands, options);
  const sort = sortOf(options);
  for (const [goName, option, field] of limits) {
    const [min, max] = [number(`min-${option}`), number(`max-${option}`)];
    if (max > 0 && min > max) throw new EtcdctlError(`getMin${goName}(=${min}) > getMax${goName}(=${max})`, 4);
    if (min > 0) bounds[`min_${field}`] = String(min);
    if (max > 0) bounds[`max_${field}`] = String(max);
  }
  return {
    ...keys,
    ...(number('limit') !== 0 && { limit: String(number('limit')) }),
    ...(number('rev') > 0 && { revision: String(number('rev')) }),
    ...sort,
    ...(isSerial && { serializable: true }),
    ...(options.has('keys-only') && { keys_only: true }),
    ...(options.has('count-only') && { count_only: true }),
    ...bounds,
  };
}

function sortOf(options: Options): JsonObject {
  const order = (options.text('order') ?? '').toUpperCase();
  if (!['', 'ASCEND', 'DESCEND'].includes(order)) throw new EtcdctlError(`bad sort order ${options.text('order')}`, 4);
  const target = (options.text('sort-by') ?? '').toUpperCase();
  if (!['', 'CREATE', 'KEY', 'MODIFY', 'VALUE', 'VERSION'].includes(target))
    throw new EtcdctlError(`bad sort target ${options.text('sort-by')}`, 4);
  return {
    ...(order !== '' && { sort_order: order }),
    ...(target !== '' && { sort_target: target === 'MODIFY' ? 'MOD' : target }),
  };
}

/** Throws EtcdctlError. */
export function isSerializable(consistency = 'l', told = consistency): boolean {
  if (consistency !== 's' && consistency !== 'l')
    throw new EtcdctlError(`unknown consistency flag ${JSON.stringify(told)}`, 4);
  return consistency === 's';
}

/** Throws EtcdctlError. */
export async function putRequest({ options, operands, process }: KeyWords): Promise<JsonObject> {
  const complaint = 'put command needs 1 argument and input from stdin or 2 arguments';
  const [key, given] = operands;
  if (key === undefined) throw badArguments(complaint);
  const keeps = options.has('ignore-value');
  if (keeps && given !== undefined) throw badArguments("put command needs only 1 argument when 'ignore-value' is set");
  const value = keeps ? new Uint8Array() : given === undefined ? await readAll(process.stdin) : encodeUtf8(given);
  if (!keeps && given === undefined && value.length === 0) throw badArguments(complaint);
  const lease = fromHex(options.text('lease') ?? '0', 'bad lease ID', 'ParseInt');
  return {
    key: encodeKey(key),
    ...(value.length > 0 && { value: encodeBase64(value) }),
    ...(lease !== '0' && { lease }),
    ...(options.has('prev-kv') && { prev_kv: true }),
    ...(keeps && { ignore_value: true }),
    ...(options.has('ignore-lease') && { ignore_lease: true }),
  };
}

const delayMs = 2000;

/** Throws EtcdctlError. */
export async function delRequest({ options, operands, process }: KeyWords): Promise<JsonObject> {
  if (operands.length === 0 || operands.length > 2)
    throw badArguments('del command needs one argument as key and an optional argument as range_end');
  checkRange(options);
  const keys = rangeOf(operands, options);
  if (operands.length === 2 && !options.has('range')) {
    const [from = '', to = ''] = operands.map((operand) => JSON.stringify(operand));
    await process.stderr.write(
      `Warning: Keys between ${from} and ${to} will be deleted. Please interrupt the command within next 2 seconds to cancel. You can provide \`--range\` flag to avoid the delay.\n`,
    );
    await process.clock.sleep(delayMs, process.cancel);
  }
  return { ...keys, ...(options.has('prev-kv') && { prev_kv: true }) };
}

function checkRange(options: Options): void {
  if (options.has('prefix') && options.has('from-key'))
    throw badArguments('`--prefix` and `--from-key` cannot be set at the same time, choose one');
}

function rangeOf([key = '', end]: readonly string[], options: Options): JsonObject {
  if (end !== undefined && (options.has('prefix') || options.has('from-key')))
    throw badArguments('too many arguments, only accept one argument when `--prefix` or `--from-key` is set');
  if (options.has('prefix')) return prefixRange(key);
  if (options.has('from-key')) return { key: encodeKey(key === '' ? '\0' : key), range_end: encodeKey('\0') };
  return { key: encodeKey(key), ...(end !== undefined && { range_end: encodeKey(end) }) };
}

/** All keys that begin so. */
export function prefixRange(prefix: string): { readonly key: string; readonly range_end: string } {
  if (prefix === '') return { key: encodeKey('\0'), range_end: encodeKey('\0') };
  const last = prefix.charCodeAt(prefix.length - 1);
  return { key: encodeKey(prefix), range_end: encodeKey(prefix.slice(0, -1) + String.fromCharCode(last + 1)) };
}

function badArguments(complaint: string): EtcdctlError {
  return new EtcdctlError(complaint, 128);
}

export interface SimpleOptions {
  readonly hex: boolean;
  readonly valueOnly?: boolean;
}

const newline = encodeUtf8('\n');

export function simpleItem(item: JsonObject, { hex, valueOnly }: SimpleOptions): Uint8Array {
  const shown = (value: unknown): Uint8Array => {
    const bytes = decodeBytes(value);
    return hex ? encodeUtf8([...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')) : bytes;
  };
  return concatBytes([...(valueOnly ? [] : [shown(item.key), newline]), shown(item.value), newline]);
}

export function simpleGet(answer: JsonObject, options: SimpleOptions): Uint8Array {
  return concatBytes(listIn(answer, 'kvs').map((item) => simpleItem(item, options)));
}

export function simplePut(answer: JsonObject, options: SimpleOptions): Uint8Array {
  const previous = answer.prev_kv ? [simpleItem(objectIn(answer, 'prev_kv'), options)] : [];
  return concatBytes([encodeUtf8('OK\n'), ...previous]);
}

export function simpleDel(answer: JsonObject, options: SimpleOptions): Uint8Array {
  const gone = listIn(answer, 'prev_kvs').map((item) => simpleItem(item, options));
  return concatBytes([encodeUtf8(`${bare(answer.deleted)}\n`), ...gone]);
}

export function itemFields(item: JsonObject, prefix = ''): readonly Field[] {
  return [
    [`${prefix}Key`, keyText(item)],
    [`${prefix}CreateRevision`, bare(item.create_revision)],
    [`${prefix}ModRevision`, bare(item.mod_revision)],
    [`${prefix}Version`, bare(item.version)],
    [`${prefix}Value`, decodeUtf8(decodeBytes(item.value))],
    [`${prefix}Lease`, bare(item.lease), 'lease'],
  ];
}

export function getFields(answer: JsonObject): readonly Field[] {
  const items = listIn(answer, 'kvs').flatMap((item) => itemFields(item));
  return [...headerFields(answer), ...items, ['More', answer.more === true], ['Count', bare(answer.count)]];
}

export function putFields(answer: JsonObject): readonly Field[] {
  return [...headerFields(answer), ...(answer.prev_kv ? itemFields(objectIn(answer, 'prev_kv'), 'Prev') : [])];
}

export function delFields(answer: JsonObject): readonly Field[] {
  const gone = listIn(answer, 'prev_kvs').flatMap((item) => itemFields(item, 'Prev'));
  return [...headerFields(answer), ['Deleted', bare(answer.deleted)], ...gone];
}
