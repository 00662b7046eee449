// RuntimeClasses.
import { duplicate } from '../../api/field-error.ts';
import type { RuntimeClass } from '../../api/generated/types.ts';
import { dns1123Label } from '../../api/names.ts';
import { internalForm } from '../internal-form.ts';
import { validateTolerations } from './affinity.ts';
import { type Errors, immutable, requireName } from './checks.ts';
import { validateLabels } from './labels.ts';
import { validateContainerResources } from './resources.ts';

/** Adds what is wrong with a runtime class. */
export function validateRuntimeClass({ handler, overhead, scheduling }: RuntimeClass, errors: Errors): void {
  requireName(errors, 'handler', { name: handler, valid: dns1123Label });
  if (overhead) {
    const resources = overhead.podFixed ? { limits: overhead.podFixed } : {};
    validateContainerResources(errors, 'overhead', { resources, claims: new Set() });
  }
  if (!scheduling) return;
  const { nodeSelector, tolerations = [] } = scheduling;
  validateLabels(errors, 'scheduling.nodeSelector', nodeSelector);
  validateTolerations(errors, 'scheduling.tolerations', tolerations);
  const seen = new Set<string>();
  for (const [i, toleration] of tolerations.entries()) {
    const { key = '', operator = '', value = '', effect = '' } = toleration;
    const known = JSON.stringify([key, operator, value, effect]);
    if (seen.has(known)) errors.push(duplicate(`scheduling.tolerations[${i}]`, internalForm('Toleration', toleration)));
    seen.add(known);
  }
}

/** Adds what is wrong with changing a runtime class so. */
export function validateRuntimeClassUpdate(one: RuntimeClass, old: RuntimeClass, errors: Errors): void {
  validateRuntimeClass(one, errors);
  immutable(errors, 'handler', one.handler, old.handler);
}
