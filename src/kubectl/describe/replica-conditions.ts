// The Conditions section of workloads that keep replicas: type, status, reason.
import { objectsAt, textAt } from '../../base/fields.ts';
import type { JsonObject } from '../../base/json.ts';
import type { DescriptionWriter } from './description-writer.ts';

export function writeReplicaConditions(w: DescriptionWriter, object: JsonObject): void {
  const conditions = objectsAt(object, 'status.conditions');
  if (conditions.length === 0) return;
  w.write(0, 'Conditions:\n  Type\tStatus\tReason\n');
  w.line(1, '----\t------\t------');
  for (const condition of conditions) {
    w.line(1, `${textAt(condition, 'type')} \t${textAt(condition, 'status')}\t${textAt(condition, 'reason')}`);
  }
}
