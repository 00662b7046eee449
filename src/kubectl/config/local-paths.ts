// Paths inside of a kubeconfig: relative to its folder in the file, absolute for whoever reads what they name.
import { objectAt, textAt } from '../../base/fields.ts';
import { normalizePath } from '../../base/files.ts';
import type { JsonObject } from '../../base/json.ts';

const pathFields = ['certificate-authority', 'client-certificate', 'client-key', 'tokenFile'];

/** A cluster or user as a file in `folder` has it: what lies below that folder is named from there. */
export function withRelativePaths(entry: JsonObject, folder: string): JsonObject {
  const prefix = `${folder}/`;
  return withPaths(entry, (path) => (path.startsWith(prefix) ? path.slice(prefix.length) : path));
}

/** A cluster or user of a file in `folder` with absolute paths, a plugin's command (unless $PATH finds it) too. */
export function withAbsolutePaths(entry: JsonObject, folder: string): JsonObject {
  const absolute = (path: string) => normalizePath(path, folder);
  const exec = objectAt(entry, 'exec');
  const command = textAt(exec, 'command');
  const found = command.includes('/') ? { ...entry, exec: { ...exec, command: absolute(command) } } : entry;
  return withPaths(found, absolute);
}

function withPaths(entry: JsonObject, change: (path: string) => string): JsonObject {
  const changed = pathFields.flatMap((field) => {
    const path = entry[field];
    return typeof path === 'string' && path !== '' ? [[field, change(path)] as const] : [];
  });
  return changed.length === 0 ? entry : { ...entry, ...Object.fromEntries(changed) };
}
