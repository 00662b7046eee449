// Taints of nodes.
import { type FieldError, invalid, notSupported, required } from '../../api/field-error.ts';
import type { Taint } from '../../api/generated/types.ts';
import { qualifiedName, validLabelValue } from '../../api/names.ts';
import { taintEffects } from './affinity.ts';
import { complain } from './checks.ts';

/** Adds what is wrong with them. Upstream says metadata where it means spec. */
export function validateTaints(errors: FieldError[], field: string, taints: readonly Taint[]): void {
  const seen = new Set<string>();
  for (const [i, { key, value = '', effect, timeAdded }] of taints.entries()) {
    const at = `${field}[${i}]`;
    complain(errors, `${at}.key`, key, qualifiedName(key));
    const complaints = validLabelValue(value);
    if (complaints.length > 0) errors.push(invalid(`${at}.value`, value, complaints.join(';')));
    if (!effect) errors.push(required(`${at}.effect`));
    else if (!taintEffects.includes(effect)) errors.push(notSupported(`${at}.effect`, effect, taintEffects));
    const pair = `${key}:${effect}`;
    if (seen.has(pair)) {
      const shown = JSON.stringify({ Key: key, Value: value, Effect: effect, TimeAdded: timeAdded ?? null });
      const body = `Duplicate value: ${shown}: taints must be unique by key and effect pair`;
      errors.push({ type: 'FieldValueDuplicate', field: at, body });
    }
    seen.add(pair);
  }
}
