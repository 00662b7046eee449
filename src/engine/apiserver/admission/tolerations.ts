// Sets of tolerations: joined so that none is in another, and held against lists of those that are allowed.
import type { Toleration } from '../../../api/generated/types.ts';
import { equal } from '../../../base/json.ts';

/** Both lists in one; what another covers is left out. */
export function mergeTolerations(first: readonly Toleration[], second: readonly Toleration[]): readonly Toleration[] {
  const all = [...first, ...second];
  const merged: Toleration[] = [];
  for (const [i, toleration] of all.entries()) {
    const known = merged.some((other) => covers(other, toleration));
    const coming = all.slice(i + 1).some((other) => !equal(other, toleration) && covers(other, toleration));
    if (!known && !coming) merged.push(toleration);
  }
  return merged;
}

/** Whether each toleration is within one of those that are allowed; an empty list allows all. */
export function areAllowed(tolerations: readonly Toleration[], allowed: readonly Toleration[]): boolean {
  return allowed.length === 0 || tolerations.every((one) => allowed.some((wide) => covers(wide, one)));
}

/** Whether `wide` tolerates all that `narrow` does. */
function covers(wide: Toleration, narrow: Toleration): boolean {
  if (equal(wide, narrow)) return true;
  const { key = '', operator = '', effect = '', value = '', tolerationSeconds: seconds } = wide;
  if ((narrow.key ?? '') !== key && (key !== '' || operator !== 'Exists')) return false;
  if ((narrow.effect ?? '') !== effect && effect !== '') return false;
  if (effect === 'NoExecute' && seconds !== undefined && !((narrow.tolerationSeconds ?? seconds + 1) <= seconds))
    return false;
  if (operator === 'Exists') return true;
  return (operator === '' || operator === 'Equal') && narrow.operator === 'Equal' && (narrow.value ?? '') === value;
}
