// Which pods of a node a drain evicts, which it must not touch, and what it warns about.
import { objectAt, objectsAt, textAt } from '../base/fields.ts';
import type { JsonObject } from '../base/json.ts';
import { controllerOf } from './describe/metadata.ts';

export interface DrainChoices {
  readonly force: boolean;
  readonly ignoreDaemonSets: boolean;
  readonly deleteEmptyDirData: boolean;
}

export interface DrainPlan {
  readonly pods: readonly JsonObject[];
  readonly warnings: string;
  readonly errors: readonly string[];
}

interface Verdict {
  readonly evict: boolean;
  readonly warning?: string;
  readonly error?: string;
}

export function planDrain(pods: readonly JsonObject[], choices: DrainChoices): DrainPlan {
  const evicted: JsonObject[] = [];
  const warnings = new Map<string, string[]>();
  const errors = new Map<string, string[]>();
  for (const pod of pods) {
    const name = `${textAt(pod, 'metadata.namespace')}/${textAt(pod, 'metadata.name')}`;
    const { evict, warning, error } = judge(pod, choices);
    if (evict) evicted.push(pod);
    if (warning !== undefined) warnings.set(warning, [...(warnings.get(warning) ?? []), name]);
    if (error !== undefined) errors.set(error, [...(errors.get(error) ?? []), name]);
  }
  const line = ([text, names]: readonly [string, readonly string[]]) => `${text}: ${names.join(', ')}`;
  return {
    pods: evicted,
    warnings: [...warnings].map(line).join('; '),
    errors: [...errors].map((entry) => `cannot delete ${line(entry)}`),
  };
}

/** The first rule that forbids decides; of several warnings the last one stands. */
function judge(pod: JsonObject, choices: DrainChoices): Verdict {
  const owner = controllerOf(pod);
  const ended = ['Succeeded', 'Failed'].includes(textAt(pod, 'status.phase'));
  if (textAt(owner, 'kind') === 'DaemonSet' && !ended) {
    return choices.ignoreDaemonSets
      ? { evict: false, warning: 'ignoring DaemonSet-managed Pods' }
      : { evict: false, error: 'DaemonSet-managed Pods (use --ignore-daemonsets to ignore)' };
  }
  if (objectAt(pod, 'metadata.annotations')?.['kubernetes.io/config.mirror'] !== undefined) return { evict: false };
  const emptyDir = objectsAt(pod, 'spec.volumes').some((volume) => objectAt(volume, 'emptyDir'));
  let warning: string | undefined;
  if (emptyDir && !ended) {
    if (!choices.deleteEmptyDirData) {
      return { evict: false, error: 'Pods with local storage (use --delete-emptydir-data to override)' };
    }
    warning = 'deleting Pods with local storage';
  }
  if (!owner && !ended) {
    if (!choices.force) {
      return { evict: false, error: 'Pods that declare no controller (use --force to override)' };
    }
    warning = 'deleting Pods that declare no controller';
  }
  return warning === undefined ? { evict: true } : { evict: true, warning };
}
