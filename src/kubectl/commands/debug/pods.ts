// The pods that debugging makes: with an ephemeral container, a copy, one on a node.
import { objectAt, objectsAt, textAt } from '../../../base/fields.ts';
import type { JsonObject } from '../../../base/json.ts';
import type { Context } from '../../context.ts';
import { CommandError } from '../../errors.ts';
import { nameSuffix } from '../../name-suffix.ts';
import { strategicMerge } from '../../patch/strategic.ts';
import { type DebugStyle, type Kept, profileOf, withContainer, withSpec } from './profiles.ts';

export interface DebugWish {
  readonly image: string;
  readonly container: string;
  /** What stands behind `--`. */
  readonly words: readonly string[];
  readonly env: readonly JsonObject[];
  /** Name to image; `*` for all. */
  readonly setImages: ReadonlyMap<string, string>;
  readonly profile: string;
  readonly custom: JsonObject | undefined;
  readonly kept: Kept;
}

export interface DebugPod {
  readonly pod: JsonObject;
  /** Empty when the copy has no further container. */
  readonly container: string;
}

/** The pod with one ephemeral container more. */
export function withEphemeral(context: Context, pod: JsonObject, wish: DebugWish): DebugPod {
  const name = debugName(context, pod, wish);
  const target = context.flags.string('target');
  const container = { ...newContainer(context, name, wish), ...(target === '' ? {} : { targetContainerName: target }) };
  const ephemeralContainers = [...objectsAt(pod, 'spec.ephemeralContainers'), container];
  return {
    pod: applyProfile(withSpec(pod, { ephemeralContainers }), wish, { style: 'ephemeral', name }),
    container: name,
  };
}

export function copyOf(context: Context, pod: JsonObject, wish: DebugWish): DebugPod {
  const { flags } = context;
  const { namespace, labels, annotations } = objectAt(pod, 'metadata') ?? {};
  const metadata = {
    name: flags.string('copy-to'),
    ...(namespace ? { namespace } : {}),
    ...(labels ? { labels } : {}),
    ...(annotations ? { annotations } : {}),
  };
  const containers = objectsAt(pod, 'spec.containers').map((one) => {
    const image = wish.setImages.get(textAt(one, 'name')) ?? wish.setImages.get('*');
    return image === undefined ? one : { ...one, image };
  });
  const copied = withSpec(
    { apiVersion: 'v1', kind: 'Pod', metadata, spec: objectAt(pod, 'spec') ?? {} },
    {
      containers,
      ephemeralContainers: undefined,
      ...(flags.changed('share-processes') ? { shareProcessNamespace: flags.bool('share-processes') } : {}),
      ...(flags.bool('same-node') ? {} : { nodeName: undefined }),
    },
  );
  const known = containerNames(copied).includes(wish.container);
  if (!known && wish.image === '') {
    if (wish.setImages.size > 0) return { pod: copied, container: '' };
    throw new CommandError('you must specify image when creating new container');
  }
  const name = known ? wish.container : debugName(context, copied, wish);
  const added = known
    ? withContainer(copied, name, (container) => ({ ...container, ...given(context, wish, container) }))
    : withSpec(copied, { containers: [...containers, newContainer(context, name, wish)] });
  return { pod: applyProfile(added, wish, { style: 'copy', name }), container: name };
}

export function nodePod(context: Context, node: string, wish: DebugWish): DebugPod {
  const name = `node-debugger-${node}-${nameSuffix(context.now())}`;
  const container = wish.container || 'debugger';
  if (!context.flags.bool('quiet')) {
    context.out(`Creating debugging pod ${name} with container ${container} on node ${node}.\n`);
  }
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { 'app.kubernetes.io/managed-by': 'kubectl-debug' } },
    spec: {
      containers: [newContainer(context, container, wish)],
      nodeName: node,
      restartPolicy: 'Never',
      tolerations: [{ operator: 'Exists' }],
    },
  };
  return { pod: applyProfile(pod, wish, { style: 'node', name: container }), container };
}

function newContainer(context: Context, name: string, wish: DebugWish): JsonObject {
  return {
    name,
    image: wish.image,
    ...given(context, wish, undefined),
    resources: {},
    terminationMessagePolicy: 'File',
  };
}

/** The fields of a container that flags set. */
function given({ flags }: Context, { image, words, env }: DebugWish, before: JsonObject | undefined): JsonObject {
  const policy = flags.string('image-pull-policy');
  const argumentsOnly = flags.bool('arguments-only');
  return {
    ...(words.length === 0
      ? {}
      : argumentsOnly
        ? { args: words }
        : { command: words, ...(before?.args ? { args: [] } : {}) }),
    ...(env.length > 0 ? { env } : {}),
    ...(image === '' ? {} : { image }),
    ...(policy === '' ? {} : { imagePullPolicy: policy }),
    ...(flags.bool('stdin') ? { stdin: true } : {}),
    ...(flags.bool('tty') ? { tty: true } : {}),
  };
}

function applyProfile(
  pod: JsonObject,
  wish: DebugWish,
  { style, name }: { readonly style: DebugStyle; readonly name: string },
): JsonObject {
  const profiled = profileOf(wish.profile)(pod, { style, container: name, kept: wish.kept });
  const { custom } = wish;
  return custom
    ? withContainer(profiled, name, (container) => strategicMerge(container, custom, ['containers', '*']))
    : profiled;
}

function containerNames(pod: JsonObject): readonly string[] {
  return ['containers', 'initContainers', 'ephemeralContainers'].flatMap((list) =>
    objectsAt(pod, `spec.${list}`).map((one) => textAt(one, 'name')),
  );
}

/** The asked name, or a made one that is told. */
function debugName(context: Context, pod: JsonObject, { container }: DebugWish): string {
  if (container !== '') return container;
  const taken = containerNames(pod);
  let seed = context.now();
  let name = `debugger-${nameSuffix(seed)}`;
  while (taken.includes(name)) name = `debugger-${nameSuffix(++seed)}`;
  if (!context.flags.bool('quiet')) context.out(`Defaulting debug container name to ${name}.\n`);
  return name;
}
