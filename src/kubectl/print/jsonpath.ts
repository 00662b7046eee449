// Runs JSONPath templates as client-go does: what a template finds in an object, and its text.

import { compareEqual, compareLess } from '../../base/go/compare.ts';
import { goText } from '../../base/go/format.ts';
import { isList, isObject } from '../../base/json.ts';
import { formatJson } from './json.ts';
import { JsonPathError, type PathNode, parseJsonPath } from './jsonpath-parse.ts';

export { JsonPathError } from './jsonpath-parse.ts';

export interface JsonPathOptions {
  /** A field that is not there finds nothing instead of failing. */
  readonly allowMissingKeys?: boolean;
}

const resultsMax = 1_000_000;

export class JsonPath {
  private readonly root: readonly PathNode[];

  /** Throws JsonPathError for a template that does not parse. */
  constructor(
    readonly template: string,
    private readonly options: JsonPathOptions = {},
  ) {
    this.root = parseJsonPath(template);
  }

  /** What each part of the template finds. */
  find(data: unknown): readonly (readonly unknown[])[] {
    return new Run(this.root, this.options.allowMissingKeys ?? false).find(0, data);
  }

  /** The template's text, as `-o jsonpath` prints it. */
  text(data: unknown): string {
    return this.find(data)
      .map((results) => results.map(resultText).join(' '))
      .join('');
  }

  /** The findings as JSON lists, as `-o jsonpath-as-json` prints them. */
  json(data: unknown): string {
    return this.find(data)
      .map((results) => `${formatJson(results, { sorted: true })}\n`)
      .join('');
  }
}

export function resultText(value: unknown): string {
  if (isList(value) || isObject(value)) return formatJson(value, { indent: '', sorted: true });
  return value === null || value === undefined ? 'null' : goText(value);
}

class Run {
  private begun = 0;
  private inside = 0;
  private ending = 0;
  private lastEnd = -1;
  private steps = 0;

  constructor(
    private readonly nodes: readonly PathNode[],
    private readonly allowMissing: boolean,
  ) {}

  /** Runs the nodes from an index on; a range runs what follows it once for each of its values. */
  find(from: number, data: unknown): (readonly unknown[])[] {
    const found: (readonly unknown[])[] = [];
    for (let i = from; i < this.nodes.length; i++) {
      const node = this.nodes[i];
      if (!node) break;
      const results = this.walk(data === undefined ? [] : [data], node);
      if (this.ending > 0 && this.ending <= this.inside) {
        this.ending--;
        this.lastEnd = i;
        break;
      }
      if (this.begun === 0) {
        found.push(results);
        continue;
      }
      this.begun--;
      this.inside++;
      if (results.length === 0) this.find(i + 1, undefined);
      for (const value of results) for (const one of this.find(i + 1, value)) found.push(one);
      this.inside--;
      if (this.lastEnd > i) i = this.lastEnd;
    }
    return found;
  }

  private walk(input: readonly unknown[], node: PathNode): readonly unknown[] {
    this.steps += input.length + 1;
    if (this.steps > resultsMax) throw new JsonPathError('template needs too many steps');
    switch (node.kind) {
      case 'list':
        return node.nodes.reduce<readonly unknown[]>((values, inner) => this.walk(values, inner), input);
      case 'text':
        return [node.text];
      case 'literal':
        return input.map(() => node.value);
      case 'field':
        return this.field(input, node.name);
      case 'slice':
        return input.flatMap((value) => (isNil(value) ? [] : slice(value, node.params)));
      case 'filter':
        return input.flatMap((value) => this.filter(value, node));
      case 'wildcard':
        return input.flatMap(children);
      case 'recursive':
        return input.flatMap((value) => descend(value));
      case 'union':
        return node.nodes.flatMap((inner) => this.walk(input, inner));
      case 'identifier':
        return this.identifier(input, node.name);
    }
  }

  private identifier(input: readonly unknown[], name: string): readonly unknown[] {
    if (name === 'range') {
      this.begun++;
      return input;
    }
    if (name !== 'end') throw new JsonPathError(`unrecognized identifier ${name}`);
    if (this.inside === 0) throw new JsonPathError('not in range, nothing to end');
    this.ending++;
    return [];
  }

  private field(input: readonly unknown[], name: string): readonly unknown[] {
    if (input.length === 0) return [];
    const found = input.flatMap((value) => (isObject(value) && Object.hasOwn(value, name) ? [value[name]] : []));
    if (found.length === 0 && !this.allowMissing) throw new JsonPathError(`${name} is not found`);
    return found;
  }

  private filter(value: unknown, node: Extract<PathNode, { readonly kind: 'filter' }>): readonly unknown[] {
    if (!isList(value)) throw new JsonPathError(`${goText(value)} is not array or slice and cannot be filtered`);
    return value.filter((item) => {
      if (node.operator === 'exists') return this.exists(item, node.left);
      const left = this.walk([item], node.left);
      if (left.length === 0) return false;
      if (left.length > 1) throw new JsonPathError('can only compare one element at a time');
      const right = this.walk([item], node.right);
      if (right.length === 0) return false;
      if (right.length > 1) throw new JsonPathError('can only compare one element at a time');
      return compare(left[0], node.operator, right[0]);
    });
  }

  private exists(item: unknown, path: PathNode): boolean {
    try {
      return this.walk([item], path).length > 0;
    } catch (error) {
      if (error instanceof JsonPathError) return false;
      throw error;
    }
  }
}

function compare(left: unknown, operator: string, right: unknown): boolean {
  const fail = (message: string): never => {
    throw new JsonPathError(message);
  };
  switch (operator) {
    case '==':
      return compareEqual(left, right, fail);
    case '!=':
      return !compareEqual(left, right, fail);
    case '<':
      return compareLess(left, right, fail);
    case '<=':
      return compareLess(left, right, fail) || compareEqual(left, right, fail);
    case '>':
      return !compareLess(left, right, fail) && !compareEqual(left, right, fail);
    case '>=':
      return !compareLess(left, right, fail);
    default:
      return fail(`unrecognized filter operator ${operator}`);
  }
}

function slice(
  value: unknown,
  [from, to, by]: Extract<PathNode, { readonly kind: 'slice' }>['params'],
): readonly unknown[] {
  if (!isList(value)) throw new JsonPathError(`${goType(value)} is not array or slice`);
  const { length } = value;
  const start = from.known ? (from.value < 0 ? from.value + length : from.value) : 0;
  let end = to.known ? to.value : length;
  if (end < 0 || (end === 0 && to.derived)) end += length;
  if (start === end) return [];
  const outside = (index: number) => new JsonPathError(`array index out of bounds: index ${index}, length ${length}`);
  if (start >= length || start < 0) throw outside(start);
  if (end > length || end < 0) throw outside(end - 1);
  if (start > end) throw new JsonPathError(`starting index ${start} is greater than ending index ${end}`);
  if (by.known && by.value <= 0) throw new JsonPathError('step must be > 0');
  const step = by.known ? by.value : 1;
  return value.slice(start, end).filter((_, i) => i % step === 0);
}

function isNil(value: unknown): boolean {
  return value === null || value === undefined;
}

function children(value: unknown): readonly unknown[] {
  if (isList(value)) return value;
  if (isObject(value)) return Object.keys(value).map((key) => value[key]);
  return typeof value === 'string' ? [...value].map((rune) => rune.codePointAt(0)) : [];
}

/** A value and all that it holds, depth first; leaves are left out. */
function descend(value: unknown): readonly unknown[] {
  if (!isList(value) && !isObject(value)) return [];
  const inner = children(value);
  return inner.length === 0 ? [] : [value, ...inner.flatMap(descend)];
}

function goType(value: unknown): string {
  if (isObject(value)) return 'map[string]interface {}';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  return Number.isInteger(value) ? 'int64' : 'float64';
}
