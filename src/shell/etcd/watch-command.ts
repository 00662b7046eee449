// etcdctl watch: what happens to keys from now on or from a revision on, printed or given to a command; with -i the
// watches are lines on standard input.

import { CannotExecute } from '../../api/program.ts';
import { concatBytes, decodeUtf8, encodeUtf8 } from '../../base/bytes.ts';
import { quote } from '../../base/go/quote.ts';
import type { JsonObject } from '../../base/json.ts';
import { linesOf } from '../text/line-reader.ts';
import { OptionError, type Options, readOptions } from '../text/long-options.ts';
import {
  bare,
  type EtcdctlCall,
  type EtcdctlCommand,
  type Field,
  headerFields,
  keyText,
  listIn,
  objectIn,
  print,
} from './command.ts';
import { decodeBytes, encodeKey } from './etcd-client.ts';
import { EtcdctlError } from './etcdctl-error.ts';
import { type Flag, number, toggle } from './flags.ts';
import { itemFields, prefixRange, simpleItem } from './key-operations.ts';
import { splitWords } from './words.ts';

const badCount = 'bad number of arguments';
const compacted = 'etcdserver: mvcc: required revision has been compacted';
const interrupted = 5;

const watchOptions: readonly Flag[] = [
  toggle('interactive', 'read watches from standard input', { short: 'i' }),
  toggle('prefix', 'all keys that begin so'),
  number('rev', 'from a revision on'),
  toggle('prev-kv', 'show what was there before'),
  toggle('progress-notify', 'hear now and then how far the server is'),
];

export const watch: EtcdctlCommand = {
  name: 'watch',
  use: '[options] [key or prefix] [range_end] [--] [exec-command arg1 arg2 ...]',
  about: 'Watches events stream on keys or prefixes',
  options: watchOptions,
  async run(call) {
    const { env } = call.process;
    const key = env.get('ETCDCTL_WATCH_KEY') ?? '';
    const end = env.get('ETCDCTL_WATCH_RANGE_END') ?? '';
    if (key === '' && end !== '')
      throw new EtcdctlError(`ETCDCTL_WATCH_KEY is empty but got ETCDCTL_WATCH_RANGE_END=${quote(end)}`, 128);
    const given = key === '' ? [] : [key, ...(end === '' ? [] : [end])];
    if (call.options.has('interactive')) return interact(call, given);
    const words = call.process.argv.slice(call.process.argv.indexOf('watch') + 1);
    const watched = watchedIn(words, call, given);
    await follow(call, watched);
    throw new EtcdctlError('watch is canceled by the server', interrupted);
  },
};

interface Watched {
  readonly request: JsonObject;
  /** What is run for every event; empty: events are printed alone. */
  readonly command: readonly string[];
}

/** `given`: the key and the end of the range that the environment tells. Throws EtcdctlError. */
function watchedIn(
  words: readonly string[],
  { options, operands }: Pick<EtcdctlCall, 'options' | 'operands'>,
  given: readonly string[],
): Watched {
  const separator = words.indexOf('--');
  const command = separator < 0 ? [] : words.slice(separator + 1);
  if (separator >= 0 && command.length === 0)
    throw new EtcdctlError('bad number of arguments (found separator --, but no commands)', 128);
  const own = operands.slice(0, operands.length - command.length);
  if (own.length > 0 && given.length > 0)
    throw new EtcdctlError('bad number of arguments (found conflicting environment key)', 128);
  const [key, end] = [...given, ...own];
  if (key === undefined) throw new EtcdctlError(badCount, 128);
  if (end !== undefined && options.has('prefix'))
    throw new EtcdctlError('`range_end` and `--prefix` are mutually exclusive', 128);
  const range = options.has('prefix')
    ? prefixRange(key)
    : { key: encodeKey(key), ...(end !== undefined && { range_end: encodeKey(end) }) };
  return { request: { ...range, ...watchRequest(options) }, command };
}

function watchRequest(options: Options): JsonObject {
  const revision = Number(options.text('rev') ?? 0);
  return {
    ...(revision > 0 && { start_revision: String(revision) }),
    ...(options.has('prev-kv') && { prev_kv: true }),
    ...(options.has('progress-notify') && { progress_notify: true }),
  };
}

async function follow(call: EtcdctlCall, { request, command }: Watched): Promise<void> {
  for await (const line of call.client.watch(request)) {
    const result = objectIn(line, 'result');
    const events = listIn(result, 'events');
    if (result.canceled === true) {
      const reason = typeof result.cancel_reason === 'string' ? result.cancel_reason : compacted;
      await call.process.stderr.write(`watch was canceled (${reason})\n`);
    } else if (events.length === 0) {
      if (result.created === true) continue;
      await call.out(`progress notify: ${bare(objectIn(result, 'header').revision)}\n`);
    }
    await tell(call, result, events);
    for (const event of command.length > 0 ? events : []) await runFor(call, command, { event, result });
  }
}

async function tell(call: EtcdctlCall, result: JsonObject, events: readonly JsonObject[]): Promise<void> {
  await print(call, {
    simple: concatBytes(events.map((event) => changeText(call, event))),
    json: {
      Header: result.header ?? null,
      Events: events.map(({ type, ...event }) => ({ ...(type === 'DELETE' && { type: 1 }), ...event })),
      CompactRevision: Number(bare(result.compact_revision)),
      Canceled: result.canceled === true,
      Created: result.created === true,
    },
    message: ['WatchResponse', result],
    fields: [
      ...headerFields(result),
      ...events.flatMap((event): readonly Field[] => [
        ['Type', typeOf(event), 'raw'],
        ...(event.prev_kv ? itemFields(objectIn(event, 'prev_kv'), 'Prev') : []),
        ...itemFields(objectIn(event, 'kv')),
      ]),
    ],
  });
}

function typeOf(event: JsonObject): string {
  return event.type === 'DELETE' ? 'DELETE' : 'PUT';
}

function changeText(call: EtcdctlCall, event: JsonObject): Uint8Array {
  return concatBytes([
    encodeUtf8(`${typeOf(event)}\n`),
    ...(event.prev_kv ? [simpleItem(objectIn(event, 'prev_kv'), call)] : []),
    simpleItem(objectIn(event, 'kv'), call),
  ]);
}

interface Change {
  readonly event: JsonObject;
  readonly result: JsonObject;
}

async function runFor(call: EtcdctlCall, argv: readonly string[], { event, result }: Change): Promise<void> {
  const { env, cwd, stdin, stdout, stderr } = call.process;
  const item = objectIn(event, 'kv');
  const told = new Map(env)
    .set('ETCD_WATCH_REVISION', String(bare(objectIn(result, 'header').revision)))
    .set('ETCD_WATCH_EVENT_TYPE', quote(typeOf(event)))
    .set('ETCD_WATCH_KEY', quote(keyText(item)))
    .set('ETCD_WATCH_VALUE', quote(decodeUtf8(decodeBytes(item.value))));
  const problem = await runCommand(call, argv, { env: told, cwd, stdin, stdout, stderr });
  if (problem === undefined) return;
  const words = argv.map((word) => quote(word)).join(' ');
  await stderr.write(`command [${words}] error (${problem.text})\n`);
  throw new EtcdctlError('', 1);
}

/** What went wrong, in Go's words; undefined: it ended well. */
export async function runCommand(
  { process }: EtcdctlCall,
  argv: readonly string[],
  place: Omit<Parameters<typeof process.spawn>[0], 'argv'>,
): Promise<{ readonly text: string; readonly status: number } | undefined> {
  try {
    const child = await process.spawn({ ...place, argv });
    const status = await child.wait();
    return status === 0 ? undefined : { text: `exit status ${status}`, status };
  } catch (error) {
    if (!(error instanceof CannotExecute)) throw error;
    const why = error.reason === 'notFound' ? 'executable file not found in $PATH' : 'permission denied';
    return { text: `exec: ${quote(argv[0] ?? '')}: ${why}`, status: 1 };
  }
}

async function interact(call: EtcdctlCall, given: readonly string[]): Promise<number> {
  const { stdin, stderr } = call.process;
  let failure: unknown;
  for await (const { text } of linesOf(stdin)) {
    if (failure !== undefined) throw failure;
    const [verb, ...words] = splitWords(text);
    if (verb === undefined) await stderr.write(`Invalid command: ${text} (watch and progress supported)\n`);
    else if (verb === 'progress') await call.out(await progress(call));
    else if (verb !== 'watch') await stderr.write(`Invalid command ${text} (only support watch)\n`);
    else if (words.length === 0 && given.length === 0)
      await stderr.write(`Invalid command ${text} (command type or key is not provided)\n`);
    else {
      follow(call, interactiveWatch(words, given)).catch((error: unknown) => {
        failure = error;
      });
    }
  }
  throw new EtcdctlError('error reading watch request line: EOF', 3);
}

function interactiveWatch(words: readonly string[], given: readonly string[]): Watched {
  try {
    const options = readOptions(words, watchOptions);
    return watchedIn(words, { options, operands: options.operands }, given);
  } catch (error) {
    throw error instanceof OptionError ? new EtcdctlError(error.message, 128) : error;
  }
}

async function progress(call: EtcdctlCall): Promise<string> {
  const answer = await call.client.progress();
  return `progress notify: ${bare(objectIn(objectIn(answer, 'result'), 'header').revision)}\n`;
}
