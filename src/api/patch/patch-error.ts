// A patch that cannot be applied or made.
import { isObject, type JsonObject, own } from '../../base/json.ts';
import { emitYaml } from '../../base/yaml-emit.ts';

/**
 * `code` is what the server answers: 400 malformed, 413 too long, 422 does not apply, 500 anything else.
 * `message` is upstream's.
 */
export class PatchError extends Error {
  override name = 'PatchError';
  constructor(
    message: string,
    readonly code: 400 | 413 | 422 | 500 = 500,
  ) {
    super(message);
  }
}

/** The error for a patch that undoes what somebody else did meanwhile. */
export function patchConflict(patch: JsonObject, others: JsonObject): PatchError {
  const what = `patch:\n${emitYaml(patch)}\nconflicts with changes made from original to current:\n${emitYaml(others)}\n`;
  return new PatchError(what, 422);
}

/** Whether a patch would change apiVersion, kind or name, which `kubectl apply` refuses. */
export function changesIdentity(patch: JsonObject): boolean {
  const metadata = own(patch, 'metadata');
  const changesName = isObject(metadata) && Object.hasOwn(metadata, 'name');
  return Object.hasOwn(patch, 'apiVersion') || Object.hasOwn(patch, 'kind') || changesName;
}
