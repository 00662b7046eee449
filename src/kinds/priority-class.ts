// PriorityClasses: which pods go first, and whether they push others out.
import type { PriorityClass } from '../api/generated/types.ts';
import { ageColumn, flagColumn, nameColumn, numberColumn, textColumn } from './columns.ts';
import { defineKind } from './kind.ts';
import { fill } from './share.ts';

/** What the server knows about PriorityClasses. */
export const priorityClass = defineKind<PriorityClass>({
  group: 'scheduling.k8s.io',
  kind: 'PriorityClass',
  generationPart: () => 1,
  defaults: (one) => fill(one, { preemptionPolicy: 'PreemptLowerPriority' }),
  columns: [
    nameColumn,
    numberColumn('Value', 'The higher, the sooner.', ({ value }) => value),
    flagColumn('Global-Default', 'Whether pods without a class get it.', ({ globalDefault }) => globalDefault),
    ageColumn,
    textColumn(
      'PreemptionPolicy',
      'Whether its pods push others out.',
      ({ preemptionPolicy }) => preemptionPolicy ?? '',
    ),
  ],
});
