// Kustomize: resources of a folder with names, labels, images and patches laid over them. A useful part of it.
//
//   kustomization.yaml ─▶ resources (files, folders) + generated ─▶ patches ─▶ names, labels … ─▶ in kustomize's order

import type { Process } from '../../api/program.ts';
import { parseYaml } from '../../api/yaml.ts';
import { objectsAt, textAt, textsAt } from '../../base/fields.ts';
import { FileError, normalizePath } from '../../base/files.ts';
import { isObject, type JsonObject } from '../../base/json.ts';
import { CommandError } from '../errors.ts';
import { decodeManifests } from '../resource/decode.ts';
import { generated } from './generators.ts';
import { inOrder } from './order.ts';
import { applyPatches } from './patches.ts';
import { transformed } from './transform.ts';

type Place = Pick<Process, 'machine' | 'cwd'>;

const fileNames = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];
const known = new Set(
  `apiVersion kind metadata resources bases namespace namePrefix nameSuffix labels commonLabels commonAnnotations images
  replicas configMapGenerator secretGenerator generatorOptions patches patchesStrategicMerge patchesJson6902`.split(
    /\s+/,
  ),
);
const depthMax = 30;

/** The objects of a kustomization's folder, ready to apply. Throws what is wrong with it. */
export function buildKustomization(process: Place, folder: string): readonly JsonObject[] {
  const at = normalizePath(folder, process.cwd);
  if (!isFolder(process, at)) {
    const reason = `evalsymlink failure on '${folder}' : lstat ${at}: no such file or directory`;
    throw new CommandError(`must build at directory: not a valid directory: ${reason}`);
  }
  return inOrder(build(process, at, 0));
}

function isFolder({ machine }: Place, path: string): boolean {
  return machine.files.exists(path) && machine.files.stat(path).kind === 'directory';
}

function build(process: Place, folder: string, depth: number): readonly JsonObject[] {
  if (depth > depthMax) throw new CommandError(`cycle detected: ${folder}`);
  const settings = readSettings(process, folder);
  const read = (path: string): string => readFile(process, normalizePath(path, folder));
  const resources = [...textsAt(settings, 'resources'), ...textsAt(settings, 'bases')].flatMap((path) => {
    if (/^https?:/.test(path)) throw new CommandError(`accumulating resources: remote ${path} is not supported`);
    const at = normalizePath(path, folder);
    return isFolder(process, at) ? build(process, at, depth + 1) : objectsOf(read(path), path);
  });
  const all = [...resources, ...generated(settings, read)];
  return transformed(applyPatches(all, settings, read), settings);
}

function readSettings(process: Place, folder: string): JsonObject {
  const name = fileNames.find((one) => process.machine.files.exists(`${folder}/${one}`));
  if (name === undefined) {
    const list = fileNames
      .map((one) => `'${one}'`)
      .join(', ')
      .replace(/, ([^,]*)$/, ' or $1');
    throw new CommandError(`unable to find one of ${list} in directory '${folder}'`);
  }
  const { value, problem } = parseYaml(readFile(process, `${folder}/${name}`));
  if (problem !== undefined) throw new CommandError(`invalid Kustomization: ${problem}`);
  if (!isObject(value)) throw new CommandError('kustomization.yaml is empty');
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [fieldName(key), field]));
}

/** Go reads names of fields in any case. */
function fieldName(key: string): string {
  const lower = key.toLowerCase();
  for (const name of known) if (name.toLowerCase() === lower) return name;
  throw new CommandError(`kustomize: field ${JSON.stringify(key)} is not supported`);
}

function readFile({ machine }: Place, path: string): string {
  try {
    return machine.files.readText(path);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new CommandError(`accumulating resources: open ${path}: ${error.message.toLowerCase()}`);
  }
}

function objectsOf(text: string, source: string): readonly JsonObject[] {
  return [...decodeManifests(text, source)].flatMap((decoded) => {
    if ('error' in decoded) throw decoded.error;
    const items = textAt(decoded.object, 'kind') === 'List' ? objectsAt(decoded.object, 'items') : undefined;
    return items ?? [decoded.object];
  });
}
