// Commands that change the pod template of workloads (set, rollout restart/pause/resume): find, change, patch, print.
import { objectAt, textAt } from '../base/fields.ts';
import type { JsonObject, JsonValue } from '../base/json.ts';
import { recordCause } from './change-cause.ts';
import type { DryRun } from './change-flags.ts';
import { writeQuery } from './change-flags.ts';
import type { Context } from './context.ts';
import { asError, CommandError } from './errors.ts';
import { twoWayPatch } from './patch/three-way.ts';
import type { Info, LoadedInfo } from './resource/info.ts';
import { patchInfo } from './write-object.ts';

/** The kinds that hold pods, and where their pod spec is. */
const podSpecPaths: ReadonlyMap<string, string> = new Map([
  ['Pod', 'spec'],
  ['ReplicationController', 'spec.template.spec'],
  ['Deployment', 'spec.template.spec'],
  ['DaemonSet', 'spec.template.spec'],
  ['ReplicaSet', 'spec.template.spec'],
  ['StatefulSet', 'spec.template.spec'],
  ['Job', 'spec.template.spec'],
  ['CronJob', 'spec.jobTemplate.spec.template.spec'],
]);

/** The path of an object's pod spec. Throws for kinds without one. */
export function podSpecPath(object: JsonObject): string {
  const kind = textAt(object, 'kind');
  const path = podSpecPaths.get(kind);
  if (path === undefined)
    throw new CommandError(`the object is not a pod or does not have a pod template: *v1.${kind}`);
  return path;
}

/** The object with its pod spec changed. */
export function changePodSpec(object: JsonObject, change: (spec: JsonObject) => JsonObject): JsonObject {
  const path = podSpecPath(object);
  return withValue(object, path.split('.'), change(objectAt(object, path) ?? {}));
}

/** A copy with another value at a path. */
export function withValue(object: JsonObject, path: readonly string[], value: JsonValue): JsonObject {
  const [first, ...rest] = path;
  if (first === undefined) return object;
  const inner = objectAt(object, first) ?? {};
  return { ...object, [first]: rest.length === 0 ? value : withValue(inner, rest, value) };
}

export interface TemplateChange {
  readonly dryRun: DryRun;
  readonly fieldManager: string;
  /** Prints nothing to the server: `--local`. */
  readonly local?: boolean;
  readonly change: (object: JsonObject, info: Info) => JsonObject;
  readonly print: (object: JsonObject) => void;
  /** What to do about an object that the change leaves as it is. */
  readonly unchanged?: (info: LoadedInfo) => void;
  /** The words before the server's refusal. */
  readonly failure: string;
  /** How an error of `change` is told. */
  readonly changeFailure: (info: Info, message: string) => string;
}

/** Changes each object and returns what went wrong. */
export async function changeTemplates(
  context: Context,
  infos: readonly LoadedInfo[],
  task: TemplateChange,
): Promise<readonly Error[]> {
  const errors: Error[] = [];
  for (const info of infos) {
    try {
      await changeOne(context, info, task);
    } catch (error) {
      errors.push(asError(error));
    }
  }
  return errors;
}

async function changeOne(context: Context, info: LoadedInfo, task: TemplateChange): Promise<void> {
  let after: JsonObject;
  try {
    after = recordCause(context, task.change(info.object, info));
  } catch (error) {
    throw new CommandError(task.changeFailure(info, asError(error).message));
  }
  const patch = twoWayPatch(info.object, after, 'strategic');
  if (Object.keys(patch).length === 0) {
    task.unchanged?.(info);
    return;
  }
  if (task.local || task.dryRun === 'client') {
    task.print(after);
    return;
  }
  const query = writeQuery({ dryRun: task.dryRun, fieldManager: task.fieldManager });
  const result = await patchInfo(context, info, { type: 'strategic', patch, query }).catch((error: unknown) => {
    throw new CommandError(`${task.failure}${asError(error).message}`);
  });
  task.print(result);
}
