// cut, tr, paste, fold, column.
import { decodeUtf8 } from '../../../base/bytes.ts';
import { readEscape } from '../../syntax/ansi-string.ts';
import { linesOf, readAll, readChunk } from '../../text/line-reader.ts';
import { type ToolDefinition, ToolError } from '../tool.ts';

type Ranges = readonly { readonly from: number; readonly to: number }[];

function parseRanges(text: string): Ranges {
  return text.split(',').map((part) => {
    const match = /^(\d*)(-?)(\d*)$/.exec(part);
    const [, from = '', dash = '', to = ''] = match ?? [];
    if (!match || (from === '' && to === '')) throw new ToolError(`invalid field value '${part}'`);
    if (from === '0') throw new ToolError('fields are numbered from 1');
    return {
      from: Number(from || 1),
      to: to !== '' ? Number(to) : dash === '' ? Number(from) : Number.POSITIVE_INFINITY,
    };
  });
}

export const cut: ToolDefinition = {
  name: 'cut',
  short: 'd:f:c:b:s',
  long: {
    delimiter: 'd:',
    fields: 'f:',
    characters: 'c:',
    bytes: 'b:',
    'only-delimited': 's',
    'output-delimiter': 'output-delimiter:',
    complement: 'complement',
  },
  async run(tool) {
    const byField = tool.value('f');
    const list = byField ?? tool.value('c') ?? tool.value('b');
    if (list === undefined)
      throw new ToolError(
        "you must specify a list of bytes, characters, or fields\nTry 'cut --help' for more information.",
      );
    const delimiter = tool.value('d') ?? '\t';
    if ([...delimiter].length !== 1)
      throw new ToolError("the delimiter must be a single character\nTry 'cut --help' for more information.");
    const ranges = parseRanges(list);
    const wanted = (i: number) =>
      ranges.some(({ from, to }) => i + 1 >= from && i + 1 <= to) !== tool.has('complement');
    for await (const { text } of tool.lines()) {
      if (byField === undefined) await tool.out(`${[...text].filter((_, i) => wanted(i)).join('')}\n`);
      else if (text.includes(delimiter)) {
        const fields = text.split(delimiter).filter((_, i) => wanted(i));
        await tool.out(`${fields.join(tool.value('output-delimiter') ?? delimiter)}\n`);
      } else if (!tool.has('s')) await tool.out(`${text}\n`);
    }
    return tool.status;
  },
};

const classes: Readonly<Record<string, string>> = {
  digit: '0123456789',
  lower: 'abcdefghijklmnopqrstuvwxyz',
  upper: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  space: ' \t\n\v\f\r',
  blank: ' \t',
  punct: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
  xdigit: '0123456789ABCDEFabcdef',
};

/** The characters of a set such as `a-z[:digit:]\n`. */
function expandSet(source: string): readonly string[] {
  const chars: string[] = [];
  for (let i = 0; i < source.length; ) {
    const named = /^\[:(\w+):\]/.exec(source.slice(i));
    if (named) {
      const [whole, name = ''] = named;
      const alnum = { alpha: 'upper lower', alnum: 'digit upper lower' }[name];
      const members = alnum
        ? alnum
            .split(' ')
            .map((part) => classes[part] ?? '')
            .join('')
        : classes[name];
      if (members === undefined) throw new ToolError(`invalid character class '${name}'`);
      chars.push(...members);
      i += whole.length;
      continue;
    }
    const next = takeChar(source, i);
    i += next.length;
    if (source.charAt(i) === '-' && i + 1 < source.length) {
      const end = takeChar(source, i + 1);
      i += 1 + end.length;
      const [low, high] = [next.char.charCodeAt(0), end.char.charCodeAt(0)];
      if (low > high)
        throw new ToolError(`range-endpoints of '${next.char}-${end.char}' are in reverse collating sequence order`);
      for (let code = low; code <= high; code++) chars.push(String.fromCharCode(code));
    } else chars.push(next.char);
  }
  return chars;
}

function takeChar(source: string, at: number): { readonly char: string; readonly length: number } {
  if (source.charAt(at) !== '\\') {
    const char = String.fromCodePoint(source.codePointAt(at) ?? 0);
    return { char, length: char.length };
  }
  const found = readEscape(source, at, { octalNeedsZero: false });
  return { char: found.text.length > 1 ? found.text.slice(1) : found.text, length: found.length };
}

export const tr: ToolDefinition = {
  name: 'tr',
  short: '+dscCt',
  long: { delete: 'd', 'squeeze-repeats': 's', complement: 'c', 'truncate-set1': 't' },
  async run(tool) {
    const [first, second] = tool.operands;
    if (first === undefined) throw new ToolError("missing operand\nTry 'tr --help' for more information.");
    if (second === undefined && !tool.has('d', 's'))
      throw new ToolError(
        `missing operand after '${first}'\nTwo strings must be given when translating.\nTry 'tr --help' for more information.`,
      );
    const to = second === undefined ? [] : expandSet(second);
    const whole = expandSet(first);
    const from = tool.has('t') && to.length > 0 ? whole.slice(0, to.length) : whole;
    const complement = tool.has('c', 'C');
    const members = new Set(from);
    const isMember = (char: string) => members.has(char) !== complement;
    const map = new Map<string, string>();
    if (!tool.has('d') && to.length > 0)
      for (const [i, char] of from.entries()) map.set(char, to[Math.min(i, to.length - 1)] ?? '');
    const squeezed = new Set(second === undefined ? from : to);
    const last = to.at(-1) ?? '';
    let previous = '';
    const { stdin } = tool.process;
    for (let chunk = await readChunk(stdin); chunk; chunk = await readChunk(stdin)) {
      let out = '';
      for (const char of decodeUtf8(chunk)) {
        if (tool.has('d') && isMember(char)) continue;
        const mapped =
          tool.has('d') || to.length === 0
            ? char
            : complement
              ? isMember(char)
                ? last
                : char
              : (map.get(char) ?? char);
        const isSqueezed =
          tool.has('s') && mapped === previous && (second === undefined ? isMember(char) : squeezed.has(mapped));
        previous = mapped;
        if (!isSqueezed) out += mapped;
      }
      await tool.out(out);
    }
    return 0;
  },
};

export const paste: ToolDefinition = {
  name: 'paste',
  short: 'd:s',
  async run(tool) {
    const separators = (tool.value('d') ?? '\t').replaceAll('\\n', '\n').replaceAll('\\t', '\t') || '';
    const columns: string[][] = [];
    for await (const { reader } of tool.inputs()) {
      const column: string[] = [];
      for await (const { text } of linesOf(reader)) column.push(text);
      columns.push(column);
    }
    const join = (fields: readonly string[]) =>
      fields
        .map((field, i) => (i === 0 ? field : separators.charAt((i - 1) % Math.max(1, separators.length)) + field))
        .join('');
    const rows = tool.has('s')
      ? columns
      : Array.from({ length: Math.max(0, ...columns.map(({ length }) => length)) }, (_, i) =>
          columns.map((column) => column[i] ?? ''),
        );
    for (const row of rows) await tool.out(`${join(row)}\n`);
    return tool.status;
  },
};

export const fold: ToolDefinition = {
  name: 'fold',
  short: 'w:s',
  async run(tool) {
    const width = tool.number('w', 80);
    for await (const { text } of tool.lines()) {
      for (let at = 0, end = 0; at === 0 || at < text.length; at = end) {
        end = foldEnd(text, { at, width, atBlank: tool.has('s') });
        await tool.out(`${text.slice(at, end)}\n`);
      }
    }
    return tool.status;
  },
};

/** Where a line's part ends: with -s behind its last blank, if it has one. */
function foldEnd(text: string, { at, width, atBlank }: { at: number; width: number; atBlank: boolean }): number {
  const end = at + Math.max(1, width);
  if (!atBlank || end >= text.length) return end;
  const blank = text.slice(at, end).search(/[ \t][^ \t]*$/);
  return blank < 0 ? end : at + blank + 1;
}

export const column: ToolDefinition = {
  name: 'column',
  short: 'ts:o:',
  async run(tool) {
    const separator = tool.value('s');
    const text = decodeUtf8(await readAll(tool.open(tool.operands[0] ?? '-')));
    const rows = text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => (separator === undefined ? line.trim().split(/\s+/) : line.split(separator)));
    const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => (row[i] ?? '').length)));
    for (const row of rows) {
      const cells = tool.has('t')
        ? row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0)))
        : row;
      await tool.out(`${cells.join(tool.value('o') ?? (tool.has('t') ? '  ' : ' '))}\n`);
    }
    return tool.status;
  },
};
