// Where a module lies that a script asks for, as node looks for it.
import { type FileTree, normalizePath } from '../../base/files.ts';
import { isObject } from '../../base/json.ts';
import { ScriptError } from './script-engine.ts';

/** Modules of node's own that the simulator has, and express, whose package npm installs in name only. */
const builtin = new Set('assert crypto events express fs fs/promises http os path process url util'.split(' '));
const notSimulated = new Set(
  'buffer child_process cluster dgram dns https http2 net perf_hooks querystring readline stream timers tls tty vm worker_threads zlib'.split(
    ' ',
  ),
);

export function isBuiltin(name: string): boolean {
  return name !== 'express' && builtin.has(name.replace(/^node:/, ''));
}

/** Throws {@link ScriptError} in node's words. */
export function resolveModule(files: FileTree, from: string, name: string): string {
  const plain = name.replace(/^node:/, '');
  if (notSimulated.has(plain)) throw new ScriptError(`Error: the simulator's node has no module '${plain}'`, '');
  if (/^(\.{0,2}\/|\.{1,2}$)/.test(name)) {
    const place = name.startsWith('/') ? normalizePath(name) : normalizePath(`${from}/../${name}`);
    const found = fileAt(files, place);
    if (found !== undefined) return found;
    throw missing(from, from.endsWith('/main') ? place : name);
  }
  for (let folder = normalizePath(`${from}/..`); ; folder = normalizePath(`${folder}/..`)) {
    const place = `${folder === '/' ? '' : folder}/node_modules/${name}`;
    if (files.exists(place)) {
      if (name === 'express') return 'node:express';
      const found = fileAt(files, place);
      if (found !== undefined) return found;
      throw new ScriptError(`Error: the simulator installs packages in name only, and has no code of '${name}'`, '');
    }
    if (folder === '/') throw missing(from, name);
  }
}

function fileAt(files: FileTree, place: string): string | undefined {
  const isFile = (path: string): boolean => files.exists(path) && files.stat(path).kind === 'file';
  const plain = [place, `${place}.js`, `${place}.json`, `${place}.mjs`, `${place}.cjs`].find(isFile);
  if (plain !== undefined || !files.exists(place)) return plain;
  const main = mainOf(files, place);
  return [...(main === undefined ? [] : [main, `${main}.js`]), `${place}/index.js`].find(isFile);
}

function mainOf(files: FileTree, folder: string): string | undefined {
  const manifest = `${folder}/package.json`;
  if (!files.exists(manifest)) return undefined;
  try {
    const value: unknown = JSON.parse(files.readText(manifest));
    return isObject(value) && typeof value.main === 'string' ? normalizePath(value.main, folder) : undefined;
  } catch {
    return undefined;
  }
}

function missing(from: string, name: string): ScriptError {
  const trail = from.endsWith('/main') ? '[]' : `[ '${from}' ]`;
  return new ScriptError(
    `Error: Cannot find module '${name}'\nRequire stack: ${trail} {\n  code: 'MODULE_NOT_FOUND'\n}`,
    '',
  );
}
