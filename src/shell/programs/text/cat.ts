// cat, tac, rev, nl, tee, less and more, yes, echo, printf, seq.

import { encodeUtf8 } from '../../../base/bytes.ts';
import { FileError } from '../../../base/files.ts';
import { fileWriter } from '../../evaluate/streams.ts';
import { readChunk } from '../../text/line-reader.ts';
import { formatEcho, formatPrintf } from '../../text/printf.ts';
import { type Tool, type ToolDefinition, ToolError } from '../tool.ts';

async function copyInputs(tool: Tool): Promise<number> {
  for await (const { name, reader } of tool.inputs()) {
    try {
      for (let chunk = await readChunk(reader); chunk; chunk = await readChunk(reader)) await tool.bytes(chunk);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      await tool.fail(tool.explain(new FileError(error.code, name)));
    }
  }
  return tool.status;
}

async function numberedCat(tool: Tool): Promise<number> {
  let number = 0;
  let blanks = 0;
  for await (const { text, ended } of tool.lines()) {
    blanks = text === '' ? blanks + 1 : 0;
    if (tool.has('s') && blanks > 1) continue;
    const isNumbered = tool.has('n') || (tool.has('b') && text !== '');
    const printable = tool.has('v', 'A') ? visible(text) : text;
    const shown = tool.has('T', 'A') ? printable.replaceAll('\t', '^I') : printable;
    const prefix = isNumbered && !(tool.has('b') && text === '') ? `${String(++number).padStart(6)}\t` : '';
    await tool.out(`${prefix}${shown}${ended && tool.has('E', 'A') ? '$' : ''}${ended ? '\n' : ''}`);
  }
  return tool.status;
}

/** Control characters as `^X`; what is not ASCII byte by byte as `M-…`. Tabs stay. */
function visible(text: string): string {
  const shown = (byte: number): string =>
    byte >= 128
      ? `M-${shown(byte - 128)}`
      : byte === 127
        ? '^?'
        : byte < 32
          ? `^${String.fromCharCode(byte + 64)}`
          : String.fromCharCode(byte);
  return [...encodeUtf8(text)].map((byte) => (byte === 9 ? '\t' : shown(byte))).join('');
}

export const cat: ToolDefinition = {
  name: 'cat',
  short: 'nbsETAuv',
  long: { number: 'n', 'show-ends': 'E', 'show-all': 'A', 'squeeze-blank': 's', 'show-nonprinting': 'v' },
  idle: { u: 'output is never buffered' },
  run: (tool) => (tool.has('n', 'b', 's', 'E', 'T', 'A', 'v') ? numberedCat(tool) : copyInputs(tool)),
};

const noScreen = 'the terminal scrolls by itself: less and more print all and end';

/** Into a pipe less is cat; on a terminal -N numbers the lines and -S cuts those that are too long. */
export const less: ToolDefinition = {
  name: 'less',
  short: 'SRFXNeinr',
  idle: Object.fromEntries([...'RFXeinr'].map((letter) => [letter, noScreen])),
  async run(tool) {
    const { terminal } = tool.process;
    if (!terminal || !tool.has('N', 'S')) return copyInputs(tool);
    let number = 0;
    for await (const { text } of tool.lines()) {
      const line = tool.has('N') ? `${String(++number).padStart(7)} ${text}` : text;
      const isCut = tool.has('S') && line.length > terminal.columns;
      await tool.out(`${isCut ? `${line.slice(0, terminal.columns - 1)}>` : line}\n`);
    }
    return tool.status;
  },
};

export const more: ToolDefinition = {
  name: 'more',
  short: 'dfs',
  idle: { d: noScreen, f: noScreen },
  run: (tool) => (tool.has('s') ? numberedCat(tool) : copyInputs(tool)),
};

export const tac: ToolDefinition = {
  name: 'tac',
  async run(tool) {
    const lines: string[] = [];
    for await (const { text } of tool.lines()) lines.push(text);
    for (const line of lines.reverse()) await tool.out(`${line}\n`);
    return tool.status;
  },
};

export const rev: ToolDefinition = {
  name: 'rev',
  async run(tool) {
    for await (const { text } of tool.lines()) await tool.out(`${[...text].reverse().join('')}\n`);
    return tool.status;
  },
};

export const nl: ToolDefinition = {
  name: 'nl',
  short: 'b:w:s:v:',
  async run(tool) {
    let number = tool.number('v', 1);
    const width = tool.number('w', 6);
    for await (const { text } of tool.lines()) {
      const counts = text !== '' || tool.value('b') === 'a';
      await tool.out(
        counts
          ? `${String(number++).padStart(width)}${tool.value('s') ?? '\t'}${text}\n`
          : `${' '.repeat(width + 1)}${text}\n`,
      );
    }
    return tool.status;
  },
};

export const tee: ToolDefinition = {
  name: 'tee',
  short: 'ai',
  long: { append: 'a', 'ignore-interrupts': 'i' },
  async run(tool) {
    if (tool.has('i')) tool.process.onSignal('SIGINT', () => {});
    const writers = [tool.process.stdout];
    for (const name of tool.operands) {
      if (name === '/dev/stdout' || name === '/dev/stderr') {
        writers.push(name === '/dev/stdout' ? tool.process.stdout : tool.process.stderr);
        continue;
      }
      try {
        tool.files.writeFile(tool.path(name), '', { append: tool.has('a') });
        writers.push(fileWriter(tool.files, tool.path(name)));
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        await tool.fail(`${name}: ${error.message}`);
      }
    }
    const { stdin } = tool.process;
    for (let chunk = await readChunk(stdin); chunk; chunk = await readChunk(stdin))
      for (const writer of writers) await writer.write(chunk);
    return tool.status;
  },
};

const blockLines = 512;

export const yes: ToolDefinition = {
  name: 'yes',
  async run(tool) {
    const line = `${tool.operands.length > 0 ? tool.operands.join(' ') : 'y'}\n`;
    const block = line.repeat(blockLines);
    for (;;) await tool.out(block);
  },
};

/** The shell has these two built in; programs that start them directly get these. */
export const echo: ToolDefinition = {
  name: 'echo',
  raw: true,
  async run(tool) {
    await tool.out(formatEcho(tool.process.argv.slice(1)));
    return 0;
  },
};

export const printf: ToolDefinition = {
  name: 'printf',
  raw: true,
  async run(tool) {
    const [format = '', ...args] = tool.process.argv.slice(1);
    const { text, problems } = formatPrintf(format, args);
    await tool.out(text);
    for (const problem of problems) await tool.warn(problem);
    return problems.length > 0 ? 1 : 0;
  },
};

export const seq: ToolDefinition = {
  name: 'seq',
  short: '+s:w',
  async run(tool) {
    const numbers = tool.operands.map((text) => {
      if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(text)) throw new ToolError(`invalid floating point argument: '${text}'`);
      return Number(text);
    });
    const [first = 1, second = 1, third] = numbers;
    if (numbers.length === 0) throw new ToolError('missing operand');
    const from = numbers.length === 1 ? 1 : first;
    const by = numbers.length === 3 ? second : 1;
    const to = numbers.length === 1 ? first : numbers.length === 2 ? second : (third ?? 0);
    const places = Math.max(0, ...tool.operands.map((text) => /\.(\d+)/.exec(text)?.[1]?.length ?? 0));
    const width = tool.has('w') ? Math.max(from.toFixed(places).length, to.toFixed(places).length) : 0;
    const separator = tool.value('s') ?? '\n';
    if (by === 0) throw new ToolError(`invalid Zero increment value: '${tool.operands[1]}'`);
    const count = Math.floor((to - from) / by + 1e-9) + 1;
    for (let i = 0; i < count; i++) {
      const text = (from + i * by).toFixed(places).padStart(width, '0');
      await tool.out(text + (i === count - 1 ? '\n' : separator));
    }
    return 0;
  },
};
