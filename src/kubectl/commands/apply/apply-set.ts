// `kubectl apply --prune --applyset`: what belongs together is labelled, and noted in a parent object, so that what is
// in the configuration no more is found again (KEP-3659).
//
//   Secret team  (annotations: kinds and namespaces of the set)  ◀─ part-of label ─  ConfigMap a, Deployment b …
import { sha256 } from '@noble/hashes/sha2.js';
import { encodeBase64Url, encodeUtf8 } from '../../../base/bytes.ts';
import { entriesAt, objectAt, textAt } from '../../../base/fields.ts';
import { isList, isObject } from '../../../base/json.ts';
import { writeQuery } from '../../change-flags.ts';
import type { ApiResource } from '../../client/discovery.ts';
import { clientVersion } from '../../client-version.ts';
import type { Context } from '../../context.ts';
import { asError, CommandError, isConflict, isNotFound } from '../../errors.ts';
import { klogLine } from '../../klog.ts';
import {
  apiVersionOf,
  groupResource,
  type Info,
  infoPath,
  type LoadedInfo,
  loadInfo,
  qualifiedKind,
} from '../../resource/info.ts';
import { dryRunSuffix } from '../../result-printer.ts';
import { deleteInfo, patchInfo } from '../../write-object.ts';
import type { ApplyOptions } from './apply-options.ts';

const prefix = 'applyset.kubernetes.io';
const idLabel = `${prefix}/id`;
const memberLabel = `${prefix}/part-of`;
const toolAnnotation = `${prefix}/tooling`;
const kindsAnnotation = `${prefix}/contains-group-kinds`;
const namespacesAnnotation = `${prefix}/additional-namespaces`;
const tool = 'kubectl';

export class ApplySet {
  private kinds: ReadonlyMap<string, ApiResource> = new Map();
  private namespaces: ReadonlySet<string> = new Set();

  private constructor(
    private readonly context: Context,
    private readonly parent: Info,
    private readonly options: ApplyOptions,
  ) {}

  /** The set that `--applyset` names. Throws what is wrong with the name or its parent. */
  static async named(context: Context, reference: string, options: ApplyOptions): Promise<ApplySet> {
    const resource = await parentType(context, reference);
    const name = reference.slice(reference.indexOf('/') + 1);
    const chosen = context.namespace();
    const ns = resource.namespaced && chosen.explicit ? chosen.ns : '';
    if (!context.flags.bool('prune')) throw new CommandError('--applyset requires --prune');
    if (resource.namespaced && ns === '')
      throw new CommandError('namespace is required to use namespace-scoped ApplySet');
    if (!isBuiltInParent(resource) && !(await isCustomParent(context, resource)))
      throw new CommandError(
        `resource ${JSON.stringify(`${resource.group}/${resource.version}, Resource=${resource.resource}`)} is not permitted as an ApplySet parent`,
      );
    for (const flag of ['all', 'selector', 'prune-allowlist'])
      if (context.flags.changed(flag)) throw new CommandError(`--${flag} is incompatible with --applyset`);
    return new ApplySet(context, { resource, ns, name, source: '' }, options);
  }

  /** The object with the label of the set's members. */
  member(info: LoadedInfo): LoadedInfo {
    const metadata = objectAt(info.object, 'metadata') ?? {};
    const labels = objectAt(metadata, 'labels') ?? {};
    if (Object.hasOwn(labels, memberLabel))
      throw new CommandError(`ApplySet label ${JSON.stringify(memberLabel)} already set in input data`);
    return {
      ...info,
      object: { ...info.object, metadata: { ...metadata, labels: { ...labels, [memberLabel]: this.id } } },
    };
  }

  /** Notes in the parent all kinds and namespaces of before and of now. */
  async begin(members: readonly Info[]): Promise<void> {
    await this.readParent();
    const kinds = new Map([...this.kinds, ...kindsOf(members)]);
    await this.writeParent(kinds, new Set([...this.namespaces, ...namespacesOf(members)]));
  }

  /** Deletes the members of before that were not applied, then notes what is left. */
  async prune(applied: readonly LoadedInfo[], members: readonly Info[]): Promise<void> {
    const kept = new Set(applied.map((info) => textAt(info.object, 'metadata.uid')));
    const { context } = this;
    const { dryRun } = this.options;
    for (const info of await this.formerMembers(kept)) {
      const options = { propagationPolicy: 'Background', ...(dryRun === 'server' ? { dryRun: ['All'] } : {}) };
      if (dryRun !== 'client') await deleteInfo(context, info, options);
      context.out(`${qualifiedKind(info.resource)}/${info.name} pruned${dryRunSuffix(dryRun)}\n`);
    }
    await this.writeParent(kindsOf(members), namespacesOf(members)).catch((error: unknown) => {
      throw new CommandError(`apply and prune succeeded, but ApplySet update failed: ${asError(error).message}`);
    });
  }

  private get id(): string {
    const { resource, name, ns } = this.parent;
    const hash = sha256(encodeUtf8([name, ns, resource.kind, resource.group].join('.')));
    return `applyset-${encodeBase64Url(hash)}-v1`;
  }

  private get shown(): string {
    const { resource, name } = this.parent;
    return JSON.stringify(`${resource.resource}.${resource.group}/${name}`);
  }

  private async readParent(): Promise<void> {
    const { context, parent, shown } = this;
    const found = await loadInfo(context.client(), parent).catch((error: unknown) => {
      if (isNotFound(error) && isBuiltInParent(parent.resource)) return undefined;
      throw isNotFound(error)
        ? new CommandError('custom resource ApplySet parents cannot be created automatically')
        : new CommandError(`failed to fetch ApplySet parent object ${shown}: ${asError(error).message}`);
    });
    if (!found) return;
    const annotations = new Map(entriesAt(found.object, 'metadata.annotations'));
    const tooling = annotations.get(toolAnnotation);
    if (tooling === undefined)
      throw new CommandError(
        `ApplySet parent object ${shown} already exists and is missing required annotation ${JSON.stringify(toolAnnotation)}`,
      );
    const owner = tooling.includes('/') ? tooling.slice(0, tooling.lastIndexOf('/')) : tooling;
    if (owner !== tool)
      throw new CommandError(
        `ApplySet parent object ${shown} already exists and is managed by tooling ${JSON.stringify(owner)} instead of ${JSON.stringify(tool)}`,
      );
    this.checkId(new Map(entriesAt(found.object, 'metadata.labels')).get(idLabel));
    const kinds = annotations.get(kindsAnnotation);
    if (kinds === undefined)
      throw new CommandError(
        `parsing ApplySet annotation on ${shown}: kubectl requires the ${JSON.stringify(kindsAnnotation)} annotation to be set on all ApplySet parent objects`,
      );
    this.kinds = await this.typesOf(kinds);
    const others = (annotations.get(namespacesAnnotation) ?? '').split(',').filter(Boolean);
    this.namespaces = new Set([...others, ...(parent.resource.namespaced ? [parent.ns] : [])]);
  }

  private checkId(held: string | undefined): void {
    const { shown, id } = this;
    if (held === undefined)
      throw new CommandError(`ApplySet parent object ${shown} exists and does not have required label ${idLabel}`);
    if (held !== id)
      throw new CommandError(
        `ApplySet parent object ${shown} exists and has incorrect value for label ${JSON.stringify(idLabel)} (got: ${held}, want: ${id})`,
      );
  }

  /** `ConfigMap,Deployment.apps` */
  private async typesOf(text: string): Promise<ReadonlyMap<string, ApiResource>> {
    const types = new Map<string, ApiResource>();
    for (const written of text.split(',').filter(Boolean)) {
      const dot = written.indexOf('.');
      const [kind, group] = dot < 0 ? [written, ''] : [written.slice(0, dot), written.slice(dot + 1)];
      const found = (await this.context.mapper().groups())
        .filter(({ name }) => name === group)
        .flatMap(({ versions }) => versions.flatMap(({ resources }) => resources))
        .find((resource) => resource.kind === kind);
      if (!found)
        throw new CommandError(
          `parsing ApplySet annotation on ${this.shown}: could not find mapping for kind in ${JSON.stringify(kindsAnnotation)} annotation: no matches for kind ${JSON.stringify(kind)} in group ${JSON.stringify(group)}`,
        );
      types.set(written, found);
    }
    return types;
  }

  private async formerMembers(kept: ReadonlySet<string>): Promise<readonly LoadedInfo[]> {
    const found: LoadedInfo[] = [];
    const query = { labelSelector: `${memberLabel}=${this.id}` };
    for (const resource of this.kinds.values())
      for (const ns of resource.namespaced ? this.namespaces : ['']) {
        const path = infoPath({ resource, ns, name: '', source: '' });
        const list = await this.context.client().object({ path, query });
        for (const object of isList(list.items) ? list.items.filter(isObject) : [])
          if (!kept.has(textAt(object, 'metadata.uid')))
            found.push({ resource, ns, name: textAt(object, 'metadata.name'), source: '', object });
      }
    return found;
  }

  /** By server-side apply; fields that another manager took are taken back. */
  private async writeParent(kinds: ReadonlyMap<string, ApiResource>, namespaces: ReadonlySet<string>): Promise<void> {
    const { context, parent, options } = this;
    if (options.dryRun === 'client') return;
    const { resource, name, ns } = parent;
    const others = [...namespaces].filter((one) => one !== ns).sort();
    const patch = {
      apiVersion: apiVersionOf(resource),
      kind: resource.kind,
      metadata: {
        name,
        ...(ns === '' ? {} : { namespace: ns }),
        annotations: {
          [toolAnnotation]: `${tool}/${textAt(clientVersion, 'gitVersion')}`,
          [kindsAnnotation]: [...kinds.keys()].sort().join(','),
          [namespacesAnnotation]: others.join(','),
        },
        labels: { [idLabel]: this.id },
      },
    };
    const query = writeQuery({ dryRun: options.dryRun, fieldManager: `${tool}-applyset` });
    const write = (force: boolean) =>
      patchInfo(context, parent, { type: 'apply', patch, query: { ...query, force: `${force}` } });
    await write(false).catch((error: unknown) => {
      if (!isConflict(error)) throw new CommandError(`failed to update ApplySet: ${asError(error).message}`);
      const text = `WARNING: failed to update ApplySet: ${asError(error).message}\nApplySet field manager ${tool}-applyset should own these fields. Retrying with conflicts forced.`;
      context.err(klogLine(context.process, 'W', 'applyset.go:479', text));
      return write(true);
    });
  }
}

/** `TYPE.GROUP/NAME`, or the name of a Secret. */
async function parentType(context: Context, reference: string): Promise<ApiResource> {
  const slash = reference.indexOf('/');
  const type = slash < 0 ? 'secrets' : reference.slice(0, slash);
  const refused = (why: string) => new CommandError(`invalid parent reference ${JSON.stringify(reference)}: ${why}`);
  if (reference.slice(slash + 1) === '') throw refused('name cannot be blank');
  const [plural, ...group] = type.split('.');
  const found = await context.mapper().find(type);
  if (!found) throw refused(`no matches for ${group.join('.')}/, Resource=${plural}`);
  return found;
}

function isBuiltInParent({ group, resource }: ApiResource): boolean {
  return group === '' && (resource === 'secrets' || resource === 'configmaps');
}

async function isCustomParent(context: Context, resource: ApiResource): Promise<boolean> {
  const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  const list = await context.client().object({ path, query: { labelSelector: `${prefix}/is-parent-type` } });
  const names = (isList(list.items) ? list.items : []).map((item) => textAt(item, 'metadata.name'));
  return names.includes(groupResource(resource));
}

function kindsOf(members: readonly Info[]): ReadonlyMap<string, ApiResource> {
  return new Map(
    members.map(({ resource }) => [[resource.kind, resource.group].filter(Boolean).join('.'), resource] as const),
  );
}

function namespacesOf(members: readonly Info[]): ReadonlySet<string> {
  return new Set(members.filter(({ resource, ns }) => resource.namespaced && ns !== '').map(({ ns }) => ns));
}
