// chmod and chown, and what programs that act on one file after the other share.
import { FileError, type TreeNode } from '../../../base/files.ts';
import { type Tool, type ToolDefinition, ToolError } from '../tool.ts';
import { modeText } from './ls.ts';

/** Runs on each operand; a FileError becomes a warning and the others go on. Without a verb BusyBox names the file only. */
export async function forEach(
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
          : verb === ''
            ? `${name}: ${error.message}`
            : `can't ${verb.replace(/^(cannot|failed to) /, '')} '${name}': ${error.message}`,
      );
    }
  }
  return tool.status;
}

/** `755` or `u+x,go-w`; undefined: none of both. */
export function changeMode(mode: number, text: string): number | undefined {
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
    return onEach(tool, names, (node, name) => {
      const before = described(node);
      const changed = changeMode(node.mode, mode);
      if (changed === undefined) throw new ToolError(`invalid mode: '${mode}'`);
      node.mode = changed;
      const after = described(node);
      return before === after
        ? `mode of '${name}' retained as ${after}`
        : `mode of '${name}' changed from ${before} to ${after}`;
    });
  },
};

/** `0644 (rw-r--r--)` */
function described(node: TreeNode): string {
  return `${(node.mode & 0o7777).toString(8).padStart(4, '0')} (${modeText(node).slice(1)})`;
}

export const chown: ToolDefinition = {
  name: 'chown',
  short: 'Rvf',
  async run(tool) {
    const [wanted, ...names] = tool.operands;
    if (wanted === undefined || names.length === 0)
      throw new ToolError(
        `missing operand${wanted === undefined ? '' : ` after '${wanted}'`}\nTry 'chown --help' for more information.`,
      );
    const [, owner = '', group] = /^([^:.]*)(?:[:.](.*))?$/.exec(wanted) ?? [];
    return onEach(tool, names, (node, name) => {
      const before = ownership(node);
      const held = node.group ?? node.owner;
      if (owner !== '') node.owner = owner;
      const now = group === undefined ? held : group === '' ? node.owner : group;
      if (now === node.owner) delete node.group;
      else node.group = now;
      const after = ownership(node);
      return before === after
        ? `ownership of '${name}' retained as ${after}`
        : `changed ownership of '${name}' from ${before} to ${after}`;
    });
  },
};

function ownership({ owner, group = owner }: TreeNode): string {
  return `${owner}:${group}`;
}

/** Acts on files and, with -R, all below them; -v says what was done, -f keeps quiet about what cannot be. */
async function onEach(
  tool: Tool,
  names: readonly string[],
  act: (node: TreeNode, name: string) => string,
): Promise<number> {
  const apply = async (name: string): Promise<void> => {
    tool.process.step();
    const node = tool.files.stat(tool.path(name));
    const done = act(node, name);
    if (tool.has('v')) await tool.out(`${done}\n`);
    if (tool.has('R') && node.kind === 'directory')
      for (const entry of tool.files.list(tool.path(name))) await apply(`${name.replace(/\/+$/, '')}/${entry}`);
  };
  const quietly = async (name: string): Promise<void> => {
    if (tool.files.exists(tool.path(name)) || !tool.has('f')) return apply(name);
    tool.status = 1;
  };
  return forEach(tool, names, quietly, 'cannot access');
}
