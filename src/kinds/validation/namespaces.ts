// Namespaces: their own finalizers, and when they are on their way out.
import { type FieldError, invalid } from '../../api/field-error.ts';
import type { Namespace } from '../../api/generated/types.ts';
import { qualifiedName } from '../../api/names.ts';
import { complain } from './checks.ts';

const standard = ['kubernetes', 'orphan', 'foregroundDeletion'];

/** Adds what is wrong with namespace. */
export function validateNamespace({ spec }: Namespace, errors: FieldError[]): void {
  for (const name of spec?.finalizers ?? []) validateFinalizer(errors, 'spec.finalizers', name);
}

/** Adds what is wrong with changing a namespace's finalizers so. */
export function validateFinalize({ spec }: Namespace, _old: Namespace, errors: FieldError[]): void {
  for (const [i, name] of (spec?.finalizers ?? []).entries()) validateFinalizer(errors, `spec.finalizers[${i}]`, name);
}

/** Adds what is wrong with changing a namespace's status so. */
export function validateNamespaceStatus({ metadata, status }: Namespace, _old: Namespace, errors: FieldError[]): void {
  const deleted = metadata?.deletionTimestamp !== undefined;
  const phase = status?.phase ?? '';
  if (phase === (deleted ? 'Terminating' : 'Active')) return;
  const detail = deleted
    ? "may only be 'Terminating' if `deletionTimestamp` is not empty"
    : "may only be 'Active' if `deletionTimestamp` is empty";
  errors.push(invalid('status.Phase', phase, detail));
}

function validateFinalizer(errors: FieldError[], field: string, name: string): void {
  complain(errors, field, name, qualifiedName(name));
  if (!name.includes('/') && !standard.includes(name))
    errors.push(invalid(field, name, 'name is neither a standard finalizer name nor is it fully qualified'));
}
