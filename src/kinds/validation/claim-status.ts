// What a claim's status says of its size, and how far growing has come.
import { type FieldError, invalid, notSupported } from '../../api/field-error.ts';
import type { PersistentVolumeClaim } from '../../api/generated/types.ts';
import { qualifiedName } from '../../api/names.ts';
import { parseQuantity, quantityProblem } from '../../api/quantity.ts';
import { complain, sortedEntries } from './checks.ts';

const stages = [
  'ControllerResizeInProgress',
  'ControllerResizeInfeasible',
  'NodeResizeInProgress',
  'NodeResizeInfeasible',
  'NodeResizePending',
];

/** Adds what is wrong with changing a claim's status so. */
export function validateClaimStatus(
  { status }: PersistentVolumeClaim,
  _old: PersistentVolumeClaim,
  errors: FieldError[],
): void {
  for (const [name, amount] of sortedEntries(status?.capacity))
    notBelowZero(errors, `status.capacity[${name}]`, amount);
  const statuses = 'status.allocatedResourceStatuses';
  for (const [name, stage] of sortedEntries(status?.allocatedResourceStatuses)) {
    validateName(errors, statuses, name);
    if (!stages.includes(stage)) errors.push(notSupported(statuses, name, stages));
  }
  for (const [name, amount] of sortedEntries(status?.allocatedResources))
    if (validateName(errors, 'status.allocatedResources', name))
      notBelowZero(errors, `status.allocatedResources[${name}]`, amount);
}

/** Of Kubernetes' own resources a claim has storage alone. */
function validateName(errors: FieldError[], field: string, name: string): boolean {
  const complaints = qualifiedName(name);
  complain(errors, field, name, complaints);
  if (complaints.length > 0) return false;
  const native = !name.includes('/') || name.includes('kubernetes.io/');
  if (native && name !== 'storage') errors.push(notSupported(field, name, ['storage']));
  return !native || name === 'storage';
}

function notBelowZero(errors: FieldError[], field: string, amount: string): void {
  if (quantityProblem(amount) !== undefined || parseQuantity(amount).sign() >= 0) return;
  errors.push(invalid(field, parseQuantity(amount).value(), 'must be a valid resource quantity'));
}
