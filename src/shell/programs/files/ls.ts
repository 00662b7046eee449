// ls and stat.
import { FileError, type TreeNode } from '../../../base/files.ts';
import { formatDate } from '../../text/date-format.ts';
import type { Tool, ToolDefinition } from '../tool.ts';

export const ls: ToolDefinition = {
  name: 'ls',
  short: 'la1RhrtSdFAiLGgnopUX',
  long: {
    all: 'a',
    'almost-all': 'A',
    recursive: 'R',
    'human-readable': 'h',
    reverse: 'r',
    directory: 'd',
    color: 'color?',
    classify: 'F',
    'full-time': 'full-time',
  },
  async run(tool) {
    const files: Entry[] = [];
    const folders: string[] = [];
    for (const name of tool.operands.length > 0 ? tool.operands : ['.']) {
      try {
        const node =
          tool.has('l', 'd') && !tool.has('L')
            ? tool.files.statLink(tool.path(name))
            : tool.files.stat(tool.path(name));
        const target =
          node.kind === 'link' && !tool.has('d') && tool.files.exists(tool.path(name)) && name.endsWith('/')
            ? tool.files.stat(tool.path(name))
            : node;
        if (target.kind === 'directory' && !tool.has('d')) folders.push(name);
        else files.push({ name, node });
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        await tool.fail(
          tool.isGnu ? `cannot access '${name}': ${error.message}` : `${name}: ${error.message}`,
          tool.isGnu ? 2 : 1,
        );
      }
    }
    if (files.length > 0) await show(tool, sorted(tool, files));
    const titled = folders.length + files.length > 1 || tool.has('R');
    for (const [i, name] of folders.entries())
      await listFolder(tool, name, { titled, first: i === 0 && files.length === 0 });
    return tool.status;
  },
};

interface Entry {
  readonly name: string;
  readonly node: TreeNode;
}

async function listFolder(
  tool: Tool,
  name: string,
  { titled, first }: { readonly titled: boolean; readonly first: boolean },
): Promise<void> {
  tool.process.step();
  const path = tool.path(name);
  if (titled) await tool.out(`${first ? '' : '\n'}${name}:\n`);
  const names = tool.files.list(path).filter((entry) => tool.has('a', 'A') || !entry.startsWith('.'));
  const below = (entry: string) => `${path === '/' ? '' : path}/${entry}`;
  const entries = names.map((entry) => ({
    name: entry,
    node: tool.has('L') ? tool.files.stat(below(entry)) : tool.files.statLink(below(entry)),
  }));
  const dots = tool.has('a')
    ? ['.', '..'].map((dot) => ({ name: dot, node: tool.files.stat(tool.path(`${name}/${dot}`)) }))
    : [];
  const all = [...dots, ...sorted(tool, entries)];
  if (tool.has('l', 'n', 'o', 'g')) await tool.out(`total ${all.reduce((sum, { node }) => sum + blocks(node), 0)}\n`);
  await show(tool, all);
  if (!tool.has('R')) return;
  for (const { name: entry, node } of entries)
    if (node.kind === 'directory')
      await listFolder(tool, `${name === '/' ? '' : name}/${entry}`, { titled: true, first: false });
}

/** Kibibytes on a disk of 4 KiB blocks. */
function blocks(node: TreeNode): number {
  return node.kind === 'directory' ? 4 : Math.ceil(sizeOf(node) / 4096) * 4;
}

export function sizeOf(node: TreeNode): number {
  if (node.kind === 'directory') return 4096;
  if (node.kind === 'link') return node.target.length;
  return node.program === undefined ? node.content.length : 143_144;
}

function sorted(tool: Tool, entries: readonly Entry[]): readonly Entry[] {
  const byName = (a: Entry, b: Entry) => (a.name < b.name ? -1 : 1);
  const order = tool.has('t')
    ? (a: Entry, b: Entry) => b.node.modifiedAt - a.node.modifiedAt || byName(a, b)
    : tool.has('S')
      ? (a: Entry, b: Entry) => sizeOf(b.node) - sizeOf(a.node) || byName(a, b)
      : byName;
  const result = [...entries].sort(order);
  return tool.has('r') ? result.reverse() : result;
}

export function modeText(node: TreeNode): string {
  const type = node.kind === 'directory' ? 'd' : node.kind === 'link' ? 'l' : node.discard ? 'c' : '-';
  const bits = [...'rwxrwxrwx'].map((letter, i) => ((node.mode >> (8 - i)) & 1 ? letter : '-'));
  if (node.mode & 0o1000) bits[8] = bits[8] === 'x' ? 't' : 'T';
  return type + bits.join('');
}

export function humanSize(bytes: number): string {
  if (bytes < 1024) return String(bytes);
  let value = bytes;
  let unit = -1;
  while (value >= 1024 && unit < 5) {
    value /= 1024;
    unit++;
  }
  const rounded = value < 10 ? (Math.ceil(value * 10) / 10).toFixed(1) : String(Math.ceil(value));
  return `${rounded}${'KMGTPE'.charAt(unit)}`;
}

async function show(tool: Tool, entries: readonly Entry[]): Promise<void> {
  const mark = ({ name, node }: Entry) =>
    name +
    (tool.has('F')
      ? node.kind === 'directory'
        ? '/'
        : node.kind === 'link'
          ? '@'
          : node.mode & 0o111
            ? '*'
            : ''
      : '');
  if (tool.has('l', 'n', 'o', 'g')) {
    await showLong(tool, entries, mark);
    return;
  }
  const { terminal } = tool.process;
  if (!terminal || tool.has('1')) {
    for (const entry of entries) await tool.out(`${mark(entry)}\n`);
    return;
  }
  await tool.out(inColumns(entries.map(mark), terminal.columns));
}

async function showLong(tool: Tool, entries: readonly Entry[], mark: (entry: Entry) => string): Promise<void> {
  const now = tool.process.clock.now();
  const rows = entries.map((entry) => {
    const { node } = entry;
    const links =
      node.kind === 'directory' ? 2 + [...node.entries.values()].filter(({ kind }) => kind === 'directory').length : 1;
    const size = tool.has('h') ? humanSize(sizeOf(node)) : String(sizeOf(node));
    const isOld = now - node.modifiedAt > 182 * 86_400_000;
    const date = formatDate(node.modifiedAt, isOld ? '%b %e  %Y' : '%b %e %H:%M');
    const target = node.kind === 'link' ? ` -> ${node.target}` : '';
    return { mode: modeText(node), links: String(links), owner: node.owner, size, date, name: mark(entry) + target };
  });
  const width = (key: 'links' | 'owner' | 'size') => Math.max(0, ...rows.map((row) => row[key].length));
  for (const row of rows) {
    const owner = row.owner.padEnd(width('owner'));
    await tool.out(
      `${row.mode} ${row.links.padStart(width('links'))} ${owner} ${owner} ${row.size.padStart(width('size'))} ${row.date} ${row.name}\n`,
    );
  }
}

/** Names top to bottom, then left to right, as wide as the terminal. */
function inColumns(names: readonly string[], columns: number): string {
  for (let rows = 1; rows <= names.length; rows++) {
    const groups = Array.from({ length: Math.ceil(names.length / rows) }, (_, i) =>
      names.slice(i * rows, (i + 1) * rows),
    );
    const widths = groups.map((group) => Math.max(...group.map(({ length }) => length)));
    if (widths.reduce((sum, width) => sum + width + 2, -2) > columns && rows < names.length) continue;
    const line = (row: number) =>
      groups
        .map((group, i) => (group[row] ?? '').padEnd((widths[i] ?? 0) + 2))
        .join('')
        .trimEnd();
    return `${Array.from({ length: rows }, (_, row) => line(row)).join('\n')}\n`;
  }
  return '';
}

export const stat: ToolDefinition = {
  name: 'stat',
  short: 'c:Lf',
  long: { format: 'c:' },
  async run(tool) {
    tool.needOperand();
    for (const name of tool.operands) {
      if (!tool.files.exists(tool.path(name))) {
        await tool.fail(
          tool.isGnu
            ? `cannot statx '${name}': No such file or directory`
            : `can't stat '${name}': No such file or directory`,
        );
        continue;
      }
      const node = tool.has('L') ? tool.files.stat(tool.path(name)) : tool.files.statLink(tool.path(name));
      await tool.out(`${describe(tool.value('c') ?? fullFormat, name, node)}\n`);
    }
    return tool.status;
  },
};

const fullFormat =
  '  File: %n\n  Size: %s\tBlocks: %b\tIO Block: 4096   %F\nAccess: (%04a/%A)  Uid: ( %5u/%8U)   Gid: ( %5g/%8G)\nModify: %y';

function describe(format: string, name: string, node: TreeNode): string {
  const kind =
    node.kind === 'directory'
      ? 'directory'
      : node.kind === 'link'
        ? 'symbolic link'
        : sizeOf(node) === 0
          ? 'regular empty file'
          : 'regular file';
  const id = node.owner === 'root' ? '0' : '1000';
  const values: Readonly<Record<string, string>> = {
    n: name,
    s: String(sizeOf(node)),
    F: kind,
    a: (node.mode & 0o7777).toString(8),
    A: modeText(node),
    U: node.owner,
    G: node.owner,
    u: id,
    g: id,
    b: String(blocks(node) * 2),
    y: formatDate(node.modifiedAt, '%Y-%m-%d %H:%M:%S.000000000 +0000'),
    Y: String(Math.floor(node.modifiedAt / 1000)),
    h: '1',
    N: `'${name}'`,
  };
  return format.replace(/%(0?)(\d*)([nsFaAUGugbyYhN%])/g, (_, zero: string, width: string, letter: string) => {
    return letter === '%' ? '%' : (values[letter] ?? '').padStart(Number(width || 0), zero ? '0' : ' ');
  });
}
