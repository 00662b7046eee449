// Fields of objects by path: `.status.phase`, `.spec.containers[0].image`, `.metadata.labels['app']`, `.items[*].name`.
import { isList, isObject, type JsonValue, own } from '../base/json.ts';

const part = /\.([\w-]+)|\[(\d+|\*)\]|\['([^']+)'\]/y;

/** All values at the path; none where it leads nowhere. */
export function valuesAt(object: JsonValue, path: string): readonly JsonValue[] {
  let found: readonly JsonValue[] = [object];
  for (const step of stepsOf(path)) found = found.flatMap((value) => inside(value, step));
  return found;
}

/** Undefined: the path is not well formed. */
export function isPath(path: string): boolean {
  return stepsOf(path).length > 0;
}

function stepsOf(path: string): readonly string[] {
  const steps: string[] = [];
  part.lastIndex = 0;
  while (part.lastIndex < path.length) {
    const match = part.exec(path);
    if (!match) return [];
    steps.push(match[1] ?? match[2] ?? match[3] ?? '');
  }
  return steps;
}

function inside(value: JsonValue, step: string): readonly JsonValue[] {
  if (isList(value)) {
    if (step === '*') return value;
    const item = value[Number(step)];
    return item === undefined ? [] : [item];
  }
  const held = isObject(value) ? own(value, step) : undefined;
  return held === undefined ? [] : [held];
}
