// etcdctl check perf and datascale: how fast etcd takes writes, and how much memory they cost it.

import { encodeBase64 } from '../../base/bytes.ts';
import { readMetrics } from '../../base/metrics-text.ts';
import { bare, type EtcdctlCall, type EtcdctlCommand, listIn, objectIn, textIn } from './command.ts';
import { encodeKey } from './etcd-client.ts';
import { EtcdctlError } from './etcdctl-error.ts';
import { type Flag, text, toggle } from './flags.ts';
import { prefixRange } from './key-operations.ts';

type Load = 's' | 'm' | 'l' | 'xl';

const aliases: ReadonlyMap<string, Load> = new Map([
  ['s', 's'],
  ['small', 's'],
  ['m', 'm'],
  ['medium', 'm'],
  ['l', 'l'],
  ['large', 'l'],
  ['xl', 'xl'],
  ['xLarge', 'xl'],
]);

/** More than this takes a real computer minutes to simulate. */
const writesMax = 100_000;

function loadOf({ options }: EtcdctlCall): Load {
  const given = options.text('load') ?? 's';
  const load = aliases.get(given);
  if (!load) throw new EtcdctlError(`unknown load option ${given}`, 4);
  return load;
}

function checkWrites(count: number, load: Load): void {
  if (count > writesMax)
    throw new EtcdctlError(`the simulator's etcdctl does not have --load ${load}: it would write ${count} keys`);
}

function checkFlags(prefix: string): readonly Flag[] {
  return [
    text('load', 's (small), m (medium), l (large) or xl (xLarge): how many clients write how much', { initial: 's' }),
    text('prefix', 'of the keys that are written', { initial: prefix }),
    toggle('auto-compact', 'compact up to the last revision afterwards'),
    toggle('auto-defrag', 'defragment afterwards'),
  ];
}

const seconds = 60;
const perfLoads = {
  s: { perSecond: 150, clients: 50 },
  m: { perSecond: 1000, clients: 200 },
  l: { perSecond: 8000, clients: 500 },
  xl: { perSecond: 15_000, clients: 1000 },
} as const;
const perfPrefix = '/etcdctl-check-perf/';

const checkPerf: EtcdctlCommand = {
  name: 'check perf',
  use: '[options]',
  about: 'Check the performance of the etcd cluster',
  options: checkFlags(perfPrefix),
  async run(call) {
    const load = loadOf(call);
    const { perSecond, clients } = perfLoads[load];
    checkWrites(perSecond * seconds, load);
    const prefix = call.options.text('prefix') ?? perfPrefix;
    const hint = `'etcdctl del --prefix ${prefix}'`;
    await checkEmpty(call, prefix, hint);
    const count = perSecond * seconds;
    const results = await writeMany(call, { prefix, count, clients, perSecond, keyBytes: 256, valueBytes: 1024 });
    await progress(call, seconds);
    await cleanUp(call, prefix);
    return tellPerf(call, results, perSecond);
  },
};

async function tellPerf(call: EtcdctlCall, results: Results, perSecond: number): Promise<number> {
  const { latencies, errors, tookSeconds } = results;
  const rate = latencies.length / tookSeconds;
  const mean = latencies.reduce((sum, each) => sum + each, 0) / Math.max(1, latencies.length);
  const variance = latencies.reduce((sum, each) => sum + (each - mean) ** 2, 0) / Math.max(1, latencies.length);
  const slowest = latencies.reduce((most, each) => Math.max(most, each), 0);
  const lines = [...errorLines(errors)];
  let passes = errors.size === 0;
  const verdict = (good: boolean, pass: string, fail: string): void => {
    lines.push(good ? pass : fail);
    passes &&= good;
  };
  const writes = `${Math.trunc(rate) + 1} writes/s`;
  verdict(rate / perSecond > 0.9, `PASS: Throughput is ${writes}`, `FAIL: Throughput too low: ${writes}`);
  const [longest, spread] = [slowest, Math.sqrt(variance)].map((value) => `${value.toFixed(6)}s`);
  verdict(slowest <= 0.5, `PASS: Slowest request took ${longest}`, `Slowest request took too long: ${longest}`);
  verdict(Math.sqrt(variance) <= 0.1, `PASS: Stddev is ${spread}`, `Stddev too high: ${spread}`);
  await call.out(`${[...lines, passes ? 'PASS' : 'FAIL'].join('\n')}\n`);
  return passes ? 0 : 1;
}

const scaleLoads = {
  s: { count: 10_000, clients: 50 },
  m: { count: 100_000, clients: 200 },
  l: { count: 1_000_000, clients: 500 },
  xl: { count: 3_000_000, clients: 1000 },
} as const;
const scalePrefix = '/etcdctl-check-datascale/';
const pairBytes = 1024;

const checkDatascale: EtcdctlCommand = {
  name: 'check datascale',
  use: '[options]',
  about: 'Check the memory usage of holding data for different workloads on a given server endpoint.',
  details: 'Of several endpoints the first one is looked at.',
  options: checkFlags(scalePrefix),
  async run(call) {
    const load = loadOf(call);
    const { count, clients } = scaleLoads[load];
    checkWrites(count, load);
    const prefix = call.options.text('prefix') ?? scalePrefix;
    await checkEmpty(call, prefix, `etcdctl del --prefix ${prefix}`);
    const before = await residentBytes(call);
    if (before === undefined) return failRead(call, 'before');
    const pairs = `${count} key-value pairs, ${pairBytes} bytes per key-value, ${clients} concurrent clients`;
    await call.out(`Start data scale check for work load [${pairs}].\n`);
    const { errors } = await writeMany(call, { prefix, count, clients, keyBytes: 512, valueBytes: 512 });
    await progress(call, count);
    const after = await residentBytes(call);
    if (after === undefined) return failRead(call, 'after');
    await cleanUp(call, prefix);
    const megabytes = ((after - before) / 1024 ** 2).toFixed(2);
    const lines = errors.size > 0 ? errorLines(errors) : [`PASS: Approximate system memory used : ${megabytes} MB.`];
    await call.out(`${lines.join('\n')}\n`);
    return errors.size > 0 ? 1 : 0;
  },
};

async function failRead(call: EtcdctlCall, when: string): Promise<number> {
  await call.out(`FAIL: Could not read process_resident_memory_bytes ${when} the put operations.\n`);
  return 1;
}

/** Undefined: it has told why it does not know. Without a scheme nobody speaks TLS, whatever the certificates. */
async function residentBytes(call: EtcdctlCall): Promise<number | undefined> {
  const [first = ''] = call.client.settings.endpoints;
  const endpoint = /^https?:\/\//.test(first) ? first : `http://${first}`;
  const name = 'process_resident_memory_bytes';
  try {
    for (const series of readMetrics(await call.client.document(endpoint, '/metrics')))
      if (series.name === name) return series.value;
    await call.out(`could not find: ${name}\n`);
  } catch (error) {
    if (!(error instanceof EtcdctlError)) throw error;
    await call.out(`fetch error: Get "${endpoint}/metrics": ${error.message}\n`);
  }
  return undefined;
}

async function checkEmpty(call: EtcdctlCall, prefix: string, hint: string): Promise<void> {
  const answer = await call.client.call('/v3/kv/range', { ...prefixRange(prefix), limit: '1' });
  if (listIn(answer, 'kvs').length > 0)
    throw new EtcdctlError(`prefix ${JSON.stringify(prefix)} has keys. Delete with ${hint} first`, 3);
}

interface Writing {
  readonly prefix: string;
  readonly count: number;
  /** How many write at once. */
  readonly clients: number;
  /** Undefined: as many as there can be. */
  readonly perSecond?: number;
  readonly keyBytes: number;
  readonly valueBytes: number;
}

interface Results {
  /** Of all requests, in seconds. */
  readonly latencies: readonly number[];
  readonly errors: ReadonlyMap<string, number>;
  readonly tookSeconds: number;
}

async function writeMany({ client, process }: EtcdctlCall, writing: Writing): Promise<Results> {
  const { clock, cancel } = process;
  const { prefix, count, clients, perSecond, keyBytes, valueBytes } = writing;
  const value = encodeBase64(new Uint8Array(valueBytes));
  const latencies: number[] = [];
  const errors = new Map<string, number>();
  const began = clock.now();
  let next = 0;
  const write = async (): Promise<void> => {
    while (next < count && !cancel.cancelled) {
      const number = next++;
      const due = perSecond === undefined ? began : began + (number * 1000) / perSecond;
      if (due > clock.now()) await clock.sleep(due - clock.now(), cancel);
      const from = clock.now();
      try {
        await client.call('/v3/kv/put', { key: encodeKey(prefix + String(number).padEnd(keyBytes, '\0')), value });
      } catch (error) {
        if (!(error instanceof EtcdctlError)) throw error;
        errors.set(error.message, (errors.get(error.message) ?? 0) + 1);
      }
      latencies.push((clock.now() - from) / 1000);
    }
  };
  await Promise.all(Array.from({ length: clients }, write));
  return { latencies, errors, tookSeconds: Math.max(clock.now() - began, 1) / 1000 };
}

function errorLines(errors: ReadonlyMap<string, number>): readonly string[] {
  if (errors.size === 0) return [];
  return ['FAIL: too many errors', ...[...errors].map(([message, times]) => `FAIL: ERROR(${message}) -> ${times}`)];
}

/** The bar at its end. */
async function progress({ process }: EtcdctlCall, total: number): Promise<void> {
  await process.stderr.write(` ${total} / ${total} [${'-'.repeat(56)}] 100.00%\n`);
}

/** What the flags say is done after the keys are gone. */
async function cleanUp(call: EtcdctlCall, prefix: string): Promise<void> {
  const { client, options } = call;
  const answer = await client.call('/v3/kv/deleterange', prefixRange(prefix));
  if (options.has('auto-compact')) {
    const revision = textIn(objectIn(answer, 'header'), 'revision');
    await call.out(`Compacting with revision ${bare(revision)}\n`);
    await client.call('/v3/kv/compaction', { revision, physical: true });
    await call.out(`Compacted with revision ${bare(revision)}\n`);
  }
  if (!options.has('auto-defrag')) return;
  for (const endpoint of client.settings.endpoints) {
    await call.out(`Defragmenting ${JSON.stringify(endpoint)}\n`);
    await client.callAt(endpoint, '/v3/maintenance/defragment', {});
    await call.out(`Defragmented ${JSON.stringify(endpoint)}\n`);
  }
}

export const checkCommands: readonly EtcdctlCommand[] = [checkPerf, checkDatascale];
