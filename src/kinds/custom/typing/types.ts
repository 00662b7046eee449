// The types of CEL as its checker sees them, and which values of one may stand where another is wanted.

/** A type: its name and what it is made of. `?1` is a type that is not known yet. */
export interface Type {
  readonly name: string;
  readonly of: readonly Type[];
  /** Of objects: the types of fields. */
  readonly fields?: ReadonlyMap<string, Type>;
}

/** A type by its name. */
export function type(name: string, ...of: readonly Type[]): Type {
  return { name, of };
}

export const dyn = type('dyn');
export const bool = type('bool');
export const error = type('!error!');

/** As cel-go writes it. */
export function typeText({ name, of }: Type): string {
  if (name.startsWith('?')) return 'dyn';
  if (name === 'type' && of.length === 0) return 'type';
  return of.length === 0 ? name : `${name}(${of.map(typeText).join(', ')})`;
}

/** Whether anything may be done with its values. */
export function isLoose({ name }: Type): boolean {
  return name === 'dyn' || name === '!error!';
}

/** Whether it is a type that was not known when it was written down. */
export function isVariable({ name }: Type): boolean {
  return name.startsWith('?');
}

/** What unknown types have turned out to be. */
export class Mapping {
  private known = new Map<string, Type>();
  private made = 0;

  /** A type that is not known yet. */
  fresh(): Type {
    return type(`?${++this.made}`);
  }

  /** With everything in it that is known. */
  resolve(given: Type): Type {
    const known = this.known.get(given.name);
    if (known) return this.resolve(known);
    return given.of.length === 0 ? given : { ...given, of: given.of.map((one) => this.resolve(one)) };
  }

  /** Whether values of the one types may stand where the others are wanted; if so, unknown types become known. */
  assign(given: readonly Type[], wanted: readonly Type[]): boolean {
    const before = new Map(this.known);
    if (given.length === wanted.length && given.every((one, i) => this.one(one, wanted[i] ?? error))) return true;
    this.known = before;
    return false;
  }

  private one(given: Type, wanted: Type): boolean {
    if (isVariable(wanted)) {
      const { valid, known } = this.substitute(given, wanted);
      if (valid || known) return valid;
    }
    if (isVariable(given)) return this.substitute(wanted, given).valid;
    if (isLoose(given) || isLoose(wanted)) return true;
    if (given.name === 'null') return isNullable(wanted);
    if (wanted.name === 'null') return isNullable(given);
    if (given.name !== wanted.name) return false;
    if (given.name === 'type') return true;
    return given.of.every((one, i) => this.one(one, wanted.of[i] ?? error));
  }

  private substitute(given: Type, variable: Type): { readonly valid: boolean; readonly known: boolean } {
    if (given.name === variable.name) return { valid: true, known: true };
    const known = this.known.get(variable.name);
    if (!known) {
      if (this.mentions(given, variable)) return { valid: false, known: false };
      this.known.set(variable.name, given);
      return { valid: true, known: false };
    }
    if (same(given, known)) return { valid: true, known: true };
    if (!this.one(given, known)) return { valid: false, known: true };
    const general = isMoreGeneral(given, known) ? given : known;
    if (!this.mentions(general, variable)) this.known.set(variable.name, general);
    return { valid: true, known: true };
  }

  private mentions(within: Type, variable: Type): boolean {
    if (within.name === variable.name) return true;
    const known = isVariable(within) ? this.known.get(within.name) : undefined;
    return known ? this.mentions(known, variable) : within.of.some((one) => this.mentions(one, variable));
  }
}

/** Whether two types are one. */
export function same(a: Type, b: Type): boolean {
  return a.name === b.name && a.of.length === b.of.length && a.of.every((one, i) => same(one, b.of[i] ?? error));
}

/** Whether the first says no more than the second. */
export function isMoreGeneral(a: Type, b: Type): boolean {
  if (isLoose(a) || isVariable(a)) return true;
  if (isLoose(b) || isVariable(b)) return false;
  return a.name === b.name && a.of.every((one, i) => isMoreGeneral(one, b.of[i] ?? error));
}

const scalars = new Set(['null', 'bool', 'bytes', 'double', 'int', 'string', 'uint', 'list', 'map', 'type']);

function isNullable({ name }: Type): boolean {
  return name === 'null' || !scalars.has(name);
}
