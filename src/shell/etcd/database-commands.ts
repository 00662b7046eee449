// etcdutl snapshot status, hashkv, defrag, migrate: databases that no etcd has open.

import { normalizePath } from '../../base/files.ts';
import { quote } from '../../base/go/quote.ts';
import { fnv1a } from '../../base/hash.ts';
import {
  dataDirectory,
  type EtcdutlCall,
  type EtcdutlCommand,
  EtcdutlError,
  itemsOf,
  log,
  onlyOperand,
  openBackend,
  readDatabaseAt,
  show,
  writeDatabaseAt,
} from './etcdutl-command.ts';
import { number, parseProblem, text, toggle } from './flags.ts';
import { durationText, humanBytes } from './words.ts';

export const snapshotStatus: EtcdutlCommand = {
  name: 'snapshot status',
  use: '<filename>',
  about: 'Gets backend snapshot status of a given file',
  async run(call) {
    const path = onlyOperand(call, 'snapshot status requires exactly one argument');
    const { database, pages } = readDatabaseAt(call, path);
    const hash = fnv1a(JSON.stringify(database));
    const [keys, bytes, version] = [itemsOf(database).length, pages.length, String(database.etcd ?? '')];
    const revision = Number(database.revision);
    await show(call, {
      headings: ['Hash', 'Revision', 'Total Keys', 'Total Size', 'Version'],
      row: [hash.toString(16), String(revision), String(keys), humanBytes(bytes), version],
      json: { hash, revision, totalKey: keys, totalSize: bytes, version },
      fields: { Hash: hash, Revision: revision, Keys: keys, Size: bytes, Version: version },
    });
  },
};

export const hashKv: EtcdutlCommand = {
  name: 'hashkv',
  use: '<filename>',
  about: 'Prints the KV history hash of a given file',
  takes: 1,
  options: [number('rev', 'up to which revision (default: the last)')],
  async run(call) {
    const [path = ''] = call.operands;
    const found = hashOf(call, path, Number(call.options.text('rev') ?? 0));
    await show(call, {
      headings: ['Hash', 'Hash Revision', 'Compact Revision'],
      row: [String(found.hash), String(found.revision), String(found.compacted)],
      json: { hash: found.hash, hashRevision: found.revision, compactRevision: found.compacted },
      fields: { Hash: found.hash, 'Hash revision': found.revision, 'Compact revision': found.compacted },
    });
  },
};

/** A file that is not there is made, as etcd's own backend does: an empty database. */
function hashOf(call: EtcdutlCall, path: string, asked: number) {
  const { files } = call.process.machine;
  if (!files.exists(normalizePath(path, call.process.cwd)))
    writeDatabaseAt(call, path, { etcd: '', revision: 1, kvs: [], leases: [] });
  const { database } = readDatabaseAt(call, path);
  const last = Number(database.revision);
  const revision = asked || last;
  if (revision > last) throw new EtcdutlError('mvcc: required revision is a future revision');
  const compacted = Number(database.compacted ?? -1);
  if (revision < compacted) throw new EtcdutlError('mvcc: required revision has been compacted');
  const items = itemsOf(database).filter((item) => Number(item.modRevision) <= revision);
  return { hash: items.length === 0 ? emptyHash : fnv1a(JSON.stringify(items)), revision, compacted };
}

/** CRC-32C of the bucket's name alone. */
const emptyHash = 1_084_519_789;

export const defrag: EtcdutlCommand = {
  name: 'defrag',
  about: 'Defragments the storage of the etcd',
  options: [{ ...dataDirectory, about: 'the directory, which no etcd uses, of what is made smaller' }],
  required: ['data-dir'],
  async run(call) {
    const path = `${call.options.text('data-dir')}/member/snap/db`;
    const began = call.process.clock.now();
    await openBackend(call, path);
    const { database, pages } = readDatabaseAt(call, path);
    const size = (name: string, bytes: number) => ({ [`${name}-bytes`]: bytes, [name]: humanBytes(bytes) });
    const [current, used] = ['current-db-size', 'current-db-size-in-use'];
    const fields = { path, ...size(current, pages.length), ...size(used, pages.length) };
    await log(call.process, { where: 'backend/backend.go:522', message: 'defragmenting', fields });
    const bytes = writeDatabaseAt(call, path, database);
    await log(call.process, {
      where: 'backend/backend.go:592',
      message: 'finished defragmenting directory',
      fields: {
        path,
        'current-db-size-bytes-diff': bytes - pages.length,
        ...size(current, bytes),
        'current-db-size-in-use-bytes-diff': bytes - pages.length,
        ...size(used, bytes),
        took: durationText(call.process.clock.now() - began),
      },
    });
  },
};

export const migrate: EtcdutlCommand = {
  name: 'migrate',
  about: 'Migrates schema of etcd data dir files to make them compatible with different etcd version',
  options: [
    dataDirectory,
    text('target-version', 'of etcd, e.g. 3.6; at least 3.5'),
    toggle('force', 'set the version of the storage even where migrating fails'),
  ],
  required: ['data-dir', 'target-version'],
  async run(call) {
    const { options, process } = call;
    const target = targetOf(options.text('target-version') ?? '');
    const path = `${options.text('data-dir')}/member/snap/db`;
    await openBackend(call, path);
    const { database } = readDatabaseAt(call, path);
    const current = database.etcd === '' ? '3.5' : String(database.etcd).replace(/\.0$/, '');
    const where = (line: number): string => `etcdutl/migrate_command.go:${line}`;
    if (current === target) {
      const message = 'storage version up-to-date';
      return log(process, { where: where(136), message, fields: { 'storage-version': target } });
    }
    const error = planProblem(current, target);
    if (error === undefined) {
      const fields = { 'new-storage-version': `${target}.0` };
      await log(process, { where: 'schema/migration.go:65', message: 'updated storage version', fields });
    } else {
      if (!options.has('force')) throw new EtcdutlError(error);
      const message = 'normal migrate failed, trying with force';
      await log(process, { where: where(150), message, fields: { error } });
      const forced = { message: 'forcefully set storage version', fields: { 'storage-version': target } };
      await log(process, { level: 'warn', where: where(166), ...forced });
    }
    writeDatabaseAt(call, path, { ...database, etcd: target === '3.5' ? '' : `${target}.0` });
  },
};

/** `X.Y`. Throws EtcdutlError. */
function targetOf(given: string): string {
  const parts = given.split('.');
  if (parts.length !== 2)
    throw new EtcdutlError(`wrong target version format, expected "X.Y", got ${quote(given)}`, 128);
  const problem = parts.map((part) => parseProblem(part, 10)).find((each) => each !== undefined);
  if (problem) throw new EtcdutlError(`failed to parse target version: ${problem}`, 128);
  const [major = 0, minor = 0] = parts.map(Number);
  if (major < 3 || (major === 3 && minor < 5))
    throw new EtcdutlError(`target version ${quote(`${major}.${minor}`)} not supported. Minimal "3.5"`, 128);
  return `${major}.${minor}`;
}

/** Why there is no way from one schema to another; undefined: there is one. */
function planProblem(current: string, target: string): string | undefined {
  const cannot = 'cannot create migration plan: ';
  if (!target.startsWith('3.') || !current.startsWith('3.'))
    return `${cannot}changing major storage version is not supported`;
  const unknown = [target, current].find((version) => version !== '3.5' && version !== '3.6');
  return unknown && `${cannot}version ${quote(`${unknown}.0`)} is not supported`;
}
