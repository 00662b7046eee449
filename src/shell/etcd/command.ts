// What etcdctl's subcommands share: their options, the client, and the forms that they print in.
import type { Process } from '../../api/program.ts';
import { decodeUtf8 } from '../../base/bytes.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import type { OptionSpec, Options } from '../text/long-options.ts';
import { decodeBytes, type EtcdClient, EtcdctlError } from './etcd-client.ts';
import { printJson } from './print-json.ts';
import { printTable } from './print-table.ts';

export type OutputForm = 'simple' | 'json' | 'table' | 'fields';

export interface EtcdctlCall {
  readonly process: Process;
  readonly client: EtcdClient;
  readonly options: Options;
  /** What follows the command's own words. */
  readonly operands: readonly string[];
  readonly form: OutputForm;
  out(text: string | Uint8Array): Promise<void>;
}

export interface EtcdctlCommand {
  /** E.g. `get`, `member list`. */
  readonly name: string;
  readonly about: string;
  readonly options?: readonly OptionSpec[];
  run(call: EtcdctlCall): Promise<number>;
}

export type Field = readonly [name: string, value: string | bigint | boolean];

/** One answer in each form; `table` is left out where etcdctl has none. */
export interface Printed {
  readonly simple: string;
  readonly json: JsonValue;
  readonly fields?: readonly Field[];
  readonly table?: { readonly headings: readonly string[]; readonly rows: readonly (readonly string[])[] };
}

export async function print(call: EtcdctlCall, printed: Printed): Promise<number> {
  const { form } = call;
  const { simple, json, table, fields } = printed;
  if (form === 'json') await call.out(`${printJson(json)}\n`);
  else if (form === 'simple') await call.out(simple);
  else if (form === 'table' && table) await call.out(printTable(table.headings, table.rows));
  else if (form === 'fields' && fields) await call.out(fields.map(fieldLine).join(''));
  else throw new EtcdctlError(`${form} not supported as output format`, 4);
  return 0;
}

function fieldLine([name, value]: Field): string {
  return `"${name}" : ${typeof value === 'string' ? JSON.stringify(value) : value}\n`;
}

/** A number that the gateway writes as text. */
export function bare(value: unknown): bigint {
  return BigInt(/^-?\d+$/.test(String(value)) ? String(value) : 0);
}

export function headerFields(answer: JsonObject): readonly Field[] {
  const header = objectIn(answer, 'header');
  return [
    ['ClusterID', bare(header.cluster_id)],
    ['MemberID', bare(header.member_id)],
    ['Revision', bare(header.revision)],
    ['RaftTerm', bare(header.raft_term)],
  ];
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
export function hex(decimal: unknown): string {
  return BigInt(String(decimal ?? '0')).toString(16);
}

/** An id in hexadecimal as etcd's gateway takes it. Throws EtcdctlError. */
export function fromHex(text: string | undefined, what: string): string {
  if (text === undefined || !/^[0-9a-fA-F]{1,16}$/.test(text))
    throw new EtcdctlError(`bad ${what} arg (${text}), expecting ID in Hex`, 128);
  return String(BigInt(`0x${text}`));
}

export function argument(call: EtcdctlCall, at: number, complaint: string): string {
  const operand = call.operands[at];
  if (operand === undefined) throw new EtcdctlError(complaint, 128);
  return operand;
}
