// Describes pod disruption budgets.
import { at, numberAt, objectAt, textAt } from '../../base/fields.ts';
import { describer } from './describer.ts';
import { formatLabelSelector } from './label-selector.ts';

export const podDisruptionBudgetDescriber = describer({
  group: 'policy',
  kind: 'PodDisruptionBudget',
  resource: ['/apis/policy/v1', 'poddisruptionbudgets'],
  write: (w, budget) => {
    const status = (field: string) => numberAt(budget, `status.${field}`) ?? 0;
    const [min, max] = [at(budget, 'spec.minAvailable'), at(budget, 'spec.maxUnavailable')];
    const selector = objectAt(budget, 'spec.selector');
    w.field(0, 'Name', textAt(budget, 'metadata.name'));
    w.field(0, 'Namespace', textAt(budget, 'metadata.namespace'));
    if (min !== undefined) w.field(0, 'Min available', String(min));
    else if (max !== undefined) w.field(0, 'Max unavailable', String(max));
    w.field(0, 'Selector', selector ? formatLabelSelector(selector) : '<unset>');
    w.line(0, 'Status:');
    w.field(2, 'Allowed disruptions', status('disruptionsAllowed'));
    w.field(2, 'Current', status('currentHealthy'));
    w.field(2, 'Desired', status('desiredHealthy'));
    w.field(2, 'Total', status('expectedPods'));
  },
});
