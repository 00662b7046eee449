// Reads a kustomization.yaml: strictly, with old names of fields taken for the new ones.
import { parseYaml } from '../../api/yaml.ts';
import { listAt, textAt, textsAt } from '../../base/fields.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import type { FolderLoader } from './folder-loader.ts';
import { KustomizeError } from './kustomize-error.ts';
import { decodeSettings } from './settings-decode.ts';
import { kustomizationShape } from './settings-shape.ts';

export interface Settings {
  readonly fields: JsonObject;
  readonly fileName: string;
}

const fileNames = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** `warn` is told of fields that are about to go away. */
export function readSettings(loader: FolderLoader, warn: (line: string) => void): Settings {
  const found = fileNames.flatMap((name) => {
    try {
      return [{ name, text: loader.read(name) }];
    } catch (error) {
      if (!(error instanceof KustomizeError)) throw error;
      return [];
    }
  });
  const [only, ...more] = found;
  if (!only) {
    const names = fileNames.map((name) => `'${name}'`);
    throw new KustomizeError(
      `unable to find one of ${names.slice(0, -1).join(', ')} or ${names.at(-1)} in directory '${loader.root}'`,
    );
  }
  if (more.length > 0) throw new KustomizeError(`Found multiple kustomization files under: ${loader.root}\n`);
  const fields = decode(only.text);
  for (const [name, instead] of deprecated)
    if (fields[name] !== undefined)
      warn(`# Warning: '${name}' is deprecated. Please use '${instead}' instead. ${advice(name)}`);
  const fixed = withNewNames(fields);
  if (Object.keys(fixed).every((name) => name === 'kind' || name === 'apiVersion'))
    throw new KustomizeError('kustomization.yaml is empty');
  enforceKind(fixed, loader.root);
  return { fields: fixed, fileName: only.name };
}

const deprecated = [
  ['bases', 'resources'],
  ['commonLabels', 'labels'],
  ['imageTags', 'images'],
  ['patchesJson6902', 'patches'],
  ['patchesStrategicMerge', 'patches'],
  ['vars', 'replacements'],
] as const;

function advice(name: string): string {
  const line = "Run 'kustomize edit fix' to update your Kustomization automatically.";
  return name === 'vars' ? `[EXPERIMENTAL] ${line}` : line;
}

function decode(text: string): JsonObject {
  const { value, problem } = parseYaml(text);
  if (problem !== undefined) throw new KustomizeError(`invalid Kustomization: ${problem}`);
  if (value === undefined || value === null) return {};
  const { value: read, problems } = decodeSettings(value, kustomizationShape, { strict: true });
  const [first] = problems;
  if (first !== undefined) throw new KustomizeError(`invalid Kustomization: json: ${first}`);
  return isObject(read) ? read : {};
}

/** Bases are resources, image tags images, and an env file one of several. */
function withNewNames({ bases, imageTags, ...fields }: JsonObject): JsonObject {
  const joined = (name: string, old: JsonValue | undefined) =>
    old === undefined ? {} : { [name]: [...listAt(fields, name), ...(isList(old) ? old : [])] };
  const generators = ['configMapGenerator', 'secretGenerator'].flatMap((name) => {
    const list = fields[name];
    return isList(list) ? [[name, list.map(withEnvs)] as const] : [];
  });
  return {
    ...fields,
    ...joined('resources', bases),
    ...joined('images', imageTags),
    ...Object.fromEntries(generators),
  };
}

function withEnvs(entry: JsonValue): JsonValue {
  if (!isObject(entry)) return entry;
  const { env, ...rest } = entry;
  return typeof env === 'string' && env !== '' ? { ...rest, envs: [...textsAt(entry, 'envs'), env] } : entry;
}

function enforceKind(fields: JsonObject, root: string): void {
  const kind = textAt(fields, 'kind') || 'Kustomization';
  const version = `kustomize.config.k8s.io/${kind === 'Component' ? 'v1alpha1' : 'v1beta1'}`;
  const given = textAt(fields, 'apiVersion');
  const problems = [
    ...(kind === 'Kustomization' || kind === 'Component' ? [] : ['kind should be Kustomization or Component']),
    ...(given === '' || given === version ? [] : [`apiVersion for ${kind} should be ${version}`]),
  ];
  if (problems.length > 0)
    throw new KustomizeError(`Failed to read kustomization file under ${root}:\n${problems.join('\n')}`);
}
