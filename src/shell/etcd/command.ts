// What etcdctl's subcommands share: their options, the client, and the forms that they print in.

import type { Process } from '../../api/program.ts';
import { decodeUtf8 } from '../../base/bytes.ts';
import { quote } from '../../base/go/quote.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import type { Options } from '../text/long-options.ts';
import type { NamedCommand } from './commands.ts';
import { decodeBytes, type EtcdClient } from './etcd-client.ts';
import { EtcdctlError } from './etcdctl-error.ts';
import { parseProblem } from './flags.ts';
import { printJson } from './print-json.ts';
import { encodeMessage, type MessageName } from './print-protobuf.ts';
import { printTable } from './print-table.ts';

export type OutputForm = 'simple' | 'json' | 'table' | 'fields' | 'protobuf';

export interface EtcdctlCall {
  readonly process: Process;
  readonly client: EtcdClient;
  readonly options: Options;
  /** What follows the command's own words. */
  readonly operands: readonly string[];
  readonly form: OutputForm;
  /** --hex: ids and bytes in hexadecimal. */
  readonly hex: boolean;
  /** What is in the file that a flag names; undefined: the flag is not given. Throws FileError. */
  file(flag: string): string | undefined;
  out(text: string | Uint8Array): Promise<void>;
}

export interface EtcdctlCommand extends NamedCommand {
  /** It asks no etcd: neither environment nor certificates matter. */
  readonly isLocal?: boolean;
  run(call: EtcdctlCall): Promise<number>;
}

/** `undefined`: an empty line. `raw` text is not quoted. An `id` is shown in hexadecimal with --hex, a `lease` in 16 digits of it. */
export type Field =
  | readonly [name: string, value: string, kind: 'raw']
  | readonly [name: string, value: string | bigint | boolean]
  | readonly [name: string, value: bigint, kind: 'id' | 'lease']
  | undefined;

/** One answer in each form; `table` is left out where etcdctl has none, `fields` where there are none. */
export interface Printed {
  readonly simple: string | Uint8Array;
  readonly json: JsonValue;
  readonly fields?: readonly Field[];
  /** What it is as a message. */
  readonly message?: readonly [name: MessageName, answer: JsonObject];
  readonly table?: { readonly headings: readonly string[]; readonly rows: readonly (readonly string[])[] };
}

export async function print(call: EtcdctlCall, printed: Printed): Promise<number> {
  const { form } = call;
  const { simple, json, table, fields, message } = printed;
  if (form === 'json') await call.out(`${printJson(json)}\n`);
  else if (form === 'simple') await call.out(simple);
  else if (form === 'table' && table) await call.out(printTable(table.headings, table.rows));
  else if (form === 'fields' && fields) await call.out(fields.map((field) => fieldLine(call, field)).join(''));
  else if (form === 'protobuf' && message) await call.out(encodeMessage(...message));
  else throw new EtcdctlError(`${form} not supported as output format`, 4);
  return 0;
}

function fieldLine(call: EtcdctlCall, field: Field): string {
  if (!field) return '\n';
  const [name, value, kind] = field;
  if (kind === 'raw') return `"${name}" : ${value}\n`;
  if (call.hex && typeof value === 'bigint' && kind) {
    const digits = value.toString(16);
    return `"${name}" : ${kind === 'lease' ? digits.padStart(16, '0') : digits}\n`;
  }
  return `"${name}" : ${typeof value === 'string' ? quote(value) : value}\n`;
}

/** A number that the gateway writes as text. */
export function bare(value: unknown): bigint {
  return BigInt(/^-?\d+$/.test(String(value)) ? String(value) : 0);
}

export function headerFields(answer: JsonObject): readonly Field[] {
  const header = objectIn(answer, 'header');
  return [
    ['ClusterID', bare(header.cluster_id), 'id'],
    ['MemberID', bare(header.member_id), 'id'],
    ...(bare(header.revision) > 0n ? [['Revision', bare(header.revision)] as const] : []),
    ['RaftTerm', bare(header.raft_term)],
  ];
}

/** An answer whose header's fields stand beside its own, as Go's client has those about leases. */
export function flatHeader({ header, ...answer }: JsonObject): JsonObject {
  return { ...(isObject(header) ? header : {}), ...answer };
}

export function objectIn(object: JsonObject, key: string): JsonObject {
  const value = object[key];
  return isObject(value) ? value : {};
}

export function listIn(object: JsonObject, key: string): readonly JsonObject[] {
  const value = object[key];
  return isList(value) ? value.filter(isObject) : [];
}

export function textIn(object: JsonObject, key: string): string {
  return String(object[key] ?? '');
}

export function keyText(item: JsonObject): string {
  return decodeUtf8(decodeBytes(item.key));
}

/** An id's decimal digits as etcdctl shows it. */
export function hex(decimal: unknown, width = 0): string {
  return bare(decimal).toString(16).padStart(width, '0');
}

/** An id in hexadecimal as etcd's gateway takes it. Throws EtcdctlError. */
export function fromHex(text: string, what: string, goName = 'ParseUint'): string {
  const problem = parseProblem(text, 16, goName);
  if (problem) throw new EtcdctlError(`${what} (${problem}), expecting ID in Hex`, 128);
  return String(BigInt(`0x${text}`));
}

export function argument(call: EtcdctlCall, at: number, complaint: string): string {
  const operand = call.operands[at];
  if (operand === undefined) throw new EtcdctlError(complaint, 128);
  return operand;
}

/** The command takes so many operands and no others. Throws EtcdctlError. */
export function expectOperands(call: EtcdctlCall, count: number, complaint: string): readonly string[] {
  if (call.operands.length !== count) throw new EtcdctlError(complaint, 128);
  return call.operands;
}
