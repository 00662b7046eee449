// A patch that cannot be applied or made.
import { isList, isObject, type JsonObject, type JsonValue, own } from '../../base/json.ts';
import { emitYaml } from '../../base/yaml-emit.ts';
import { compareText, goNumber } from '../go-format.ts';

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

/** A value as Go's %v prints it: `map[a:1 b:[x y]]`. */
export function goText(value: JsonValue | undefined): string {
  if (isList(value)) return `[${value.map(goText).join(' ')}]`;
  if (isObject(value)) {
    const entries = Object.entries(value).sort(([a], [b]) => compareText(a, b));
    return `map[${entries.map(([key, item]) => `${key}:${goText(item)}`).join(' ')}]`;
  }
  if (value === null || value === undefined) return '<nil>';
  return typeof value === 'number' ? goNumber(value) : String(value);
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
