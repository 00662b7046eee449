// YAML text to JSON values by the rules of sigs.k8s.io/yaml (go-yaml v2), with its words for what does not parse.
import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  type Scalar,
  visit,
  type YAMLMap,
} from 'yaml';
import { decodeBase64, decodeUtf8 } from '../base/bytes.ts';
import type { JsonObject, JsonValue } from '../base/json.ts';
import { resolvePlain } from '../base/yaml-resolve.ts';
import { yamlProblem } from './yaml-problem.ts';

/** A document's value, or what is wrong with it in go-yaml's words (`yaml: line 3: did not find expected key`). */
export interface YamlResult {
  /** Undefined where the text holds nothing. */
  readonly value: JsonValue | undefined;
  readonly problem?: string;
}

const depthMax = 500;
const nodesMax = 1_000_000;
const aliasedMax = 0.99;

/** Whose rules a text is read by; those of go-yaml v2 where nothing else is said. */
export interface YamlRules {
  /** As go-yaml v3 has it: `yes` and `on` are texts, and dates are written out as times. */
  readonly v3?: boolean;
}

/** The first document of a text. Of keys that are there twice the last counts, as in the real kubectl. */
export function parseYaml(text: string, rules: YamlRules = {}): YamlResult {
  const parsed = parseAllDocuments(text, options);
  const [first] = 'empty' in parsed ? [] : parsed;
  if (!first) return { value: undefined };
  const [error] = first.errors;
  if (error) return { value: undefined, problem: `yaml: ${yamlProblem(text, error)}` };
  try {
    return { value: new Reader(first, rules).value(first.contents, 0) };
  } catch (thrown) {
    if (!(thrown instanceof YamlError)) throw thrown;
    return { value: undefined, problem: thrown.message };
  }
}

/** Keys that a mapping of the first document has twice, in go-yaml's words: `line 5: key "name" already set in map`. */
export function yamlDuplicates(text: string): readonly string[] {
  const lineCounter = new LineCounter();
  const [first] = parseAllDocuments(text, { ...options, lineCounter });
  const found: string[] = [];
  if (!first || !('contents' in first)) return found;
  visit(first, {
    Map(_key, map) {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key) || typeof key.value !== 'string') continue;
        const { line } = lineCounter.linePos(key.range?.[0] ?? 0);
        if (seen.has(key.value)) found.push(`line ${line}: key ${JSON.stringify(key.value)} already set in map`);
        seen.add(key.value);
      }
    },
  });
  return found;
}

const options = { schema: 'failsafe', version: '1.1', uniqueKeys: false, merge: false } as const;

class YamlError extends Error {
  override name = 'YamlError';
}

class Reader {
  private nodes = 0;
  /** Those of them that aliases brought. */
  private aliased = 0;
  private aliasDepth = 0;
  private readonly targets = new Map<unknown, Node>();
  private readonly open = new Set<unknown>();

  constructor(
    private readonly document: Document,
    private readonly rules: YamlRules,
  ) {}

  value(node: unknown, depth: number): JsonValue {
    this.count();
    if (depth > depthMax) throw new YamlError('yaml: exceeded max depth of 10000');
    if (isAlias(node)) {
      const target = this.targets.get(node) ?? node.resolve(this.document);
      if (!target) throw new YamlError(`yaml: unknown anchor '${node.source}' referenced`);
      if (this.open.has(target)) throw new YamlError(`yaml: anchor '${node.source}' value contains itself`);
      this.targets.set(node, target);
      this.aliasDepth++;
      const value = this.value(target, depth + 1);
      this.aliasDepth--;
      return value;
    }
    if (isScalar(node)) return scalarValue(node, this.rules);
    if (!isMap(node) && !isSeq(node)) return null;
    this.open.add(node);
    const value = isMap(node) ? this.map(node, depth) : node.items.map((item) => this.value(item, depth + 1));
    this.open.delete(node);
    return value;
  }

  /** As go-yaml tells a bomb from a document: nearly all that is read was brought by aliases. */
  private count(): void {
    this.nodes++;
    if (this.aliasDepth > 0) this.aliased++;
    const bomb = this.aliased > 100 && this.nodes > 1000 && this.aliased / this.nodes > aliasedMax;
    if (bomb || this.nodes > nodesMax) throw new YamlError('yaml: document contains excessive aliasing');
  }

  private map(node: YAMLMap, depth: number): JsonObject {
    const merged = new Map<string, JsonValue>();
    const own = new Map<string, JsonValue>();
    for (const pair of node.items) {
      if (!isPair(pair)) continue;
      if (isScalar(pair.key) && isPlain(pair.key) && pair.key.source === '<<') this.merge(merged, pair.value, depth);
      else own.set(this.key(pair.key, depth), this.value(pair.value, depth + 1));
    }
    return Object.fromEntries([...merged, ...own]);
  }

  private merge(into: Map<string, JsonValue>, node: unknown, depth: number): void {
    const target = isAlias(node) ? node.resolve(this.document) : node;
    const maps = isSeq(target) ? target.items : [target];
    for (const one of maps) {
      const value = this.value(one, depth + 1);
      if (typeof value !== 'object' || value === null || Array.isArray(value))
        throw new YamlError('yaml: map merge requires map or sequence of maps as the value');
      for (const [key, held] of Object.entries(value)) if (!into.has(key)) into.set(key, held);
    }
  }

  private key(node: unknown, depth: number): string {
    const value = this.value(node, depth + 1);
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    throw new YamlError(
      value === null
        ? 'unsupported map key of type: %!s(<nil>), key: <nil>'
        : 'yaml: invalid map key: map[interface {}]interface {}{}',
    );
  }
}

function isPlain(node: Scalar): boolean {
  return node.type === undefined || node.type === 'PLAIN';
}

function scalarValue(node: Scalar, rules: YamlRules): JsonValue {
  const text = typeof node.value === 'string' ? node.value : (node.source ?? '');
  const tag = (node as Node & Scalar).tag; // edge: the parser's type leaves the tag of a scalar open
  if (tag === 'tag:yaml.org,2002:binary' || tag === '!!binary') {
    const bytes = decodeBase64(text);
    if (!bytes) throw new YamlError('yaml: !!binary value contains invalid base64 data');
    return decodeUtf8(bytes);
  }
  if (tag !== undefined && /(?:^!!|:)str$/.test(tag)) return text;
  const typed = tag !== undefined && /(?:^!!|:)(?:int|float|bool|null)$/.test(tag);
  if (!typed && (!isPlain(node) || tag !== undefined)) return text;
  return plainValue(text, rules);
}

function plainValue(text: string, { v3 }: YamlRules): JsonValue {
  const resolved = resolvePlain(text);
  switch (resolved.kind) {
    case 'null':
      return null;
    case 'bool':
      return v3 && !/^(?:true|false)$/i.test(text) ? text : resolved.value;
    case 'timestamp':
      return v3 && !text.includes(':') ? dateAsTime(text) : text;
    case 'int':
      return Number(resolved.value);
    case 'float':
      if (Number.isFinite(resolved.value)) return resolved.value;
      throw new YamlError(
        `json: unsupported value: ${Number.isNaN(resolved.value) ? 'NaN' : resolved.value > 0 ? '+Inf' : '-Inf'}`,
      );
    default:
      return text;
  }
}

/** `2026-1-2` as `2026-01-02T00:00:00Z`. */
function dateAsTime(text: string): string {
  const [year = '', ...rest] = text.split('-');
  return `${[year, ...rest.map((part) => part.padStart(2, '0'))].join('-')}T00:00:00Z`;
}
