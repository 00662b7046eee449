// What is wrong with an applied configuration before it is merged, in the words of upstream's typed values:
//
//   .spec.replicas: expected numeric (int or float), got string
import { goSyntax, goText } from '../../../base/go/format.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../../base/json.ts';
import { elementText } from './field-set.ts';
import { elementOf, type Shape } from './shape.ts';
import type { Scalar, Typed } from './typed.ts';

/** One problem, or several under `errors:`; undefined where every field is known and fits; items may come twice. */
export function typedProblem(
  config: JsonObject,
  typed: Typed,
  { duplicates = false }: { readonly duplicates?: boolean } = {},
): string | undefined {
  const problems: string[] = [];
  check(typed, config, '', (path, problem) => {
    if (!duplicates || !problem.startsWith(twice)) problems.push(path === '' ? problem : `${path}: ${problem}`);
  });
  const [first, ...more] = problems;
  return more.length === 0 ? first : `errors:\n${problems.map((problem) => `  ${problem}`).join('\n')}`;
}

const twice = 'duplicate entries for key';

type Report = (path: string, problem: string) => void;

function check(typed: Typed, value: JsonValue, path: string, report: Report): void {
  if (value === null) return;
  switch (typed.kind) {
    case 'any':
      return;
    case 'fields':
      if (isObject(value)) checkFields(typed, value, path, report);
      else report(path, `expected map, got &{${goText(value)}}`);
      return;
    case 'list':
      if (isList(value)) checkItems(typed, value, path, report);
      else report(path, `expected list, got &{${goText(value)}}`);
      return;
    case 'scalar': {
      const problem = scalarProblem(typed.scalar, value);
      if (problem !== undefined) report(path, problem);
    }
  }
}

function checkFields(typed: Typed & { kind: 'fields' }, value: JsonObject, path: string, report: Report): void {
  for (const [name, item] of Object.entries(value)) {
    const field = typed.of(name);
    if (!field) {
      report(`${path}.${name}`, 'field not declared in schema');
      return; // nothing more is said of such an object
    }
    check(field, item, `${path}.${name}`, report);
  }
}

function checkItems(
  { items, shape }: Typed & { kind: 'list' },
  list: readonly JsonValue[],
  path: string,
  report: Report,
): void {
  const seen = new Set<string>();
  for (const [i, item] of list.entries()) {
    let place = `[${i}]`;
    if (shape.kind === 'set' || shape.kind === 'keyed') {
      const problem = itemProblem(shape, item);
      if (problem !== undefined) {
        report(path, `element ${i}: ${problem}`);
        return; // nothing more can be said of such a list
      }
      place = elementText(elementOf(shape, item));
      if (seen.has(place)) report(path, `${twice} ${place}`);
      seen.add(place);
    }
    check(items, item, path + place, report);
  }
}

/** Why an item cannot be told from the others. */
function itemProblem(shape: Shape & { kind: 'set' | 'keyed' }, item: JsonValue): string | undefined {
  if (shape.kind === 'set') return setItemProblem(item);
  const problem = keyedItemProblem(item);
  if (problem !== undefined || elementOf(shape, item) !== 'k:{}') return problem;
  const keys = shape.keys.map(([key]) => JSON.stringify(key)).join(' ');
  return `associative list with keys has an element that omits all key fields [${keys}] (and doesn't have default values for any key fields)`;
}

function keyedItemProblem(item: JsonValue): string | undefined {
  if (item === null) return 'associative list with keys may not have a null element';
  return isObject(item) ? undefined : 'associative list with keys may not have non-map elements';
}

function setItemProblem(item: JsonValue): string | undefined {
  if (item === null) return "associative list without keys has an element that's an explicit null";
  if (isList(item)) return 'not supported: associative list with lists as elements';
  return isObject(item) ? "associative list without keys has an element that's a map type" : undefined;
}

function scalarProblem(scalar: Scalar, value: JsonValue): string | undefined {
  switch (scalar) {
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `expected boolean, got &{${goText(value)}}`;
    case 'number':
      return typeof value === 'number' ? undefined : `expected numeric (int or float), got ${typeText(value)}`;
    case 'string':
      return typeof value === 'string'
        ? undefined
        : `expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`;
    default:
      return isObject(value) || isList(value) ? `expected any scalar, got &{${goText(value)}}` : undefined;
  }
}

/** Go's %T. */
function typeText(value: JsonValue): string {
  if (isList(value)) return '[]interface {}';
  if (isObject(value)) return 'map[string]interface {}';
  return typeof value === 'boolean' ? 'bool' : 'string';
}
