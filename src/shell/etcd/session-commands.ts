// etcdctl lock and elect: keys of a lease that is kept alive, of which the oldest has the lock or is the leader.
//
//   name/694d71ddacfda10a   created at 41   holds it
//   name/694d71ddacfda20c   created at 43   waits until 41 is gone
import { isObject, type JsonObject } from '../../base/json.ts';
import { bare, type EtcdctlCall, type EtcdctlCommand, hex, listIn, objectIn, print, textIn } from './command.ts';
import { encodeKey } from './etcd-client.ts';
import { EtcdctlError } from './etcdctl-error.ts';
import { number, toggle } from './flags.ts';
import { getFields, prefixRange, simpleGet } from './key-operations.ts';
import { runCommand } from './watch-command.ts';

interface Candidate {
  readonly prefix: string;
  readonly key: string;
  readonly lease: string;
  readonly revision: bigint;
  /** Of the answer that said that it has it. */
  readonly headRevision: string;
}

const lock: EtcdctlCommand = {
  name: 'lock',
  use: '<lockname> [exec-command arg1 arg2 ...]',
  about: 'Acquires a named lock',
  options: [number('ttl', 'how long the session lives unrenewed', { initial: '10' })],
  async run(call) {
    const [name, ...argv] = call.operands;
    if (name === undefined)
      throw new EtcdctlError('lock takes a lock name argument and an optional command to execute', 128);
    const held = await stand(call, { name, value: '', ttl: call.options.text('ttl') ?? '10' });
    if (argv.length > 0) return runHolding(call, held, argv);
    await printKey(call, held.key, 'lock lost on init');
    if (!(await held.ended)) throw new EtcdctlError('session expired');
    await call.client.call('/v3/kv/deleterange', { key: encodeKey(held.key) });
    return 0;
  },
};

async function runHolding(call: EtcdctlCall, held: Candidate, argv: readonly string[]): Promise<number> {
  const { env, cwd, stdin, stdout, stderr } = call.process;
  const told = new Map([['ETCD_LOCK_KEY', held.key], ['ETCD_LOCK_REV', held.headRevision], ...env]);
  const problem = await runCommand(call, argv, { env: told, cwd, stdin, stdout, stderr });
  await call.client.call('/v3/kv/deleterange', { key: encodeKey(held.key) });
  if (problem) throw new EtcdctlError(problem.text, problem.status);
  return 0;
}

const elect: EtcdctlCommand = {
  name: 'elect',
  use: '<election-name> [proposal]',
  about: 'Observes and participates in leader election',
  options: [toggle('listen', 'look on', { short: 'l' })],
  async run(call) {
    const [name, proposal] = call.operands;
    const listens = call.options.has('listen');
    if (name === undefined || call.operands.length > 2)
      throw new EtcdctlError('elect takes one election name argument and an optional proposal argument', 128);
    if (proposal === undefined) {
      if (!listens) throw new EtcdctlError('no proposal argument but -l not set', 128);
      return observe(call, `${name}/`);
    }
    if (listens) throw new EtcdctlError('proposal given but -l is set', 128);
    const held = await stand(call, { name, value: proposal, ttl: '60' });
    await printKey(call, held.key, '');
    if (!(await held.ended)) throw new EtcdctlError('elect: session expired');
    await call.client.call('/v3/kv/txn', {
      compare: [
        { key: encodeKey(held.key), target: 'CREATE', result: 'EQUAL', create_revision: String(held.revision) },
      ],
      success: [{ request_delete_range: { key: encodeKey(held.key) } }],
    });
    return 0;
  },
};

interface Standing {
  readonly name: string;
  readonly value: string;
  readonly ttl: string;
}

/** Puts a key of its own and waits until it is the oldest. `ended`: true when told to end, false when the lease is over. */
async function stand(
  call: EtcdctlCall,
  { name, value, ttl }: Standing,
): Promise<Candidate & { readonly ended: Promise<boolean> }> {
  const { client } = call;
  const lease = textIn(await client.call('/v3/lease/grant', { TTL: ttl }), 'ID');
  const told = new Promise<boolean>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) call.process.onSignal(signal, () => resolve(true));
  });
  const ended = Promise.race([told, keepAlive(call, lease, Number(ttl))]);
  const prefix = `${name}/`;
  const key = `${prefix}${hex(lease)}`;
  const answer = await client.call('/v3/kv/txn', {
    compare: [{ key: encodeKey(key), target: 'CREATE', result: 'EQUAL', create_revision: '0' }],
    success: [{ request_put: { key: encodeKey(key), ...(value !== '' && { value: encodeKey(value) }), lease } }],
  });
  const headRevision = textIn(objectIn(answer, 'header'), 'revision');
  const candidate = { prefix, key, lease, revision: bare(headRevision), headRevision, ended };
  const early = await Promise.race([ended, waitForOlder(call, candidate)]);
  if (early === undefined) return candidate;
  await client.call('/v3/kv/deleterange', { key: encodeKey(key) });
  throw new EtcdctlError('context canceled');
}

/** False when the lease is over. */
async function keepAlive(call: EtcdctlCall, ID: string, ttlSeconds: number): Promise<boolean> {
  const { clock, cancel } = call.process;
  for (;;) {
    await clock.sleep((ttlSeconds * 1000) / 3, cancel);
    const answer = await call.client.call('/v3/lease/keepalive', { ID });
    if (bare(objectIn(answer, 'result').TTL) <= 0n) return false;
  }
}

/** Waits until no key below the prefix is older than its own. */
async function waitForOlder({ client }: EtcdctlCall, { prefix, revision }: Candidate): Promise<undefined> {
  for (;;) {
    const answer = await client.call('/v3/kv/range', {
      ...prefixRange(prefix),
      max_create_revision: String(revision - 1n),
      sort_order: 'DESCEND',
      sort_target: 'CREATE',
      limit: '1',
    });
    const [older] = listIn(answer, 'kvs');
    if (!older) return undefined;
    const from = String(bare(objectIn(answer, 'header').revision) + 1n);
    for await (const change of client.watch({ key: textIn(older, 'key'), start_revision: from }))
      if (listIn(objectIn(change, 'result'), 'events').some(({ type }) => type === 'DELETE')) break;
  }
}

async function printKey(call: EtcdctlCall, key: string, complaint: string): Promise<void> {
  const answer = await call.client.call('/v3/kv/range', { key: encodeKey(key) });
  if (complaint !== '' && listIn(answer, 'kvs').length === 0) throw new EtcdctlError(complaint);
  await tell(call, answer);
}

async function tell(call: EtcdctlCall, answer: JsonObject): Promise<void> {
  const simple = simpleGet(answer, call);
  await print(call, { simple, json: answer, fields: getFields(answer), message: ['RangeResponse', answer] });
}

/** Prints who leads, and who leads then. */
async function observe(call: EtcdctlCall, prefix: string): Promise<number> {
  const { client } = call;
  for (;;) {
    const first = await client.call('/v3/kv/range', {
      ...prefixRange(prefix),
      sort_order: 'ASCEND',
      sort_target: 'CREATE',
      limit: '1',
    });
    const from = String(bare(objectIn(first, 'header').revision) + 1n);
    const [leader] = listIn(first, 'kvs');
    if (leader) await tell(call, first);
    const range = leader ? { key: textIn(leader, 'key') } : prefixRange(prefix);
    for await (const { result } of client.watch({ ...range, start_revision: from })) {
      const { events, header } = isObject(result) ? { events: listIn(result, 'events'), header: result.header } : {};
      if (!leader && (events?.length ?? 0) > 0) break;
      for (const event of events ?? [])
        if (event.type !== 'DELETE') await tell(call, { header: header ?? null, kvs: [objectIn(event, 'kv')] });
      if (events?.some(({ type }) => type === 'DELETE')) break;
    }
  }
}

export const sessionCommands: readonly EtcdctlCommand[] = [lock, elect];
