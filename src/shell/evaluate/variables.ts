// The shell's variables: strings, arrays and maps, exported or read-only, with `local` ones per function call.
//
//   globals: name ─▶ {value, exported, readonly}      calls: [saved values of the outer call, …] restored on return
import { ExpansionError } from './unwind.ts';

export type Value =
  | { readonly kind: 'text'; readonly text: string }
  /** Indexed (keys are numbers as text) or associative; in the order of insertion, indexed ones sorted. */
  | { readonly kind: 'list' | 'map'; readonly entries: ReadonlyMap<string, string> };

export interface Variable {
  readonly value: Value | undefined;
  readonly exported: boolean;
  readonly readonly: boolean;
  readonly integer: boolean;
}

const none: Variable = { value: undefined, exported: false, readonly: false, integer: false };
const valueBytesMax = 64 * 1024 * 1024;

export class Variables {
  /** Variables that are computed when read: RANDOM, SECONDS, … */
  dynamic: ReadonlyMap<string, () => string> = new Map();
  private readonly all: Map<string, Variable>;
  private readonly calls: Map<string, Variable | undefined>[];

  constructor(from?: Variables) {
    this.all = new Map(from?.all);
    if (from) this.dynamic = from.dynamic;
    this.calls = from ? from.calls.map((saved) => new Map(saved)) : [];
  }

  get(name: string): Variable | undefined {
    const dynamic = this.dynamic.get(name);
    if (dynamic) return { ...none, value: { kind: 'text', text: dynamic() } };
    return this.all.get(name);
  }

  /** The value as `$name` shows it: an array's element 0. */
  text(name: string): string | undefined {
    const value = this.get(name)?.value;
    return value?.kind === 'text' ? value.text : value?.entries.get('0');
  }

  set(name: string, text: string): void {
    const old = this.all.get(name);
    if (old?.value && old.value.kind !== 'text') this.setElement(name, '0', text);
    else this.assign(name, { kind: 'text', text });
  }

  assign(name: string, value: Value): void {
    const old = this.writable(name);
    if (value.kind === 'text' && value.text.length > valueBytesMax) throw new ExpansionError('cannot allocate memory');
    this.all.set(name, { ...old, value });
  }

  setElement(name: string, key: string, text: string): void {
    const old = this.writable(name);
    const entries = new Map(old.value && old.value.kind !== 'text' ? old.value.entries : []);
    if (old.value?.kind === 'text') entries.set('0', old.value.text);
    entries.set(key, text);
    const kind = old.value?.kind === 'map' ? 'map' : 'list';
    const sorted = kind === 'map' ? entries : new Map([...entries].sort(([a], [b]) => Number(a) - Number(b)));
    this.all.set(name, { ...old, value: { kind, entries: sorted } });
  }

  /** Changes attributes, keeping the value. */
  mark(name: string, attributes: Partial<Omit<Variable, 'value'>>): void {
    this.all.set(name, { ...(this.all.get(name) ?? none), ...attributes });
  }

  unset(name: string, key?: string): void {
    const old = this.all.get(name);
    if (!old) return;
    if (old.readonly) throw new ExpansionError(`unset: ${name}: cannot unset: readonly variable`);
    if (key === undefined || !old.value || old.value.kind === 'text') this.all.delete(name);
    else {
      const entries = new Map(old.value.entries);
      entries.delete(key);
      this.all.set(name, { ...old, value: { kind: old.value.kind, entries } });
    }
  }

  enterCall(): void {
    this.calls.push(new Map());
  }

  leaveCall(): void {
    for (const [name, saved] of this.calls.pop() ?? []) {
      if (saved) this.all.set(name, saved);
      else this.all.delete(name);
    }
  }

  get inCall(): boolean {
    return this.calls.length > 0;
  }

  /** Makes a variable the current call's own. False outside of a function. */
  makeLocal(name: string): boolean {
    const saved = this.calls.at(-1);
    if (!saved) return false;
    if (!saved.has(name)) {
      const old = this.all.get(name);
      saved.set(name, old);
      this.all.set(name, { ...none, exported: old?.exported ?? false });
    }
    return true;
  }

  names(): readonly string[] {
    return [...this.all.keys()].sort();
  }

  /** What a program gets as its environment. */
  exported(): Map<string, string> {
    const env = new Map<string, string>();
    for (const [name, { exported, value }] of this.all)
      if (exported && value?.kind === 'text') env.set(name, value.text);
    return env;
  }

  private writable(name: string): Variable {
    const old = this.all.get(name) ?? none;
    if (old.readonly) throw new ExpansionError(`${name}: readonly variable`);
    return old;
  }
}
