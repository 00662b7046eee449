// `--overrides`: a patch in three forms laid over what a command generates.
import { applyJsonPatch } from '../api/patch/json-patch.ts';
import { PatchError } from '../api/patch/patch-error.ts';
import { parseYaml } from '../api/yaml.ts';
import { isObject, type JsonObject } from '../base/json.ts';
import type { Context } from './context.ts';
import { CommandError } from './errors.ts';
import { flag } from './flags.ts';
import { applyMergePatch } from './patch/merge.ts';
import { strategicMerge } from './patch/strategic.ts';

export const overrideFlags = [
  flag.string('override-type', 'How to lay --overrides over the generated object: json, merge, or strategic.', {
    default: 'merge',
  }),
  flag.string('overrides', 'JSON that is laid over the generated object.'),
];

/** The object with the overrides. */
export function withOverrides({ flags }: Context, object: JsonObject): JsonObject {
  const text = flags.string('overrides');
  if (text === '') return object;
  const { value, problem } = parseYaml(text);
  const type = flags.string('override-type');
  if (type === 'json') {
    if (problem !== undefined || value === undefined) throw new CommandError('Invalid JSON Patch');
    return jsonPatched(object, value);
  }
  if (problem !== undefined || !isObject(value)) throw new CommandError('Invalid JSON Patch');
  if (type === 'merge') return applyMergePatch(object, value);
  if (type === 'strategic') return strategicMerge(object, value);
  throw new CommandError(`invalid override type: ${type}`);
}

function jsonPatched(object: JsonObject, patch: Parameters<typeof applyJsonPatch>[1]): JsonObject {
  try {
    const patched = applyJsonPatch(object, patch);
    if (isObject(patched)) return patched;
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    throw new CommandError(error.message);
  }
  throw new CommandError('Invalid JSON Patch');
}
