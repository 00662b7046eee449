// etcdctl get, put, del, watch, compaction.
import { concatBytes, encodeBase64, encodeUtf8 } from '../../base/bytes.ts';
import type { JsonObject } from '../../base/json.ts';
import { readAll } from '../text/line-reader.ts';
import type { OptionSpec } from '../text/long-options.ts';
import {
  argument,
  bare,
  type EtcdctlCall,
  type EtcdctlCommand,
  type Field,
  fromHex,
  headerFields,
  keyText,
  listIn,
  objectIn,
  print,
  textIn,
} from './command.ts';
import { decodeBytes, EtcdctlError, encodeKey } from './etcd-client.ts';
import { printJson } from './print-json.ts';

const newline = encodeUtf8('\n');

const rangeOptions: readonly OptionSpec[] = [
  { name: 'prefix', kind: 'switch', about: 'all keys that begin so' },
  { name: 'from-key', kind: 'switch', about: 'all keys from this one on' },
];

const get: EtcdctlCommand = {
  name: 'get',
  about: 'Gets the key or a range of keys',
  options: [
    ...rangeOptions,
    { name: 'rev', kind: 'text', about: 'as of a revision' },
    { name: 'limit', kind: 'text', about: 'at most so many' },
    { name: 'order', kind: 'text', about: 'ASCEND or DESCEND' },
    { name: 'sort-by', kind: 'text', about: 'CREATE, KEY, MODIFY, VALUE or VERSION' },
    { name: 'consistency', kind: 'text', about: 'l: linearizable, s: serializable' },
    { name: 'keys-only', kind: 'switch', about: 'without values' },
    { name: 'count-only', kind: 'switch', about: 'how many' },
    { name: 'print-value-only', kind: 'switch', about: 'without keys' },
  ],
  async run(call) {
    const { options, client } = call;
    const keysOnly = options.has('keys-only');
    const countOnly = options.has('count-only');
    if (keysOnly && countOnly)
      throw new EtcdctlError('`--keys-only` and `--count-only` cannot be set at the same time, choose one', 128);
    const order = options.text('order') ?? (options.text('sort-by') ? 'ASCEND' : undefined);
    const target = options.text('sort-by')?.toUpperCase();
    const answer = await client.call('/v3/kv/range', {
      ...rangeOf(call, 'get command needs one argument as key and an optional argument as range_end'),
      ...numbered(call, { revision: 'rev', limit: 'limit' }),
      ...(options.text('consistency') === 's' && { serializable: true }),
      ...(keysOnly && { keys_only: true }),
      ...(countOnly && { count_only: true }),
      ...(order && { sort_order: order.toUpperCase(), sort_target: target === 'MODIFY' ? 'MOD' : (target ?? 'KEY') }),
    });
    const items = listIn(answer, 'kvs');
    if (call.form === 'simple') {
      const valueOnly = options.has('print-value-only');
      for (const item of items) {
        if (!valueOnly) await call.out(concatBytes([decodeBytes(item.key), newline]));
        await call.out(keysOnly ? newline : concatBytes([decodeBytes(item.value), newline]));
      }
      return 0;
    }
    return print(call, {
      simple: '',
      json: answer,
      fields: [
        ...headerFields(answer),
        ...items.flatMap(itemFields),
        ['More', answer.more === true],
        ['Count', bare(answer.count)],
      ],
    });
  },
};

function itemFields(item: JsonObject): readonly Field[] {
  return [
    ['Key', keyText(item)],
    ['CreateRevision', bare(item.create_revision)],
    ['ModRevision', bare(item.mod_revision)],
    ['Version', bare(item.version)],
    ['Value', keyText({ key: item.value ?? '' })],
    ['Lease', bare(item.lease)],
  ];
}

const put: EtcdctlCommand = {
  name: 'put',
  about: 'Puts the given key into the store',
  options: [
    { name: 'lease', kind: 'text', about: 'the lease that it hangs on (hexadecimal)' },
    { name: 'prev-kv', kind: 'switch', about: 'show what was there' },
  ],
  async run(call) {
    const complaint = 'put command needs 1 argument and input from stdin or 2 arguments';
    const key = argument(call, 0, complaint);
    const value = call.operands[1] === undefined ? await readAll(call.process.stdin) : encodeUtf8(call.operands[1]);
    const lease = call.options.text('lease');
    const answer = await call.client.call('/v3/kv/put', {
      key: encodeKey(key),
      value: encodeBase64(value),
      ...(lease && lease !== '0' && { lease: fromHex(lease, 'lease ID') }),
      ...(call.options.has('prev-kv') && { prev_kv: true }),
    });
    const previous = objectIn(answer, 'prev_kv');
    const shown = answer.prev_kv ? `${keyText(previous)}\n${keyText({ key: previous.value ?? '' })}\n` : '';
    return print(call, { simple: `OK\n${shown}`, json: answer, fields: headerFields(answer) });
  },
};

const del: EtcdctlCommand = {
  name: 'del',
  about: 'Removes the specified key or range of keys [key, range_end)',
  options: [...rangeOptions, { name: 'prev-kv', kind: 'switch', about: 'show what was there' }],
  async run(call) {
    const answer = await call.client.call('/v3/kv/deleterange', {
      ...rangeOf(call, 'del command needs one argument as key and an optional argument as range_end'),
      ...(call.options.has('prev-kv') && { prev_kv: true }),
    });
    const previous = listIn(answer, 'prev_kvs').map(
      (item) => `${keyText(item)}\n${keyText({ key: item.value ?? '' })}\n`,
    );
    return print(call, {
      simple: `${textIn(answer, 'deleted')}\n${previous.join('')}`,
      json: answer,
      fields: [...headerFields(answer), ['Deleted', bare(answer.deleted)]],
    });
  },
};

const watch: EtcdctlCommand = {
  name: 'watch',
  about: 'Watches events stream on keys or prefixes',
  options: [
    { name: 'prefix', kind: 'switch', about: 'all keys that begin so' },
    { name: 'rev', kind: 'text', about: 'from a revision on' },
    { name: 'prev-kv', kind: 'switch', about: 'show what was there' },
  ],
  async run(call) {
    const create = {
      ...rangeOf(call, 'watch in non-interactive mode requires 1 or 2 arguments'),
      ...numbered(call, { start_revision: 'rev' }),
      ...(call.options.has('prev-kv') && { prev_kv: true }),
    };
    for await (const line of call.client.follow('/v3/watch', { create_request: create })) {
      const result = objectIn(line, 'result');
      if (result.canceled === true) throw new EtcdctlError('etcdserver: mvcc: required revision has been compacted');
      const events = listIn(result, 'events');
      if (events.length === 0) continue;
      if (call.form === 'json') await call.out(`${printJson(result)}\n`);
      else for (const event of events) await call.out(changeText(event));
    }
    return 0;
  },
};

function changeText(event: JsonObject): Uint8Array {
  const item = objectIn(event, 'kv');
  const before = objectIn(event, 'prev_kv');
  const pair = ({ key, value }: JsonObject) => [decodeBytes(key), newline, decodeBytes(value), newline];
  return concatBytes([
    encodeUtf8(`${event.type === 'DELETE' ? 'DELETE' : 'PUT'}\n`),
    ...(event.prev_kv ? pair(before) : []),
    ...pair(item),
  ]);
}

const compaction: EtcdctlCommand = {
  name: 'compaction',
  about: 'Compacts the event history in etcd',
  options: [{ name: 'physical', kind: 'switch', about: 'wait until it is done on the disk' }],
  async run(call) {
    const revision = argument(call, 0, 'compaction command needs 1 argument');
    await call.client.call('/v3/kv/compaction', { revision });
    await call.out(`compacted revision ${revision}\n`);
    return 0;
  },
};

function rangeOf(call: EtcdctlCall, complaint: string): JsonObject {
  const key = argument(call, 0, complaint);
  const [, end] = call.operands;
  if (call.options.has('prefix')) {
    return key === ''
      ? { key: encodeKey('\0'), range_end: encodeKey('\0') }
      : { key: encodeKey(key), range_end: encodeKey(prefixEnd(key)) };
  }
  if (call.options.has('from-key')) return { key: encodeKey(key === '' ? '\0' : key), range_end: encodeKey('\0') };
  return { key: encodeKey(key), ...(end !== undefined && { range_end: encodeKey(end) }) };
}

/** The first key that does not begin so any more. */
function prefixEnd(prefix: string): string {
  const last = prefix.charCodeAt(prefix.length - 1);
  return prefix.slice(0, -1) + String.fromCharCode(last + 1);
}

function numbered({ options }: EtcdctlCall, names: Readonly<Record<string, string>>): JsonObject {
  return Object.fromEntries(
    Object.entries(names).flatMap(([field, option]) => {
      const text = options.text(option);
      if (text === undefined) return [];
      if (!/^\d+$/.test(text))
        throw new EtcdctlError(`invalid argument ${JSON.stringify(text)} for "--${option}" flag`);
      return [[field, text]];
    }),
  );
}

export const keyCommands: readonly EtcdctlCommand[] = [get, put, del, watch, compaction];
