// etcdutl 3.6: looks at a snapshot, makes a data directory of it, and puts one in order that no etcd uses.
import { quote } from '../../api/go-format.ts';
import type { Process, Program } from '../../api/program.ts';
import { decodeUtf8, encodeUtf8 } from '../../base/bytes.ts';
import { FileError, normalizePath } from '../../base/files.ts';
import { fnv1a } from '../../base/hash.ts';
import { isList, isObject, type JsonObject } from '../../base/json.ts';
import { OptionError, type Options, readOptions } from '../text/long-options.ts';
import type { EtcdctlCommand, EtcdctlOption } from './command.ts';
import { parseProblem } from './command.ts';
import { helpText } from './help.ts';
import { etcdctlVersion } from './log-line.ts';
import { humanBytes, printTable } from './print-table.ts';

interface EtcdutlCall {
  readonly process: Process;
  readonly options: Options;
  readonly operands: readonly string[];
}

type EtcdutlCommand = Omit<EtcdctlCommand, 'run'> & { run(call: EtcdutlCall): Promise<void> };

class EtcdutlError extends Error {
  override name = 'EtcdutlError';
  constructor(
    message: string,
    readonly status = 1,
  ) {
    super(message);
  }
}

const globalOptions: readonly EtcdctlOption[] = [
  { name: 'write-out', short: 'w', kind: 'text', initial: 'simple', about: 'fields, json, protobuf, simple or table' },
];

const dataDirectory: EtcdctlOption = { name: 'data-dir', kind: 'text', about: 'the directory of the data' };

const snapshotStatus: EtcdutlCommand = {
  name: 'snapshot status',
  use: '<filename>',
  about: 'Gets backend snapshot status of a given file',
  details: 'With --write-out simple, one line with hash, revision, total keys, total size between commas.',
  async run(call) {
    const path = onlyOperand(call, 'snapshot status requires exactly one argument');
    const { database, hash, bytes } = read(call, path);
    const { revision } = database;
    const keys = listOf(database.kvs).length;
    await show(call, {
      headings: ['Hash', 'Revision', 'Total Keys', 'Total Size', 'Version'],
      row: [hash.toString(16), String(revision), String(keys), humanBytes(bytes), '3.6.0'],
      json: { hash, revision: revision ?? 0, totalKey: keys, totalSize: bytes, version: '3.6.0' },
      fields: { Hash: hash, Revision: Number(revision), Keys: keys, Size: bytes, Version: '3.6.0' },
    });
  },
};

const restoreOptions: readonly EtcdctlOption[] = [
  { ...dataDirectory, about: 'where to' },
  { name: 'wal-dir', kind: 'text', about: 'where the log is to be (default: in --data-dir)' },
  { name: 'name', kind: 'text', initial: 'default', about: 'of the member' },
  { name: 'initial-cluster', kind: 'text', initial: 'default=http://localhost:2380', about: 'the members' },
  { name: 'initial-cluster-token', kind: 'text', initial: 'etcd-cluster', about: 'of the cluster' },
  {
    name: 'initial-advertise-peer-urls',
    kind: 'text',
    initial: 'http://localhost:2380',
    about: 'where the others reach the member',
  },
  {
    name: 'initial-memory-map-size',
    kind: 'text',
    type: 'int',
    initial: '10737418240',
    about: 'memory mapped at first',
  },
  {
    name: 'bump-revision',
    kind: 'text',
    type: 'int',
    about: 'how much further revisions are than those of the snapshot',
  },
  { name: 'mark-compacted', kind: 'switch', about: 'what was before is compacted: watches begin anew' },
  { name: 'skip-hash-check', kind: 'switch', about: 'take the file as it is' },
];

const snapshotRestore: EtcdutlCommand = {
  name: 'snapshot restore',
  use: '<filename> --data-dir {output dir} [options]',
  about: 'Restores an etcd member snapshot to an etcd directory',
  options: restoreOptions,
  async run(call) {
    const { options, process } = call;
    const path = onlyOperand(call, 'snapshot restore requires exactly one argument');
    const bump = Number(options.text('bump-revision') ?? 0);
    const compacted = options.has('mark-compacted');
    if (bump > 0 !== compacted) throw new EtcdutlError('--mark-compacted required if --revision-bump > 0', 128);
    const name = options.text('name') ?? 'default';
    const directory = options.text('data-dir') ?? `${name}.etcd`;
    const { database } = read(call, path);
    checkCluster(options, name);
    const { files } = process.machine;
    const place = normalizePath(directory, process.cwd);
    if (files.exists(place) && files.list(place).length > 0)
      throw new EtcdutlError(`data-dir ${quote(directory)} not empty or could not be read`);
    const wal = options.text('wal-dir') ?? `${directory}/member/wal`;
    const fields = { path, 'wal-dir': wal, 'data-dir': directory, 'snap-dir': `${directory}/member/snap` };
    await log(process, { where: 'snapshot/v3_snapshot.go:305', message: 'restoring snapshot', fields });
    files.makeDirectory(`${place}/member/snap`, { parents: true });
    files.makeDirectory(normalizePath(wal, process.cwd), { parents: true });
    files.writeFile(`${place}/member/snap/db`, encodeUtf8(JSON.stringify(await bumped(process, database, bump))));
    await log(process, { where: 'snapshot/v3_snapshot.go:333', message: 'restored snapshot', fields });
  },
};

/** The member is one of the cluster, and reached as that says. Throws EtcdutlError. */
function checkCluster(options: Options, name: string): void {
  const peers = options.text('initial-advertise-peer-urls') ?? 'http://localhost:2380';
  const cluster = options.text('initial-cluster') ?? 'default=http://localhost:2380';
  const own = cluster.split(',').filter((entry) => entry.startsWith(`${name}=`));
  if (own.length === 0)
    throw new EtcdutlError(`couldn't find local name "${name}" in the initial cluster configuration`);
  const urls = own.map((entry) => entry.slice(name.length + 1));
  const advertised = peers.split(',');
  const missing = urls.filter((url) => !advertised.includes(url)).map((url) => `${name}=${url}`);
  const why =
    urls.length === advertised.length
      ? `${quote(advertised[0] ?? '')}(resolved from ${quote(advertised[0] ?? '')}) != ${quote(urls[0] ?? '')}(resolved from ${quote(urls[0] ?? '')})`
      : `len(${quoted(advertised)}) != len(${quoted(urls)})`;
  if (missing.length > 0)
    throw new EtcdutlError(
      `--initial-cluster has ${missing.join(',')} but missing from --initial-advertise-peer-urls=${peers} (${why})`,
    );
  const surplus = advertised.filter((url) => !urls.includes(url)).join(',');
  if (surplus !== '')
    throw new EtcdutlError(
      `--initial-advertise-peer-urls has ${surplus} but missing from --initial-cluster=${advertised.map((url) => `${name}=${url}`).join(',')}`,
    );
}

function quoted(urls: readonly string[]): string {
  return `[${urls.map((url) => quote(url)).join(' ')}]`;
}

/** Its revisions so much further on, and nothing known of those before. */
async function bumped(process: Process, database: JsonObject, by: number): Promise<JsonObject> {
  if (by === 0) return database;
  const latest = Number(database.revision);
  const revision = latest + by;
  const fields = { 'latest-revision': latest, 'bump-amount': by, 'new-latest-revision': revision };
  await log(process, { where: 'snapshot/v3_snapshot.go:396', message: 'bumping latest revision', fields });
  const message = 'marking revision compacted';
  await log(process, { where: 'snapshot/v3_snapshot.go:413', message, fields: { revision } });
  return { ...database, revision };
}

const hashKv: EtcdutlCommand = {
  name: 'hashkv',
  use: '<filename>',
  about: 'Prints the KV history hash of a given file',
  options: [{ name: 'rev', kind: 'text', type: 'int', about: 'up to which revision (default: the last)' }],
  async run(call) {
    const { operands } = call;
    if (operands.length !== 1) throw new OptionError(`accepts 1 arg(s), received ${operands.length}`);
    const { database } = read(call, operands[0] ?? '');
    const last = Number(database.revision);
    const revision = Number(call.options.text('rev') ?? 0) || last;
    if (revision > last) throw new EtcdutlError('mvcc: required revision is a future revision');
    const items = listOf(database.kvs)
      .filter(isObject)
      .filter((item) => Number(item.modRevision) <= revision);
    const hash = fnv1a(JSON.stringify(items));
    await show(call, {
      headings: ['Hash', 'Hash Revision', 'Compact Revision'],
      row: [String(hash), String(revision), '-1'],
      json: { hash, hashRevision: revision, compactRevision: -1 },
      fields: { Hash: hash, 'Hash revision': revision, 'Compact revision': -1 },
    });
  },
};

const defrag: EtcdutlCommand = {
  name: 'defrag',
  about: 'Defragments the storage of the etcd',
  options: [dataDirectory],
  async run({ options, process }) {
    const directory = required(options, 'data-dir');
    const path = normalizePath(`${directory}/member/snap/db`, process.cwd);
    if (process.machine.files.exists(path)) return; // databases are written without gaps
    throw new EtcdutlError(`Failed to defragment etcd data[${directory}] (open ${path}: no such file or directory)`);
  },
};

const migrate: EtcdutlCommand = {
  name: 'migrate',
  about: 'Migrates schema of etcd data dir files to make them compatible with different etcd version',
  options: [
    dataDirectory,
    { name: 'target-version', kind: 'text', about: 'of etcd, e.g. 3.6' },
    { name: 'force', kind: 'switch', about: 'even if it fails' },
  ],
  async run({ options, process }) {
    required(options, 'data-dir');
    const target = required(options, 'target-version');
    const [, major, minor] = /^(\d+)\.(\d+)$/.exec(target) ?? [];
    if (minor === undefined)
      throw new EtcdutlError(`wrong target version format, expected "X.Y", got ${quote(target)}`, 128);
    if (Number(major) < 3 || (Number(major) === 3 && Number(minor) < 5))
      throw new EtcdutlError(`target version ${quote(target)} not supported. Minimal "3.5"`, 128);
    if (target !== '3.6') throw new EtcdutlError(`the simulator's etcdutl does not migrate to ${target}`);
    const message = 'storage version up-to-date';
    await log(process, { where: 'etcdutl/migrate_command.go:124', message, fields: { 'storage-version': '3.6' } });
  },
};

const version: EtcdutlCommand = {
  name: 'version',
  about: 'Prints the version of etcdutl',
  async run({ process }) {
    await process.stdout.write(`etcdutl version: ${etcdctlVersion}\nAPI version: 3.6\n`);
  },
};

const commands: readonly EtcdutlCommand[] = [defrag, hashKv, migrate, snapshotRestore, snapshotStatus, version];

export const etcdutl: Program = async (process) => {
  const words = process.argv.slice(1);
  const every = [...globalOptions, helpFlag, ...commands.flatMap(({ options = [] }) => options)];
  const [first = '', second = ''] = words.filter((word) => !word.startsWith('-'));
  const command = commands.find(({ name }) => name === first || name === `${first} ${second}`);
  const topic = { name: command?.name ?? (first === 'snapshot' ? first : undefined), command };
  try {
    const options = readOptions(words, command ? [...globalOptions, helpFlag, ...(command.options ?? [])] : every);
    checkNumbers(options, command?.options ?? []);
    if (!command && first !== '' && first !== 'snapshot' && first !== 'help')
      throw new EtcdutlError(`unknown command ${quote(first)} for "etcdutl"\nRun 'etcdutl --help' for usage.`);
    if (!command || options.has('help')) await process.stdout.write(help(topic));
    else await command.run({ process, options, operands: options.operands.slice(command.name.split(' ').length) });
    return 0;
  } catch (error) {
    const text = problemOf(error);
    if (text === undefined) throw error;
    await process.stderr.write(`Error: ${text}\n`);
    if (error instanceof OptionError) await process.stdout.write(help(topic));
    return error instanceof EtcdutlError ? error.status : 1;
  }
};

const helpFlag: EtcdctlOption = { name: 'help', short: 'h', kind: 'switch', about: 'this text' };

function problemOf(error: unknown): string | undefined {
  if (error instanceof FileError) return `open ${error.path}: ${error.message.toLowerCase()}`;
  return error instanceof EtcdutlError || error instanceof OptionError ? error.message : undefined;
}

function help(topic: Parameters<typeof helpText>[1]): string {
  return helpText(
    {
      program: 'etcdutl',
      about: 'An administrative command line tool for etcd3.',
      version: etcdctlVersion,
      commands: [...commands, { name: 'help', about: 'Help about any command' }],
      groups: { snapshot: 'Manages etcd node snapshots' },
      globals: globalOptions,
    },
    topic,
  );
}

function checkNumbers(options: Options, specs: readonly EtcdctlOption[]): void {
  for (const { name, type } of specs) {
    const text = options.text(name);
    const problem = type === 'int' && text !== undefined ? parseProblem(text, 10, 'ParseUint') : undefined;
    if (problem) throw new OptionError(`invalid argument ${quote(text ?? '')} for "--${name}" flag: ${problem}`);
  }
}

function onlyOperand({ operands }: EtcdutlCall, complaint: string): string {
  const [only] = operands;
  if (only === undefined || operands.length > 1) throw new EtcdutlError(complaint, 128);
  return only;
}

function required(options: Options, name: string): string {
  const text = options.text(name);
  if (text === undefined) throw new OptionError(`required flag(s) "${name}" not set`);
  return text;
}

interface Shown {
  readonly headings: readonly string[];
  readonly row: readonly string[];
  readonly json: JsonObject;
  readonly fields: Readonly<Record<string, string | number>>;
}

async function show({ options, process }: EtcdutlCall, { headings, row, json, fields }: Shown): Promise<void> {
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
  const text = Object.hasOwn(forms, form) ? forms[form] : undefined;
  if (!text && form === 'protobuf') throw new EtcdutlError('marshal unsupported for this type', 4);
  if (!text) throw new EtcdutlError('unsupported output format', 4);
  await process.stdout.write(text());
}

interface Read {
  readonly database: JsonObject;
  readonly hash: number;
  readonly bytes: number;
}

/** Throws EtcdutlError where there is no snapshot. */
function read({ process }: EtcdutlCall, path: string): Read {
  const full = normalizePath(path, process.cwd);
  if (!process.machine.files.exists(full)) throw new EtcdutlError(`stat ${path}: no such file or directory`);
  const content = process.machine.files.readFile(full);
  const text = decodeUtf8(content);
  let database: unknown;
  try {
    database = JSON.parse(text);
  } catch {
    throw new EtcdutlError('invalid database');
  }
  if (!isObject(database) || typeof database.revision !== 'number' || !isList(database.kvs))
    throw new EtcdutlError('invalid database');
  return { database, hash: fnv1a(text.trimEnd()), bytes: content.length };
}

function listOf(value: unknown): readonly unknown[] {
  return isList(value) ? value : [];
}

interface LogEntry {
  readonly where: string;
  readonly message: string;
  readonly fields: JsonObject;
}

/** As zap's console writes it, in columns with tabs between. */
async function log({ clock, stderr }: Process, { where, message, fields }: LogEntry): Promise<void> {
  const at = new Date(clock.now()).toISOString().replace(/\.\d+Z$/, 'Z');
  const told = JSON.stringify(fields)
    .replace(/":("|\d)/g, '": $1')
    .replaceAll(',"', ', "');
  await stderr.write(`${at}\tinfo\t${where}\t${message}\t${told}\n`);
}
