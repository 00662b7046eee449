// The generators and transformers that a kustomization's fields ask for, in the order in which they run.
import { objectAt, objectsAt, textAt, textsAt } from '../../base/fields.ts';
import type { JsonObject } from '../../base/json.ts';
import { formatYaml } from '../print/yaml.ts';
import type { Configuration } from './configuration.ts';
import { type FieldSpec, fieldSpecFrom, mergeSpecs } from './field-spec.ts';
import type { FolderLoader } from './folder-loader.ts';
import { generate } from './generators.ts';
import { during, KustomizeError } from './kustomize-error.ts';
import { operationsTransformer, patchTransformer, strategicTransformer } from './patches.ts';
import { readReplacements, replacementTransformer } from './replacements.ts';
import type { Resource } from './resource.ts';
import {
  affixTransformer,
  entriesTransformer,
  imageTransformer,
  namespaceTransformer,
  replicasTransformer,
  type Transform,
} from './transformers.ts';

export interface Step<Run> {
  /** Upstream's name of it. */
  readonly kind: string;
  readonly run: Run;
}

export function generatorsOf(
  fields: JsonObject,
  loader: FolderLoader,
  helm: boolean,
): readonly Step<() => readonly Resource[]>[] {
  const options = objectAt(fields, 'generatorOptions');
  const make = (kind: 'ConfigMap' | 'Secret', field: string) =>
    objectsAt(fields, field).map((entry) => ({
      kind: `${kind}Generator`,
      run: () => [generate(kind, entry, { options, read: (path) => loader.readBytes(path) })],
    }));
  for (const chart of [...objectsAt(fields, 'helmCharts'), ...objectsAt(fields, 'helmChartInflationGenerator')])
    configured('HelmChartInflationGenerator', chart, () => {
      throw new KustomizeError(helm ? 'charts are not supported' : 'must specify --enable-helm');
    });
  return [...make('ConfigMap', 'configMapGenerator'), ...make('Secret', 'secretGenerator')];
}

export function fieldTransformers(
  fields: JsonObject,
  configuration: Configuration,
  read: (path: string) => string,
): readonly Step<Transform>[] {
  const step = (kind: string, settings: JsonObject, make: () => Transform): Step<Transform> => ({
    kind,
    run: configured(kind, settings, make),
  });
  const text = (name: string) => textAt(fields, name);
  const paths = textsAt(fields, 'patchesStrategicMerge');
  const [ns, prefix, suffix] = [text('namespace'), text('namePrefix'), text('nameSuffix')];
  const annotations = objectAt(fields, 'commonAnnotations') ?? {};
  const replacements = objectsAt(fields, 'replacements');
  const only = (wanted: boolean, make: () => Step<Transform>) => (wanted ? [make()] : []);
  return [
    ...only(paths.length > 0, () =>
      step('PatchStrategicMergeTransformer', { paths }, () => strategicTransformer(paths, '', read)),
    ),
    ...objectsAt(fields, 'patches').map((entry) =>
      step('PatchTransformer', entry, () => patchTransformer(entry, read)),
    ),
    ...only(ns !== '', () =>
      step('NamespaceTransformer', {}, () => namespaceTransformer({ ns, specs: configuration.namespace })),
    ),
    ...only(prefix !== '', () =>
      step('PrefixTransformer', {}, () => affixTransformer('prefix', prefix, configuration.namePrefix)),
    ),
    ...only(suffix !== '', () =>
      step('SuffixTransformer', {}, () => affixTransformer('suffix', suffix, configuration.nameSuffix)),
    ),
    ...labelSteps(fields, configuration),
    ...only(Object.keys(annotations).length > 0, () =>
      step('AnnotationsTransformer', {}, () => entriesTransformer(annotations, configuration.commonAnnotations)),
    ),
    ...objectsAt(fields, 'patchesJson6902').map((entry) => {
      const operations = {
        target: objectAt(entry, 'target'),
        path: textAt(entry, 'path'),
        text: textAt(entry, 'patch'),
      };
      const { path, text: jsonOp, target } = operations;
      const shown = { ...(jsonOp ? { jsonOp } : {}), ...(path ? { path } : {}), ...(target ? { target } : {}) };
      return step('PatchJson6902Transformer', shown, () => operationsTransformer(operations, read));
    }),
    ...objectsAt(fields, 'replicas').map((entry) =>
      step('ReplicaCountTransformer', {}, () => replicasTransformer(entry, configuration.replicas)),
    ),
    ...objectsAt(fields, 'images').map((entry) =>
      step('ImageTagTransformer', {}, () => imageTransformer(entry, configuration.images)),
    ),
    ...only(replacements.length > 0, () =>
      step('ReplacementTransformer', { replacements }, () =>
        replacementTransformer(readReplacements(replacements, read)),
      ),
    ),
  ];
}

function labelSteps(fields: JsonObject, configuration: Configuration): readonly Step<Transform>[] {
  const labels = objectsAt(fields, 'labels');
  const common = objectAt(fields, 'commonLabels') ?? {};
  if (labels.length === 0 && Object.keys(common).length === 0) return [];
  const kind = 'LabelTransformer';
  return [
    ...labels.map((label) => ({
      kind,
      run: entriesTransformer(
        objectAt(label, 'pairs') ?? {},
        during('failed to merge labels', () => labelFields(label, configuration)),
      ),
    })),
    { kind, run: entriesTransformer(common, configuration.commonLabels) },
  ];
}

function labelFields(label: JsonObject, configuration: Configuration): readonly FieldSpec[] {
  const own = mergeSpecs(objectsAt(label, 'fields').map(fieldSpecFrom), configuration.labels);
  if (label.includeSelectors === true) return mergeSpecs(own, configuration.commonLabels);
  const wanted = [
    ...(label.includeTemplates === true ? [configuration.templateLabels] : []),
    [{ group: '', version: '', kind: '', path: 'metadata/labels', create: true }],
  ];
  return wanted.reduce(mergeSpecs, own);
}

/** Settings that do not fit are shown with what is wrong. */
function configured<T>(kind: string, settings: JsonObject, configure: () => T): T {
  const shown = formatYaml(settings);
  return during(`trouble configuring builtin ${kind} with config: \`\n${shown}\``, configure);
}
