// Changing readonly objects by copying no more than what changes.

/** The object with the fields that it lacks, or that are null; itself when it lacks none. */
export function fill<T extends object>(object: T, missing: Partial<T>): T {
  let filled: T | undefined;
  for (const key in missing) {
    const value = object[key] ?? undefined;
    if (value !== undefined || object[key] === missing[key]) continue;
    filled ??= copy(object);
    filled[key] = missing[key] as T[typeof key]; // edge: a field of `missing` is one of T
  }
  return filled ?? object;
}

/** As {@link fill}, where an empty text or a zero also counts as left out: Go's zero value. */
export function fillZero<T extends object>(object: T, missing: Partial<T>): T {
  let filled: T | undefined;
  for (const key in missing) {
    const value: unknown = object[key] ?? undefined;
    if (value !== undefined && value !== '' && value !== 0) continue;
    filled ??= copy(object);
    filled[key] = missing[key] as T[typeof key]; // edge: a field of `missing` is one of T
  }
  return filled ?? object;
}

/** The object with some fields set; itself when they are those very values. `undefined` takes a field away. */
export function assign<T extends object>(object: T, changes: Partial<T>): T {
  let changed: T | undefined;
  for (const key in changes) {
    if (object[key] === changes[key] && (changes[key] !== undefined || !(key in object))) continue;
    if (changes[key] === undefined) {
      changed = without(changed ?? object, key);
      continue;
    }
    changed ??= copy(object);
    changed[key] = changes[key] as T[typeof key]; // edge: a field of `changes` is one of T
  }
  return changed ?? object;
}

/** The object with one field run through `change`, if it has that field. */
export function change<T extends object, K extends keyof T>(
  object: T,
  key: K,
  to: (value: NonNullable<T[K]>) => NonNullable<T[K]>,
): T {
  const value = object[key];
  if (value === undefined || value === null) return object;
  const changed = to(value);
  return changed === value ? object : { ...object, [key]: changed };
}

/** The list with every item run through `to`; itself when no item changed. */
export function changeAll<T>(list: readonly T[], to: (item: T) => T): readonly T[] {
  let changed: T[] | undefined;
  list.forEach((item, i) => {
    const made = to(item);
    if (made === item) return;
    changed ??= [...list];
    changed[i] = made;
  });
  return changed ?? list;
}

/** Remembers a pure function's results by the identity of its argument: objects never change. */
export function remember<T extends object, R>(of: (object: T) => R): (object: T) => R {
  const known = new WeakMap<T, { readonly value: R }>();
  return (object) => {
    const found = known.get(object);
    if (found) return found.value;
    const value = of(object);
    known.set(object, { value });
    return value;
  };
}

/** A copy to add fields to: V8 gives what is added to a spread a hidden class of its own, each time anew. */
function copy<T extends object>(object: T): T {
  return Object.assign({}, object);
}

/** A copy that lacks a field: what a field is deleted from has a hidden class of its own, too. */
function without<T extends object>(object: T, key: keyof T): T {
  const { [key]: _, ...rest } = object;
  return rest as T; // edge: the field is one that T may lack
}
