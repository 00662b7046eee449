// From arguments, files and selectors to the objects that a command works on (cli-runtime's resource builder).
import { parseSelector } from '../../api/selectors.ts';
import { entriesAt } from '../../base/fields.ts';
import { isList, isObject, type JsonObject } from '../../base/json.ts';
import type { ApiResource } from '../client/discovery.ts';
import { NoKindMatch } from '../client/mapper.ts';
import type { Query } from '../client/url.ts';
import type { Context } from '../context.ts';
import { asError, CommandError, isNotFound, ManyErrors, PlainError, StatusError, UnreachableError } from '../errors.ts';
import { type ParsedArguments, parseArguments, splitTypes } from './arguments.ts';
import { decodeManifests } from './decode.ts';
import { type FileChoice, type FoundFiles, findFiles, isFileChoiceEmpty } from './files.ts';
import {
  groupResource,
  type Info,
  infoPath,
  isListObject,
  type LoadedInfo,
  loadInfo,
  madeUpResource,
  namesOf,
  typedItem,
  withObject,
} from './info.ts';
import { readKustomization } from './kustomization.ts';

export interface Wanted {
  /** `TYPE NAME`, `TYPE/NAME`, `a,b`, categories. */
  readonly args?: readonly string[];
  readonly files?: FileChoice;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** A type without a name means all of it. */
  readonly allowAll?: boolean;
  /** `--all`: all of the types, selector or not. */
  readonly selectAll?: boolean;
  readonly allNamespaces?: boolean;
  /** Instead of the namespace of this call. */
  readonly ns?: string;
  /** Objects of a file with another namespace are refused. Default: whether `-n` was given. */
  readonly requireNamespace?: boolean;
  /** Objects from files are read from the server again. */
  readonly latest?: boolean;
  /** Objects named on the command line are not read from the server. */
  readonly withoutObjects?: boolean;
  /** Go on after an error and report all at the end. */
  readonly continueOnError?: boolean;
  /** What is read from files goes through --validate. Default: where there is that flag. */
  readonly validates?: boolean;
  /** Items of lists one by one. Default: yes. */
  readonly flatten?: boolean;
  readonly singleType?: boolean;
  readonly chunkSize?: number;
  readonly subresource?: string;
  /** What to ask the server for (Tables). */
  readonly accept?: string;
  readonly query?: Query;
  readonly ignoreNotFound?: boolean;
  /** Uses no server: objects of files only, with a resource made up from their kind. */
  readonly local?: boolean;
}

export interface Result {
  /** The user named one object: it is printed without a list around it. */
  readonly single: boolean;
  /** Everything was named (not selected). */
  readonly named: boolean;
  /** Calls `visit` for each object in order. Throws its errors and those of finding, all together. */
  visit(visit: (info: Info) => Promise<void> | void): Promise<void>;
  /** What could be had, and what went wrong. */
  collect(): Promise<{ readonly infos: readonly LoadedInfo[]; readonly errors: readonly Error[] }>;
  /** All objects. Throws what went wrong. */
  infos(): Promise<readonly LoadedInfo[]>;
}

type Source = (visit: (info: Info) => Promise<void>) => Promise<void>;

/** Throws at once what is wrong with the arguments; objects come from the result. */
export async function findResources(context: Context, wanted: Wanted): Promise<Result> {
  const plan = await new Finder(context, wanted).plan();
  const run = async (visit: (info: Info) => Promise<void> | void): Promise<readonly Error[]> => {
    const errors: Error[] = [];
    const guarded = async (info: Info) => {
      try {
        await visit(info);
      } catch (error) {
        note(error);
      }
    };
    const note = (thrown: unknown) => {
      const error = asError(thrown);
      if (wanted.ignoreNotFound && isNotFound(error)) return;
      if (!wanted.continueOnError) throw error;
      errors.push(error);
    };
    for (const source of plan.sources)
      try {
        await source(guarded);
      } catch (error) {
        note(error);
      }
    const [only] = errors;
    return errors.length === 1 && only instanceof ManyErrors ? only.errors : errors;
  };
  const collect = async () => {
    const infos: LoadedInfo[] = [];
    const errors = await run((info) => {
      infos.push(withObject(info, info.object ?? {}));
    });
    return { infos, errors };
  };
  return {
    single: plan.single,
    named: plan.named,
    visit: async (visit) => ManyErrors.throwAll(await run(visit)),
    collect,
    infos: async () => {
      const { infos, errors } = await collect();
      ManyErrors.throwAll(errors);
      return infos;
    },
  };
}

class Finder {
  private readonly chosen: { readonly ns: string; readonly explicit: boolean };

  constructor(
    private readonly context: Context,
    private readonly wanted: Wanted,
  ) {
    this.chosen = wanted.ns ? { ns: wanted.ns, explicit: false } : context.namespace();
  }

  /** All namespaces: empty. */
  private get ns(): string {
    return this.wanted.allNamespaces ? '' : this.chosen.ns;
  }

  async plan(): Promise<{ readonly sources: readonly Source[]; readonly single: boolean; readonly named: boolean }> {
    const { wanted } = this;
    const files =
      wanted.files && !isFileChoiceEmpty(wanted.files)
        ? findFiles(this.context.process, wanted.files, (folder) => readKustomization(this.context, folder))
        : undefined;
    const parsed = parseArguments(await this.expandCategories(wanted.args ?? []));
    if (wanted.selectAll && wanted.labelSelector)
      throw new CommandError("setting 'all' parameter but found a non empty selector. ");
    if (files) return this.fromFiles(files, parsed);
    const selects =
      wanted.selectAll ||
      Boolean(wanted.labelSelector || wanted.fieldSelector) ||
      (wanted.allowAll && parsed.types.length > 0 && parsed.names.length === 0);
    if (selects) return this.fromSelector(parsed);
    if (parsed.pairs.length > 0) return this.fromPairs(parsed);
    if (parsed.names.length > 0) return this.fromNames(parsed);
    for (const type of parsed.types) await this.type(type);
    throw new CommandError(
      parsed.types.length > 0 ? 'resource(s) were provided, but no name was specified' : missingResource,
    );
  }

  private async expandCategories(args: readonly string[]): Promise<readonly string[]> {
    const [first, ...rest] = args;
    if (first === undefined || first.includes('/') || (rest.length > 0 && splitTypes(first).length > 1)) return args;
    const expanded: string[] = [];
    for (const type of first.split(',')) {
      const members = await this.context.mapper().category(type);
      expanded.push(...(members ? members.map(groupResource) : [type]));
    }
    return [expanded.join(','), ...rest];
  }

  private async type(written: string): Promise<ApiResource> {
    const found = await this.context.mapper().find(written);
    if (found) return found;
    this.context.mapper().invalidate();
    return this.context.mapper().resource(written);
  }

  private async types(written: readonly string[]): Promise<readonly ApiResource[]> {
    if (written.length > 1 && this.wanted.singleType)
      throw new CommandError('you may only specify a single resource type');
    const found = new Map<string, ApiResource>();
    for (const one of written) {
      const resource = await this.type(one);
      found.set(`${resource.group}/${resource.version}/${resource.kind}`, resource);
    }
    return [...found.values()];
  }

  private async fromSelector(parsed: ParsedArguments) {
    if (parsed.names.length > 0) throw new CommandError('name cannot be provided when a selector is specified');
    if (parsed.pairs.length > 0)
      throw new CommandError('selectors and the all flag cannot be used when passing resource/name arguments');
    if (parsed.types.length === 0) throw new CommandError('at least one resource must be specified to use a selector');
    if (this.wanted.subresource) throw new CommandError('subresource cannot be used when bulk resources are specified');
    const resources = await this.types(parsed.types);
    return {
      sources: resources.map(
        (resource): Source =>
          (visit) =>
            this.list(resource, visit),
      ),
      single: false,
      named: false,
    };
  }

  /** Lists page by page. */
  private async list(resource: ApiResource, visit: (info: Info) => Promise<void>): Promise<void> {
    const { wanted } = this;
    const ns = resource.namespaced ? this.ns : '';
    const info: Info = { resource, ns, name: '', source: '' };
    let next: string | undefined;
    do {
      const list: JsonObject = await this.context
        .client()
        .object({
          path: infoPath(info),
          query: {
            ...wanted.query,
            labelSelector: wanted.labelSelector || undefined,
            fieldSelector: wanted.fieldSelector || undefined,
            limit: wanted.chunkSize || undefined,
            continue: next,
          },
          about: { group: resource.group, resource: resource.resource },
          ...(wanted.accept ? { accept: wanted.accept } : {}),
        })
        .catch((error: unknown) => {
          throw this.listError(error, resource);
        });
      await this.flatten(withObject(info, list), visit);
      const metadata = isObject(list.metadata) ? list.metadata : {};
      next = typeof metadata.continue === 'string' && metadata.continue !== '' ? metadata.continue : undefined;
    } while (next);
  }

  private listError(error: unknown, resource: ApiResource): unknown {
    if (!(error instanceof StatusError) || !['BadRequest', 'NotFound'].includes(error.reason)) return error;
    const { labelSelector = '', fieldSelector = '' } = this.wanted;
    const subject = JSON.stringify(
      `${resource.group ? `${resource.group}/` : '/'}${resource.version}, Resource=${resource.resource}`,
    );
    const message =
      labelSelector || fieldSelector
        ? `Unable to find ${subject} that match label selector ${JSON.stringify(labelSelector)}, field selector ${JSON.stringify(fieldSelector)}: ${error.message}`
        : `Unable to list ${subject}: ${error.message}`;
    return new StatusError({ ...error.status, message });
  }

  private async fromPairs(parsed: ParsedArguments) {
    const infos: Info[] = [];
    for (const { type, name } of parsed.pairs) infos.push(this.named(await this.type(type), name));
    return { sources: infos.map((info) => this.load(info)), single: infos.length === 1, named: true };
  }

  private async fromNames(parsed: ParsedArguments) {
    const resources = await this.types(parsed.types);
    const [resource] = resources;
    if (!resource) throw new CommandError('you must provide a resource and a resource name together');
    if (resources.length > 1) throw new CommandError('you must specify only one resource');
    const infos = parsed.names.map((name) => this.named(resource, name));
    return { sources: infos.map((info) => this.load(info)), single: infos.length === 1, named: true };
  }

  private named(resource: ApiResource, name: string): Info {
    if (resource.namespaced && this.ns === '')
      throw new CommandError(
        this.wanted.allNamespaces
          ? 'a resource cannot be retrieved by name across all namespaces'
          : 'namespace may not be empty when retrieving a resource by name',
      );
    const { subresource } = this.wanted;
    return {
      resource,
      ns: resource.namespaced ? this.ns : '',
      name,
      source: '',
      ...(subresource ? { subresource } : {}),
    };
  }

  private load(info: Info): Source {
    return async (visit) =>
      visit(this.wanted.withoutObjects ? info : await loadInfo(this.context.client(), info, this.wanted.accept));
  }

  private fromFiles(files: FoundFiles, parsed: ParsedArguments) {
    if (parsed.types.length > 0 || parsed.names.length > 0)
      throw new CommandError(
        'when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well',
      );
    if (parsed.pairs.length > 0)
      throw new CommandError('resource/name arguments cannot be provided when a path is specified');
    const sources = files.sources.map(
      (read): Source =>
        async (visit) => {
          const selected = async (info: Info) => {
            if (this.selects(info)) await visit(info);
          };
          const { source, text } = await read();
          const errors: Error[] = [];
          for (const decoded of decodeManifests(text, source, { validate: this.validates() })) {
            const found = 'object' in decoded ? this.fromObject(decoded.object, source) : Promise.reject(decoded.error);
            await found
              .then((info) => this.flatten(info, selected))
              .catch((error: unknown) => {
                if (!this.wanted.continueOnError) throw error;
                errors.push(asError(error));
              });
          }
          ManyErrors.throwAll(errors);
        },
    );
    return { sources, single: files.single, named: true };
  }

  /** Whether an object of a file has the labels that `-l` asks for. */
  private selects({ object }: Info): boolean {
    const text = this.wanted.labelSelector ?? '';
    return text === '' || parseSelector(text).matches(Object.fromEntries(entriesAt(object, 'metadata.labels')));
  }

  /** Whether this command's --validate looks at what it reads. */
  private validates(): boolean {
    const { flags } = this.context;
    const asked = this.wanted.validates ?? flags.has('validate');
    return asked && !['false', 'ignore'].includes(flags.string('validate'));
  }

  private async fromObject(object: JsonObject, source: string): Promise<LoadedInfo> {
    const names = namesOf(object);
    const resource = isListObject(object) ? madeUpResource(names) : await this.resourceOf(names, source);
    return { resource, ns: names.ns, name: names.name, source, object };
  }

  private async resourceOf(names: ReturnType<typeof namesOf>, source: string): Promise<ApiResource> {
    if (this.wanted.local) return madeUpResource(names);
    try {
      return await this.context.mapper().kind(names.apiVersion, names.kind);
    } catch (error) {
      if (error instanceof UnreachableError)
        throw new PlainError(`unable to recognize ${JSON.stringify(source)}: ${error.message}`);
      if (!(error instanceof NoKindMatch)) throw error;
      throw new CommandError(
        `resource mapping not found for name: ${JSON.stringify(names.name)} namespace: ${JSON.stringify(names.ns)} from ${JSON.stringify(source)}: ${error.message}\nensure CRDs are installed first`,
      );
    }
  }

  /** Items of a list one by one; an object of its own as it is, with its namespace checked and set. */
  private async flatten(info: LoadedInfo, visit: (info: Info) => Promise<void>): Promise<void> {
    if (!isListObject(info.object) || this.wanted.flatten === false)
      return visit(info.name === '' && info.source === '' ? info : await this.settle(info));
    const list = info.object;
    const items = isList(list.items) ? list.items : [];
    for (const item of items) {
      if (!isObject(item)) continue;
      const object = typedItem(item, list);
      const names = namesOf(object);
      if (isListObject(object)) {
        await this.flatten({ ...info, object }, visit);
        continue;
      }
      const resource = info.source === '' ? info.resource : await this.resourceOf(names, info.source);
      await visit(
        info.source === ''
          ? { ...info, name: names.name, ns: names.ns, object }
          : await this.settle({ ...info, resource, name: names.name, ns: names.ns, object }),
      );
    }
  }

  private async settle(info: LoadedInfo): Promise<Info> {
    if (this.wanted.local) return info;
    if (!info.resource.namespaced) return { ...info, ns: '' };
    const required = this.wanted.requireNamespace ?? this.chosen.explicit;
    if (info.ns !== '' && required && info.ns !== this.chosen.ns)
      throw new CommandError(
        `the namespace from the provided object "${info.ns}" does not match the namespace "${this.chosen.ns}". You must pass '--namespace=${info.ns}' to perform this operation.`,
      );
    const ns = info.ns || this.chosen.ns;
    const metadata = isObject(info.object.metadata) ? info.object.metadata : {};
    const object = info.ns === '' ? { ...info.object, metadata: { ...metadata, namespace: ns } } : info.object;
    const settled = { ...info, ns, object };
    return this.wanted.latest && info.name ? loadInfo(this.context.client(), settled, this.wanted.accept) : settled;
  }
}

const missingResource = `You must provide one or more resources by argument or filename.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'
   '<resource> <name>'
   '<resource>'`;
