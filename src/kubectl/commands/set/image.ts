// `kubectl set image`
import { objectsAt, textAt } from '../../../base/fields.ts';
import type { JsonObject } from '../../../base/json.ts';
import { parsePairs, splitPairs } from '../../argument-pairs.ts';
import type { Command } from '../../command.ts';
import type { Context } from '../../context.ts';
import { CommandError, ManyErrors } from '../../errors.ts';
import { fileChoice, isFileChoiceEmpty } from '../../resource/files.ts';
import { changeSpecs, findSetTargets, setFlags } from './set-template.ts';

export const setImage: Command = {
  use: 'image (-f FILENAME | TYPE NAME) CONTAINER_NAME_1=CONTAINER_IMAGE_1 ... CONTAINER_NAME_N=CONTAINER_IMAGE_N',
  completes: {
    kind: 'resources',
    types: ['daemonsets', 'deployments', 'pods', 'cronjobs', 'replicasets', 'replicationcontrollers', 'statefulsets'],
    once: true,
  },
  short: 'Update the image of a pod template',
  example: `# Two containers of a deployment
kubectl set image deployment/nginx busybox=busybox nginx=nginx:1.9.1

# All containers
kubectl set image daemonset abc *=nginx:1.9.1`,
  flags: setFlags,
  run: runSetImage,
};

async function runSetImage(context: Context): Promise<void> {
  const { resources, pairs } = splitPairs(context.args, 'image');
  const { set: images } = parsePairs(pairs, 'image', false);
  const infos = await findSetTargets(context, resources);
  validate(context, resources, images);
  await changeSpecs(context, infos, {
    operation: 'image updated',
    failure: 'failed to patch image update to pod template: ',
    change: (spec, errors) => withImages(spec, images, errors),
  });
}

function validate({ flags }: Context, resources: readonly string[], images: ReadonlyMap<string, string>): void {
  const errors: Error[] = [];
  if (flags.bool('all') && flags.string('selector') !== '') {
    errors.push(new CommandError('cannot set --all and --selector at the same time'));
  }
  if (resources.length === 0 && isFileChoiceEmpty(fileChoice(flags))) {
    errors.push(new CommandError('one or more resources must be specified as <resource> <name> or <resource>/<name>'));
  }
  if (images.size === 0) errors.push(new CommandError('at least one image update is required'));
  else if (images.size > 1 && images.has('*')) {
    errors.push(
      new CommandError(
        'all containers are already specified by *, but saw more than one container_name=container_image pairs',
      ),
    );
  }
  ManyErrors.throwAll(errors);
}

function withImages(spec: JsonObject, images: ReadonlyMap<string, string>, errors: Error[]): JsonObject {
  const used = new Set<string>();
  const change = (container: JsonObject): JsonObject => {
    const name = images.has('*') ? '*' : textAt(container, 'name');
    const image = images.get(name);
    if (image === undefined) return container;
    used.add(name);
    return { ...container, image };
  };
  const after = mapContainers(spec, change);
  for (const name of images.keys()) {
    if (!used.has(name)) errors.push(new CommandError(`error: unable to find container named ${JSON.stringify(name)}`));
  }
  return after;
}

/** The spec with each container and init container changed. */
export function mapContainers(spec: JsonObject, change: (container: JsonObject) => JsonObject): JsonObject {
  const after = { ...spec, containers: objectsAt(spec, 'containers').map(change) };
  const init = objectsAt(spec, 'initContainers');
  return init.length > 0 ? { ...after, initContainers: init.map(change) } : after;
}

/** Whether a pattern of `-c` (with `*`) names a container. */
export function matchesContainer(pattern: string, container: JsonObject): boolean {
  const source = pattern.replace(/[.+^${}()|[\]\\?]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${source}$`).test(textAt(container, 'name'));
}
