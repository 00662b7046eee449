// What `kubectl wait --for` means.

import { numberAt, objectsAt, textAt } from '../base/fields.ts';
import { goText } from '../base/go/format.ts';
import { quote } from '../base/go/quote.ts';
import { isList, isObject, type JsonObject } from '../base/json.ts';
import { CommandError } from './errors.ts';
import { JsonPath, JsonPathError } from './print/jsonpath.ts';
import { relaxedPath } from './print/relaxed-path.ts';

export interface WaitCondition {
  readonly kind: 'create' | 'delete' | 'state';
  readonly holds: (object: JsonObject) => boolean;
}

export function parseWaitCondition(text: string): WaitCondition {
  const lower = text.toLowerCase();
  if (lower === 'delete') return { kind: 'delete', holds: () => false };
  if (lower === 'create') return { kind: 'create', holds: () => true };
  if (text.startsWith('condition=')) return statusCondition(text.slice('condition='.length));
  if (text.startsWith('jsonpath=')) return pathCondition(text.slice('jsonpath='.length));
  throw new CommandError(`unrecognized condition: ${quote(text)}`);
}

/** `Ready`, `Ready=false` */
function statusCondition(text: string): WaitCondition {
  const equals = text.indexOf('=');
  const name = (equals < 0 ? text : text.slice(0, equals)).toLowerCase();
  const wanted = (equals < 0 ? 'true' : text.slice(equals + 1)).toLowerCase();
  return {
    kind: 'state',
    holds: (object) => {
      const condition = objectsAt(object, 'status.conditions').find(
        (item) => textAt(item, 'type').toLowerCase() === name,
      );
      if (!condition) return false;
      const generation = numberAt(object, 'metadata.generation') ?? 0;
      const observed = numberAt(condition, 'observedGeneration') ?? numberAt(object, 'status.observedGeneration');
      if (observed !== undefined && observed < generation) return false;
      return textAt(condition, 'status').toLowerCase() === wanted;
    },
  };
}

/** `{.status.phase}=Running`, or without a value: the field is there. */
function pathCondition(text: string): WaitCondition {
  const [expression = '', value, more] = splitAtEquals(text);
  if (expression === '') throw new CommandError('jsonpath expression cannot be empty');
  if (more !== undefined) {
    throw new CommandError(
      "jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or --for=jsonpath='{.status.readyReplicas}'",
    );
  }
  const wanted = value?.replace(/^['"]+|['"]+$/g, '');
  if (wanted === '')
    throw new CommandError(
      "jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3",
    );
  const path = new JsonPath(relaxedPath(expression), { allowMissingKeys: true });
  return {
    kind: 'state',
    holds: (object) => {
      try {
        const found = single(path.find(object));
        return found !== undefined && (wanted === undefined || plainText(found.value).trim() === wanted.trim());
      } catch (error) {
        if (!(error instanceof JsonPathError)) throw error;
        throw new CommandError(error.message);
      }
    },
  };
}

/** The one value that a path found. Throws what upstream says of several. */
function single(found: readonly (readonly unknown[])[]): { readonly value: unknown } | undefined {
  const [first = [], ...more] = found;
  if (first.length === 0) return undefined;
  const several = more.length > 0 ? 'list' : first.length > 1 ? 'value' : undefined;
  if (several) throw new CommandError(`given jsonpath expression matches more than one ${several}`);
  return { value: first[0] };
}

function plainText(value: unknown): string {
  if (!isObject(value) && !isList(value)) return goText(value);
  throw new CommandError('jsonpath leads to a nested object or list which is not supported');
}

/** At single equals signs: two in a row belong to the expression. */
function splitAtEquals(text: string): readonly string[] {
  const parts = [''];
  for (const piece of text.match(/==|=|[^=]+/g) ?? []) {
    if (piece === '=') parts.push('');
    else parts.push((parts.pop() ?? '') + piece);
  }
  return parts;
}
