// Generators, transformers and validators that a kustomization configures as objects: those that are built in.
import { at, flagAt, objectAt, objectsAt, textAt, textsAt } from '../../base/fields.ts';
import { isObject, type JsonObject } from '../../base/json.ts';
import { type FieldSpec, fieldSpecFrom } from './field-spec.ts';
import { generate } from './generators.ts';
import { during, KustomizeError } from './kustomize-error.ts';
import { operationsTransformer, patchTransformer, strategicTransformer } from './patches.ts';
import { readReplacements, replacementTransformer } from './replacements.ts';
import { Resource } from './resource.ts';
import { idText } from './resource-id.ts';
import { decodeSettings } from './settings-decode.ts';
import { pluginShapes } from './settings-shape.ts';
import {
  affixTransformer,
  entriesTransformer,
  hashTransformer,
  imageTransformer,
  namespaceTransformer,
  replicasTransformer,
  type Transform,
} from './transformers.ts';
import { valueTransformer } from './value-transformer.ts';

export interface PluginFiles {
  readonly root: string;
  readonly read: (path: string) => string;
  readonly readBytes: (path: string) => Uint8Array;
}

export function loadGenerator(plugin: Resource, files: PluginFiles): () => readonly Resource[] {
  checkBuiltIn(plugin);
  return configured(plugin, (object) => {
    const { kind } = plugin.id;
    if (kind === 'HelmChartInflationGenerator') throw new KustomizeError('must specify --enable-helm');
    if (kind === 'IAMPolicyGenerator') return () => [accountOfCloud(object)];
    if (kind !== 'ConfigMapGenerator' && kind !== 'SecretGenerator') {
      if (transformerKinds.has(kind)) throw new KustomizeError(`plugin ${idText(plugin.originalId)} not a generator`);
      throw unknownPlugin(plugin);
    }
    const { name = '', namespace = '' } = objectAt(object, 'metadata') ?? {};
    const entry = { ...object, name: object.name ?? name, namespace: object.namespace ?? namespace };
    const generated = kind === 'SecretGenerator' ? 'Secret' : 'ConfigMap';
    return () => [generate(generated, entry, { options: undefined, read: files.readBytes })];
  });
}

export function loadTransformer(plugin: Resource, files: PluginFiles): Transform {
  checkBuiltIn(plugin);
  const { kind } = plugin.id;
  if (/Generator$/.test(kind)) throw new KustomizeError(`plugin ${idText(plugin.originalId)} not a transformer`);
  return configured(plugin, (fields) => builtIn(plugin, fields, files));
}

/** A service account that stands for one of Google's cloud. */
function accountOfCloud(object: JsonObject): Resource {
  const text = (path: string) => textAt(object, path);
  if (text('cloud') !== 'gke') throw new KustomizeError(`cloud provider ${text('cloud')} not supported yet`);
  const account = `${text('serviceAccount.name')}@${text('serviceAccount.projectId')}.iam.gserviceaccount.com`;
  const ns = text('kubernetesService.namespace');
  return new Resource({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: {
      annotations: { 'iam.gke.io/gcp-service-account': account },
      name: text('kubernetesService.name'),
      ...(ns === '' ? {} : { namespace: ns }),
    },
  });
}

const transformerKinds = new Set(
  `AnnotationsTransformer HashTransformer ImageTagTransformer LabelTransformer NamespaceTransformer
  PatchJson6902Transformer PatchStrategicMergeTransformer PatchTransformer PrefixSuffixTransformer PrefixTransformer
  SuffixTransformer ReplacementTransformer ReplicaCountTransformer ValueAddTransformer`.split(/\s+/),
);

function checkBuiltIn(plugin: Resource): void {
  const { group, version, kind } = plugin.originalId;
  if (group !== '' || version !== 'builtin')
    throw new KustomizeError(`external plugins disabled; unable to load external plugin '${kind}'`);
}

function unknownPlugin({ id }: Resource): KustomizeError {
  return new KustomizeError(`unable to load builtin ${id.kind}.${id.version}.[noGrp]`);
}

function configured<T>(plugin: Resource, configure: (fields: JsonObject) => T): T {
  if (!transformerKinds.has(plugin.id.kind) && !/Generator$/.test(plugin.id.kind)) throw unknownPlugin(plugin);
  return during(`plugin ${idText(plugin.originalId)} fails configuration`, () => configure(fieldsOf(plugin)));
}

function fieldsOf({ object, id }: Resource): JsonObject {
  const shape = pluginShapes.get(id.kind);
  if (!shape) return object;
  const { value, problems } = decodeSettings(object, shape, { strict: false });
  const [first] = problems;
  if (first !== undefined)
    throw new KustomizeError(
      `error unmarshaling JSON: while decoding JSON: json: ${first.replace('types.', 'builtins.')}`,
    );
  return isObject(value) ? value : {};
}

function builtIn(plugin: Resource, object: JsonObject, { root, read }: PluginFiles): Transform {
  const specs: readonly FieldSpec[] = objectsAt(object, 'fieldSpecs').map(fieldSpecFrom);
  const field = (name: string) => objectAt(object, name) ?? {};
  switch (plugin.id.kind) {
    case 'AnnotationsTransformer':
      return entriesTransformer(field('annotations'), specs);
    case 'LabelTransformer':
      return entriesTransformer(field('labels'), specs);
    case 'HashTransformer':
      return hashTransformer;
    case 'ImageTagTransformer':
      return imageTransformer(field('imageTag'), specs);
    case 'ReplicaCountTransformer':
      return replicasTransformer(field('replica'), specs);
    case 'NamespaceTransformer':
      return namespaceTransformer({
        ns: textAt(object, 'metadata.namespace'),
        specs,
        unsetOnly: flagAt(object, 'unsetOnly'),
        subjects: subjectsOf(textAt(object, 'setRoleBindingSubjects')),
      });
    case 'PrefixTransformer':
      return affixTransformer('prefix', textAt(object, 'prefix'), needed(object, specs));
    case 'SuffixTransformer':
      return affixTransformer('suffix', textAt(object, 'suffix'), needed(object, specs));
    case 'PrefixSuffixTransformer': {
      const [prefix, suffix] = [textAt(object, 'prefix'), textAt(object, 'suffix')];
      const both = [
        affixTransformer('prefix', prefix, needed(object, specs)),
        affixTransformer('suffix', suffix, specs),
      ];
      return (resources) => {
        for (const transform of both) transform(resources);
      };
    }
    case 'PatchTransformer':
      return patchTransformer(object, read, plugin.object);
    case 'PatchStrategicMergeTransformer':
      return strategicTransformer(textsAt(object, 'paths'), textAt(object, 'patches'), read);
    case 'PatchJson6902Transformer':
      return operationsTransformer(
        { target: objectAt(object, 'target'), path: textAt(object, 'path'), text: textAt(object, 'jsonOp') },
        read,
      );
    case 'ReplacementTransformer':
      return replacementTransformer(readReplacements(objectsAt(object, 'replacements'), read));
    default:
      return valueTransformer(object, { root, read });
  }
}

function needed(object: JsonObject, specs: readonly FieldSpec[]): readonly FieldSpec[] {
  if (!isObject(object) || at(object, 'fieldSpecs') === undefined)
    throw new KustomizeError('fieldSpecs is not expected to be nil');
  return specs;
}

function subjectsOf(text: string): 'defaultOnly' | 'allServiceAccounts' | 'none' {
  if (text === '') return 'defaultOnly';
  if (text === 'defaultOnly' || text === 'allServiceAccounts' || text === 'none') return text;
  throw new KustomizeError(
    `invalid value ${JSON.stringify(text)} for setRoleBindingSubjects: must be one of "defaultOnly", "none" or "allServiceAccounts"`,
  );
}
