// PodDisruptionBudgets: how many pods must stay when others are evicted.
import type { PodDisruptionBudget } from '../api/generated/types.ts';
import { ageColumn, nameColumn, numberColumn, textColumn } from './columns.ts';
import { specGeneration } from './generation.ts';
import { defineKind } from './kind.ts';
import { statusOfItsOwn } from './status-of-its-own.ts';

/** Before its controller has counted. */
const noPods = { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 };

/** What the server knows about PodDisruptionBudgets. */
export const podDisruptionBudget = defineKind<PodDisruptionBudget>({
  ...specGeneration,
  ...statusOfItsOwn,
  group: 'policy',
  kind: 'PodDisruptionBudget',
  unconditionalUpdate: false,
  prepareForCreate: (budget) => ({ ...budget, status: noPods }),
  columns: [
    nameColumn,
    textColumn('Min Available', 'Fewest pods that must stay.', ({ spec }) => String(spec?.minAvailable ?? 'N/A')),
    textColumn('Max Unavailable', 'Most pods that may be missing.', ({ spec }) =>
      String(spec?.maxUnavailable ?? 'N/A'),
    ),
    numberColumn('Allowed Disruptions', 'Pods that may be evicted now.', ({ status }) => status?.disruptionsAllowed),
    ageColumn,
  ],
});
