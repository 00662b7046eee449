// tar: packs, lists and unpacks archives, also gzipped ones.
import { gunzipSync, gzipSync } from 'fflate';
import { FileError } from '../../../base/files.ts';
import { packTar, type TarEntry, TarError, unpackTar } from '../../../base/tar.ts';
import { compilePattern, matchesPattern } from '../../evaluate/pattern.ts';
import { type Tool, type ToolDefinition, ToolError } from '../tool.ts';

interface Wish {
  readonly letters: ReadonlySet<string>;
  readonly archive: string;
  readonly folder: string;
  readonly names: readonly string[];
  /** `--exclude`: shell patterns. */
  readonly excluded: readonly string[];
  /** `--strip-components`: how many leading folders of a name are left out. */
  readonly stripped: number;
}

const longOptions: Readonly<Record<string, string>> = {
  create: 'c',
  extract: 'x',
  get: 'x',
  list: 't',
  verbose: 'v',
  gzip: 'z',
  gunzip: 'z',
  bzip2: 'j',
  xz: 'J',
  touch: 'm',
  'to-stdout': 'O',
  'preserve-permissions': 'p',
  'same-permissions': 'p',
  'no-same-owner': 'o',
  'no-same-permissions': 'no-same-permissions',
};

/** Everything is root's here: -o and -p have nothing to keep that would not be kept anyway. */
const known = new Set(['c', 'x', 't', 'v', 'z', 'm', 'O', 'f', 'C', 'o', 'p', 'no-same-permissions']);

const entriesMax = 100_000;
const umask = 0o022;

export const tar: ToolDefinition = {
  name: 'tar',
  raw: true,
  async run(tool) {
    const wish = read(tool);
    if (wish.letters.has('c')) return create(tool, wish);
    if (wish.letters.has('x') || wish.letters.has('t')) return extract(tool, wish);
    throw new ToolError(
      tool.isGnu
        ? "You must specify one of the '-Acdtrux', '--delete' or '--test-label' options\nTry 'tar --help' or 'tar --usage' for more information."
        : 'need at least one option',
      tool.isGnu ? 2 : 1,
    );
  },
};

/** Options in all three styles: `cf -`, `-c -f -`, `--create --file=-`. */
function read(tool: Tool): Wish {
  const [first = '', ...rest] = tool.process.argv.slice(1);
  const words = first === '' || first.startsWith('-') ? [first, ...rest] : [`-${first}`, ...rest];
  const letters = new Set<string>();
  const names: string[] = [];
  const values = { f: '-', C: '.' };
  const excluded: string[] = [];
  let stripped = 0;
  const add = (word: string, letter: string | undefined) => {
    if (letter === undefined)
      throw new ToolError(tool.isGnu ? `unrecognized option '${word}'` : `unrecognized option: ${word.slice(2)}`, 2);
    if (!known.has(letter)) throw new ToolError(`option -${letter} is not supported here`, 2);
    letters.add(letter);
  };
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    const [, name = '', value] = /^--([a-z-]+)(?:=(.*))?$/.exec(word) ?? [];
    if (name === 'file') values.f = value ?? words[++i] ?? '-';
    else if (name === 'directory') values.C = value ?? words[++i] ?? '.';
    else if (name === 'exclude') excluded.push(value ?? words[++i] ?? '');
    else if (name === 'strip-components') stripped = Number(value ?? words[++i] ?? 0);
    else if (name !== '') add(word, Object.hasOwn(longOptions, name) ? longOptions[name] : undefined);
    else if (word.startsWith('-') && word.length > 1)
      for (const letter of word.slice(1)) {
        add(word, letter);
        if (letter === 'f' || letter === 'C') values[letter] = words[++i] ?? '';
      }
    else if (word !== '') names.push(word);
  }
  return { letters, archive: values.f, folder: values.C, names, excluded, stripped };
}

async function create(tool: Tool, { names, archive, folder, letters, excluded }: Wish): Promise<number> {
  if (names.length === 0)
    throw new ToolError(
      tool.isGnu
        ? "Cowardly refusing to create an empty archive\nTry 'tar --help' or 'tar --usage' for more information."
        : 'empty archive',
      tool.isGnu ? 2 : 1,
    );
  const entries: TarEntry[] = [];
  let stripped = false;
  let failed = false;
  for (const name of names) {
    const present = tool.files.exists(pathOf(tool, folder, name));
    if (name.startsWith('/') && !stripped && (tool.isGnu || present)) {
      await tool.warn(tool.isGnu ? "Removing leading `/' from member names" : "removing leading '/' from member names");
      stripped = true;
    }
    try {
      const isLeftOut = excludes(excluded);
      collect(tool, { path: pathOf(tool, folder, name), name: name.replace(/^\/+/, ''), isLeftOut }, entries);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      failed = true;
      await tool.warn(tool.isGnu ? `${name}: Cannot stat: ${error.message}` : `${name}: ${error.message}`);
    }
  }
  if (letters.has('v'))
    await (archive === '-' ? tool.process.stderr : tool.process.stdout).write(
      entries.map(({ name }) => `${name}\n`).join(''),
    );
  const packed = packTar(entries);
  const bytes = letters.has('z') ? gzipSync(packed, { mtime: 0 }) : packed;
  if (archive === '-') await tool.bytes(bytes);
  else tool.files.writeFile(tool.path(archive), bytes);
  if (!failed) return 0;
  await tool.warn(
    tool.isGnu ? 'Exiting with failure status due to previous errors' : 'error exit delayed from previous errors',
  );
  return tool.isGnu ? 2 : 1;
}

function pathOf(tool: Tool, folder: string, name: string): string {
  return tool.path(name.startsWith('/') ? name : `${folder}/${name}`);
}

/** Whether a name, or its last part, is one of those that --exclude leaves out. */
function excludes(patterns: readonly string[]): (name: string) => boolean {
  const compiled = patterns.map((pattern) => compilePattern(pattern.replace(/\/$/, '')));
  return (name) => {
    const whole = name.replace(/\/$/, '');
    return compiled.some((pattern) =>
      [whole, whole.replace(/^\.\//, ''), whole.split('/').at(-1) ?? ''].some((each) => matchesPattern(pattern, each)),
    );
  };
}

interface Collected {
  readonly path: string;
  readonly name: string;
  readonly isLeftOut: (name: string) => boolean;
}

function collect(tool: Tool, { path, name, isLeftOut }: Collected, into: TarEntry[]): void {
  tool.process.step();
  if (isLeftOut(name)) return;
  if (into.length >= entriesMax) return;
  const node = tool.files.statLink(path);
  const common = { mode: node.mode, modifiedAt: node.modifiedAt, content: new Uint8Array(), target: '' };
  if (node.kind === 'link') into.push({ ...common, name, kind: 'link', target: node.target });
  else if (node.kind === 'file') into.push({ ...common, name, kind: 'file', content: tool.files.readFile(path) });
  else {
    const folder = name.replace(/\/*$/, '/').replace(/^\/$/, './');
    into.push({ ...common, name: folder, kind: 'directory' });
    for (const child of tool.files.list(path)) {
      const below = { path: `${path === '/' ? '' : path}/${child}`, name: `${folder === './' ? '' : folder}${child}` };
      collect(tool, { ...below, isLeftOut }, into);
    }
  }
}

async function extract(tool: Tool, wish: Wish): Promise<number> {
  const { letters, archive, folder, names, stripped } = wish;
  const isLeftOut = excludes(wish.excluded);
  const entries = await open(tool, archive, letters.has('z'));
  const base = tool.path(folder);
  if (letters.has('x') && !tool.files.exists(base))
    throw new ToolError(
      tool.isGnu
        ? `${folder}: Cannot open: No such file or directory\ntar: Error is not recoverable: exiting now`
        : `can't change directory to '${folder}': No such file or directory`,
      tool.isGnu ? 2 : 1,
    );
  for (const entry of entries) {
    tool.process.step();
    const bare = entry.name.replace(/\/$/, '');
    if (names.length > 0 && !names.some((name) => bare === name || bare.startsWith(`${name}/`))) continue;
    if (isLeftOut(entry.name)) continue;
    const kept = bare.split('/').slice(stripped).join('/');
    if (kept === '' && letters.has('x')) continue;
    if (letters.has('v') || letters.has('t')) await tool.out(`${entry.name}\n`);
    if (letters.has('x')) await restore(tool, entry, { path: `${base === '/' ? '' : base}/${kept}`, letters });
  }
  return 0;
}

async function restore(
  tool: Tool,
  entry: TarEntry,
  { path, letters }: { readonly path: string; readonly letters: ReadonlySet<string> },
): Promise<void> {
  const { files } = tool;
  if (path.split('/').includes('..')) throw new ToolError(`${entry.name}: Member name contains '..'`, 2);
  if (letters.has('O')) return tool.bytes(entry.content);
  if (entry.kind === 'directory') files.makeDirectory(path, { parents: true, mode: entry.mode });
  else {
    files.makeDirectory(path.slice(0, path.lastIndexOf('/')) || '/', { parents: true });
    if (entry.kind === 'link') files.makeLink(path, entry.target);
    else
      files.writeFile(path, entry.content, { mode: entry.mode & (letters.has('no-same-permissions') ? ~umask : ~0) });
  }
  if (!letters.has('m')) files.statLink(path).modifiedAt = entry.modifiedAt;
}

async function open(tool: Tool, archive: string, isPacked: boolean): Promise<readonly TarEntry[]> {
  try {
    const bytes = await tool.readAll(tool.open(archive));
    if (bytes.length === 0 && tool.isGnu) throw new TarError('This does not look like a tar archive');
    const hasMagic = bytes[0] === 0x1f && bytes[1] === 0x8b;
    if (isPacked && !hasMagic)
      throw new ToolError(
        tool.isGnu ? 'Child returned status 1\ntar: Error is not recoverable: exiting now' : 'invalid magic',
        tool.isGnu ? 2 : 1,
      );
    return unpackTar(hasMagic && (isPacked || tool.isGnu) ? gunzipSync(bytes) : bytes);
  } catch (error) {
    if (error instanceof FileError)
      throw new ToolError(
        tool.isGnu
          ? `${archive}: Cannot open: ${error.message}\ntar: Error is not recoverable: exiting now`
          : `can't open '${archive}': ${error.message}`,
        tool.isGnu ? 2 : 1,
      );
    if (!(error instanceof TarError)) throw error;
    throw new ToolError(
      tool.isGnu
        ? 'This does not look like a tar archive\ntar: Exiting with failure status due to previous errors'
        : 'invalid tar magic',
      tool.isGnu ? 2 : 1,
    );
  }
}
