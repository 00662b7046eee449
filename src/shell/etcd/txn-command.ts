// etcdctl txn: comparisons and two lists of requests as lines on standard input, carried out as one.
//
//   mod("key1") > "0"            comparisons, all of which must hold
//
//   put key1 "overwritten"       when they do
//
//   get key1                     when they do not
//

import { concatBytes, encodeUtf8 } from '../../base/bytes.ts';
import { quote, unquote } from '../../base/go/quote.ts';
import { isObject, type JsonObject } from '../../base/json.ts';
import { linesOf } from '../text/line-reader.ts';
import { OptionError, readOptions } from '../text/long-options.ts';
import { type EtcdctlCall, type EtcdctlCommand, type Field, fromHex, headerFields, listIn, print } from './command.ts';
import { encodeKey } from './etcd-client.ts';
import { EtcdctlError } from './etcdctl-error.ts';
import { parseProblem, toggle } from './flags.ts';
import {
  delFields,
  delOptions,
  delRequest,
  getFields,
  getOptions,
  getRequest,
  putFields,
  putOptions,
  putRequest,
  simpleDel,
  simpleGet,
  simplePut,
} from './key-operations.ts';
import { splitWords } from './words.ts';

/** The status of a command that cannot read what it was given. */
const invalidInput = 3;

export const txn: EtcdctlCommand = {
  name: 'txn',
  use: '[options]',
  about: 'Txn processes all the requests in one transaction',
  details: `Reads three lists from standard input, each of which an empty line ends:
1) comparisons,
2) requests (get, put, del) for when all of them hold,
3) requests for when one does not.`,
  options: [toggle('interactive', 'ask for each of the lists', { short: 'i' })],
  async run(call) {
    if (call.operands.length > 0) throw new EtcdctlError('txn command does not accept argument', 128);
    const lines = linesOf(call.process.stdin);
    const compare: JsonObject[] = [];
    for (const line of await section(call, lines, 'compares:')) compare.push(comparison(line));
    const success = await operations(call, lines, 'success requests (get, put, del):');
    const failure = await operations(call, lines, 'failure requests (get, put, del):');
    const answer = await call.client.call('/v3/kv/txn', { compare, success, failure });
    const responses = listIn(answer, 'responses').map(responseOf);
    return print(call, {
      simple: concatBytes([
        encodeUtf8(answer.succeeded === true ? 'SUCCESS\n' : 'FAILURE\n'),
        ...responses.flatMap(({ kind, answer }) => [encodeUtf8('\n'), kinds[kind].simple(answer, call)]),
      ]),
      json: {
        ...answer,
        ...(responses.length > 0 && {
          responses: responses.map(({ kind, answer }) => ({ Response: { [kinds[kind].goName]: answer } })),
        }),
      },
      message: ['TxnResponse', answer],
      fields: [
        ...headerFields(answer),
        ['Succeeded', answer.succeeded === true],
        ...responses.flatMap(({ kind, answer }): readonly Field[] => kinds[kind].fields(answer)),
      ],
    });
  },
};

type Kind = 'range' | 'put' | 'delete_range';

const kinds = {
  range: { goName: 'response_range', simple: simpleGet, fields: getFields },
  put: { goName: 'response_put', simple: simplePut, fields: putFields },
  delete_range: { goName: 'response_delete_range', simple: simpleDel, fields: delFields },
} as const;

function responseOf(response: JsonObject): { readonly kind: Kind; readonly answer: JsonObject } {
  for (const kind of ['put', 'delete_range'] as const) {
    const answer = response[`response_${kind}`];
    if (isObject(answer)) return { kind, answer };
  }
  const answer = response.response_range;
  return { kind: 'range', answer: isObject(answer) ? answer : {} };
}

type Lines = ReturnType<typeof linesOf>;

/** The lines up to an empty one. */
async function section(call: EtcdctlCall, lines: Lines, title: string): Promise<readonly string[]> {
  if (call.options.has('interactive')) await call.out(`${title}\n`);
  const found: string[] = [];
  for (;;) {
    const { value, done } = await lines.next();
    if (done || !value.ended) throw new EtcdctlError('EOF', invalidInput);
    const text = value.text.trim();
    if (text === '') return found;
    found.push(text);
  }
}

async function operations(call: EtcdctlCall, lines: Lines, title: string): Promise<readonly JsonObject[]> {
  const requests: JsonObject[] = [];
  for (const line of await section(call, lines, title)) requests.push(await operation(call, line));
  return requests;
}

const verbs = {
  get: { field: 'request_range', options: getOptions, request: getRequest },
  put: { field: 'request_put', options: putOptions, request: putRequest },
  del: { field: 'request_delete_range', options: delOptions, request: delRequest },
} as const;

async function operation({ process }: EtcdctlCall, line: string): Promise<JsonObject> {
  const [verb = '', ...words] = splitWords(line);
  if (words.length === 0) throw new EtcdctlError(`invalid txn compare request: ${line}`, invalidInput);
  const invalid = new EtcdctlError(`invalid txn request: ${line}`, invalidInput);
  if (verb !== 'get' && verb !== 'put' && verb !== 'del') throw invalid;
  const { field, options: specs, request } = verbs[verb];
  try {
    const options = readOptions(words, specs);
    return { [field]: await request({ process, options, operands: options.operands }) };
  } catch (error) {
    throw error instanceof OptionError ? invalid : error;
  }
}

const results: Readonly<Record<string, string>> = { '=': 'EQUAL', '!=': 'NOT_EQUAL', '>': 'GREATER', '<': 'LESS' };

const targets = {
  ver: { target: 'VERSION', field: 'version' },
  version: { target: 'VERSION', field: 'version' },
  c: { target: 'CREATE', field: 'create_revision' },
  create: { target: 'CREATE', field: 'create_revision' },
  m: { target: 'MOD', field: 'mod_revision' },
  mod: { target: 'MOD', field: 'mod_revision' },
  val: { target: 'VALUE', field: 'value' },
  value: { target: 'VALUE', field: 'value' },
  lease: { target: 'LEASE', field: 'lease' },
} as const;

/** E.g. `mod("key1") > "0"`. */
function comparison(line: string): JsonObject {
  const fail = (message: string): EtcdctlError => new EtcdctlError(message, invalidInput);
  const [, target = '', rest] = /^([^(]*)\(([\s\S]*)$/.exec(line) ?? [];
  if (rest === undefined) throw fail(`malformed comparison: ${line}`);
  const quoted = '"(?:[^"\\\\]|\\\\.)*"';
  const [, key = '""', sign = '', value = '""'] =
    new RegExp(`^\\s*(${quoted})(?:\\)\\s*(\\S+)(?:\\s+(${quoted}))?)?`).exec(rest) ?? [];
  if (!new RegExp(`^\\s*${quoted}\\)\\s*\\S+\\s+${quoted}`).test(rest))
    throw fail(`malformed comparison: ${line}; got ${target}(${quote(plain(key))}) ${sign} ${quote(plain(value))}`);
  const known = Object.hasOwn(targets, target) ? targets[target as keyof typeof targets] : undefined; // edge: it is one
  if (!known) throw fail(`malformed comparison: ${line} (unknown target ${target})`);
  const result = Object.hasOwn(results, sign) ? results[sign] : undefined;
  if (result === undefined) throw fail('Unknown result op');
  const given = plain(value);
  if (known.field !== 'value' && known.field !== 'lease' && parseProblem(given, 10))
    throw fail(`invalid txn compare request: ${line}`);
  const right =
    known.field === 'value' ? encodeKey(given) : known.field === 'lease' ? fromHex(given, 'bad lease ID') : given;
  return { key: encodeKey(plain(key)), target: known.target, result, [known.field]: right };
}

/** What a quoted word means. */
function plain(quoted: string): string {
  return unquote(quoted) ?? quoted;
}
