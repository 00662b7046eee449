// What etcdutl's subcommands share: files of databases, the log, and the forms that they print in.
import { type DatabaseFile, databasePages, openDatabaseFile, parseDatabase } from '../../api/etcd-database.ts';
import type { Process } from '../../api/program.ts';
import { encodeUtf8 } from '../../base/bytes.ts';
import { normalizePath } from '../../base/files.ts';
import { isList, isObject, type JsonObject } from '../../base/json.ts';
import type { Options } from '../text/long-options.ts';
import type { NamedCommand } from './commands.ts';
import { type Flag, text } from './flags.ts';
import { printTable } from './print-table.ts';

export interface EtcdutlCall {
  readonly process: Process;
  readonly options: Options;
  readonly operands: readonly string[];
}

export interface EtcdutlCommand extends NamedCommand {
  /** Flags that must be given. */
  readonly required?: readonly string[];
  /** How many operands it takes, where cobra counts them. */
  readonly takes?: number;
  run(call: EtcdutlCall): Promise<void>;
}

/** What etcdutl prints after `Error: `. */
export class EtcdutlError extends Error {
  override name = 'EtcdutlError';
  constructor(
    message: string,
    readonly status = 1,
  ) {
    super(message);
  }
}

export const dataDirectory: Flag = text('data-dir', 'the directory of the data');

export function onlyOperand({ operands }: EtcdutlCall, complaint: string): string {
  const [only] = operands;
  if (only === undefined || operands.length > 1) throw new EtcdutlError(complaint, 128);
  return only;
}

export interface Read extends DatabaseFile {
  readonly database: JsonObject;
}

/** Throws EtcdutlError where there is no database. */
export function readDatabaseAt({ process }: EtcdutlCall, path: string): Read {
  const full = normalizePath(path, process.cwd);
  if (!process.machine.files.exists(full)) throw new EtcdutlError(`stat ${path}: no such file or directory`);
  const file = openDatabaseFile(process.machine.files.readFile(full));
  const database = parseDatabase(file.pages);
  if (!database) throw new EtcdutlError('invalid database');
  return { ...file, database };
}

/** Returns how many bytes that is. */
export function writeDatabaseAt({ process }: EtcdutlCall, path: string, database: JsonObject): number {
  const bytes = encodeUtf8(databasePages(database));
  process.machine.files.writeFile(normalizePath(path, process.cwd), bytes);
  return bytes.length;
}

export function itemsOf({ kvs }: JsonObject): readonly JsonObject[] {
  return isList(kvs) ? kvs.filter(isObject) : [];
}

export interface Shown {
  readonly headings: readonly string[];
  readonly row: readonly string[];
  readonly json: JsonObject;
  readonly fields: Readonly<Record<string, string | number>>;
}

export async function show({ options, process }: EtcdutlCall, { headings, row, json, fields }: Shown): Promise<void> {
  const form = options.text('write-out') ?? 'simple';
  const forms: Readonly<Record<string, () => string>> = {
    simple: () => `${row.join(', ')}\n`,
    json: () => `${JSON.stringify(json)}\n`,
    table: () => printTable(headings, [row]),
    fields: () =>
      Object.entries(fields)
        .map(([name, value]) => `"${name}" : ${value}\n`)
        .join(''),
  };
  await process.stdout.write(forms[form]?.() ?? '');
}

/** Throws EtcdutlError for a form that there is not. */
export function checkForm(options: Options): void {
  const form = options.text('write-out') ?? 'simple';
  if (form === 'protobuf') throw new EtcdutlError('protobuf not supported as output format', 4);
  if (!['simple', 'json', 'table', 'fields'].includes(form)) throw new EtcdutlError('unsupported output format', 4);
}

export interface LogEntry {
  readonly level?: 'info' | 'warn' | 'error' | 'panic';
  readonly logger?: string;
  readonly where: string;
  readonly message: string;
  readonly fields?: JsonObject;
}

/** As zap's console writes it, in columns with tabs between. */
export async function log({ clock, stderr }: Process, entry: LogEntry): Promise<void> {
  const { level = 'info', logger, where, message, fields } = entry;
  const at = new Date(clock.now()).toISOString().replace(/\.\d+Z$/, 'Z');
  const columns = [at, level, ...(logger ? [logger] : []), where, message, ...(fields ? [spaced(fields)] : [])];
  await stderr.write(`${columns.join('\t')}\n`);
}

/** `{"a": 1, "b": [2,3]}`: a space behind what zap's encoder itself writes, none in what it is given as JSON. */
function spaced(fields: JsonObject): string {
  const pairs = Object.entries(fields).map(([name, value]) => {
    const given = isList(value) ? `[${value.map((item) => JSON.stringify(item)).join(', ')}]` : JSON.stringify(value);
    return `${JSON.stringify(name)}: ${given}`;
  });
  return `{${pairs.join(', ')}}`;
}

/** What bbolt tells of itself; a file that is not there ends etcdutl as a panic does. Throws EtcdutlError. */
export async function openBackend(call: EtcdutlCall, path: string, mapBytes = defaultMapBytes): Promise<void> {
  const { process } = call;
  const options = `{Timeout: 0s, NoGrowSync: false, NoFreelistSync: true, PreLoadFreelist: false, FreelistType: , ReadOnly: false, MmapFlags: 8000, InitialMmapSize: ${mapBytes}, PageSize: 0, NoSync: false, OpenFile: 0x0, Mlock: false, Logger: 0xc000114a60}`;
  const bolt = (level: 'info' | 'error', where: string, message: string): Promise<void> =>
    log(process, { level, logger: 'bbolt', where, message });
  const backend = 'backend/backend.go:203';
  await bolt('info', backend, `Opening db file (${path}) with mode -rw------- and with options: ${options}`);
  if (process.machine.files.exists(normalizePath(path, process.cwd))) {
    await bolt('info', database, `Opening bbolt db (${path}) successfully`);
    return;
  }
  const error = `open ${path}: no such file or directory`;
  await bolt('error', backend, `failed to open db file (${path}): ${error}`);
  await bolt('error', database, `Opening bbolt db (${path}) failed: ${error}`);
  const where = 'backend/backend.go:205';
  await log(process, { level: 'panic', where, message: 'failed to open database', fields: { path, error } });
  await process.stderr.write('panic: failed to open database\n');
  throw new EtcdutlError('', 2);
}

const database = 'bbolt@v1.4.3/db.go:322';
export const defaultMapBytes = 10_737_418_240;
