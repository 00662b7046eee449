// What test, [ and [[ know: file tests, text and number comparisons.
import { FileError, type FileTree, normalizePath, type TreeNode } from '../../base/files.ts';

export interface TestPlace {
  readonly files: FileTree;
  readonly cwd: string;
  readonly isTerminal: (descriptor: number) => boolean;
}

export const unaryTests = new Set([...'abcdefghknoprstuvwxzGLNOS'].map((letter) => `-${letter}`));
export const binaryTests = new Set([
  '=',
  '==',
  '!=',
  '<',
  '>',
  '-eq',
  '-ne',
  '-lt',
  '-le',
  '-gt',
  '-ge',
  '-nt',
  '-ot',
  '-ef',
]);

/** A test that cannot be made: `[: x: integer expression expected`. */
export class TestError extends Error {
  override name = 'TestError';
}

export function unaryTest(operator: string, operand: string, place: TestPlace): boolean {
  if (operator === '-n') return operand !== '';
  if (operator === '-z') return operand === '';
  if (operator === '-t') return place.isTerminal(Number(operand));
  const node = nodeAt(operand, place, operator !== '-L' && operator !== '-h');
  if (!node) return false;
  switch (operator) {
    case '-f':
      return node.kind === 'file' && !isDevice(node);
    case '-d':
      return node.kind === 'directory';
    case '-L':
    case '-h':
      return node.kind === 'link';
    case '-s':
      return (
        node.kind === 'directory' || (node.kind === 'file' && (node.content.length > 0 || node.generate !== undefined))
      );
    case '-x':
      return (node.mode & 0o111) !== 0;
    case '-r':
      return (node.mode & 0o444) !== 0;
    case '-w':
      return (node.mode & 0o222) !== 0;
    case '-c':
      return isDevice(node);
    case '-e':
    case '-a':
    case '-O':
    case '-G':
    case '-N':
      return true;
    default:
      return false;
  }
}

function isDevice(node: TreeNode): boolean {
  return node.kind === 'file' && node.discard === true;
}

function nodeAt(path: string, { files, cwd }: TestPlace, follow: boolean): TreeNode | undefined {
  if (path === '') return undefined;
  try {
    const at = normalizePath(path, cwd);
    return follow ? files.stat(at) : files.statLink(at);
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}

/** `integer` turns an operand of -eq and its like into a number. */
export function binaryTest(
  operator: string,
  [left, right]: readonly [string, string],
  place: TestPlace,
  integer: (text: string) => bigint = plainInteger,
): boolean {
  const a = left;
  const b = right;
  if (operator === '=' || operator === '==') return a === b;
  if (operator === '!=') return a !== b;
  if (operator === '<') return a < b;
  if (operator === '>') return a > b;
  if (operator === '-nt' || operator === '-ot' || operator === '-ef') {
    const first = nodeAt(a, place, true);
    const second = nodeAt(b, place, true);
    if (operator === '-ef') return first !== undefined && first === second;
    const newer = operator === '-nt' ? [first, second] : [second, first];
    return (newer[0]?.modifiedAt ?? -1) > (newer[1]?.modifiedAt ?? -1);
  }
  const x = integer(a);
  const y = integer(b);
  const results: Readonly<Record<string, boolean>> = {
    '-eq': x === y,
    '-ne': x !== y,
    '-lt': x < y,
    '-le': x <= y,
    '-gt': x > y,
    '-ge': x >= y,
  };
  return results[operator] ?? false;
}

function plainInteger(text: string): bigint {
  if (!/^\s*[+-]?\d{1,18}\s*$/.test(text)) throw new TestError(`${text}: integer expression expected`);
  return BigInt(text.trim().replace(/^\+/, ''));
}

/** `test` and `[`: 0, 1, or a TestError (2). */
export function evaluateTestWords(words: readonly string[], place: TestPlace): boolean {
  const parser = new TestParser(words, place);
  return parser.whole();
}

class TestParser {
  private at = 0;
  constructor(
    private readonly words: readonly string[],
    private readonly place: TestPlace,
  ) {}

  whole(): boolean {
    if (this.words.length === 0) return false;
    const result = this.either();
    const rest = this.words[this.at];
    if (rest === undefined) return result;
    throw new TestError(this.words.length <= 3 ? `${rest}: binary operator expected` : 'too many arguments');
  }

  private either(): boolean {
    let result = this.both();
    while (this.words[this.at] === '-o') {
      this.at++;
      const right = this.both();
      result = result || right;
    }
    return result;
  }

  private both(): boolean {
    let result = this.negation();
    while (this.words[this.at] === '-a') {
      this.at++;
      const right = this.negation();
      result = result && right;
    }
    return result;
  }

  private negation(): boolean {
    const isOperator =
      this.words[this.at] === '!' && this.at + 1 < this.words.length && !binaryTests.has(this.words[this.at + 1] ?? '');
    if (!isOperator) return this.primary();
    this.at++;
    return !this.negation();
  }

  private primary(): boolean {
    const [word = '', second, third] = this.words.slice(this.at, this.at + 3);
    if (second !== undefined && binaryTests.has(second) && third !== undefined) {
      this.at += 3;
      return binaryTest(second, [word, third], this.place);
    }
    if (word === '(' && second !== undefined) {
      this.at++;
      const result = this.either();
      if (this.words[this.at++] !== ')') throw new TestError("`)' expected");
      return result;
    }
    if (unaryTests.has(word) && second !== undefined) {
      this.at += 2;
      return unaryTest(word, second, this.place);
    }
    if (/^-[a-zA-Z]+$/.test(word) && second !== undefined && this.words.length === 2)
      throw new TestError(`${word}: unary operator expected`);
    if (this.at >= this.words.length) throw new TestError('argument expected');
    this.at++;
    return word !== '';
  }
}
