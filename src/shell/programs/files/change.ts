// mkdir, rmdir, rm, touch, mktemp.
import { FileError } from '../../../base/files.ts';
import { parseDate } from '../../text/parse-date.ts';
import { type Tool, type ToolDefinition, ToolError } from '../tool.ts';
import { kindOf } from './ls.ts';
import { changeMode, forEach } from './mode.ts';

export const mkdir: ToolDefinition = {
  name: 'mkdir',
  short: 'pvm:',
  long: { parents: 'p', verbose: 'v', mode: 'm:' },
  async run(tool) {
    tool.needOperand();
    const wanted = tool.value('m');
    const mode = wanted === undefined ? undefined : changeMode(0o777, wanted);
    if (wanted !== undefined && mode === undefined) throw new ToolError(`invalid mode '${wanted}'`);
    const make = async (name: string) => {
      const missing = (tool.has('p') ? pathsTo(name) : [name]).filter((path) => !tool.files.exists(tool.path(path)));
      tool.files.makeDirectory(tool.path(name), { parents: tool.has('p') });
      if (mode !== undefined && missing.length > 0) tool.files.stat(tool.path(name)).mode = mode;
      if (!tool.has('v')) return;
      for (const path of missing)
        await tool.out(tool.isGnu ? `mkdir: created directory '${path}'\n` : `created directory: '${path}'\n`);
    };
    return forEach(tool, tool.operands, make, 'cannot create directory');
  },
};

/** `a/b/c`: `a`, `a/b`, `a/b/c`. */
function pathsTo(name: string): readonly string[] {
  const parts = name.replace(/\/+$/, '').split('/');
  return parts.map((_, at) => parts.slice(0, at + 1).join('/')).filter((path) => path !== '');
}

export const rmdir: ToolDefinition = {
  name: 'rmdir',
  short: 'pv',
  long: { parents: 'p', verbose: 'v' },
  async run(tool) {
    tool.needOperand();
    const remove = async (name: string) => {
      for (const path of tool.has('p') ? [...pathsTo(name)].reverse() : [name]) {
        if (tool.has('v')) await tool.out(`rmdir: removing directory, '${path}'\n`);
        if (tool.files.statLink(tool.path(path)).kind !== 'directory') throw new FileError('ENOTDIR', path);
        tool.files.remove(tool.path(path));
      }
    };
    return forEach(tool, tool.operands, remove, 'failed to remove');
  },
};

export const rm: ToolDefinition = {
  name: 'rm',
  short: 'rRfivd',
  long: { recursive: 'r', force: 'f', verbose: 'v', dir: 'd', interactive: 'i' },
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
        const node = tool.files.statLink(path);
        const recursive = tool.has('r', 'R');
        if (node.kind === 'directory' && !recursive && !tool.has('d')) throw new FileError('EISDIR', name);
        if (recursive && !tool.has('v') && !asks(tool)) tool.files.remove(path, { recursive });
        else await takeAway(tool, name, recursive);
      } catch (error) {
        if (!(error instanceof FileError && error.code === 'ENOENT' && tool.has('f'))) throw error;
      }
    };
    return forEach(tool, tool.operands, remove, 'cannot remove');
  },
};

function asks(tool: Tool): boolean {
  return tool.lastOf('i', 'f') === 'i';
}

/** Removes a file, or a directory from its leaves up, with a question or a line about each. */
async function takeAway(tool: Tool, name: string, recursive: boolean): Promise<void> {
  tool.process.step();
  const path = tool.path(name);
  const node = tool.files.statLink(path);
  const isDirectory = node.kind === 'directory';
  if (isDirectory && recursive && node.entries.size > 0) {
    if (asks(tool) && !(await tool.confirms(`descend into directory '${name}'`))) return;
    for (const entry of tool.files.list(path)) await takeAway(tool, `${name.replace(/\/+$/, '')}/${entry}`, true);
  }
  if (asks(tool) && !(await tool.confirms(tool.isGnu ? `remove ${kindOf(node)} '${name}'` : `remove '${name}'`)))
    return;
  tool.files.remove(path);
  if (tool.has('v')) await tool.out(`removed ${isDirectory ? 'directory ' : ''}'${name}'\n`);
}

export const touch: ToolDefinition = {
  name: 'touch',
  short: 'cmad:t:r:',
  long: { 'no-create': 'c', date: 'd:', reference: 'r:' },
  async run(tool) {
    tool.needOperand();
    const at = timeOf(tool);
    // Files keep the time of their last change, none of their last use: -a alone changes nothing of what is there.
    const changes = !tool.has('a') || tool.has('m');
    const act = (name: string) => {
      const path = tool.path(name);
      if (!tool.files.exists(path)) {
        if (tool.has('c')) return;
        tool.files.writeFile(path, '');
      }
      if (changes) tool.files.stat(path).modifiedAt = at;
    };
    return forEach(tool, tool.operands, act, tool.isGnu ? 'cannot touch' : '');
  },
};

function timeOf(tool: Tool): number {
  const now = tool.process.clock.now();
  const [date, stamp, reference] = [tool.value('d'), tool.value('t'), tool.value('r')];
  if (reference !== undefined) return tool.files.stat(tool.path(reference)).modifiedAt;
  if (date === undefined && stamp === undefined) return now;
  const at = date === undefined ? stampTime(stamp ?? '', now) : parseDate(date, now);
  if (at === undefined) throw new ToolError(`invalid date format '${date ?? stamp}'`);
  return at;
}

/** `[[CC]YY]MMDDhhmm[.ss]` */
function stampTime(text: string, now: number): number | undefined {
  const match = /^((?:\d\d)?\d\d)?(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d\d))?$/.exec(text);
  if (!match) return undefined;
  const [, year = String(new Date(now).getUTCFullYear()), month, day, hour, minute, second = '00'] = match;
  const full = year.length === 4 ? year : `${Number(year) < 69 ? '20' : '19'}${year}`;
  const at = Date.parse(`${full}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(at) ? undefined : at;
}

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

export const mktemp: ToolDefinition = {
  name: 'mktemp',
  short: 'dp:tu',
  long: { directory: 'd', 'dry-run': 'u' },
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
      if (tool.has('d') && !tool.has('u')) tool.files.makeDirectory(tool.path(name), { mode: 0o700 });
      else if (!tool.has('u')) tool.files.writeFile(tool.path(name), '', { mode: 0o600 });
      await tool.out(`${name}\n`);
      return 0;
    }
  },
};
