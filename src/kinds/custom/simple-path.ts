// The JSON paths that a definition of custom resources may use: fields, indexes, `[*]` and simple filters.
//
//   .status.conditions[?(@.type=="Ready")].status      .metadata.annotations['example.com/a']
import { isList, isObject, type JsonValue } from '../../base/json.ts';

type Step =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'all' }
  | { readonly kind: 'filter'; readonly path: readonly Step[]; readonly operator: string; readonly value: JsonValue };

/** What a path finds in an object, in order; undefined: the path is none that is understood. */
export function simplePath(text: string): ((object: JsonValue) => readonly JsonValue[]) | undefined {
  const steps = parse(text);
  return steps && ((object) => walk([object], steps));
}

const field = /^\.((?:[^.[\]\\]|\\.)+)/;
const quoted = /^\[(?:'([^']*)'|"([^"]*)")\]/;
const index = /^\[(-?\d+)\]/;
const filter = /^\[\?\(\s*@((?:\.[^=!<>\s)]+)+)\s*(==|!=|<=|>=|<|>)\s*("[^"]*"|'[^']*'|[-\w.]+)\s*\)\]/;

function parse(text: string): readonly Step[] | undefined {
  const steps: Step[] = [];
  for (let rest = text === '.' ? '' : text; rest !== ''; ) {
    const match =
      field.exec(rest) ?? quoted.exec(rest) ?? index.exec(rest) ?? filter.exec(rest) ?? /^\[\*\]/.exec(rest);
    if (!match) return undefined;
    const step = stepOf(match);
    if (!step) return undefined;
    steps.push(step);
    rest = rest.slice(match[0].length);
  }
  return steps;
}

function stepOf([whole, first = '', second = '', third = '']: RegExpExecArray): Step | undefined {
  if (whole === '[*]' || whole === '.*') return { kind: 'all' };
  if (whole.startsWith('.')) return { kind: 'field', name: first.replaceAll('\\', '') };
  if (whole.startsWith('[?(')) {
    const path = parse(first);
    return path && { kind: 'filter', path, operator: second, value: literal(third) };
  }
  if (/^\[["']/.test(whole)) return { kind: 'field', name: first || second };
  return { kind: 'index', index: Number(first) };
}

function literal(text: string): JsonValue {
  if (/^["']/.test(text)) return text.slice(1, -1);
  if (text === 'true' || text === 'false') return text === 'true';
  return Number(text);
}

function walk(values: readonly JsonValue[], steps: readonly Step[]): readonly JsonValue[] {
  return steps.reduce<readonly JsonValue[]>((found, step) => found.flatMap((value) => take(value, step)), values);
}

function take(value: JsonValue, step: Step): readonly JsonValue[] {
  switch (step.kind) {
    case 'field': {
      const item = isObject(value) && Object.hasOwn(value, step.name) ? value[step.name] : undefined;
      return item === undefined ? [] : [item];
    }
    case 'index': {
      const item = isList(value) ? value.at(step.index) : undefined;
      return item === undefined ? [] : [item];
    }
    case 'all':
      return isList(value) ? value : isObject(value) ? Object.values(value) : [];
    case 'filter':
      return isList(value) ? value.filter((item) => holds(walk([item], step.path)[0], step)) : [];
  }
}

function holds(left: JsonValue | undefined, { operator, value }: { operator: string; value: JsonValue }): boolean {
  if (left === undefined) return false;
  if (operator === '==') return left === value;
  if (operator === '!=') return left !== value;
  if (typeof left !== typeof value || typeof left === 'object' || typeof value === 'object') return false;
  const [a, b] = [left, value];
  if (operator === '<') return a < b;
  if (operator === '>') return a > b;
  return operator === '<=' ? a <= b : a >= b;
}
