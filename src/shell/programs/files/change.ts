// mkdir, rmdir, rm, cp, mv, touch, ln, chmod, chown, mktemp.
import { FileError, type TreeNode } from '../../../base/files.ts';
import { type Tool, type ToolDefinition, ToolError } from '../tool.ts';

/** Runs on each operand; a FileError becomes a warning and the others go on. */
async function forEach(
  tool: Tool,
  names: readonly string[],
  act: (name: string) => Promise<void> | void,
  verb: string,
): Promise<number> {
  for (const name of names) {
    tool.process.step();
    try {
      await act(name);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      await tool.fail(
        tool.isGnu
          ? `${verb} '${name}': ${error.message}`
          : `can't ${verb.replace(/^(cannot|failed to) /, '')} '${name}': ${error.message}`,
      );
    }
  }
  return tool.status;
}

export const mkdir: ToolDefinition = {
  name: 'mkdir',
  short: 'pvm:',
  long: { parents: 'p', verbose: 'v', mode: 'm:' },
  async run(tool) {
    tool.needOperand();
    return forEach(
      tool,
      tool.operands,
      (name) => tool.files.makeDirectory(tool.path(name), { parents: tool.has('p') }),
      'cannot create directory',
    );
  },
};

export const rmdir: ToolDefinition = {
  name: 'rmdir',
  short: 'pv',
  async run(tool) {
    tool.needOperand();
    const remove = (name: string) => {
      if (tool.files.statLink(tool.path(name)).kind !== 'directory') throw new FileError('ENOTDIR', name);
      tool.files.remove(tool.path(name));
    };
    return forEach(tool, tool.operands, remove, 'failed to remove');
  },
};

export const rm: ToolDefinition = {
  name: 'rm',
  short: 'rRfivd',
  long: { recursive: 'r', force: 'f', verbose: 'v' },
  async run(tool) {
    if (!tool.has('f')) tool.needOperand();
    const remove = async (name: string) => {
      const path = tool.path(name);
      if (path === '/') {
        await tool.fail(
          "it is dangerous to operate recursively on '/'\nrm: use --no-preserve-root to override this failsafe",
        );
        return;
      }
      try {
        if (tool.files.statLink(path).kind === 'directory' && !tool.has('r', 'R')) throw new FileError('EISDIR', name);
        tool.files.remove(path, { recursive: true });
        if (tool.has('v')) await tool.out(`removed '${name}'\n`);
      } catch (error) {
        if (!(error instanceof FileError && error.code === 'ENOENT' && tool.has('f'))) throw error;
      }
    };
    return forEach(tool, tool.operands, remove, 'cannot remove');
  },
};

/** Where a source goes: into the target when that is a directory. */
function destination(tool: Tool, source: string, target: string): string {
  const path = tool.path(target);
  const isDirectory = tool.files.exists(path) && tool.files.stat(path).kind === 'directory';
  return isDirectory ? `${path === '/' ? '' : path}/${source.replace(/\/+$/, '').split('/').at(-1)}` : path;
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
  const path = tool.path(target);
  const isDirectory = tool.files.exists(path) && tool.files.stat(path).kind === 'directory';
  if (operands.length > 2 && !isDirectory) throw new ToolError(`target '${target}' is not a directory`);
  return { sources: operands.slice(0, -1), target };
}

export const cp: ToolDefinition = {
  name: 'cp',
  short: 'rRafpvnLPd',
  long: { recursive: 'r', archive: 'a', force: 'f', verbose: 'v', 'no-clobber': 'n' },
  async run(tool) {
    const { sources, target } = splitTargets(tool);
    for (const source of sources) {
      try {
        const node = tool.files.stat(tool.path(source));
        const to = destination(tool, source, target);
        if (node.kind === 'directory' && !tool.has('r', 'R', 'a'))
          await tool.fail(`-r not specified; omitting directory '${source}'`);
        else if (tool.path(source) === to) await tool.fail(`'${source}' and '${target}' are the same file`);
        else if (`${to}/`.startsWith(`${tool.path(source)}/`))
          await tool.fail(`cannot copy a directory, '${source}', into itself, '${target}'`);
        else if (!(tool.has('n') && tool.files.exists(to))) copy(tool, node, to);
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

function copy(tool: Tool, node: TreeNode, to: string): void {
  tool.process.step();
  if (node.kind === 'link') tool.files.makeLink(to, node.target);
  else if (node.kind === 'file') {
    if (node.program !== undefined) tool.files.place(to, { ...node });
    else tool.files.writeFile(to, node.generate ? node.generate() : node.content, { mode: node.mode });
  } else {
    if (!tool.files.exists(to)) tool.files.makeDirectory(to);
    for (const [name, entry] of [...node.entries]) copy(tool, entry, `${to}/${name}`);
  }
}

export const mv: ToolDefinition = {
  name: 'mv',
  short: 'fnvi',
  long: { force: 'f', 'no-clobber': 'n', verbose: 'v' },
  async run(tool) {
    const { sources, target } = splitTargets(tool);
    const move = (source: string) => {
      const to = destination(tool, source, target);
      if (tool.path(source) === to) throw new ToolError(`'${source}' and '${target}' are the same file`);
      if (`${to}/`.startsWith(`${tool.path(source)}/`))
        throw new ToolError(`cannot move '${source}' to a subdirectory of itself, '${target}'`);
      if (!(tool.has('n') && tool.files.exists(to))) tool.files.rename(tool.path(source), to);
    };
    return forEach(tool, sources, move, tool.isGnu ? 'cannot stat' : 'rename');
  },
};

export const touch: ToolDefinition = {
  name: 'touch',
  short: 'cmad:t:r:',
  long: { 'no-create': 'c', date: 'd:' },
  async run(tool) {
    tool.needOperand();
    const act = (name: string) => {
      const path = tool.path(name);
      if (tool.files.exists(path)) tool.files.stat(path).modifiedAt = tool.process.clock.now();
      else if (!tool.has('c')) tool.files.writeFile(path, '');
    };
    return forEach(tool, tool.operands, act, tool.isGnu ? 'cannot touch' : 'touch');
  },
};

export const ln: ToolDefinition = {
  name: 'ln',
  short: 'sfnvrT',
  long: { symbolic: 's', force: 'f' },
  async run(tool) {
    const [target = '', name = target.split('/').at(-1) ?? ''] = tool.operands;
    tool.needOperand();
    const at = destination(tool, target, name);
    const existing =
      tool.files.exists(at) ||
      (() => {
        try {
          return tool.files.statLink(at) !== undefined;
        } catch (error) {
          if (error instanceof FileError) return false;
          throw error;
        }
      })();
    if (existing && !tool.has('f'))
      throw new ToolError(`failed to create ${tool.has('s') ? 'symbolic' : 'hard'} link '${name}': File exists`);
    if (existing) tool.files.remove(at);
    if (tool.has('s')) tool.files.makeLink(at, target);
    else tool.files.place(at, tool.files.stat(tool.path(target)));
    return 0;
  },
};

/** `755` or `u+x,go-w`. */
function changeMode(mode: number, text: string): number | undefined {
  if (/^[0-7]{1,4}$/.test(text)) return Number.parseInt(text, 8);
  let result = mode;
  for (const clause of text.split(',')) {
    const match = /^([ugoa]*)([-+=])([rwxXst]*)$/.exec(clause);
    if (!match) return undefined;
    const [, who = '', operator = '', letters = ''] = match;
    const bits = [...letters].reduce((sum, letter) => sum | ({ r: 4, w: 2, x: 1, X: 1 }[letter] ?? 0), 0);
    for (const [letter, shift] of [
      ['u', 6],
      ['g', 3],
      ['o', 0],
    ] as const) {
      if (who !== '' && !who.includes('a') && !who.includes(letter)) continue;
      if (operator === '=') result = (result & ~(7 << shift)) | (bits << shift);
      else result = operator === '+' ? result | (bits << shift) : result & ~(bits << shift);
    }
  }
  return result;
}

export const chmod: ToolDefinition = {
  name: 'chmod',
  short: '+Rvf',
  async run(tool) {
    const [mode = '', ...names] = tool.operands;
    if (names.length === 0)
      throw new ToolError(
        mode === '' ? "missing operand\nTry 'chmod --help' for more information." : `missing operand after '${mode}'`,
      );
    const apply = (path: string) => {
      const node = tool.files.stat(path);
      const changed = changeMode(node.mode, mode);
      if (changed === undefined) throw new ToolError(`invalid mode: '${mode}'`);
      node.mode = changed;
      if (tool.has('R') && node.kind === 'directory')
        for (const name of tool.files.list(path)) apply(`${path}/${name}`);
    };
    return forEach(tool, names, (name) => apply(tool.path(name)), 'cannot access');
  },
};

export const chown: ToolDefinition = {
  name: 'chown',
  short: 'Rvf',
  async run(tool) {
    const [owner = '', ...names] = tool.operands;
    const act = (name: string) => {
      tool.files.stat(tool.path(name)).owner = owner.split(':')[0] || 'root';
    };
    return forEach(tool, names, act, 'cannot access');
  },
};

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

export const mktemp: ToolDefinition = {
  name: 'mktemp',
  short: 'dp:tu',
  long: { directory: 'd' },
  async run(tool) {
    const template = tool.operands[0] ?? 'tmp.XXXXXXXXXX';
    const count = /X+$/.exec(template)?.[0].length ?? 0;
    if (count < 3) throw new ToolError(`too few X's in template '${template}'`);
    const folder =
      tool.value('p') ??
      (tool.operands.length === 0 || tool.has('t') ? (tool.process.env.get('TMPDIR') ?? '/tmp') : '');
    for (let seed = tool.process.pid * 7919 + 1; ; seed++) {
      tool.process.step();
      let random = '';
      for (let i = 0, state = Math.imul(seed, 2654435761) >>> 0; i < count; i++) {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        random += letters.charAt((state >>> 8) % letters.length);
      }
      const name = `${folder === '' ? '' : `${folder}/`}${template.slice(0, template.length - count)}${random}`;
      if (tool.files.exists(tool.path(name))) continue;
      if (tool.has('d')) tool.files.makeDirectory(tool.path(name), { mode: 0o700 });
      else tool.files.writeFile(tool.path(name), '', { mode: 0o600 });
      await tool.out(`${name}\n`);
      return 0;
    }
  },
};
