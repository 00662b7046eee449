// base64, md5sum, sha1sum, sha256sum, cmp, diff, od, expr.
import { md5, sha1 } from '@noble/hashes/legacy.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { createTwoFilesPatch, diffArrays, diffLines } from 'diff';
import { concatBytes, decodeBase64, decodeUtf8, encodeBase64 } from '../../../base/bytes.ts';
import { formatDate } from '../../text/date-format.ts';
import { readAll } from '../../text/line-reader.ts';
import { compileRegex } from '../../text/regex.ts';
import { EndlessReader, type Tool, type ToolDefinition, ToolError } from '../tool.ts';

export const base64: ToolDefinition = {
  name: 'base64',
  short: 'dDw:i',
  long: { decode: 'd', wrap: 'w:', 'ignore-garbage': 'i' },
  async run(tool) {
    const bytes = await tool.readAll(tool.open(tool.operands[0] ?? '-'));
    if (tool.has('d', 'D')) {
      const text = decodeUtf8(bytes).replace(tool.has('i') ? /[^A-Za-z0-9+/=]/g : /\s/g, '');
      const decoded = decodeBase64(text);
      if (decoded) {
        await tool.bytes(decoded);
        return 0;
      }
      const valid = /^[A-Za-z0-9+/]*/.exec(text)?.[0] ?? '';
      await tool.bytes(decodeBase64(valid.slice(0, valid.length - (valid.length % 4))) ?? new Uint8Array());
      throw new ToolError(tool.isGnu ? 'invalid input' : 'truncated input');
    }
    const width = tool.number('w', 76, 'wrap size');
    const text = encodeBase64(bytes);
    if (text === '') return 0;
    if (width === 0) await tool.out(text);
    else for (let at = 0; at < text.length; at += width) await tool.out(`${text.slice(at, at + width)}\n`);
    return 0;
  },
};

function digest(name: string, hash: (bytes: Uint8Array) => Uint8Array): ToolDefinition {
  return {
    name,
    short: 'bct',
    long: { check: 'c', binary: 'b', text: 't', status: 'status', quiet: 'quiet' },
    async run(tool) {
      if (tool.has('c')) return checkSums(tool, hash);
      for await (const { name: file, reader } of tool.inputs()) {
        while (reader instanceof EndlessReader) await reader.read();
        const mark = tool.lastOf('b', 't') === 'b' ? '*' : ' ';
        await tool.out(`${hexSum(hash, await readAll(reader))} ${mark}${file}\n`);
      }
      return tool.status;
    },
  };
}

function hexSum(hash: (bytes: Uint8Array) => Uint8Array, bytes: Uint8Array): string {
  return [...hash(concatBytes([bytes]))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** `-c`: files against the sums of a list. */
async function checkSums(tool: Tool, hash: (bytes: Uint8Array) => Uint8Array): Promise<number> {
  let [checked, differing, missing] = [0, 0, 0];
  for await (const { text } of tool.lines()) {
    const [, sum = '', name = ''] = /^([0-9a-fA-F]{32,128}) [ *](.+)$/.exec(text) ?? [];
    if (sum === '') continue;
    checked++;
    const isThere = name === '-' || tool.files.exists(tool.path(name));
    if (!isThere) {
      missing++;
      await tool.warn(`${name}: No such file or directory`);
    }
    const matches = isThere && hexSum(hash, await readAll(tool.open(name))) === sum.toLowerCase();
    if (isThere && !matches) differing++;
    const verdict = !isThere ? 'FAILED open or read' : matches ? 'OK' : 'FAILED';
    if (!tool.has('status') && !(matches && tool.has('quiet'))) await tool.out(`${name}: ${verdict}\n`);
  }
  if (checked === 0)
    throw new ToolError(`${tool.operands[0] ?? "'standard input'"}: no properly formatted checksum lines found`);
  const count = (amount: number, one: string, many: string) => (amount === 1 ? `1 ${one}` : `${amount} ${many}`);
  if (missing > 0 && !tool.has('status'))
    await tool.warn(`WARNING: ${count(missing, 'listed file', 'listed files')} could not be read`);
  if (differing > 0 && !tool.has('status'))
    await tool.warn(`WARNING: ${count(differing, 'computed checksum', 'computed checksums')} did NOT match`);
  return missing + differing > 0 ? 1 : 0;
}

export const md5sum = digest('md5sum', md5);
export const sha1sum = digest('sha1sum', sha1);
export const sha256sum = digest('sha256sum', sha256);
export const sha512sum = digest('sha512sum', sha512);

export const cmp: ToolDefinition = {
  name: 'cmp',
  short: 's',
  async run(tool) {
    const [first = '-', second = '-'] = tool.operands;
    const [a, b] = [await readAll(tool.open(first)), await readAll(tool.open(second))];
    const at = a.findIndex((byte, i) => byte !== b[i]);
    if (at === -1 && a.length === b.length) return 0;
    if (tool.has('s')) return 1;
    const shorter = at === -1 || at >= b.length;
    if (shorter)
      await tool.process.stderr.write(
        `cmp: EOF on ${at === -1 ? first : second} after byte ${Math.min(a.length, b.length)}\n`,
      );
    else
      await tool.out(
        `${first} ${second} differ: byte ${at + 1}, line ${a.subarray(0, at).filter((byte) => byte === 10).length + 1}\n`,
      );
    return 1;
  },
};

export const diff: ToolDefinition = {
  name: 'diff',
  short: 'uqrNU:bwsi',
  long: {
    unified: 'u?',
    brief: 'q',
    recursive: 'r',
    'new-file': 'N',
    color: 'color?',
    'ignore-case': 'i',
    'ignore-space-change': 'b',
    'ignore-all-space': 'w',
    'report-identical-files': 's',
  },
  async run(tool) {
    const [first, second] = tool.operands;
    if (first === undefined || second === undefined)
      throw new ToolError(
        `missing operand${first ? ` after '${first}'` : ''}\ndiff: Try 'diff --help' for more information.`,
        2,
      );
    return compare(tool, first, second);
  },
};

async function compare(tool: Tool, first: string, second: string): Promise<number> {
  const kind = (name: string) =>
    name !== '-' && tool.files.exists(tool.path(name)) ? tool.files.stat(tool.path(name)).kind : 'file';
  if (kind(first) === 'directory' && kind(second) === 'directory') return compareFolders(tool, first, second);
  const place = (name: string, other: string) =>
    kind(name) === 'directory' ? `${name}/${other.split('/').at(-1)}` : name;
  const [left, right] = [place(first, second), place(second, first)];
  const missing = [left, right].filter((name) => name !== '-' && !tool.files.exists(tool.path(name)));
  if (missing.length > 0 && !tool.has('N')) {
    for (const name of missing) await tool.warn(`${name}: No such file or directory`);
    return 2;
  }
  const read = async (name: string) => (missing.includes(name) ? '' : decodeUtf8(await readAll(tool.open(name))));
  const [a, b] = [await read(left), await read(right)];
  if (a === b || plain(tool, a) === plain(tool, b)) {
    if (tool.has('s')) await tool.out(`Files ${left} and ${right} are identical\n`);
    return 0;
  }
  if (tool.has('q')) {
    await tool.out(`Files ${left} and ${right} differ\n`);
    return 1;
  }
  const texts = [a, tool.has('i', 'b', 'w') ? aligned(tool, a, b) : b] as const;
  const text = tool.has('u', 'U') ? unified(tool, [left, right], texts) : normal(...texts);
  await tool.out(isColored(tool) ? painted(text) : text);
  return 1;
}

/** The second text with the first one's lines wherever they count as the same. */
function aligned(tool: Tool, a: string, b: string): string {
  const lines = (text: string) => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const first = lines(a);
  const comparator = (one: string, other: string) => plain(tool, one) === plain(tool, other);
  let at = 0;
  let out = '';
  for (const { added, removed, count = 0, value } of diffArrays(first, lines(b), { comparator })) {
    if (!removed) out += (added ? value : first.slice(at, at + count)).join('');
    if (!added) at += count;
  }
  return out;
}

/** A text as -i, -b and -w compare it. */
function plain(tool: Tool, text: string): string {
  const folded = tool.has('i') ? text.toLowerCase() : text;
  if (tool.has('w')) return folded.replace(/[ \t\r\f\v]+/g, '');
  return tool.has('b') ? folded.replace(/[ \t\r\f\v]+/g, ' ').replace(/ (?=\n|$)/g, '') : folded;
}

function isColored(tool: Tool): boolean {
  const when = tool.has('color') ? tool.value('color') || 'auto' : 'never';
  return when === 'always' || (when === 'auto' && tool.process.terminal !== undefined);
}

/** GNU's colours: what is gone in red, what is new in green, where it is in cyan, the files' names in bold. */
function painted(text: string): string {
  const colors: readonly (readonly [RegExp, string])[] = [
    [/^(?:---|\+\+\+) /, '1'],
    [/^(?:@@|\d)/, '36'],
    [/^[-<]/, '31'],
    [/^[+>]/, '32'],
  ];
  const isRule = (line: string) => line === '---';
  return text
    .split('\n')
    .map((line) => {
      const color = isRule(line) ? undefined : colors.find(([pattern]) => pattern.test(line))?.[1];
      return color === undefined ? line : `\x1b[${color}m${line}\x1b[0m`;
    })
    .join('\n');
}

async function compareFolders(tool: Tool, first: string, second: string): Promise<number> {
  const names = new Set([...tool.files.list(tool.path(first)), ...tool.files.list(tool.path(second))]);
  let status = 0;
  for (const name of [...names].sort()) {
    tool.process.step();
    const paths = [`${first}/${name}`, `${second}/${name}`] as const;
    const exists = paths.map((path) => tool.files.exists(tool.path(path)));
    if (!(exists[0] && exists[1]) && !tool.has('N')) {
      await tool.out(`Only in ${exists[0] ? first : second}: ${name}\n`);
      status = 1;
      continue;
    }
    const isFolder = exists[0] && tool.files.stat(tool.path(paths[0])).kind === 'directory';
    if (isFolder && !tool.has('r')) await tool.out(`Common subdirectories: ${paths[0]} and ${paths[1]}\n`);
    else {
      if (
        !tool.has('q') &&
        !isFolder &&
        tool.files.readText(tool.path(paths[0])) !== tool.files.readText(tool.path(paths[1]))
      )
        await tool.out(`diff ${tool.process.argv.slice(1, -2).join(' ')} ${paths[0]} ${paths[1]}\n`);
      status = Math.max(status, await compare(tool, ...paths));
    }
  }
  return status;
}

function unified(tool: Tool, names: readonly [string, string], [a, b]: readonly [string, string]): string {
  const stamp = (name: string) => {
    const node = name !== '-' && tool.files.exists(tool.path(name)) ? tool.files.stat(tool.path(name)) : undefined;
    return formatDate(node?.modifiedAt ?? tool.process.clock.now(), '%Y-%m-%d %H:%M:%S.000000000 +0000');
  };
  const patch = createTwoFilesPatch(names[0], names[1], a, b, stamp(names[0]), stamp(names[1]), {
    context: tool.number('U', 3),
  });
  return patch
    .replace(/^=+\n/, '')
    .replace(/^@@ -(\d+),1 /gm, '@@ -$1 ')
    .replace(/^(@@ -\S+ \+\d+),1 @@/gm, '$1 @@');
}

/** diff's own format: `2c2`, `< old`, `---`, `> new`. */
function normal(a: string, b: string): string {
  const changes = diffLines(a, b);
  let out = '';
  let [left, right] = [1, 1];
  const range = (from: number, count: number) => (count === 1 ? String(from) : `${from},${from + count - 1}`);
  const body = (mark: string, value: string) =>
    value
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => `${mark} ${line}\n`)
      .join('') + (value.endsWith('\n') ? '' : '\\ No newline at end of file\n');
  for (let i = 0; i < changes.length; i++) {
    const change = changes[i];
    if (!change) break;
    const count = change.count ?? 0;
    const next = changes[i + 1];
    if (!change.added && !change.removed) {
      left += count;
      right += count;
    } else if (change.removed && next?.added) {
      const added = next.count ?? 0;
      out += `${range(left, count)}c${range(right, added)}\n${body('<', change.value)}---\n${body('>', next.value)}`;
      left += count;
      right += added;
      i++;
    } else if (change.removed) {
      out += `${range(left, count)}d${right - 1}\n${body('<', change.value)}`;
      left += count;
    } else {
      out += `${left - 1}a${range(right, count)}\n${body('>', change.value)}`;
      right += count;
    }
  }
  return out;
}

export const expr: ToolDefinition = {
  name: 'expr',
  raw: true,
  async run(tool) {
    const words = tool.process.argv.slice(1);
    const result = new ExprParser(words).whole();
    await tool.out(`${result}\n`);
    return result === '' || result === '0' ? 1 : 0;
  },
};

const levels: readonly (readonly string[])[] = [
  ['|'],
  ['&'],
  ['=', '!=', '<', '<=', '>', '>='],
  ['+', '-'],
  ['*', '/', '%'],
  [':'],
];

class ExprParser {
  private at = 0;
  constructor(private readonly words: readonly string[]) {}

  whole(): string {
    if (this.words.length === 0) throw new ToolError("missing operand\nTry 'expr --help' for more information.", 2);
    const value = this.level(0);
    if (this.at < this.words.length)
      throw new ToolError(`syntax error: unexpected argument '${this.words[this.at]}'`, 2);
    return value;
  }

  private level(depth: number): string {
    const operators = levels[depth];
    if (!operators) return this.primary();
    let left = this.level(depth + 1);
    for (
      let operator = this.words[this.at];
      operator !== undefined && operators.includes(operator);
      operator = this.words[this.at]
    ) {
      this.at++;
      left = apply(operator, left, this.level(depth + 1));
    }
    return left;
  }

  private primary(): string {
    const word = this.words[this.at++];
    if (word === undefined) throw new ToolError(`syntax error: missing argument after '${this.words.at(-1)}'`, 2);
    if (word === 'length' && this.at < this.words.length) return String(this.primary().length);
    if (word === 'substr' && this.at + 2 < this.words.length) {
      const [text, from, count] = [this.primary(), Number(this.primary()), Number(this.primary())];
      return text.slice(from - 1, from - 1 + count);
    }
    if (word !== '(') return word;
    const value = this.level(0);
    if (this.words[this.at++] !== ')') throw new ToolError("syntax error: expecting ')'", 2);
    return value;
  }
}

function apply(operator: string, left: string, right: string): string {
  if (operator === '|') return left !== '' && left !== '0' ? left : right;
  if (operator === '&') return left !== '' && left !== '0' && right !== '' && right !== '0' ? left : '0';
  if (operator === ':') {
    const match = compileRegex(`^${right.replace(/^\^/, '')}`, { extended: false }).match(left);
    if (right.includes('\\(')) return match?.groups[1] ?? '';
    return String(match?.groups[0]?.length ?? 0);
  }
  const numeric = /^-?\d+$/.test(left) && /^-?\d+$/.test(right);
  if (levels[2]?.includes(operator)) {
    const order = numeric ? Number(left) - Number(right) : left < right ? -1 : left > right ? 1 : 0;
    const holds = {
      '=': order === 0,
      '!=': order !== 0,
      '<': order < 0,
      '<=': order <= 0,
      '>': order > 0,
      '>=': order >= 0,
    }[operator];
    return holds ? '1' : '0';
  }
  if (!numeric) throw new ToolError('non-integer argument', 2);
  const [a, b] = [BigInt(left), BigInt(right)];
  if ((operator === '/' || operator === '%') && b === 0n) throw new ToolError('division by zero', 2);
  return String(
    { '+': a + b, '-': a - b, '*': a * b, '/': b === 0n ? 0n : a / b, '%': b === 0n ? 0n : a % b }[operator] ?? 0n,
  );
}
