// The fields of a kustomization.yaml, with the names of upstream's Go types, which its errors show.

/** How a field is read. A text is the Go type of a scalar. */
export type Shape =
  | 'string'
  | 'bool'
  | 'int'
  | 'int64'
  | 'any'
  | { readonly kind: 'list'; readonly of: Shape }
  | { readonly kind: 'map'; readonly of: Shape }
  | Struct;

export interface Struct {
  readonly kind: 'struct';
  readonly name: string;
  readonly fields: ReadonlyMap<string, StructField>;
}

export interface StructField {
  readonly shape: Shape;
  /** The name as errors show it: with the Go structs that hold it on the way. */
  readonly shown: string;
}

type Fields = Readonly<Record<string, Shape>>;

/** `embedded`: fields that Go takes over from inner structs, under those structs' names. */
function struct(name: string, fields: Fields, embedded: Readonly<Record<string, Fields>> = {}): Struct {
  const all = new Map<string, StructField>();
  for (const [holder, inner] of [['', fields] as const, ...Object.entries(embedded)])
    for (const [field, shape] of Object.entries(inner))
      all.set(field, { shape, shown: holder === '' ? field : `${holder}.${field}` });
  return { kind: 'struct', name, fields: all };
}

const list = (of: Shape): Shape => ({ kind: 'list', of });
const texts = list('string');
const textMap: Shape = { kind: 'map', of: 'string' };

const objectMeta = struct('ObjectMeta', { name: 'string', namespace: 'string', labels: textMap, annotations: textMap });
const gvk: Fields = { group: 'string', version: 'string', kind: 'string' };
const resId: Readonly<Record<string, Fields>> = {
  ResId: { name: 'string', namespace: 'string' },
  'ResId.Gvk': gvk,
};
const fieldSpec = struct('FieldSpec', { path: 'string', create: 'bool' }, { Gvk: gvk });
const selector = struct('Selector', { annotationSelector: 'string', labelSelector: 'string' }, resId);
const fieldOptions = struct('FieldOptions', { delimiter: 'string', index: 'int', encoding: 'string', create: 'bool' });

const patchOptions = struct('PatchArgs', { allowNameChange: 'bool', allowKindChange: 'bool' });

const patch = struct('Patch', {
  path: 'string',
  patch: 'string',
  target: selector,
  options: patchOptions,
});

const label = struct('Label', {
  pairs: textMap,
  includeSelectors: 'bool',
  includeTemplates: 'bool',
  fields: list(fieldSpec),
});

const image = struct('Image', {
  name: 'string',
  newName: 'string',
  tagSuffix: 'string',
  newTag: 'string',
  digest: 'string',
});

const target = struct('TargetSelector', {
  select: selector,
  reject: list(selector),
  fieldPaths: texts,
  options: fieldOptions,
});
const replacementFields: Fields = {
  source: struct('SourceSelector', { fieldPath: 'string', options: fieldOptions }, resId),
  targets: list(target),
  sourceValue: 'string',
};

const replacement = struct('ReplacementField', { path: 'string' }, { Replacement: replacementFields });

const generatorOptions = struct('GeneratorOptions', {
  labels: textMap,
  annotations: textMap,
  disableNameSuffixHash: 'bool',
  immutable: 'bool',
});
const generatorArguments: Readonly<Record<string, Fields>> = {
  GeneratorArgs: { namespace: 'string', name: 'string', behavior: 'string', options: generatorOptions },
  'GeneratorArgs.KvPairSources': { literals: texts, files: texts, envs: texts, env: 'string' },
};

const variable = struct('Var', {
  name: 'string',
  objref: struct('Target', { apiVersion: 'string', name: 'string', namespace: 'string' }, { Gvk: gvk }),
  fieldref: struct('FieldSelector', { fieldPath: 'string' }),
});

const chartFields: Fields = {
  name: 'string',
  version: 'string',
  repo: 'string',
  releaseName: 'string',
  namespace: 'string',
  nameTemplate: 'string',
  additionalValuesFiles: texts,
  valuesFile: 'string',
  valuesInline: { kind: 'map', of: 'any' },
  valuesMerge: 'string',
  includeCRDs: 'bool',
  skipHooks: 'bool',
  apiVersions: texts,
  kubeVersion: 'string',
  skipTests: 'bool',
  debug: 'bool',
  devel: 'bool',
};

export const kustomizationShape = struct(
  'Kustomization',
  {
    metadata: objectMeta,
    openapi: textMap,
    namePrefix: 'string',
    nameSuffix: 'string',
    namespace: 'string',
    commonLabels: textMap,
    labels: list(label),
    commonAnnotations: textMap,
    patchesStrategicMerge: texts,
    patchesJson6902: list(patch),
    patches: list(patch),
    images: list(image),
    imageTags: list(image),
    replacements: list(replacement),
    replicas: list(struct('Replica', { name: 'string', count: 'int64' })),
    vars: list(variable),
    sortOptions: struct('SortOptions', {
      order: 'string',
      legacySortOptions: struct('LegacySortOptions', { orderFirst: texts, orderLast: texts }),
    }),
    resources: texts,
    components: texts,
    crds: texts,
    bases: texts,
    configMapGenerator: list(struct('ConfigMapArgs', {}, generatorArguments)),
    secretGenerator: list(struct('SecretArgs', { type: 'string' }, generatorArguments)),
    helmGlobals: struct('HelmGlobals', { chartHome: 'string', configHome: 'string' }),
    helmCharts: list(struct('HelmChart', chartFields)),
    helmChartInflationGenerator: list(
      struct('HelmChartArgs', {
        chartName: 'string',
        chartVersion: 'string',
        chartRepoUrl: 'string',
        chartHome: 'string',
        chartRepoName: 'string',
        helmBin: 'string',
        helmHome: 'string',
        values: 'string',
        valuesLocal: { kind: 'map', of: 'any' },
        valuesMerge: 'string',
        releaseName: 'string',
        releaseNamespace: 'string',
        extraArgs: texts,
      }),
    ),
    generatorOptions,
    configurations: texts,
    generators: texts,
    transformers: texts,
    validators: texts,
    buildMetadata: texts,
  },
  { TypeMeta: { apiVersion: 'string', kind: 'string' } },
);

const specs: Fields = { fieldSpecs: list(fieldSpec) };

/** What the built-in generators and transformers read of the objects that configure them. */
export const pluginShapes: ReadonlyMap<string, Struct> = new Map(
  Object.entries<Fields>({
    AnnotationsTransformer: { annotations: textMap, ...specs },
    LabelTransformer: { labels: textMap, ...specs },
    HashTransformer: {},
    ImageTagTransformer: { imageTag: image, ...specs },
    ReplicaCountTransformer: { replica: struct('Replica', { name: 'string', count: 'int64' }), ...specs },
    NamespaceTransformer: { metadata: objectMeta, unsetOnly: 'bool', setRoleBindingSubjects: 'string', ...specs },
    PrefixTransformer: { prefix: 'string', ...specs },
    SuffixTransformer: { suffix: 'string', ...specs },
    PrefixSuffixTransformer: { prefix: 'string', suffix: 'string', ...specs },
    PatchTransformer: { path: 'string', patch: 'string', target: selector, options: patchOptions },
    PatchStrategicMergeTransformer: { paths: texts, patches: 'string' },
    PatchJson6902Transformer: { target: selector, path: 'string', jsonOp: 'string' },
    ReplacementTransformer: { replacements: list(replacement) },
    ValueAddTransformer: {
      value: 'string',
      targetFilePath: 'string',
      targets: list(struct('Target', { selector, fieldPath: 'string', filePathPosition: 'int' })),
    },
    ConfigMapGenerator: { metadata: objectMeta, ...inlined(generatorArguments) },
    SecretGenerator: { metadata: objectMeta, type: 'string', ...inlined(generatorArguments) },
    IAMPolicyGenerator: {
      cloud: 'string',
      kubernetesService: struct('KubernetesService', { name: 'string', namespace: 'string' }),
      serviceAccount: struct('ServiceAccount', { name: 'string', projectId: 'string' }),
    },
  }).map(([kind, fields]) => [kind, struct(`${kind}Plugin`, fields)]),
);

function inlined(embedded: Readonly<Record<string, Fields>>): Fields {
  return Object.assign({}, ...Object.values(embedded));
}
