// cp, mv, ln.
import { FileError, type TreeNode } from '../../../base/files.ts';
import { type Tool, type ToolDefinition, ToolError } from '../tool.ts';
import { forEach } from './mode.ts';

/** Where a source goes: into the target when that is a directory. */
function destination(tool: Tool, source: string, target: string): string {
  const path = tool.path(target);
  return isDirectory(tool, target)
    ? `${path === '/' ? '' : path}/${source.replace(/\/+$/, '').split('/').at(-1)}`
    : path;
}

function isDirectory(tool: Tool, name: string): boolean {
  return tool.files.exists(tool.path(name)) && tool.files.stat(tool.path(name)).kind === 'directory';
}

function splitTargets(tool: Tool): { readonly sources: readonly string[]; readonly target: string } {
  const { operands } = tool;
  const target = operands.at(-1);
  if (target === undefined)
    throw new ToolError(`missing file operand\nTry '${tool.name} --help' for more information.`);
  if (operands.length < 2)
    throw new ToolError(
      `missing destination file operand after '${target}'\nTry '${tool.name} --help' for more information.`,
    );
  if (operands.length > 2 && !isDirectory(tool, target)) throw new ToolError(`target '${target}' is not a directory`);
  return { sources: operands.slice(0, -1), target };
}

/** Whether what is there may be replaced: of -f, -i and -n the last one counts. */
async function mayReplace(tool: Tool, to: string, shown: string): Promise<boolean> {
  if (!tool.files.exists(to)) return true;
  const way = tool.lastOf('f', 'i', 'n');
  return way === 'i' ? tool.confirms(`overwrite '${shown}'`) : way !== 'n';
}

/** A destination as the program names it: `dir/` and `a` make `dir/a`. */
function shownTarget(tool: Tool, source: string, target: string): string {
  return isDirectory(tool, target)
    ? `${target.replace(/\/+$/, '')}/${source.replace(/\/+$/, '').split('/').at(-1)}`
    : target;
}

export const cp: ToolDefinition = {
  name: 'cp',
  short: 'rRafpvniLPd',
  long: {
    recursive: 'r',
    archive: 'a',
    force: 'f',
    verbose: 'v',
    'no-clobber': 'n',
    interactive: 'i',
    dereference: 'L',
    'no-dereference': 'P',
  },
  async run(tool) {
    const { sources, target } = splitTargets(tool);
    for (const source of sources) {
      try {
        await copyOne(tool, source, target);
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        const isSource = tool.path(error.path) === tool.path(source);
        await tool.fail(
          isSource
            ? tool.isGnu
              ? `cannot stat '${source}': ${error.message}`
              : `can't stat '${source}': ${error.message}`
            : `cannot create regular file '${target}': ${error.message}`,
        );
      }
    }
    return tool.status;
  },
};

async function copyOne(tool: Tool, source: string, target: string): Promise<void> {
  const recursive = tool.has('r', 'R', 'a');
  const follows = tool.has('L') || !(recursive || tool.has('P', 'd'));
  const node = follows ? tool.files.stat(tool.path(source)) : tool.files.statLink(tool.path(source));
  const to = destination(tool, source, target);
  if (node.kind === 'directory' && !recursive) await tool.fail(`-r not specified; omitting directory '${source}'`);
  else if (tool.path(source) === to) await tool.fail(`'${source}' and '${target}' are the same file`);
  else if (`${to}/`.startsWith(`${tool.path(source)}/`))
    await tool.fail(`cannot copy a directory, '${source}', into itself, '${target}'`);
  else await copy(tool, node, { from: source, shown: shownTarget(tool, source, target), to });
}

interface CopyPlace {
  /** As the program names them. */
  readonly from: string;
  readonly shown: string;
  readonly to: string;
}

async function copy(tool: Tool, node: TreeNode, { from, shown, to }: CopyPlace): Promise<void> {
  tool.process.step();
  if (node.kind === 'link' && tool.has('L')) {
    await copy(tool, tool.files.stat(tool.path(from)), { from, shown, to });
    return;
  }
  if (node.kind !== 'directory' && !(await mayReplace(tool, to, shown))) return;
  if (node.kind === 'directory') {
    if (!tool.files.exists(to)) {
      tool.files.makeDirectory(to);
      if (tool.has('v')) await tool.out(`'${from}' -> '${shown}'\n`);
    }
    for (const [name, entry] of [...node.entries])
      await copy(tool, entry, { from: `${from}/${name}`, shown: `${shown}/${name}`, to: `${to}/${name}` });
  } else {
    if (node.kind === 'link') {
      if (hasLink(tool, to)) tool.files.remove(to);
      tool.files.makeLink(to, node.target);
    } else if (node.program !== undefined) tool.files.place(to, { ...node });
    else tool.files.writeFile(to, node.generate ? node.generate() : node.content, { mode: node.mode });
    if (tool.has('v')) await tool.out(`'${from}' -> '${shown}'\n`);
  }
  if (tool.has('p', 'a')) preserve(node, tool.files.statLink(to));
}

function preserve(from: TreeNode, to: TreeNode): void {
  to.mode = from.mode;
  to.modifiedAt = from.modifiedAt;
  to.owner = from.owner;
  if (from.group !== undefined) to.group = from.group;
}

export const mv: ToolDefinition = {
  name: 'mv',
  short: 'fnvi',
  long: { force: 'f', 'no-clobber': 'n', verbose: 'v', interactive: 'i' },
  async run(tool) {
    const { sources, target } = splitTargets(tool);
    const move = async (source: string) => {
      const to = destination(tool, source, target);
      const shown = shownTarget(tool, source, target);
      if (tool.path(source) === to) throw new ToolError(`'${source}' and '${target}' are the same file`);
      if (`${to}/`.startsWith(`${tool.path(source)}/`))
        throw new ToolError(`cannot move '${source}' to a subdirectory of itself, '${target}'`);
      if (!(await mayReplace(tool, to, shown))) return;
      tool.files.rename(tool.path(source), to);
      if (tool.has('v')) await tool.out(`${tool.isGnu ? 'renamed ' : ''}'${source}' -> '${shown}'\n`);
    };
    return forEach(tool, sources, move, tool.isGnu ? 'cannot stat' : 'rename');
  },
};

export const ln: ToolDefinition = {
  name: 'ln',
  short: 'sfnvrT',
  long: {
    symbolic: 's',
    force: 'f',
    'no-dereference': 'n',
    'no-target-directory': 'T',
    relative: 'r',
    verbose: 'v',
  },
  async run(tool) {
    const first = tool.needOperand();
    const names = tool.operands.length > 1 ? tool.operands.slice(0, -1) : [first];
    const target = tool.operands.length > 1 ? (tool.operands.at(-1) ?? '') : '.';
    if (names.length > 1 && !isDirectory(tool, target)) throw new ToolError(`target '${target}' is not a directory`);
    for (const name of names) await link(tool, name, target);
    return 0;
  },
};

async function link(tool: Tool, source: string, target: string): Promise<void> {
  const isPlain = tool.has('T') || (tool.has('n') && isLink(tool, target));
  const at = isPlain ? tool.path(target) : destination(tool, source, target);
  const shown = isPlain ? target : shownTarget(tool, source, target).replace(/^\.\//, '');
  const existing = hasLink(tool, at);
  const isSymbolic = tool.has('s');
  if (tool.has('r') && !isSymbolic) throw new ToolError('cannot do --relative without --symbolic');
  if (existing && !tool.has('f'))
    throw new ToolError(`failed to create ${isSymbolic ? 'symbolic' : 'hard'} link '${shown}': File exists`);
  const text = tool.has('r') ? relative(at.slice(0, at.lastIndexOf('/')), tool.path(source)) : source;
  const node = isSymbolic ? undefined : tool.files.stat(tool.path(source));
  if (existing) tool.files.remove(at);
  if (node) tool.files.place(at, node);
  else tool.files.makeLink(at, text);
  if (tool.has('v')) await tool.out(`'${shown}' ${isSymbolic ? '->' : '=>'} '${text}'\n`);
}

function isLink(tool: Tool, name: string): boolean {
  return hasLink(tool, tool.path(name)) && tool.files.statLink(tool.path(name)).kind === 'link';
}

/** Whether anything is there, a link that leads nowhere too. */
function hasLink(tool: Tool, path: string): boolean {
  try {
    return tool.files.statLink(path) !== undefined;
  } catch (error) {
    if (error instanceof FileError) return false;
    throw error;
  }
}

/** The way from a directory to a path. */
function relative(folder: string, path: string): string {
  const [from, to] = [folder.split('/'), path.split('/')];
  let same = 0;
  while (same < from.length && same < to.length && from[same] === to[same]) same++;
  return [...from.slice(same).map(() => '..'), ...to.slice(same)].join('/') || '.';
}
