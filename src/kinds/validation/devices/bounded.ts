// Lists and maps with a most: what is beyond it is not looked at at all. Sets refuse what is there twice.
import { duplicate, tooMany, type Verbatim } from '../../../api/field-error.ts';
import type { JsonValue } from '../../../base/json.ts';
import { type Errors, sortedEntries } from '../checks.ts';

/** Adds what is wrong with one item, or with the value of one key. */
type Check<T> = (errors: Errors, field: string, item: T) => void;

/** A list of at most so many. */
export function boundedList<T>(
  errors: Errors,
  field: string,
  list: { readonly items: readonly T[] | undefined; readonly most?: number; readonly check: Check<T> },
): void {
  const { items = [], most = items.length, check } = list;
  if (items.length > most) errors.push(tooMany(field, items.length, most));
  else for (const [i, item] of items.entries()) check(errors, `${field}[${i}]`, item);
}

/** As {@link boundedList}, where no two have one key; `shown` is how a key is told, if not as it is. */
export function boundedSet<T>(
  errors: Errors,
  field: string,
  list: {
    readonly items: readonly T[] | undefined;
    readonly most?: number;
    readonly check: Check<T>;
    readonly key: (item: T) => string;
    readonly shown?: (item: T) => JsonValue | Verbatim;
  },
): void {
  const { items = [], most = items.length, key, shown } = list;
  boundedList(errors, field, list);
  if (items.length > most) return;
  const seen = new Set<string>();
  for (const [i, item] of items.entries()) {
    if (seen.has(key(item))) errors.push(duplicate(`${field}[${i}]`, shown?.(item) ?? key(item)));
    seen.add(key(item));
  }
}

/** A map: its keys are checked at the map itself, its values at their keys. */
export function boundedMap<T>(
  errors: Errors,
  field: string,
  map: {
    readonly entries: { readonly [key: string]: T } | undefined;
    readonly most?: number;
    /** Longer keys are shown without their middle. */
    readonly keyLengthMax: number;
    readonly checkKey: Check<string>;
    readonly check: Check<T>;
  },
): void {
  const entries = sortedEntries(map.entries);
  const { most = entries.length } = map;
  if (entries.length > most) {
    errors.push(tooMany(field, entries.length, most));
    return;
  }
  for (const [key, value] of entries) {
    map.checkKey(errors, field, key);
    map.check(errors, `${field}[${shortened(key, map.keyLengthMax)}]`, value);
  }
}

function shortened(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text;
  const kept = lengthMax - 3;
  return `${text.slice(0, Math.floor((kept + 1) / 2))}...${text.slice(text.length - Math.floor(kept / 2))}`;
}
