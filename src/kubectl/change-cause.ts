// `--record`: the command line in an annotation, which rollout history shows.
import type { JsonObject } from '../base/json.ts';
import type { Context } from './context.ts';
import { withAnnotation } from './last-applied.ts';

export const changeCauseAnnotation = 'kubernetes.io/change-cause';

/** The object with the command line in it when `--record` was given. */
export function recordCause(context: Context, object: JsonObject): JsonObject {
  const { flags } = context;
  if (!flags.has('record') || !flags.bool('record')) return object;
  return withAnnotation(object, changeCauseAnnotation, changeCause(context));
}

/** `kubectl set image deploy/web nginx=nginx:1.28 --record=true` */
export function changeCause(context: Context): string {
  const words = context.process.argv.slice(1).map((word) => (word === '--record' ? '--record=true' : word));
  return ['kubectl', ...words].join(' ');
}
