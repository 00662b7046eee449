// The pods of a node and what share of it they request: two tables of a node's description.
import { parseQuantity, Quantity } from '../../api/quantity.ts';
import { entriesAt, textAt } from '../../base/fields.ts';
import type { JsonObject } from '../../base/json.ts';
import type { DescriptionWriter } from './description-writer.ts';
import { ageSince } from './metadata.ts';
import { type Amounts, addAll, podAmounts } from './pod-resources.ts';

const zero = Quantity.of(0);

export function writeAllocation(
  w: DescriptionWriter,
  node: JsonObject,
  pods: readonly JsonObject[],
  now: number,
): void {
  const named = entriesAt(node, 'status.allocatable');
  const source = named.length > 0 ? named : entriesAt(node, 'status.capacity');
  const allocatable: Amounts = new Map(source.map(([name, amount]) => [name, parseQuantity(amount)]));
  writePods(w, pods, { allocatable, now });
  writeTotals(w, pods, allocatable);
}

function writePods(
  w: DescriptionWriter,
  pods: readonly JsonObject[],
  { allocatable, now }: { readonly allocatable: Amounts; readonly now: number },
): void {
  w.field(0, 'Non-terminated Pods', `(${pods.length} in total)`);
  w.line(1, 'Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge');
  w.line(1, '---------\t----\t\t------------\t----------\t---------------\t-------------\t---');
  for (const pod of pods) {
    const requests = podAmounts(pod, 'requests', { fromStatus: true });
    const limits = podAmounts(pod, 'limits', { fromStatus: true });
    const cells = ['cpu', 'memory'].flatMap((name) =>
      [requests, limits].map((amounts) => shareText(name, amounts.get(name), allocatable.get(name))),
    );
    const age = ageSince(textAt(pod, 'metadata.creationTimestamp'), now);
    const identity = `${textAt(pod, 'metadata.namespace')}\t${textAt(pod, 'metadata.name')}\t`;
    w.line(1, [identity, ...cells, age].join('\t'));
  }
}

function writeTotals(w: DescriptionWriter, pods: readonly JsonObject[], allocatable: Amounts): void {
  const requests: Amounts = new Map();
  const limits: Amounts = new Map();
  for (const pod of pods) {
    addAll(requests, podAmounts(pod, 'requests', { fromStatus: false }));
    addAll(limits, podAmounts(pod, 'limits', { fromStatus: false }));
  }
  w.write(0, 'Allocated resources:\n  (Total limits may be over 100 percent, i.e., overcommitted.)\n');
  w.line(1, 'Resource\tRequests\tLimits');
  w.line(1, '--------\t--------\t------');
  const names = [...allocatable.keys()].sort();
  const hugePages = names.filter((name) => name.startsWith('hugepages-'));
  for (const name of ['cpu', 'memory', 'ephemeral-storage', ...hugePages]) {
    const cells = [requests, limits].map((amounts) => shareText(name, amounts.get(name), allocatable.get(name)));
    w.line(1, [name, ...cells].join('\t'));
  }
  const shown = new Set(['cpu', 'memory', 'ephemeral-storage', 'pods', ...hugePages]);
  for (const name of names.filter((item) => !shown.has(item))) {
    w.line(1, [name, ...[requests, limits].map((amounts) => (amounts.get(name) ?? zero).toString())].join('\t'));
  }
}

/** `100m (5%)` */
function shareText(name: string, amount: Quantity | undefined, whole: Quantity | undefined): string {
  const [part, all] = [amount ?? zero, whole ?? zero];
  const [used, available] = name === 'cpu' ? [part.milliValue(), all.milliValue()] : [part.value(), all.value()];
  const percent = available === 0 ? 0 : Math.trunc((used / available) * 100);
  return `${part} (${percent}%)`;
}
