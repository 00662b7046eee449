// What upstream warns of in claims, by themselves and in templates.
import type { PersistentVolumeClaimSpec } from '../api/generated/types.ts';
import { parseQuantity, quantityProblem } from '../api/quantity.ts';
import { quote } from '../base/go/quote.ts';

/** Warnings about a claim's spec at a place, e.g. `spec`. */
export function claimSpecWarnings({ resources }: PersistentVolumeClaimSpec, field: string): readonly string[] {
  return (['requests', 'limits'] as const).flatMap((kind) => {
    const amount = resources?.[kind]?.storage;
    if (amount === undefined || quantityProblem(amount) !== undefined) return [];
    const quantity = parseQuantity(amount);
    if (quantity.milliValue() % 1000 === 0) return [];
    const why = `fractional byte value ${quote(String(quantity))} is invalid, must be an integer`;
    return [`${field}.resources.${kind}[storage]: ${why}`];
  });
}
