// etcdctl make-mirror: copies the keys of one cluster to another, and what happens to them from then on.
import { isObject, type JsonObject } from '../../base/json.ts';
import { bare, type EtcdctlCall, type EtcdctlCommand, keyText, listIn, objectIn, textIn } from './command.ts';
import { EtcdClient, encodeKey } from './etcd-client.ts';
import { EtcdctlError } from './etcdctl-error.ts';
import { count, number, text, toggle } from './flags.ts';
import { prefixRange } from './key-operations.ts';

/** How often it tells how many keys it has copied. */
const tellMs = 30_000;

export const makeMirror: EtcdctlCommand = {
  name: 'make-mirror',
  use: '[options] <destination>',
  about: 'Makes a mirror at the destination etcd cluster',
  options: [
    text('prefix', 'of the keys that are copied'),
    number('rev', 'copy changes from this revision on, and nothing before'),
    count('max-txn-ops', 'changes in one transaction', { initial: '128' }),
    text('dest-prefix', 'what the prefix becomes'),
    toggle('no-dest-prefix', 'the prefix is left out'),
    text('dest-cert', 'the client certificate for the destination'),
    text('dest-key', "its certificate's key"),
    text('dest-cacert', 'the authority that the destination is checked with'),
    toggle('dest-insecure-transport', 'without TLS', { initial: 'true' }),
  ],
  async run(call) {
    const { operands, options, process } = call;
    const [destination] = operands;
    if (destination === undefined || operands.length !== 1)
      throw new EtcdctlError('make-mirror takes one destination argument', 128);
    const plain = options.has('no-dest-prefix');
    const prefix = options.text('prefix') ?? '';
    const moved = options.text('dest-prefix') ?? '';
    if (plain && moved !== '')
      throw new EtcdctlError('`--dest-prefix` and `--no-dest-prefix` cannot be set at the same time, choose one', 128);
    call.file('dest-key'); // must be there, as --key must
    const there = new EtcdClient(process, {
      ...call.client.settings,
      endpoints: [destination],
      authorities: call.file('dest-cacert'),
      certificate: call.file('dest-cert'),
      alwaysSecure: options.text('dest-insecure-transport') === 'false',
    });
    const to = plain || moved !== '' ? moved : prefix;
    const mirror: Mirror = { call, there, prefix, rename: (key) => key.replace(prefix, () => to), copied: 0 };
    tellProgress(mirror);
    const rev = Number(options.text('rev') ?? 0);
    await follow(mirror, rev > 0 ? String(rev) : await copyAll(mirror));
    throw new EtcdctlError('<nil>');
  },
};

interface Mirror {
  readonly call: EtcdctlCall;
  readonly there: EtcdClient;
  readonly prefix: string;
  rename(key: string): string;
  copied: number;
}

async function tellProgress(mirror: Mirror): Promise<void> {
  const { clock, cancel } = mirror.call.process;
  while (!cancel.cancelled) {
    await clock.sleep(tellMs, cancel);
    await mirror.call.out(`${mirror.copied}\n`);
  }
}

/** Returns the revision that changes are copied from. */
async function copyAll(mirror: Mirror): Promise<string> {
  const answer = await mirror.call.client.call('/v3/kv/range', prefixRange(mirror.prefix));
  for (const item of listIn(answer, 'kvs')) {
    await mirror.there.call('/v3/kv/put', putOf(mirror, item));
    mirror.copied++;
  }
  return String(bare(objectIn(answer, 'header').revision) + 1n);
}

async function follow(mirror: Mirror, start_revision: string): Promise<void> {
  const most = Number(mirror.call.options.text('max-txn-ops') ?? 128);
  for await (const { result } of mirror.call.client.watch({ ...prefixRange(mirror.prefix), start_revision })) {
    if (!isObject(result)) continue;
    if (bare(result.compact_revision) > 0n)
      throw new EtcdctlError('etcdserver: mvcc: required revision has been compacted');
    const byRevision = new Map<string, JsonObject[]>();
    for (const event of listIn(result, 'events')) {
      const item = objectIn(event, 'kv');
      const revision = textIn(item, 'mod_revision');
      const key = encodeKey(mirror.rename(keyText(item)));
      const change = event.type === 'DELETE' ? { request_delete_range: { key } } : { request_put: putOf(mirror, item) };
      byRevision.set(revision, [...(byRevision.get(revision) ?? []), change]);
      mirror.copied++;
    }
    for (const changes of byRevision.values())
      for (let at = 0; at < changes.length; at += most)
        await mirror.there.call('/v3/kv/txn', { success: changes.slice(at, at + most) });
  }
}

function putOf(mirror: Mirror, item: JsonObject): JsonObject {
  return { key: encodeKey(mirror.rename(keyText(item))), ...(item.value !== undefined && { value: item.value }) };
}
