// Which of a definition's names it gets: none that another definition of its group has already.

import { aggregateText } from '../../../api/field-error.ts';
import type { CustomResourceDefinition, CustomResourceDefinitionNames } from '../../../api/generated/types.ts';
import { quote } from '../../../base/go/quote.ts';
import { equal } from '../../../base/json.ts';

export interface NameDecision {
  readonly names: CustomResourceDefinitionNames;
  /** Of the condition NamesAccepted. */
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
}

/** Decides; `others` are all definitions of the group, this one may be among them. */
export function acceptNames(
  { spec, status }: CustomResourceDefinition,
  others: readonly CustomResourceDefinition[],
): NameDecision {
  const wanted = spec.names;
  const accepted: CustomResourceDefinitionNames = status?.acceptedNames ?? { plural: '', kind: '' };
  const taken = others.map((other) => other.status?.acceptedNames).filter((names) => names !== undefined);
  const resources = new Set(
    taken.flatMap(({ plural, singular, shortNames = [] }) => [plural, singular, ...shortNames]),
  );
  const kinds = new Set(taken.flatMap(({ kind, listKind }) => [kind, listKind]));
  let conflict: { readonly reason: string; readonly message: string } | undefined;
  const claim = <K extends 'plural' | 'singular' | 'kind' | 'listKind'>(
    key: K,
    used: ReadonlySet<string | undefined>,
  ) => {
    const free = wanted[key] === accepted[key] || !used.has(wanted[key]);
    if (free) return wanted[key];
    const reason = `${key.charAt(0).toUpperCase()}${key.slice(1)}Conflict`;
    conflict = { reason, message: `${quote(wanted[key] ?? '')} is already in use` };
    return accepted[key];
  };
  const plural = claim('plural', resources) ?? '';
  const singular = claim('singular', resources);
  let { shortNames } = accepted;
  const own = accepted.shortNames ?? [];
  const clashes = (wanted.shortNames ?? []).filter((name) => !own.includes(name) && resources.has(name));
  if (clashes.length === 0) ({ shortNames } = wanted);
  else if (!equal(wanted.shortNames, accepted.shortNames))
    conflict = {
      reason: 'ShortNamesConflict',
      message: aggregateText(clashes.map((name) => `${quote(name)} is already in use`)),
    };
  const kind = claim('kind', kinds) ?? '';
  const listKind = claim('listKind', kinds);
  const { categories } = wanted;
  const names = {
    plural,
    ...(singular !== undefined && { singular }),
    ...(shortNames && { shortNames }),
    kind,
    ...(listKind !== undefined && { listKind }),
    ...(categories && { categories }),
  };
  if (conflict) return { names, status: 'False', ...conflict };
  return { names, status: 'True', reason: 'NoConflicts', message: 'no conflicts found' };
}
