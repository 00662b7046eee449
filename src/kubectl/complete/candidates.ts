// Candidates for an argument or a flag's value: from the cluster, the kubeconfig, the disk. What cannot be had is empty.
import { numberAt, objectsAt, textAt } from '../../base/fields.ts';
import { FileError, normalizePath } from '../../base/files.ts';
import type { JsonObject } from '../../base/json.ts';
import { preferred } from '../client/mapper.ts';
import { loadKubeconfig } from '../config/kubeconfig.ts';
import type { Context } from '../context.ts';
import { asError } from '../errors.ts';
import type { Completion } from '../flags.ts';
import { attachablePod } from '../pod-target.ts';
import { findResources } from '../resource/builder.ts';
import { groupResource } from '../resource/info.ts';
import { type Completed, defaults, filesByEnding, noFiles, noSpace } from './completed.ts';

interface Asked {
  /** The arguments before the word. */
  readonly args: readonly string[];
  readonly last: string;
}

export async function candidatesFor(
  context: Context,
  completion: Completion | undefined,
  asked: Asked,
): Promise<Completed> {
  const { args, last } = asked;
  const plain = (words: readonly string[], directive = noFiles): Completed => ({
    candidates: words.filter((word) => word.startsWith(last)).map((word) => ({ word })),
    directive,
  });
  switch (completion?.kind) {
    case undefined:
      return { candidates: [], directive: defaults };
    case 'files':
      return { candidates: completion.extensions.map((word) => ({ word })), directive: filesByEnding };
    case 'words':
      return plain(completion.words);
    case 'names':
      return plain(args.length === 0 ? await namesOf(context, completion.of) : []);
    case 'kubeconfig':
      return plain(args.length === 0 ? namesInKubeconfig(context, completion.of) : []);
    case 'containers':
      return plain(args[0] === undefined ? [] : await containersOf(context, args[0]));
    case 'resources':
      return resources(context, completion, asked);
    case 'pods':
      return pods(context, completion.parts, asked);
    case 'copies':
      return plain(await copies(context, asked), noSpace);
  }
}

type Resources = Extract<Completion, { kind: 'resources' }>;

/** `TYPE NAME…` or `TYPE/NAME…`. */
async function resources(context: Context, { types, once }: Resources, { args, last }: Asked): Promise<Completed> {
  const of = (words: readonly string[], directive = noFiles): Completed => ({
    candidates: words.map((word) => ({ word })),
    directive,
  });
  const [first] = args;
  if (first !== undefined && !first.includes('/')) {
    if (once && args.length > 1) return of([]);
    const names = (await namesOf(context, first)).filter((name) => name.startsWith(last));
    return of(names.filter((name) => !args.slice(1).includes(name)));
  }
  const slash = last.indexOf('/');
  if (slash >= 0) {
    if (once && args.length > 0) return of([]);
    const type = last.slice(0, slash);
    const names = (await namesOf(context, type)).map((name) => `${type}/${name}`);
    return of(names.filter((name) => name.startsWith(last) && !args.includes(name)));
  }
  const known = types ? types.filter((type) => type.startsWith(last)) : await typesOf(context, last);
  if (first === undefined) return of(known);
  return once
    ? of([])
    : of(
        known.map((type) => `${type}/`),
        noFiles | noSpace,
      );
}

const typesWithPods = [
  'daemonsets',
  'deployments',
  'pods',
  'jobs',
  'replicasets',
  'replicationcontrollers',
  'services',
  'statefulsets',
];

async function pods(
  context: Context,
  parts: 'containers' | 'ports' | undefined,
  { args, last }: Asked,
): Promise<Completed> {
  const [first] = args;
  if (first !== undefined) {
    const more = args.length > 1 || parts === undefined ? [] : await partsOf(context, parts, first, last);
    return { candidates: more.filter((word) => word.startsWith(last)).map((word) => ({ word })), directive: noFiles };
  }
  const slash = last.indexOf('/');
  const type = last.slice(0, slash);
  const names = await namesOf(context, slash < 0 ? 'pod' : type);
  const found = names.map((name) => (slash < 0 ? name : `${type}/${name}`)).filter((name) => name.startsWith(last));
  const types = slash < 0 ? typesWithPods.filter((one) => one.startsWith(last)).map((one) => `${one}/`) : [];
  const directive = slash < 0 && found.length === 0 ? noFiles | noSpace : noFiles;
  return { candidates: [...found, ...types].map((word) => ({ word })), directive };
}

async function partsOf(
  context: Context,
  what: 'containers' | 'ports',
  target: string,
  last: string,
): Promise<readonly string[]> {
  if (what === 'containers') return containersOf(context, target);
  const [type = '', name = ''] = target.split('/');
  const isService = ['service', 'services', 'svc'].includes(type);
  const object = isService ? await objectNamed(context, 'service', name) : await podOf(context, target);
  const ports = isService
    ? objectsAt(object, 'spec.ports').map((port) => numberAt(port, 'port'))
    : objectsAt(object, 'spec.containers').flatMap((container) =>
        objectsAt(container, 'ports').map((port) => numberAt(port, 'containerPort')),
      );
  const [local] = last.split(':');
  return ports.map((port) => `${last === '' ? port : local}:${port}`);
}

async function containersOf(context: Context, target: string): Promise<readonly string[]> {
  const pod = await podOf(context, target);
  return ['spec.initContainers', 'spec.containers'].flatMap((list) =>
    objectsAt(pod, list).map((container) => textAt(container, 'name')),
  );
}

/** The pod, or a pod of the workload, that an argument names. */
async function podOf(context: Context, target: string): Promise<JsonObject | undefined> {
  return quietly(undefined, async () => {
    const args = target.includes('/') ? [target] : ['pods', target];
    const [info] = await (await findResources(context, { args })).infos();
    return info && attachablePod(context, info, podTimeoutMs);
  });
}

const podTimeoutMs = 100;

async function objectNamed(context: Context, type: string, name: string): Promise<JsonObject | undefined> {
  return quietly(undefined, async () => {
    const [info] = await (await findResources(context, { args: [type, name] })).infos();
    return info?.object;
  });
}

async function namesOf(context: Context, type: string, ns?: string): Promise<readonly string[]> {
  return quietly([], async () => {
    const wanted = { args: [type], allowAll: true, ...(ns === undefined ? {} : { ns }) };
    const { infos } = await (await findResources(context, wanted)).collect();
    return infos.map(({ name }) => name);
  });
}

/** Types that can be got; after a comma the list goes on. */
async function typesOf(context: Context, last: string): Promise<readonly string[]> {
  const comma = last.lastIndexOf(',') + 1;
  const [before, typed] = [last.slice(0, comma), last.slice(comma)];
  return quietly([], async () =>
    preferred(await context.mapper().groups())
      .filter(({ verbs }) => verbs.includes('get'))
      .sort((a, b) => compare(a.group, b.group) || compare(a.resource, b.resource))
      .map((resource) => groupResource(resource))
      .filter((name) => name.startsWith(typed))
      .map((name) => before + name),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function namesInKubeconfig(context: Context, of: 'contexts' | 'clusters' | 'users'): readonly string[] {
  const { flags, process } = context;
  return [...loadKubeconfig(process, flags.string('kubeconfig'))[of].keys()].sort();
}

/** What `kubectl cp` takes: files, namespaces with a slash, pods with a colon. */
async function copies(context: Context, { args, last }: Asked): Promise<readonly string[]> {
  if (args.length > 0 || /^[/.~]/.test(last) || last.includes(':')) return [];
  const slash = last.indexOf('/');
  if (slash > 0) {
    const ns = last.slice(0, slash);
    return (await namesOf(context, 'pod', ns)).map((name) => `${ns}/${name}:`);
  }
  const found = [
    ...(await namesOf(context, 'namespace')).map((name) => `${name}/`),
    ...(await namesOf(context, 'pod')).map((name) => `${name}:`),
  ].filter((word) => word.startsWith(last));
  if (last === '') return [...found, './', '/'].filter(Boolean);
  return found.length > 0 ? [...found, ...filesHere(context)] : found;
}

function filesHere({ process }: Context): readonly string[] {
  const { files } = process.machine;
  return files.list(process.cwd).map((name) => {
    const isFolder = files.stat(normalizePath(name, process.cwd)).kind === 'directory';
    return isFolder ? `${name}/` : name;
  });
}

/** Whoever presses Tab does not want to be told what went wrong. */
async function quietly<T>(otherwise: T, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (thrown) {
    if (thrown instanceof FileError) return otherwise;
    asError(thrown);
    return otherwise;
  }
}
