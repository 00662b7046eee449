// What a pod asks for: its containers together, or its largest init container where that is more.
import type { Container, PodSpec } from '../api/generated/types.ts';
import { parseQuantity } from '../api/quantity.ts';

export type Amounts = Readonly<Record<string, string>>;

/** The pod's requests or limits. */
export function podAmounts(spec: PodSpec, kind: 'requests' | 'limits'): Amounts {
  const of = ({ resources }: Container): Amounts => resources?.[kind] ?? {};
  let running: Amounts = {};
  for (const container of spec.containers ?? []) running = add(running, of(container));
  let sidecars: Amounts = {};
  let largest: Amounts = {};
  for (const container of spec.initContainers ?? []) {
    if (container.restartPolicy === 'Always') {
      running = add(running, of(container));
      sidecars = add(sidecars, of(container));
      largest = most(largest, sidecars);
    } else largest = most(largest, add(of(container), sidecars));
  }
  const whole: Amounts = spec.resources?.[kind] ?? {};
  return { ...add(most(running, largest), spec.overhead ?? {}), ...whole };
}

/** The sums of amounts of the same names. */
export function add(a: Amounts, b: Amounts): Amounts {
  return combined(a, b, (x, y) => parseQuantity(x).add(parseQuantity(y)).canonical());
}

function most(a: Amounts, b: Amounts): Amounts {
  return combined(a, b, (x, y) => (parseQuantity(x).compare(parseQuantity(y)) >= 0 ? x : y));
}

function combined(a: Amounts, b: Amounts, both: (x: string, y: string) => string): Amounts {
  const made = new Map(Object.entries(a));
  for (const [key, value] of Object.entries(b)) {
    const known = made.get(key);
    made.set(key, known === undefined ? value : both(known, value));
  }
  return Object.fromEntries(made);
}
