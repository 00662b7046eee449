// Applies one object the classic way: a patch from what was last applied, what is wanted, and what is.
import { textAt } from '../../../base/fields.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../../base/json.ts';
import { isBuiltInGroup } from '../../built-in-groups.ts';
import { writeQuery } from '../../change-flags.ts';
import type { Context } from '../../context.ts';
import { addSource, asError, CommandError, isConflict, isInvalid, isNotFound } from '../../errors.ts';
import { lastAppliedAnnotation, lastAppliedOf, withLastApplied } from '../../last-applied.ts';
import { type PatchStyle, threeWayPatch } from '../../patch/three-way.ts';
import { formatJson } from '../../print/json.ts';
import { type Info, loadInfo } from '../../resource/info.ts';
import { waitUntilDeleted } from '../../wait-deleted.ts';
import { createInfo, deleteInfo, patchInfo } from '../../write-object.ts';
import type { ApplyOptions } from './apply-options.ts';

export interface Applied {
  readonly object: JsonObject;
  readonly operation: string;
}

const patchTriesMax = 5;

export async function applyClientSide(context: Context, info: Info, options: ApplyOptions): Promise<Applied> {
  const modified = withLastApplied(info.object ?? {});
  const live = await loadInfo(context.client(), info).catch((error: unknown) => {
    if (isNotFound(error)) return undefined;
    const message = `retrieving current configuration of:\n${describeInfo(info)}\nfrom server for:`;
    throw addSource(message, info.source, error);
  });
  const wanted = { ...info, object: modified };
  if (!live) {
    if (options.dryRun === 'client') return { object: modified, operation: 'created' };
    // As an update would leave them out.
    const complete = { ...info, object: withoutNulls(modified) };
    const object = await createInfo(context, complete, queryOf(options)).catch((error: unknown) => {
      throw addSource('creating', info.source, error);
    });
    return { object, operation: 'created' };
  }
  warn(context, info, live.object);
  return patchLive(context, wanted, { live: live.object, options });
}

/** The query of a write on behalf of apply. */
export function queryOf({ dryRun, fieldManager, fieldValidation }: ApplyOptions) {
  return { ...writeQuery({ dryRun, fieldManager }), fieldValidation: fieldValidation || undefined };
}

function warn(context: Context, info: Info, live: JsonObject): void {
  const name = `${info.resource.resource}/${info.name}`;
  if (lastAppliedOf(live) === undefined) {
    context.err(
      `Warning: resource ${name} is missing the ${lastAppliedAnnotation} annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.\n`,
    );
  }
  warnIfDeleting(context, live);
}

export function warnIfDeleting(context: Context, live: JsonObject): void {
  if (textAt(live, 'metadata.deletionTimestamp') === '') return;
  const name = textAt(live, 'metadata.name');
  context.err(`Warning: Detected changes to resource ${name} which is currently being deleted.\n`);
}

export interface Update {
  readonly live: JsonObject;
  readonly options: ApplyOptions;
}

/** Patches a live object to be what the info's object says. */
export async function patchLive(context: Context, info: Info, { live, options }: Update): Promise<Applied> {
  let current = live;
  for (let tries = 0; ; tries++) {
    const type = isBuiltInGroup(info.resource.group) ? 'strategic' : 'merge';
    const patch = madePatch(context, info, { current, type, options });
    if (Object.keys(patch).length === 0) return { object: current, operation: 'unchanged' };
    if (options.dryRun === 'client')
      return { object: mergeObjects(current, info.object ?? {}), operation: 'configured' };
    try {
      const object = await patchInfo(context, info, { type, patch, query: queryOf(options) });
      return { object, operation: 'configured' };
    } catch (error) {
      if (isConflict(error) && tries < patchTriesMax) {
        current = (await loadInfo(context.client(), info)).object;
        continue;
      }
      if (options.force && (isConflict(error) || isInvalid(error)))
        return recreate(context, info, { live: current, options });
      const text = formatJson(patch, { indent: '', sorted: true });
      const verb = `applying patch:\n${text}\nto:\n${describeInfo(info)}\nfor:`;
      throw addSource(verb, info.source, addSource('patching', info.source, error));
    }
  }
}

/** The patch, or why there is none: without --overwrite, that somebody else has changed the same fields. */
function madePatch(
  context: Context,
  info: Info,
  {
    current,
    type,
    options,
  }: { readonly current: JsonObject; readonly type: PatchStyle; readonly options: ApplyOptions },
): JsonObject {
  const { overwrite = true, serverSchemas = [] } = options;
  const last = lastAppliedOf(current);
  const modified = info.object ?? {};
  try {
    return threeWayPatch({ original: parseConfiguration(last), modified, current }, type, { overwrite });
  } catch (error) {
    if (overwrite || !(error instanceof CommandError)) throw error;
    for (const schema of serverSchemas)
      context.err(`warning: error calculating patch from ${schema} spec: ${error.message}\n`);
    const text = (object: JsonObject) => `${formatJson(object, { indent: '', sorted: true })}\n`;
    const versions = `original:\n${last ?? ''}\nmodified:\n${text(modified)}\ncurrent:\n${text(current)}`;
    const problem = new CommandError(`creating patch with:\n${versions}\nfor: ${error.message}`);
    const verb = `applying patch:\n\nto:\n${describeInfo(info)}\nfor:`;
    throw addSource(verb, info.source, addSource('patching', info.source, problem));
  }
}

/** Deletes and creates anew; where that is refused, puts back what was there. */
async function recreate(context: Context, info: Info, { live, options }: Update): Promise<Applied> {
  const gracePeriod = context.flags.number('grace-period');
  await deleteInfo(context, info, {
    gracePeriodSeconds: Math.max(gracePeriod, 0),
    propagationPolicy: 'Background',
  });
  await waitUntilDeleted(context, [{ info, uid: '' }], context.flags.number('timeout'));
  try {
    return { object: await createInfo(context, info, queryOf(options)), operation: 'configured' };
  } catch (thrown) {
    const { message } = asError(thrown);
    await createInfo(context, { ...info, object: live }, queryOf(options)).catch((error: unknown) => {
      throw new CommandError(
        `An error occurred force-replacing the existing object with the newly provided one:\n\n${message}.\n\nAdditionally, an error occurred attempting to restore the original object:\n\n${asError(error).message}`,
      );
    });
    throw new CommandError(message);
  }
}

function withoutNulls(object: JsonObject): JsonObject {
  const kept = Object.entries(object).filter(([, value]) => value !== null);
  return Object.fromEntries(kept.map(([name, value]) => [name, pruned(value)]));
}

function pruned(value: JsonValue): JsonValue {
  if (isObject(value)) return withoutNulls(value);
  return isList(value) ? value.map(pruned) : value;
}

function parseConfiguration(text: string | undefined): JsonObject | undefined {
  if (text === undefined || text === '') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What a client-side dry run shows: the manifest laid over the live object. */
function mergeObjects(live: JsonObject, wanted: JsonObject): JsonObject {
  const merged: Record<string, JsonObject[string]> = { ...live };
  for (const [key, value] of Object.entries(wanted)) {
    const before = live[key];
    merged[key] = isObject(value) && isObject(before) ? mergeObjects(before, value) : value;
  }
  return merged;
}

function describeInfo(info: Info): string {
  const { group, version, resource, kind } = info.resource;
  const gv = group === '' ? `/${version}` : `${group}/${version}`;
  return `Resource: "${gv}, Resource=${resource}", GroupVersionKind: "${gv}, Kind=${kind}"\nName: "${info.name}", Namespace: "${info.ns}"`;
}
