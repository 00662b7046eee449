// sort, uniq, wc.

import { decodeUtf8 } from '../../../base/bytes.ts';
import { FileError } from '../../../base/files.ts';
import { readChunk } from '../../text/line-reader.ts';
import { type Tool, type ToolDefinition, ToolError } from '../tool.ts';

type Compare = (a: string, b: string) => number;

interface Key {
  readonly from: number;
  readonly fromChar: number;
  readonly to: number | undefined;
  readonly flags: string;
}

/** `2,3nr` or `1.2`. */
function parseKey(text: string): Key {
  const match = /^(\d+)(?:\.(\d+))?([bdfhinrVM]*)(?:,(\d+)(?:\.\d+)?([bdfhinrVM]*))?$/.exec(text);
  if (!match) throw new ToolError(`invalid number at field start: invalid count at start of '${text}'`, 2);
  const [, from, fromChar, flags = '', to, more = ''] = match;
  return {
    from: Number(from),
    fromChar: Number(fromChar ?? 1),
    to: to === undefined ? undefined : Number(to),
    flags: flags + more,
  };
}

const suffixes = 'KMGTPE';

function humanNumber(text: string): number {
  const match = /^\s*(-?\d*\.?\d+)([KMGTPEk])?/.exec(text);
  return match ? Number(match[1]) * 1024 ** (suffixes.indexOf((match[2] ?? '').toUpperCase() || ' ') + 1) : 0;
}

function comparer(flags: string): Compare {
  const number = (text: string) => Number(/^\s*-?\d*\.?\d*/.exec(text)?.[0] || 0) || 0;
  const plain: Compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  const base: Compare = flags.includes('h')
    ? (a, b) => humanNumber(a) - humanNumber(b)
    : flags.includes('n')
      ? (a, b) => number(a) - number(b)
      : flags.includes('V')
        ? compareVersions
        : flags.includes('f')
          ? (a, b) => plain(a.toUpperCase(), b.toUpperCase())
          : plain;
  return flags.includes('r') ? (a, b) => base(b, a) : base;
}

function compareVersions(a: string, b: string): number {
  const split = (text: string) => text.match(/\d+|\D+/g) ?? [];
  const left = split(a);
  const right = split(b);
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [x = '', y = ''] = [left[i], right[i]];
    const order = /^\d/.test(x) && /^\d/.test(y) ? Number(x) - Number(y) : x < y ? -1 : x > y ? 1 : 0;
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function keyText(line: string, key: Key, separator: string | undefined): string {
  const fields = separator === undefined ? (line.match(/\s*\S+/g) ?? []) : line.split(separator);
  const text = fields.slice(key.from - 1, key.to).join(separator ?? '');
  const trimmed = key.flags.includes('b') || key.flags.includes('n') ? text.trimStart() : text;
  return trimmed.slice(key.fromChar - 1);
}

function orderOf(tool: Tool): { readonly compare: Compare; readonly same: Compare } {
  const flags = [...'nrhfVb'].filter((flag) => tool.has(flag)).join('');
  const separator = tool.value('t') === '\\t' ? '\t' : tool.value('t');
  const keys = tool.values('k').map(parseKey);
  const whole = comparer(tool.has('r') ? 'r' : '');
  if (keys.length === 0) {
    const same = comparer(flags);
    return { same, compare: (a, b) => same(a, b) || whole(a, b) };
  }
  const comparers = keys.map((key) => ({ key, compare: comparer(key.flags.replace('b', '') || flags) }));
  const same: Compare = (a, b) => {
    for (const { key, compare } of comparers) {
      const order = compare(keyText(a, key, separator), keyText(b, key, separator));
      if (order !== 0) return order;
    }
    return 0;
  };
  return { same, compare: tool.has('s') ? same : (a, b) => same(a, b) || whole(a, b) };
}

export const sort: ToolDefinition = {
  name: 'sort',
  short: 'nruhfVbsck:t:o:',
  long: {
    'numeric-sort': 'n',
    reverse: 'r',
    unique: 'u',
    'human-numeric-sort': 'h',
    'ignore-case': 'f',
    'version-sort': 'V',
    key: 'k:',
    'field-separator': 't:',
    output: 'o:',
    stable: 's',
    check: 'c',
  },
  async run(tool) {
    const lines: string[] = [];
    for await (const { text } of tool.lines()) lines.push(text);
    tool.process.step(lines.length * 4);
    const { compare, same } = orderOf(tool);
    if (tool.has('c')) {
      const at = lines.findIndex((line, i) => i > 0 && compare(lines[i - 1] ?? '', line) > 0);
      if (at === -1) return 0;
      await tool.warn(`${tool.operands[0] ?? '-'}:${at + 1}: disorder: ${lines[at]}`);
      return 1;
    }
    const sorted = lines.sort(tool.has('u') ? same : compare);
    const kept = tool.has('u') ? sorted.filter((line, i) => i === 0 || same(sorted[i - 1] ?? '', line) !== 0) : sorted;
    const text = kept.map((line) => `${line}\n`).join('');
    const output = tool.value('o');
    if (output === undefined) await tool.out(text);
    else tool.files.writeFile(tool.path(output), text);
    return tool.status === 0 ? 0 : 2;
  },
};

export const uniq: ToolDefinition = {
  name: 'uniq',
  short: 'cduif:',
  long: { count: 'c', repeated: 'd', unique: 'u', 'ignore-case': 'i' },
  async run(tool) {
    let current: string | undefined;
    let count = 0;
    const key = (text: string) =>
      (tool.has('i') ? text.toLowerCase() : text).replace(new RegExp(`^(\\s*\\S+){${tool.number('f', 0)}}`), '');
    const flush = async () => {
      if (current === undefined || (tool.has('d') && count < 2) || (tool.has('u') && count > 1)) return;
      await tool.out(tool.has('c') ? `${String(count).padStart(7)} ${current}\n` : `${current}\n`);
    };
    for await (const { text } of tool.lines(tool.operands.slice(0, 1))) {
      if (current !== undefined && key(text) === key(current)) {
        count++;
        continue;
      }
      await flush();
      current = text;
      count = 1;
    }
    await flush();
    return tool.status;
  },
};

interface Counts {
  lines: number;
  words: number;
  characters: number;
  bytes: number;
  longest: number;
}

export const wc: ToolDefinition = {
  name: 'wc',
  short: 'lwcmL',
  long: { lines: 'l', words: 'w', bytes: 'c', chars: 'm', 'max-line-length': 'L' },
  async run(tool) {
    const all: { readonly name: string; readonly counts: Counts }[] = [];
    for await (const { name, reader } of tool.inputs()) {
      const counts: Counts = { lines: 0, words: 0, characters: 0, bytes: 0, longest: 0 };
      let inWord = false;
      try {
        for (let chunk = await readChunk(reader); chunk; chunk = await readChunk(reader))
          inWord = count(counts, chunk, inWord);
        all.push({ name, counts });
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        await tool.fail(`${name}: ${error.message}`);
      }
    }
    const total: Counts = { lines: 0, words: 0, characters: 0, bytes: 0, longest: 0 };
    for (const { counts } of all) {
      total.lines += counts.lines;
      total.words += counts.words;
      total.characters += counts.characters;
      total.bytes += counts.bytes;
    }
    const rows = all.length > 1 ? [...all, { name: 'total', counts: total }] : all;
    const wanted = chosen(tool);
    const isPiped = all.length === 1 && all[0]?.name === '-';
    const width = wanted.length === 1 && all.length === 1 ? 1 : isPiped ? 7 : String(total.bytes).length;
    for (const { name, counts } of rows) {
      const numbers = wanted
        .map((field) => String(counts[field]).padStart(tool.isGnu || wanted.length === 1 ? width : 9))
        .join(' ');
      await tool.out(`${numbers}${name === '-' ? '' : ` ${name}`}\n`);
    }
    return tool.status;
  },
};

function chosen(tool: Tool): readonly (keyof Counts)[] {
  const letters: readonly (readonly [string, keyof Counts])[] = [
    ['l', 'lines'],
    ['w', 'words'],
    ['m', 'characters'],
    ['c', 'bytes'],
    ['L', 'longest'],
  ];
  const wanted = letters.filter(([letter]) => tool.has(letter)).map(([, field]) => field);
  return wanted.length > 0 ? wanted : ['lines', 'words', 'bytes'];
}

function count(counts: Counts, chunk: Uint8Array, startsInWord: boolean): boolean {
  let inWord = startsInWord;
  for (const byte of chunk) {
    const isBlank = byte === 32 || (byte >= 9 && byte <= 13);
    if (byte === 10) counts.lines++;
    if (!isBlank && !inWord) counts.words++;
    if ((byte & 0xc0) !== 0x80) counts.characters++;
    inWord = !isBlank;
  }
  counts.bytes += chunk.length;
  counts.longest = Math.max(
    counts.longest,
    ...decodeUtf8(chunk.subarray(0, 65536))
      .split('\n')
      .map((line) => line.length),
  );
  return inWord;
}
