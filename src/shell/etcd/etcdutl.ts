// etcdutl 3.6: looks at a snapshot, and makes a data directory of it.
import type { Program } from '../../api/program.ts';
import { decodeUtf8, encodeUtf8 } from '../../base/bytes.ts';
import { FileError, normalizePath } from '../../base/files.ts';
import { fnv1a } from '../../base/hash.ts';
import { isList, isObject } from '../../base/json.ts';
import { OptionError, type OptionSpec, readOptions } from '../text/long-options.ts';
import { humanBytes, printTable } from './print-table.ts';

const optionSpecs: readonly OptionSpec[] = [
  { name: 'write-out', short: 'w', kind: 'text', about: 'simple, json or table' },
  { name: 'data-dir', kind: 'text', about: 'where to' },
  { name: 'name', kind: 'text', about: 'of the member' },
  { name: 'initial-cluster', kind: 'text', about: 'the members' },
  { name: 'initial-cluster-token', kind: 'text', about: 'of the cluster' },
  { name: 'initial-advertise-peer-urls', kind: 'text', about: 'where the others reach the member' },
  { name: 'bump-revision', kind: 'text', about: 'how far revisions go on beyond those of the snapshot' },
  { name: 'mark-compacted', kind: 'switch', about: 'nobody can watch from a revision before the restore' },
  { name: 'skip-hash-check', kind: 'switch', about: 'take the file as it is' },
];

/** It is no file of etcd's. */
class SnapshotError extends Error {}

export const etcdutl: Program = async (process) => {
  const { files } = process.machine;
  try {
    const options = readOptions(process.argv.slice(1), optionSpecs);
    const [group, verb, path] = options.operands;
    if (group === 'version') {
      await process.stdout.write('etcdutl version: 3.6.6\nAPI version: 3.6\n');
      return 0;
    }
    if (group !== 'snapshot' || (verb !== 'status' && verb !== 'restore'))
      throw new SnapshotError(`unknown command ${JSON.stringify(group ?? '')} for "etcdutl"`);
    if (path === undefined) throw new SnapshotError(`snapshot ${verb} requires exactly one argument`);
    const content = files.readFile(normalizePath(path, process.cwd));
    const found = read(content);
    if (verb === 'status') await process.stdout.write(statusText(found, options.text('write-out') ?? 'simple'));
    else {
      const directory = normalizePath(
        options.text('data-dir') ?? `${options.text('name') ?? 'default'}.etcd`,
        process.cwd,
      );
      if (files.exists(directory) && files.list(directory).length > 0)
        throw new SnapshotError(`data-dir ${JSON.stringify(directory)} not empty or could not be read`);
      files.makeDirectory(`${directory}/member/snap`, { parents: true });
      files.makeDirectory(`${directory}/member/wal`, { parents: true });
      files.writeFile(`${directory}/member/snap/db`, bumped(content, Number(options.text('bump-revision') ?? 0)));
      await process.stderr.write(logLine(process.clock.now(), 'restoring snapshot', { path, 'data-dir': directory }));
      await process.stderr.write(logLine(process.clock.now(), 'restored snapshot', { path, 'data-dir': directory }));
    }
    return 0;
  } catch (error) {
    const known = error instanceof SnapshotError || error instanceof OptionError || error instanceof FileError;
    if (!known) throw error;
    const text = error instanceof FileError ? `open ${error.path}: ${error.message.toLowerCase()}` : error.message;
    await process.stderr.write(`Error: ${text}\n`);
    return 1;
  }
};

/** The database, its revision so much further on. */
function bumped(content: Uint8Array, by: number): Uint8Array {
  if (!(by > 0)) return content;
  const text = decodeUtf8(content);
  return encodeUtf8(text.replace(/"revision":(\d+)/, (_, revision) => `"revision":${Number(revision) + by}`));
}

interface Snapshot {
  readonly hash: string;
  readonly revision: number;
  readonly keys: number;
  readonly bytes: number;
}

function read(content: Uint8Array): Snapshot {
  const text = decodeUtf8(content);
  const problem = new SnapshotError('snapshot file integrity check failed: it is no snapshot of etcd');
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    throw problem;
  }
  if (!isObject(file) || typeof file.revision !== 'number' || !isList(file.kvs)) throw problem;
  return {
    hash: fnv1a(text).toString(16),
    revision: file.revision,
    keys: file.kvs.length,
    bytes: content.length,
  };
}

function statusText({ hash, revision, keys, bytes }: Snapshot, form: string): string {
  const row = [hash, String(revision), String(keys), humanBytes(bytes), '3.6.0'];
  if (form === 'json')
    return `${JSON.stringify({ hash: Number.parseInt(hash, 16), revision, totalKey: keys, totalSize: bytes, version: '3.6.0' })}\n`;
  if (form === 'table') return printTable(['Hash', 'Revision', 'Total Keys', 'Total Size', 'Version'], [row]);
  return `${row.join(', ')}\n`;
}

function logLine(at: number, msg: string, fields: Readonly<Record<string, string>>): string {
  const ts = new Date(at).toISOString();
  return `${JSON.stringify({ level: 'info', ts, caller: 'snapshot/v3_snapshot.go', msg, ...fields })}\n`;
}
