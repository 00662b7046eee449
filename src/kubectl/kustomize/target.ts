// Builds one kustomization: its resources, those of the kustomizations that it names, generated ones, then all that
// changes them.
//
//   resources ─▶ generators ─▶ components ─▶ transformers ─▶ validators ─▶ variables noted
//   (each kustomization named by `resources` does all of this for itself first)

import { objectAt, objectsAt, textAt, textsAt } from '../../base/fields.ts';
import { equal, type JsonObject } from '../../base/json.ts';
import { type Configuration, configurationOf, emptyConfiguration, mergeConfigurations } from './configuration.ts';
import { readResources } from './documents.ts';
import { fieldTransformers, generatorsOf } from './field-transformers.ts';
import type { FolderLoader } from './folder-loader.ts';
import { during, KustomizeError } from './kustomize-error.ts';
import { builtInOrigin, originBelow, pluginOrigin } from './origin.ts';
import { loadGenerator, loadTransformer } from './plugins.ts';
import { type Origin, Resource } from './resource.ts';
import { ResourceMap } from './resource-map.ts';
import { readSettings, type Settings } from './settings.ts';
import { joinVariables, mergeVariables, type Variables } from './variables.ts';

/** What one or several kustomizations add up to. */
export class Accumulator {
  readonly map = new ResourceMap();
  configuration: Configuration = emptyConfiguration;
  variables: Variables = new Map();

  merge(other: Accumulator): void {
    this.map.append(...other.map.resources);
    this.configuration = mergeConfigurations(this.configuration, other.configuration);
    this.variables = joinVariables(this.variables, other.variables);
  }
}

export interface TargetOptions {
  readonly warn: (line: string) => void;
  /** `--enable-helm` was given. */
  readonly helm: boolean;
  /** Undefined: nobody wants to know where things came from. */
  readonly origin: Origin | undefined;
}

const depthMax = 100;
const builtInSchema = 'v1.21.2';

export class Target {
  readonly settings: Settings;

  constructor(
    private readonly loader: FolderLoader,
    private readonly options: TargetOptions,
    private readonly depth = 0,
  ) {
    if (depth > depthMax) throw new KustomizeError(`too many kustomizations within each other at '${loader.root}'`);
    this.settings = readSettings(loader, options.warn);
    if (depth === 0) this.checkSchema();
  }

  get fields(): JsonObject {
    return this.settings.fields;
  }

  /** Patches go by the schema that kustomize brings along; no other one is read. */
  private checkSchema(): void {
    const path = textAt(this.fields, 'openapi.path');
    if (path !== '') {
      this.loader.read(path);
      throw new KustomizeError(`openapi: schemas other than the built-in one are not supported: ${path}`);
    }
    if (!['', builtInSchema].includes(textAt(this.fields, 'openapi.version')))
      throw new KustomizeError('the specified OpenAPI version is not built in');
  }

  accumulate(into: Accumulator = new Accumulator()): Accumulator {
    const { fields, loader } = this;
    const read = (path: string) => loader.read(path);
    let sum = into;
    during('accumulating resources', () => this.addResources(sum, textsAt(fields, 'resources')));
    sum.configuration = mergeConfigurations(sum.configuration, configurationOf(fields, read));
    this.generate(sum);
    sum = during('accumulating components', () => this.addComponents(sum));
    this.transform(sum);
    this.validate(sum);
    sum.variables = during('merging vars', () => mergeVariables(sum.variables, objectsAt(fields, 'vars'), sum.map));
    return sum;
  }

  private addResources(sum: Accumulator, paths: readonly string[], origin = this.options.origin): void {
    for (const path of paths) {
      const failed = this.addFile(sum, path, origin);
      if (!failed) continue;
      const loader = this.folder(path, failed);
      during(`accumulation err='${failed.message}'`, () =>
        this.addFolder(loader, { sum, component: false, origin: origin && originBelow(origin, path) }),
      );
    }
  }

  /** Adds the objects of a file, or says why that cannot be. */
  private addFile(sum: Accumulator, path: string, origin: Origin | undefined): KustomizeError | undefined {
    try {
      const objects = during(`accumulating resources from '${path}'`, () => this.objectsOf(path));
      const resources = objects.map((object) => new Resource(object));
      if (origin) for (const resource of resources) resource.origin = originBelow(origin, path);
      during(`merging resources from '${path}'`, () => sum.map.append(...resources));
      return undefined;
    } catch (error) {
      if (!(error instanceof KustomizeError)) throw error;
      return error;
    }
  }

  private objectsOf(path: string): readonly JsonObject[] {
    const text = this.loader.read(path);
    try {
      return readResources(text);
    } catch (error) {
      if (!(error instanceof KustomizeError) || !error.malformed) throw error;
      throw new KustomizeError(`${error.message} in File: ${path}`);
    }
  }

  /** The kustomization at a path that is no file of resources. */
  private folder(path: string, failed: KustomizeError): FolderLoader {
    try {
      return this.loader.folder(path);
    } catch (error) {
      if (!(error instanceof KustomizeError)) throw error;
      if (failed.message.includes('MalformedYAMLError')) throw failed;
      throw new KustomizeError(`accumulation err='${failed.message}': ${error.message}`);
    }
  }

  private addFolder(
    loader: FolderLoader,
    given: { readonly sum: Accumulator; readonly component: boolean; readonly origin: Origin | undefined },
  ): void {
    const { sum, component, origin } = given;
    const target = during(
      `couldn't make target for path '${loader.root}'`,
      () => new Target(loader, { ...this.options, origin }, this.depth + 1),
    );
    target.checkSchema();
    const kind = textAt(target.fields, 'kind') || 'Kustomization';
    if (component && kind !== 'Component')
      throw new KustomizeError(`expected kind 'Component' for path '${loader.root}' but got '${kind}'`);
    if (!component && kind === 'Component')
      throw new KustomizeError(`expected kind != 'Component' for path '${loader.root}'`);
    const inner = during(`recursed accumulation of path '${loader.root}'`, () =>
      component ? target.accumulate(sum) : target.accumulate(),
    );
    if (!component) during(`recursed merging from path '${loader.root}'`, () => sum.merge(inner));
  }

  /** Components work on what has been gathered so far. */
  private addComponents(sum: Accumulator): Accumulator {
    for (const path of textsAt(this.fields, 'components')) {
      const loader = during(
        (message) => `loader.New ${JSON.stringify(message)}`,
        () => this.loader.folder(path),
      );
      const origin = this.options.origin && originBelow(this.options.origin, path);
      during(
        (message) => `accumulateDirectory: ${JSON.stringify(message)}`,
        () => this.addFolder(loader, { sum, component: true, origin }),
      );
    }
    return sum;
  }

  private generate(sum: Accumulator): void {
    const { origin } = this.options;
    const builtIn = generatorsOf(this.fields, this.loader, this.options.helm).map(({ kind, run }) => ({
      run,
      origin: origin && builtInOrigin(origin, this.settings.fileName, kind),
    }));
    const plugins = during('loading generator plugins', () =>
      this.plugins('generators').map((plugin) => ({
        run: during('failed to load generator', () => loadGenerator(plugin, this.pluginFiles())),
        origin: pluginOrigin(plugin),
      })),
    );
    for (const { run, origin: from } of [...builtIn, ...plugins]) {
      const resources = run();
      for (const resource of resources) resource.origin ??= from;
      during('merging from generator &{0xc000000000 <nil>}', () => sum.map.absorb(resources));
    }
  }

  private transform(sum: Accumulator): void {
    const { origin } = this.options;
    const read = (path: string) => this.loader.read(path);
    const builtIn = fieldTransformers(this.fields, sum.configuration, read).map(({ kind, run }) => ({
      run,
      origin: origin && builtInOrigin(origin, this.settings.fileName, kind),
    }));
    const plugins = this.plugins('transformers').map((plugin) => ({
      run: loadTransformer(plugin, this.pluginFiles()),
      origin: pluginOrigin(plugin),
    }));
    for (const { run, origin: by } of [...builtIn, ...plugins]) {
      run(sum.map);
      if (by)
        for (const resource of sum.map.resources) {
          if (resource.origin) resource.transformations = [...resource.transformations, by];
          else resource.origin = by;
        }
      sum.map.keep(({ object }) => Object.keys(object).length > 0);
    }
  }

  /** Validators are transformers that must not change anything. */
  private validate(sum: Accumulator): void {
    for (const plugin of this.plugins('validators')) {
      const before = sum.map.resources.map(({ object }) => object);
      loadTransformer(plugin, this.pluginFiles())(sum.map);
      const after = sum.map.resources.map(({ object }) => withoutValidatedMark(object));
      if (!equal(before, after)) throw new KustomizeError("validator shouldn't modify the resource map");
    }
  }

  /** The objects that configure plugins: written in the kustomization itself, or in files and folders. */
  private plugins(field: 'generators' | 'transformers' | 'validators'): readonly Resource[] {
    const sum = new Accumulator();
    const paths: string[] = [];
    const { origin } = this.options;
    for (const entry of textsAt(this.fields, field)) {
      const objects = inline(entry);
      if (!objects) paths.push(entry);
      else
        for (const object of objects) {
          const plugin = new Resource(object);
          plugin.origin = origin && originBelow(origin, this.settings.fileName);
          sum.map.append(plugin);
        }
    }
    this.addResources(sum, paths);
    return sum.map.resources;
  }

  private pluginFiles() {
    const { loader } = this;
    return {
      root: loader.root,
      read: (path: string) => loader.read(path),
      readBytes: (path: string) => loader.readBytes(path),
    };
  }
}

function inline(text: string): readonly JsonObject[] | undefined {
  try {
    return readResources(text);
  } catch (error) {
    if (error instanceof KustomizeError) return undefined;
    throw error;
  }
}

function withoutValidatedMark(object: JsonObject): JsonObject {
  const { 'validated-by': mark, ...labels } = objectAt(object, 'metadata.labels') ?? {};
  if (mark === undefined) return object;
  return { ...object, metadata: { ...objectAt(object, 'metadata'), labels } };
}
