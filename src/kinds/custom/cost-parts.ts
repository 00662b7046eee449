// What the cost of an expression is put together from: parts that cost something and have a size.
import type { SizedType } from './sized-types.ts';

/** Between how many bytes, items or entries a value has. */
export interface Size {
  readonly min: number;
  readonly max: number;
}

/** What is known of a part of an expression. */
export interface Part {
  /** Of evaluating it; infinity: nothing bounds it. */
  readonly cost: number;
  readonly kind: SizedType['kind'] | undefined;
  /** Where the expression itself says how large its value is. */
  readonly size?: Size | undefined;
  /** Where it is a part of the schema. */
  readonly type?: SizedType | undefined;
  /** What the items of a list are that an expression makes. */
  readonly items?: SizedType['kind'] | undefined;
}

/** Of reading a text: ten bytes are one step. */
export const textFactor = 0.1;

/** How large a value can be. */
export function sizeOf({ kind, size, type }: Part): Size {
  if (size) return size;
  if (type) return { min: 0, max: type.sizeMax };
  if (kind && scalars.has(kind)) return { min: 1, max: 1 };
  return { min: 0, max: Number.POSITIVE_INFINITY };
}

const scalars = new Set(['bool', 'number', 'time', 'opaque']);

/** Nothing as often as one likes is nothing. */
export function times(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : a * b;
}

/** A part of a size, rounded up. */
export function share(size: number, factor: number): number {
  return Math.ceil(times(size, factor));
}

/** Of what is in a list or a map. */
export function elementOf({ type, items }: Part): Part {
  const element = type?.element;
  return { cost: 1, kind: element?.kind ?? items, type: element };
}
