// ls and stat.
import { FileError, type TreeNode } from '../../../base/files.ts';
import { fnv1a } from '../../../base/hash.ts';
import { formatDate } from '../../text/date-format.ts';
import { type Tool, type ToolDefinition, ToolError } from '../tool.ts';

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
    inode: 'i',
    'no-group': 'G',
    'numeric-uid-gid': 'n',
  },
  async run(tool) {
    const color = tool.value('color') ?? 'never';
    if (!colorWhen.includes(color)) throw new ToolError(`invalid argument '${color}' for '--color'`, 2);
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
        else files.push({ name, path: tool.path(name), node });
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

const colorWhen = ['', 'always', 'yes', 'force', 'auto', 'tty', 'if-tty', 'never', 'no', 'none'];

/** Whether a line a file is printed, with its mode and owner. */
function isLong(tool: Tool): boolean {
  return tool.has('l', 'n', 'o', 'g', 'full-time');
}

interface Entry {
  readonly name: string;
  readonly path: string;
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
  const folder = tool.files.stat(path);
  const held = tool.has('U') && folder.kind === 'directory' ? [...folder.entries.keys()] : tool.files.list(path);
  const names = held.filter((entry) => tool.has('a', 'A') || !entry.startsWith('.'));
  const below = (entry: string) => `${path === '/' ? '' : path}/${entry}`;
  const entries = names.map((entry) => ({
    name: entry,
    path: below(entry),
    node: tool.has('L') ? tool.files.stat(below(entry)) : tool.files.statLink(below(entry)),
  }));
  const dots = tool.has('a')
    ? ['.', '..']
        .map((dot) => ({ name: dot, path: tool.path(`${name}/${dot}`) }))
        .map((dot) => ({ ...dot, node: tool.files.stat(dot.path) }))
    : [];
  const all = [...dots, ...sorted(tool, entries)];
  if (isLong(tool)) await tool.out(`total ${all.reduce((sum, { node }) => sum + blocks(node), 0)}\n`);
  await show(tool, all);
  if (!tool.has('R')) return;
  for (const { name: entry, node } of entries)
    if (node.kind === 'directory')
      await listFolder(tool, `${name === '/' ? '' : name}/${entry}`, { titled: true, first: false });
}

/** `regular file`, as stat and rm name it. */
export function kindOf(node: TreeNode): string {
  if (node.kind === 'directory') return 'directory';
  if (node.kind === 'link') return 'symbolic link';
  return sizeOf(node) === 0 ? 'regular empty file' : 'regular file';
}

/** Kibibytes on a disk of 4 KiB blocks; a link's target lies in its inode. */
function blocks(node: TreeNode): number {
  if (node.kind === 'link') return 0;
  return node.kind === 'directory' ? 4 : Math.ceil(sizeOf(node) / 4096) * 4;
}

export function sizeOf(node: TreeNode): number {
  if (node.kind === 'directory') return 4096;
  if (node.kind === 'link') return node.target.length;
  return node.program === undefined ? node.content.length : 143_144;
}

function sorted(tool: Tool, entries: readonly Entry[]): readonly Entry[] {
  if (tool.has('U')) return entries;
  const byName = (a: Entry, b: Entry) => (a.name < b.name ? -1 : 1);
  const extension = ({ name }: Entry) => /\.[^.]*$/.exec(name)?.[0] ?? '';
  const order = tool.has('t')
    ? (a: Entry, b: Entry) => b.node.modifiedAt - a.node.modifiedAt || byName(a, b)
    : tool.has('S')
      ? (a: Entry, b: Entry) => sizeOf(b.node) - sizeOf(a.node) || byName(a, b)
      : tool.has('X')
        ? (a: Entry, b: Entry) => (extension(a) === extension(b) ? byName(a, b) : extension(a) < extension(b) ? -1 : 1)
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
  if (isLong(tool)) {
    await showLong(tool, entries);
    return;
  }
  const inode = (entry: Entry) => (tool.has('i') ? `${inodeOf(tool, entry)} ` : '');
  const { terminal } = tool.process;
  if (!terminal || tool.has('1')) {
    for (const entry of entries) await tool.out(`${inode(entry)}${shownName(tool, entry)}\n`);
    return;
  }
  const shown = entries.map((entry) => ({
    text: inode(entry) + shownName(tool, entry),
    length: (inode(entry) + marked(tool, entry)).length,
  }));
  await tool.out(inColumns(shown, terminal.columns));
}

/** The name with what -F and -p put behind it. */
function marked(tool: Tool, { name, node }: Entry): string {
  if (node.kind === 'directory') return tool.has('F', 'p') ? `${name}/` : name;
  if (!tool.has('F')) return name;
  return node.kind === 'link' ? `${name}@` : node.mode & 0o111 ? `${name}*` : name;
}

const colors = { directory: '01;34', link: '01;36', program: '01;32' } as const;

/** The marked name in the colour of its kind. */
function shownName(tool: Tool, entry: Entry): string {
  const when = tool.has('color') ? (tool.value('color') ?? '') : 'never';
  const isColored = ['', 'always', 'yes', 'force'].includes(when) || (when.includes('t') && tool.process.terminal);
  const { kind, mode } = entry.node;
  const color = kind !== 'file' ? colors[kind] : mode & 0o111 ? colors.program : undefined;
  if (!isColored || color === undefined) return marked(tool, entry);
  return `\x1b[${color}m${entry.name}\x1b[0m${marked(tool, entry).slice(entry.name.length)}`;
}

/** The same file has the same number, as long as it is at its place. */
function inodeOf({ process }: Tool, { path }: Entry): number {
  return 131_072 + (fnv1a(process.machine.id + path) % 4_000_000);
}

export function userId(name: string): string {
  return /^\d+$/.test(name) ? name : name === 'root' ? '0' : '1000';
}

async function showLong(tool: Tool, entries: readonly Entry[]): Promise<void> {
  const now = tool.process.clock.now();
  const account = (name: string) => (tool.has('n') ? userId(name) : name);
  const rows = entries.map((entry) => {
    const { node } = entry;
    const links =
      node.kind === 'directory' ? 2 + [...node.entries.values()].filter(({ kind }) => kind === 'directory').length : 1;
    const size = tool.has('h') ? humanSize(sizeOf(node)) : String(sizeOf(node));
    const isOld = now - node.modifiedAt > 182 * 86_400_000;
    const form = tool.has('full-time') ? fullTime : isOld ? '%b %e  %Y' : '%b %e %H:%M';
    const target = node.kind === 'link' ? ` -> ${node.target}` : '';
    return {
      inode: String(inodeOf(tool, entry)),
      mode: modeText(node),
      links: String(links),
      owner: account(node.owner),
      group: account(node.group ?? node.owner),
      size,
      date: formatDate(node.modifiedAt, form),
      name: shownName(tool, entry) + target,
    };
  });
  const fixed = { ...busyboxWidths, ...(tool.has('h') ? { size: 7 } : {}) };
  const width = (key: keyof typeof fixed) =>
    tool.isGnu ? Math.max(0, ...rows.map((row) => row[key].length)) : fixed[key];
  for (const row of rows) {
    const cells = [
      ...(tool.has('i') ? [row.inode.padStart(width('inode'))] : []),
      row.mode,
      row.links.padStart(width('links')),
      ...(tool.has('g') ? [] : [row.owner.padEnd(width('owner'))]),
      ...(tool.has('o', 'G') ? [] : [row.group.padEnd(width('group'))]),
      row.size.padStart(width('size')),
      row.date,
      row.name,
    ];
    await tool.out(`${cells.join(' ')}\n`);
  }
}

/** BusyBox does not look at all entries first. */
const busyboxWidths = { inode: 7, links: 4, owner: 8, group: 8, size: 9 };

const fullTime = '%Y-%m-%d %H:%M:%S.000000000 +0000';

interface Shown {
  readonly text: string;
  /** Without colours. */
  readonly length: number;
}

/** Names top to bottom, then left to right, as wide as the terminal. */
function inColumns(names: readonly Shown[], columns: number): string {
  for (let rows = 1; rows <= names.length; rows++) {
    const groups = Array.from({ length: Math.ceil(names.length / rows) }, (_, i) =>
      names.slice(i * rows, (i + 1) * rows),
    );
    const widths = groups.map((group) => Math.max(...group.map(({ length }) => length)));
    if (widths.reduce((sum, width) => sum + width + 2, -2) > columns && rows < names.length) continue;
    const line = (row: number) =>
      groups
        .map((group, i) => {
          const { text = '', length = 0 } = group[row] ?? {};
          return text + ' '.repeat((widths[i] ?? 0) + 2 - length);
        })
        .join('')
        .trimEnd();
    return `${Array.from({ length: rows }, (_, row) => line(row)).join('\n')}\n`;
  }
  return '';
}

export const stat: ToolDefinition = {
  name: 'stat',
  short: 'c:Lf',
  long: { format: 'c:', dereference: 'L', 'file-system': 'f' },
  refused: ['f'],
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
      const node =
        tool.has('L') || name.endsWith('/') ? tool.files.stat(tool.path(name)) : tool.files.statLink(tool.path(name));
      await tool.out(`${describe(tool.value('c') ?? fullFormat, name, node)}\n`);
    }
    return tool.status;
  },
};

const fullFormat =
  '  File: %n\n  Size: %s\tBlocks: %b\tIO Block: 4096   %F\nAccess: (%04a/%A)  Uid: ( %5u/%8U)   Gid: ( %5g/%8G)\nModify: %y';

function describe(format: string, name: string, node: TreeNode): string {
  const group = node.group ?? node.owner;
  const values: Readonly<Record<string, string>> = {
    n: name,
    s: String(sizeOf(node)),
    F: kindOf(node),
    a: (node.mode & 0o7777).toString(8),
    A: modeText(node),
    U: node.owner,
    G: group,
    u: userId(node.owner),
    g: userId(group),
    b: String(blocks(node) * 2),
    y: formatDate(node.modifiedAt, fullTime),
    Y: String(Math.floor(node.modifiedAt / 1000)),
    h: '1',
    N: `'${name}'`,
  };
  return format.replace(/%(0?)(\d*)([nsFaAUGugbyYhN%])/g, (_, zero: string, width: string, letter: string) => {
    return letter === '%' ? '%' : (values[letter] ?? '').padStart(Number(width || 0), zero ? '0' : ' ');
  });
}
