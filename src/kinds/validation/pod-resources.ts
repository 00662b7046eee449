// What a pod asks for as a whole must have room for what its containers ask for.
import { invalid } from '../../api/field-error.ts';
import type { Container, PodSpec } from '../../api/generated/types.ts';
import { parseQuantity, type Quantity, quantityProblem } from '../../api/quantity.ts';
import type { Errors } from './checks.ts';

type Kind = 'requests' | 'limits';
type Amounts = ReadonlyMap<string, Quantity>;

/** Adds what does not fit; fields are relative to the spec. */
export function validateRoomForContainers(errors: Errors, spec: PodSpec): void {
  const { resources } = spec;
  if (!resources) return;
  const fits = (kind: Kind, matters: (name: string) => boolean): void => {
    for (const [name, sum] of [...aggregate(spec, kind)].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const whole = amountOf(resources[kind], name);
      if (!whole || !matters(name) || sum.compare(whole) <= 0) continue;
      const detail = `must be greater than or equal to aggregate container ${kind} of ${sum}`;
      errors.push(invalid(`.resources.${kind}[${name}]`, String(whole), detail));
    }
  };
  fits('requests', () => true);
  fits('limits', (name) => name.startsWith('hugepages-'));
  for (const [i, { resources: own }] of (spec.containers ?? []).entries())
    for (const name of Object.keys(own?.limits ?? {}).sort()) {
      const [limit, most] = [amountOf(own?.limits, name), amountOf(resources.limits, name)];
      if (!limit || !most || limit.compare(most) <= 0) continue;
      const place = `.resources.containers[${i}][${name}].limits`;
      errors.push(invalid(place, String(limit), `must be less than or equal to pod limits of ${most}`));
    }
}

function amountOf(list: Readonly<Record<string, string>> | undefined, name: string): Quantity | undefined {
  const text = list && Object.hasOwn(list, name) ? list[name] : undefined;
  return text === undefined || quantityProblem(text) !== undefined ? undefined : parseQuantity(text);
}

/** Containers run together, with sidecars beside them; init containers run one after the other before. */
function aggregate(spec: PodSpec, kind: Kind): Amounts {
  let total = (spec.containers ?? []).reduce((sum, one) => added(sum, one, kind), noAmounts);
  let sidecars = noAmounts;
  let most = noAmounts;
  for (const container of spec.initContainers ?? []) {
    if (container.restartPolicy === 'Always') {
      total = added(total, container, kind);
      sidecars = added(sidecars, container, kind);
      most = larger(most, sidecars);
    } else most = larger(most, added(sidecars, container, kind));
  }
  return larger(total, most);
}

const noAmounts: Amounts = new Map();

function added(sum: Amounts, { resources }: Container, kind: Kind): Amounts {
  const next = new Map(sum);
  for (const name of Object.keys(resources?.[kind] ?? {})) {
    const amount = amountOf(resources?.[kind], name);
    if (amount) next.set(name, next.get(name)?.add(amount) ?? amount);
  }
  return next;
}

function larger(a: Amounts, b: Amounts): Amounts {
  const next = new Map(a);
  for (const [name, amount] of b) {
    const known = next.get(name);
    if (!known || known.compare(amount) < 0) next.set(name, amount);
  }
  return next;
}
