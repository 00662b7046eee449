// The routes of the API's resources, as OpenAPI documents describe them: for each path its operations.
//
//   deployments, list ─▶ /apis/apps/v1/deployments                              get  listAppsV1DeploymentForAllNamespaces
//                        /apis/apps/v1/namespaces/{namespace}/deployments       get  listAppsV1NamespacedDeployment
//   deployments, watch ─▶ /apis/apps/v1/watch/namespaces/{namespace}/deployments get watchAppsV1NamespacedDeploymentList
import { apiVersionText, type GroupVersionKind } from '../resource.ts';
import {
  bodyTypes,
  builtInTypes,
  connectParameters,
  customTypes,
  deleteParameters,
  listParameters,
  logParameters,
  type ParameterName,
  patchTypes,
  strategicPatch,
  writeParameters,
} from './openapi-parameters.ts';
import { definitionName } from './schema.ts';

/** What a document needs to know of a resource. */
export interface OpenApiResource extends GroupVersionKind {
  readonly resource: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly subresources: readonly (GroupVersionKind & { readonly name: string; readonly verbs: readonly string[] })[];
  /** The name of the schema of its kind, where that is none of the definitions; a list's is the same with `List`. */
  readonly schema?: string;
  /** Custom resources have no deprecated paths for watches, no protobuf, and other parameters. */
  readonly custom?: boolean;
}

/** The methods of HTTP in the order in which documents have them. */
export const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'] as const;
/** One of them. */
export type Method = (typeof methods)[number];

/** One method of a path. Schemas are names of definitions, or of OpenAPI schemas; '' is a text. */
export interface Operation {
  readonly method: Method;
  readonly id: string;
  readonly tag: string;
  readonly text: string;
  readonly action?: string;
  readonly gvk?: GroupVersionKind;
  readonly parameters: readonly ParameterName[];
  readonly body?: { readonly schema: string; readonly required: boolean; readonly types: readonly string[] };
  readonly consumes: readonly string[];
  readonly produces: readonly string[];
  readonly statuses: readonly (200 | 201 | 202)[];
  /** Of what it answers. */
  readonly schema: string;
}

/** A path with all that can be done at it, e.g. `/api/v1/nodes/{name}`. */
export interface Route {
  readonly path: string;
  /** Of what `{name}` names. */
  readonly kind: string;
  readonly operations: readonly Operation[];
}

/** `apis/apps/v1`, or `api/v1` in the core group: the key in the index. */
export function openApiPath(version: { readonly group: string; readonly version: string }): string {
  return version.group === '' ? `api/${version.version}` : `apis/${apiVersionText(version)}`;
}

/** All routes of a resource. */
export function resourceRoutes(resource: OpenApiResource): readonly Route[] {
  const { kind, namespaced, resource: plural, verbs, custom = false } = resource;
  const root = `/${openApiPath(resource)}/`;
  const scoped = `${namespaced ? 'namespaces/{namespace}/' : ''}${plural}`;
  const own = new Operations(resource, kind, kindSchema(resource));
  const reads = (path: string, all: boolean): readonly Route[] => [
    { path: root + path, kind, operations: [...own.list(all), ...(all ? [] : own.collection())] },
    { path: `${root}watch/${path}`, kind, operations: custom ? [] : own.watchList(all) },
  ];
  const routes: readonly Route[] = [
    ...(namespaced && verbs.includes('list') ? reads(plural, true) : []),
    ...reads(scoped, false),
    { path: `${root}${scoped}/{name}`, kind, operations: own.object(verbs) },
    { path: `${root}watch/${scoped}/{name}`, kind, operations: custom ? [] : own.watch() },
    ...resource.subresources.flatMap((sub) => subresourceRoutes(resource, sub, `${root}${scoped}/{name}/${sub.name}`)),
  ];
  return routes.filter(({ operations }) => operations.length > 0);
}

function kindSchema({ group, version, kind, schema }: OpenApiResource): string {
  return schema ?? definitionName({ group, version, kind }) ?? '';
}

function subresourceRoutes(
  resource: OpenApiResource,
  sub: OpenApiResource['subresources'][number],
  path: string,
): readonly Route[] {
  const { name, kind, verbs } = sub;
  const own = sub.kind === resource.kind ? kindSchema(resource) : (definitionName(sub) ?? '');
  const operations = new Operations({ ...resource, subresource: sub }, kind, own);
  const connection = connectParameters[kind];
  if (!connection) return [{ path, kind, operations: [...operations.create(verbs), ...operations.object(verbs)] }];
  const all = (suffix: string) => connection.methods.map((method) => operations.connect(method, suffix));
  return [
    { path, kind, operations: all('') },
    ...(name === 'proxy' ? [{ path: `${path}/{path}`, kind, operations: all('WithPath') }] : []),
  ];
}

type Subject = OpenApiResource & { readonly subresource?: OpenApiResource['subresources'][number] };

/** The operations of one resource or subresource. */
class Operations {
  private readonly scope: string;
  private readonly names: OperationNames;
  private readonly types: readonly string[];
  /** `status of the specified Pod` where it is of a subresource. */
  private readonly prefix: string;

  constructor(
    private readonly of: Subject,
    private readonly kind: string,
    private readonly schema: string,
  ) {
    this.scope = of.namespaced ? 'Namespaced' : '';
    this.names = operationNames(of);
    this.types = of.custom ? customTypes : builtInTypes;
    this.prefix = of.subresource ? `${of.subresource.name} of ` : '';
  }

  list(forAll: boolean): readonly Operation[] {
    const { kind, verbs, custom } = this.of;
    if (!verbs.includes('list')) return [];
    const text = `list ${verbs.includes('watch') && !custom ? 'or watch ' : ''}objects of kind ${kind}`;
    const id = this.id('list', forAll ? kind + everywhere : this.scope + kind);
    const more = { parameters: listParameters, produces: this.streams(), schema: `${this.schema}List` };
    return [this.make('get', { id, text, action: 'list', ...more })];
  }

  collection(): readonly Operation[] {
    const { kind, verbs, custom } = this.of;
    const created = this.create(verbs);
    if (!verbs.includes('deletecollection')) return created;
    const id = this.id('delete', `Collection${this.scope}${kind}`);
    const limits = listParameters.filter((name) => name !== 'allowWatchBookmarks' && name !== 'watch');
    const action = { action: 'deletecollection', text: `delete collection of ${kind}`, schema: 'meta.v1.Status' };
    const parts = custom
      ? { parameters: listParameters }
      : { parameters: [...deleteParameters, ...limits], body: this.body('meta.v1.DeleteOptions', false) };
    return [...created, this.make('delete', { id, ...action, ...parts })];
  }

  create(verbs: readonly string[]): readonly Operation[] {
    if (!verbs.includes('create')) return [];
    const text = `create ${this.prefix}${article(this.of.kind)}${this.of.kind}`.replace(/ {2,}/, ' ');
    const parts = { parameters: writeParameters, body: this.body(this.schema, true), schema: this.schema };
    return [this.make('post', { id: this.named('create'), text, action: 'post', statuses: [200, 201, 202], ...parts })];
  }

  object(verbs: readonly string[]): readonly Operation[] {
    const the = `${this.prefix}the specified ${this.of.kind}`;
    const { schema } = this;
    const made = { statuses: [200, 201] as const, schema };
    const write = { parameters: writeParameters, body: this.body(schema, true), ...made };
    return [
      ...(verbs.includes('get') ? [this.read(`read ${the}`)] : []),
      ...(verbs.includes('update')
        ? [this.make('put', { id: this.named('replace'), text: `replace ${the}`, action: 'put', ...write })]
        : []),
      ...(verbs.includes('patch') ? [this.patch(`partially update ${the}`)] : []),
      ...(verbs.includes('delete') ? [this.delete()] : []),
    ];
  }

  watch(): readonly Operation[] {
    const { kind, verbs } = this.of;
    if (!verbs.includes('watch')) return [];
    const text = `watch changes to an object of kind ${kind}. ${instead}, filtered to a single item with the 'fieldSelector' parameter.`;
    return [this.watching('watch', { id: this.id('watch', this.scope + kind), text })];
  }

  watchList(forAll: boolean): readonly Operation[] {
    const { kind, verbs } = this.of;
    if (!verbs.includes('watch')) return [];
    const id = this.id('watch', forAll ? `${kind}List${everywhere}` : `${this.scope}${kind}List`);
    return [this.watching('watchlist', { id, text: `watch individual changes to a list of ${kind}. ${instead}.` })];
  }

  connect(method: Method, suffix: string): Operation {
    const { kind, subresource } = this.of;
    const id = this.id('connect', title(method) + this.scope + kind + title(subresource?.name ?? '') + suffix);
    const text = `connect ${method.toUpperCase()} requests to ${subresource?.name} of ${kind}`;
    const parameters = connectParameters[this.kind]?.parameters ?? [];
    const made = this.make(method, { id, text, action: 'connect', parameters, produces: ['*/*'], schema: '' });
    return suffix === '' ? made : { ...made, parameters: [...parameters, 'path/path'] };
  }

  private read(text: string): Operation {
    const isLog = this.of.subresource?.name === 'log';
    const parameters: readonly ParameterName[] = isLog ? logParameters : this.of.custom ? ['resourceVersion'] : [];
    const produces = isLog ? ['text/plain', ...this.types] : this.types;
    const schema = isLog ? '' : this.schema;
    return this.make('get', { id: this.named('read'), text, action: 'get', parameters, produces, schema });
  }

  private patch(text: string): Operation {
    const types = patchTypes.filter((type) => !this.of.custom || type !== strategicPatch);
    const body = { schema: 'meta.v1.Patch', required: true, types };
    const statuses = this.of.custom ? ([200] as const) : ([200, 201] as const);
    const parameters = ['dryRun', 'fieldManager/apply', 'fieldValidation', 'force'] as const;
    const parts = { parameters, body, consumes: types, statuses, schema: this.schema };
    return this.make('patch', { id: this.named('patch'), text, action: 'patch', ...parts });
  }

  private delete(): Operation {
    const { kind } = this.of;
    const schema = answersWithObject(this.of) ? this.schema : 'meta.v1.Status';
    const body = this.body('meta.v1.DeleteOptions', false);
    const parts = { parameters: deleteParameters, body, statuses: [200, 202] as const, schema };
    const text = `delete ${article(kind)}${kind}`;
    return this.make('delete', { id: this.named('delete'), text, action: 'delete', ...parts });
  }

  private watching(action: string, parts: { readonly id: string; readonly text: string }): Operation {
    const more = { parameters: listParameters, produces: this.streams(), schema: 'meta.v1.WatchEvent' };
    return this.make('get', { action, ...parts, ...more });
  }

  private make(method: Method, parts: Parts): Operation {
    const { of, kind, names, types } = this;
    const { group, version } = of.custom ? of : (of.subresource ?? of);
    const gvk = { group, version, kind: of.custom ? of.kind : kind };
    const parameters: readonly ParameterName[] = [
      ...(parts.parameters ?? []),
      ...(parts.action === 'connect' ? [] : (['pretty'] as const)),
    ];
    const consumes = of.custom ? customTypes : bodyTypes;
    return { consumes, produces: types, statuses: [200], tag: names.tag, gvk, ...parts, method, parameters };
  }

  private streams(): readonly string[] {
    if (this.of.custom) return this.types;
    return [...this.types, 'application/json;stream=watch', 'application/vnd.kubernetes.protobuf;stream=watch'];
  }

  private body(schema: string, required: boolean): NonNullable<Operation['body']> {
    return { schema, required, types: this.of.custom ? customTypes : bodyTypes };
  }

  /** The name of what one verb does with one object. */
  private named(verb: string): string {
    return this.id(verb, this.scope + this.of.kind + title(this.of.subresource?.name ?? ''));
  }

  private id(verb: string, rest: string): string {
    return verb + this.names.prefix + rest;
  }
}

type Parts = Partial<Operation> & Pick<Operation, 'id' | 'text' | 'action' | 'schema'>;

const everywhere = 'ForAllNamespaces';
const instead = "deprecated: use the 'watch' parameter with a list operation instead";

/** Resources whose deletion is answered with the object; upstream keeps it so for old clients. */
function answersWithObject({ group, resource }: OpenApiResource): boolean {
  return group === 'resource.k8s.io' || (answeringWithObject[group]?.includes(resource) ?? false);
}

const answeringWithObject: Readonly<Record<string, readonly string[]>> = {
  '': [
    'persistentvolumeclaims',
    'persistentvolumes',
    'pods',
    'podtemplates',
    'resourcequotas',
    'serviceaccounts',
    'services',
  ],
  'storage.k8s.io': ['csidrivers', 'csinodes', 'storageclasses', 'volumeattachments', 'volumeattributesclasses'],
};

/** What names of operations and their tags are made of. */
export interface OperationNames {
  /** In operation ids: `RbacAuthorizationV1`. */
  readonly prefix: string;
  /** `rbacAuthorization_v1`. */
  readonly tag: string;
}

/** How operations of a group, or of one version of it, are called. */
export function operationNames(of: { readonly group: string; readonly version?: string }): OperationNames {
  const group = joined((of.group || 'core').replace(/\.k8s\.io$/, ''));
  const { version } = of;
  if (version === undefined) return { prefix: title(group), tag: group };
  return { prefix: title(group) + title(joined(version)), tag: `${group}_${joined(version)}` };
}

/** `rbac.authorization` is `rbacAuthorization`. */
function joined(text: string): string {
  return text.replace(/[^A-Za-z0-9_]+(.?)/g, (_, next: string) => next.toUpperCase());
}

function title(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** What goes before a kind: nothing before a plural. */
function article(kind: string): string {
  if (kind.endsWith('s') && !kind.endsWith('ss')) return '';
  return /^[aeiou]/i.test(kind) ? 'an ' : 'a ';
}
