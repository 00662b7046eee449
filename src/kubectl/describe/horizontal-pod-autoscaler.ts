// Describes horizontal pod autoscalers (autoscaling/v2).

import { at, numberAt, objectAt, objectsAt, textAt } from '../../base/fields.ts';
import { quote } from '../../base/go/quote.ts';
import type { JsonObject } from '../../base/json.ts';
import { describer } from './describer.ts';
import type { DescriptionWriter } from './description-writer.ts';
import { rfc1123 } from './go-time.ts';
import { writeHead } from './metadata.ts';

export const horizontalPodAutoscalerDescriber = describer({
  group: 'autoscaling',
  kind: 'HorizontalPodAutoscaler',
  resource: ['/apis/autoscaling/v2', 'horizontalpodautoscalers'],
  write: (w, autoscaler) => {
    const target = textAt(autoscaler, 'spec.scaleTargetRef.kind');
    const status = (field: string) => numberAt(autoscaler, `status.${field}`) ?? 0;
    writeHead(w, autoscaler);
    w.field(0, 'CreationTimestamp', rfc1123(textAt(autoscaler, 'metadata.creationTimestamp')));
    w.field(0, 'Reference', `${target}/${textAt(autoscaler, 'spec.scaleTargetRef.name')}`);
    w.field(0, 'Metrics', '( current / target )');
    const current = objectsAt(autoscaler, 'status.currentMetrics');
    for (const [i, metric] of objectsAt(autoscaler, 'spec.metrics').entries()) writeMetric(w, metric, current[i]);
    w.field(0, 'Min replicas', numberAt(autoscaler, 'spec.minReplicas') ?? '<unset>');
    w.field(0, 'Max replicas', numberAt(autoscaler, 'spec.maxReplicas') ?? 0);
    const behavior = objectAt(autoscaler, 'spec.behavior');
    if (behavior) {
      w.line(0, 'Behavior:');
      writeBehavior(w, 'Scale Up', objectAt(behavior, 'scaleUp'));
      writeBehavior(w, 'Scale Down', objectAt(behavior, 'scaleDown'));
    }
    w.field(0, `${target} pods`, `${status('currentReplicas')} current / ${status('desiredReplicas')} desired`);
    writeConditions(w, objectsAt(autoscaler, 'status.conditions'));
  },
});

function writeMetric(w: DescriptionWriter, metric: JsonObject, current: JsonObject | undefined): void {
  const type = textAt(metric, 'type');
  const field = type.slice(0, 1).toLowerCase() + type.slice(1);
  const source = objectAt(metric, field);
  const now = objectAt(current, `${field}.current`);
  const amount = (kind: string) => `${(now && textAt(now, kind)) || '<unknown>'} / ${textAt(source, `target.${kind}`)}`;
  const name = textAt(source, 'metric.name');
  switch (type) {
    case 'External': {
      const average = at(source, 'target.averageValue') !== undefined;
      w.field(
        1,
        `${quote(name)} (target ${average ? 'average ' : ''}value)`,
        amount(average ? 'averageValue' : 'value'),
      );
      return;
    }
    case 'Pods':
      w.field(1, `${quote(name)} on pods`, amount('averageValue'));
      return;
    case 'Object': {
      const on = `${textAt(source, 'describedObject.kind')}/${textAt(source, 'describedObject.name')}`;
      const average = textAt(source, 'target.type') === 'AverageValue';
      const value = amount(average ? 'averageValue' : 'value');
      w.field(1, `"${name}" on ${on} (target ${average ? 'average ' : ''}value)`, value);
      return;
    }
    case 'Resource':
    case 'ContainerResource': {
      const container = type === 'Resource' ? '' : ` of container "${textAt(source, 'container')}"`;
      const label = `resource ${textAt(source, 'name')}${container} on pods`;
      if (at(source, 'target.averageValue') !== undefined) w.field(1, label, amount('averageValue'));
      else w.field(1, `${label}  (as a percentage of request)`, utilization(source, now));
      return;
    }
    default:
      w.line(1, `<unknown metric type ${quote(type)}>`);
  }
}

/** `52% (130m) / 80%` */
function utilization(source: JsonObject | undefined, now: JsonObject | undefined): string {
  const used = numberAt(now, 'averageUtilization');
  const wanted = numberAt(source, 'target.averageUtilization');
  const current = used === undefined ? '<unknown>' : `${used}% (${textAt(now, 'averageValue')})`;
  return `${current} / ${wanted === undefined ? '<auto>' : `${wanted}%`}`;
}

function writeBehavior(w: DescriptionWriter, label: string, rules: JsonObject | undefined): void {
  if (!rules) return;
  w.line(1, `${label}:`);
  const window = numberAt(rules, 'stabilizationWindowSeconds');
  if (window !== undefined) w.line(2, `Stabilization Window: ${window} seconds`);
  const policies = objectsAt(rules, 'policies');
  if (policies.length === 0) return;
  w.line(2, `Select Policy: ${textAt(rules, 'selectPolicy') || 'Max'}`);
  w.line(2, 'Policies:');
  for (const policy of policies) {
    const period = `Period: ${numberAt(policy, 'periodSeconds') ?? 0} seconds`;
    w.line(3, `- Type: ${textAt(policy, 'type')}\tValue: ${numberAt(policy, 'value') ?? 0}\t${period}`);
  }
}

function writeConditions(w: DescriptionWriter, conditions: readonly JsonObject[]): void {
  if (conditions.length === 0) return;
  w.line(0, 'Conditions:');
  w.line(1, 'Type\tStatus\tReason\tMessage');
  w.line(1, '----\t------\t------\t-------');
  for (const condition of conditions) {
    w.line(1, ['type', 'status', 'reason', 'message'].map((field) => textAt(condition, field)).join('\t'));
  }
}
