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

/** `kubectl set image deploy/web nginx=nginx:1.28 --record=true`: arguments first, then flags, written in full. */
export function changeCause({ path, args, flags }: Context): string {
  return [path, ...args, ...flags.written].join(' ');
}
