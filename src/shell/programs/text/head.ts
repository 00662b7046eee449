// head and tail, the latter with -f.

import { concatBytes } from '../../../base/bytes.ts';
import { FileError } from '../../../base/files.ts';
import { readChunk } from '../../text/line-reader.ts';
import { type Tool, type ToolDefinition, ToolError } from '../tool.ts';

const units: Readonly<Record<string, number>> = {
  '': 1,
  b: 512,
  K: 1024,
  k: 1024,
  kB: 1000,
  M: 1024 ** 2,
  MB: 1000 ** 2,
  G: 1024 ** 3,
};
const followMs = 1000;

/** `10`, `+3`, `-2`, `1K`. */
function parseCount(text: string, what: string): { readonly sign: '+' | '-' | ''; readonly count: number } {
  const match = /^([+-]?)(\d+)(\w*)$/.exec(text);
  const unit = units[match?.[3] ?? ''];
  if (!match || unit === undefined) throw new ToolError(`invalid number of ${what}: '${text}'`);
  const sign = match[1] === '+' ? '+' : match[1] === '-' ? '-' : '';
  return { sign, count: Number(match[2]) * unit };
}

async function header(tool: Tool, name: string, first: boolean): Promise<void> {
  const shown = tool.has('v') || (tool.operands.length > 1 && !tool.has('q'));
  if (shown) await tool.out(`${first ? '' : '\n'}==> ${name === '-' ? 'standard input' : name} <==\n`);
}

export const head: ToolDefinition = {
  name: 'head',
  short: 'n:c:qv',
  long: { lines: 'n:', bytes: 'c:', quiet: 'q', verbose: 'v' },
  numeric: 'n',
  async run(tool) {
    const byBytes = tool.value('c');
    const { sign, count } = parseCount(byBytes ?? tool.value('n') ?? '10', byBytes === undefined ? 'lines' : 'bytes');
    let first = true;
    for await (const { name, reader } of tool.inputs()) {
      await header(tool, name, first);
      first = false;
      if (sign === '-') {
        const all = await tool.readAll(reader);
        await tool.bytes(
          all.subarray(0, byBytes === undefined ? startOfLastLines(all, count) : Math.max(0, all.length - count)),
        );
      } else await copyFirst(tool, reader, { count, byBytes: byBytes !== undefined });
    }
    return tool.status;
  },
};

async function copyFirst(
  tool: Tool,
  reader: Parameters<typeof readChunk>[0],
  { count, byBytes }: { count: number; byBytes: boolean },
): Promise<void> {
  let left = count;
  while (left > 0) {
    const chunk = await readChunk(reader);
    if (!chunk) return;
    let end = 0;
    if (byBytes) end = Math.min(left, chunk.length);
    else
      for (let lines = 0; lines < left && end < chunk.length; lines++) end = chunk.indexOf(10, end) + 1 || chunk.length;
    const piece = chunk.subarray(0, end);
    left -= byBytes ? piece.length : piece.reduce((sum, byte) => sum + (byte === 10 ? 1 : 0), 0);
    await tool.bytes(piece);
  }
}

/** Where the last `count` lines begin. */
function startOfLastLines(all: Uint8Array, count: number): number {
  if (count === 0) return all.length;
  let at = all.length - (all[all.length - 1] === 10 ? 1 : 0);
  for (let left = count; left > 0; left--) {
    if (at <= 0) return 0;
    at = all.lastIndexOf(10, at - 1);
    if (at === -1) return 0;
  }
  return at + 1;
}

function startOfLine(all: Uint8Array, line: number): number {
  let at = 0;
  for (let i = 1; i < line; i++) {
    at = all.indexOf(10, at) + 1;
    if (at === 0) return all.length;
  }
  return at;
}

export const tail: ToolDefinition = {
  name: 'tail',
  short: 'n:c:qvfFs:',
  long: { lines: 'n:', bytes: 'c:', follow: 'f?', quiet: 'q', verbose: 'v', retry: 'F' },
  numeric: 'n',
  async run(tool) {
    const byBytes = tool.value('c');
    const { sign, count } = parseCount(byBytes ?? tool.value('n') ?? '10', byBytes === undefined ? 'lines' : 'bytes');
    let first = true;
    for await (const { name, reader } of tool.inputs()) {
      await header(tool, name, first);
      first = false;
      const all = concatBytes([await tool.readAll(reader)]);
      const from =
        byBytes === undefined
          ? sign === '+'
            ? startOfLine(all, count)
            : startOfLastLines(all, count)
          : sign === '+'
            ? Math.max(0, count - 1)
            : Math.max(0, all.length - count);
      await tool.bytes(all.subarray(from));
    }
    const files = tool.operands.filter((name) => name !== '-');
    if (tool.has('f', 'F') && files.length > 0) await follow(tool, files);
    return tool.status;
  },
};

/** Looks once a second for what files have got at their end. Ends only when the process does. */
async function follow(tool: Tool, names: readonly string[]): Promise<never> {
  const sizes = new Map<string, number>();
  const read = (name: string) => {
    try {
      return tool.files.readFile(tool.path(name));
    } catch (error) {
      if (error instanceof FileError) return new Uint8Array();
      throw error;
    }
  };
  for (const name of names) sizes.set(name, read(name).length);
  const { clock } = tool.process;
  for (;;) {
    await clock.sleep(tool.value('s') === undefined ? followMs : Number(tool.value('s')) * 1000);
    for (const name of names) {
      const content = read(name);
      const size = sizes.get(name) ?? 0;
      if (content.length !== size) await tool.bytes(content.subarray(content.length < size ? 0 : size));
      sizes.set(name, content.length);
    }
    tool.process.step();
  }
}
