// COPY and ADD: which files of the context (or of another stage) go where.
import type { BuildInstruction, DockerImageConfig } from '../../api/docker.ts';
import { encodeBase64 } from '../../base/bytes.ts';
import { FileError, type FileTree, normalizePath, type TreeNode } from '../../base/files.ts';
import { fnv1a } from '../../base/hash.ts';
import { BuildFailure } from './build-failure.ts';

export interface CopyTarget {
  readonly files: FileTree;
  readonly config: DockerImageConfig;
}

export interface PlannedCopy {
  /** Of the names and contents of what is copied. */
  readonly fingerprint: string;
  /** Copies; the bytes that it added. */
  apply(): number;
}

export function copyInto(
  target: CopyTarget,
  { instruction, source }: { readonly instruction: BuildInstruction; readonly source: FileTree },
): PlannedCopy {
  const { words, line, name } = instruction;
  if (words.length < 2)
    throw new BuildFailure(line, `${name} requires at least two arguments, but only ${words.length} was provided.`);
  if (words.some((word) => /^https?:/.test(word))) throw new BuildFailure(line, 'the simulator does not ADD from URLs');
  const to = words.at(-1) ?? '';
  const sources = words.slice(0, -1).flatMap((word) => matches(source, word, line));
  const place = normalizePath(to, target.config.workingDir || '/');
  const isDirectory = to.endsWith('/') || to === '.' || sources.length > 1;
  const pieces = sources.flatMap((path) => {
    const node = source.stat(path);
    if (node.kind === 'directory') return filesBelow(node, place);
    const known = target.files.exists(place) && target.files.stat(place).kind === 'directory';
    const at = isDirectory || known ? `${place === '/' ? '' : place}/${path.slice(path.lastIndexOf('/') + 1)}` : place;
    return [{ path: at, node }];
  });
  return {
    fingerprint: pieces.map(({ path, node }) => `${path}:${fingerprint(node)}`).join('\n'),
    apply() {
      let bytes = 0;
      for (const { path, node } of pieces) {
        if (node.kind === 'directory') target.files.makeDirectory(path, { parents: true });
        else target.files.place(path, { ...node, owner: 'root' });
        if (node.kind === 'file') bytes += node.content.length;
      }
      return bytes;
    },
  };
}

interface Piece {
  readonly path: string;
  readonly node: TreeNode;
}

function filesBelow(directory: TreeNode & { kind: 'directory' }, path: string): readonly Piece[] {
  const at = path === '/' ? '' : path;
  const inside = [...directory.entries].flatMap(([name, node]): readonly Piece[] =>
    node.kind === 'directory' ? filesBelow(node, `${at}/${name}`) : [{ path: `${at}/${name}`, node }],
  );
  return [{ path, node: { ...directory, entries: new Map() } }, ...inside];
}

function fingerprint(node: TreeNode): string {
  if (node.kind !== 'file') return node.kind;
  return node.program ?? String(fnv1a(encodeBase64(node.content)));
}

/** Paths that a source names; `*` and `?` within one name. */
function matches(source: FileTree, word: string, line: number): readonly string[] {
  const path = normalizePath(word);
  const missing = (): BuildFailure =>
    new BuildFailure(line, `failed to compute cache key: failed to calculate checksum of ref: "${path}": not found`);
  if (!/[*?]/.test(path)) {
    if (!source.exists(path)) throw missing();
    return [path];
  }
  const slash = path.lastIndexOf('/');
  const folder = path.slice(0, slash) || '/';
  const pattern = path.slice(slash + 1).replace(/[.+^${}()|[\]\\]/g, '\\$&');
  const expression = new RegExp(`^${pattern.replace(/\*/g, '.*').replace(/\?/g, '.')}$`);
  try {
    const found = source.list(folder).filter((name) => expression.test(name));
    if (found.length === 0) throw missing();
    return found.map((name) => `${folder === '/' ? '' : folder}/${name}`);
  } catch (error) {
    if (error instanceof FileError) throw missing();
    throw error;
  }
}
