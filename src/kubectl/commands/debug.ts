// `kubectl debug`: an ephemeral container in a pod, a changed copy of a pod, or a pod on a node.
import { parseYaml } from '../../api/yaml.ts';
import { at, numberAt, objectAt, objectsAt, textAt } from '../../base/fields.ts';
import { FileError, normalizePath } from '../../base/files.ts';
import { isObject, type JsonObject } from '../../base/json.ts';
import { resourcePath } from '../client/url.ts';
import type { Command } from '../command.ts';
import type { Context } from '../context.ts';
import { CommandError } from '../errors.ts';
import { flag } from '../flags.ts';
import { invalidImageName, isImageName } from '../image-name.ts';
import { twoWayPatch } from '../patch/three-way.ts';
import { findResources } from '../resource/builder.ts';
import type { LoadedInfo } from '../resource/info.ts';
import { patchInfo } from '../write-object.ts';
import { attachToDebug } from './debug/attach.ts';
import { copyOf, type DebugPod, type DebugWish, nodePod, withEphemeral } from './debug/pods.ts';
import { profileOf } from './debug/profiles.ts';

export const debug: Command = {
  use: 'debug (POD | TYPE[[.VERSION].GROUP]/NAME) [ -- COMMAND [args...] ]',
  completes: { kind: 'resources' },
  long: `Debug pods and nodes with a further container.

A pod gets an ephemeral container, or is copied with changes (--copy-to). For a node a pod is made that runs in its namespaces and sees its files under /host.`,
  example: `# A shell in an ephemeral container of a pod
kubectl debug mypod -it --image=busybox

# A copy of the pod with a further container
kubectl debug mypod -it --image=debian --copy-to=my-debugger

# A pod on a node
kubectl debug node/mynode -it --image=busybox`,
  flags: [
    flag.stringSlice('filename', 'Files identifying the resource to debug', { shorthand: 'f' }),
    flag.bool('arguments-only', 'What stands behind -- are arguments, not the command.'),
    flag.bool('attach', 'Wait for the container to run, and attach to it. Default: true with -i.'),
    flag.string('container', 'Name of the container for debugging.', { shorthand: 'c' }),
    flag.string('copy-to', 'Make a copy of the pod with this name.'),
    flag.string('custom', 'File with a part of a container spec that is laid over the new container.'),
    flag.stringSlice('env', 'Environment variables of the container.'),
    flag.string('image', 'The image for the container.'),
    flag.string('image-pull-policy', "The container's image pull policy; the server's default where absent."),
    flag.bool('keep-annotations', 'The copy keeps the annotations.'),
    flag.bool('keep-init-containers', 'The copy keeps the init containers.', { default: 'true' }),
    flag.bool('keep-labels', 'The copy keeps the labels.'),
    flag.bool('keep-liveness', 'The copy keeps the liveness probes.'),
    flag.bool('keep-readiness', 'The copy keeps the readiness probes.'),
    flag.bool('keep-startup', 'The copy keeps the startup probes.'),
    flag.string('profile', 'One of general, baseline, restricted, netadmin, sysadmin.', { default: 'general' }),
    flag.bool('quiet', 'Print nothing but what matters.', { shorthand: 'q' }),
    flag.bool('replace', 'With --copy-to: delete the original pod.'),
    flag.bool('same-node', 'With --copy-to: on the same node.'),
    flag.stringSlice('set-image', 'With --copy-to: name=image pairs of containers to change; * for all.'),
    flag.bool('share-processes', 'With --copy-to: containers share their processes.', { default: 'true' }),
    flag.bool('stdin', 'Keep standard input of the container open.', { shorthand: 'i' }),
    flag.string('target', 'See the processes of this container.'),
    flag.bool('tty', 'Allocate a terminal for the container.', { shorthand: 't' }),
  ],
  run: runDebug,
};

async function runDebug(context: Context): Promise<void> {
  const { args, argsBeforeDash, flags } = context;
  const names = argsBeforeDash >= 0 ? args.slice(0, argsBeforeDash) : args;
  const wish = readWish(context, argsBeforeDash >= 0 ? args.slice(argsBeforeDash) : []);
  validate(context, names, wish);
  const attach = flags.changed('attach') ? flags.bool('attach') : flags.bool('stdin');
  const paths = flags.strings('filename');
  const found = await findResources(context, {
    args: names.length === 0 || names.some((name) => name.includes('/')) ? names : ['pods', ...names],
    ...(paths.length > 0 ? { files: { paths, recursive: false, kustomize: '' }, latest: true } : {}),
  });
  await found.visit(async (info) => {
    const made = await debugOne(context, { ...info, object: info.object ?? {} }, wish);
    if (attach && made.container !== '') await attachToDebug(context, made.pod, made.container);
  });
}

function readWish({ flags, process }: Context, words: readonly string[]): DebugWish {
  const pairs = (name: string) =>
    flags.strings(name).map((pair): [string, string] => {
      const equals = pair.indexOf('=');
      if (equals < 0)
        throw new CommandError(
          `invalid argument "${pair}" for "--${name}" flag: ${pair} must be formatted as key=value`,
        );
      return [pair.slice(0, equals), pair.slice(equals + 1)];
    });
  profileOf(flags.string('profile'));
  return {
    image: flags.string('image'),
    container: flags.string('container'),
    words,
    env: pairs('env').map(([name, value]) => ({ name, value })),
    setImages: new Map(pairs('set-image')),
    profile: flags.string('profile'),
    custom: readCustom(flags.string('custom'), (path) =>
      process.machine.files.readText(normalizePath(path, process.cwd)),
    ),
    kept: {
      labels: flags.bool('keep-labels'),
      annotations: flags.bool('keep-annotations'),
      liveness: flags.bool('keep-liveness'),
      readiness: flags.bool('keep-readiness'),
      startup: flags.bool('keep-startup'),
      initContainers: flags.bool('keep-init-containers'),
    },
  };
}

function readCustom(path: string, read: (path: string) => string): JsonObject | undefined {
  if (path === '') return undefined;
  let text: string;
  try {
    text = read(path);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new CommandError(
      `must pass a container spec json file for custom profile: open ${path}: ${error.message.toLowerCase()}`,
    );
  }
  const { value, problem } = parseYaml(text);
  if (problem !== undefined || !isObject(value)) {
    throw new CommandError(`${path} does not contain a valid container spec: ${problem ?? 'not an object'}`);
  }
  if (['name', 'command', 'image', 'lifecycle', 'volumeDevices'].some((field) => at(value, field) !== undefined)) {
    throw new CommandError('name, command, image, lifecycle and volume devices are not modifiable via custom profile');
  }
  return value;
}

function validate(context: Context, names: readonly string[], wish: DebugWish): void {
  const { flags } = context;
  const fail = (message: string): never => {
    throw new CommandError(message);
  };
  const { image, container, words, setImages } = wish;
  if (flags.bool('attach') && image === '' && container === '')
    fail('you must specify --container or create a new container using --image in order to attach.');
  if (flags.string('copy-to') !== '') {
    if (image === '' && setImages.size === 0 && words.length === 0)
      fail('you must specify --image, --set-image or command arguments.');
    if (words.length > 0 && container === '' && image === '')
      fail('you must specify an existing container or a new image when specifying args.');
  } else {
    for (const name of ['replace', 'same-node'])
      if (flags.bool(name)) fail(`--${name} may only be used with --copy-to.`);
    if (setImages.size > 0) fail('--set-image may only be used with --copy-to.');
    if (image === '') fail('you must specify --image when not using --copy-to.');
  }
  if (image !== '' && !isImageName(image)) fail(`invalid image name ${JSON.stringify(image)}: ${invalidImageName}`);
  if (names.length === 0 && flags.strings('filename').length === 0) fail('NAME or filename is required for debug');
  const policy = flags.string('image-pull-policy');
  if (!['', 'Always', 'IfNotPresent', 'Never'].includes(policy)) fail(`invalid image pull policy: ${policy}`);
  for (const [name, one] of setImages)
    if (!isImageName(one))
      fail(`invalid image name ${JSON.stringify(one)} for container ${JSON.stringify(name)}: ${invalidImageName}`);
  const target = flags.string('target');
  if (target !== '') {
    if (flags.string('copy-to') !== '') fail('--target is incompatible with --copy-to. Use --share-processes instead.');
    if (!flags.bool('quiet'))
      context.out(
        `Targeting container ${JSON.stringify(target)}. If you don't see processes from this container it may be because the container runtime doesn't support this feature.\n`,
      );
  }
  if (flags.bool('tty') && !flags.bool('stdin')) fail('-i/--stdin is required for containers with -t/--tty=true');
  if (wish.profile === 'legacy')
    context.err(
      '--profile=legacy is deprecated and planned to be removed in v1.39. It is recommended to specify other profile, for example "--profile=general".\n',
    );
}

const pods = { group: '', version: 'v1', resource: 'pods' };

async function debugOne(context: Context, info: LoadedInfo, wish: DebugWish): Promise<DebugPod> {
  const { kind, group, version } = info.resource;
  if (kind === 'Node' && group === '') {
    const made = nodePod(context, info.name, wish);
    return { ...made, pod: await createPod(context, made.pod, context.namespace().ns) };
  }
  if (kind !== 'Pod' || group !== '')
    throw new CommandError(`"${group}/${version}, Kind=${kind}" not supported by debug`);
  if (context.flags.string('copy-to') === '') {
    const made = withEphemeral(context, info.object, wish);
    warnOfUser(context, made);
    const patch = twoWayPatch(info.object, made.pod, 'strategic');
    const pod = await patchInfo(context, info, { type: 'strategic', patch, subresource: 'ephemeralcontainers' });
    return { ...made, pod };
  }
  const made = copyOf(context, info.object, wish);
  warnOfUser(context, made);
  const pod = await createPod(context, made.pod, info.ns);
  if (context.flags.bool('replace'))
    await context.client().object({
      method: 'DELETE',
      path: resourcePath(pods, { ns: info.ns, name: info.name }),
      body: { kind: 'DeleteOptions', apiVersion: 'v1', gracePeriodSeconds: 0 },
      about: { resource: 'pods', name: info.name },
    });
  return { ...made, pod };
}

function createPod(context: Context, pod: JsonObject, ns: string): Promise<JsonObject> {
  const path = resourcePath(pods, { ns });
  return context.client().object({ method: 'POST', path, body: pod, about: { resource: 'pods' } });
}

/** Capabilities do little for a container that does not run as root. */
function warnOfUser(context: Context, { pod, container }: DebugPod): void {
  if (!numberAt(pod, 'spec.securityContext.runAsUser')) return;
  const all = [...objectsAt(pod, 'spec.containers'), ...objectsAt(pod, 'spec.ephemeralContainers')];
  const security = objectAt(
    all.find((one) => textAt(one, 'name') === container),
    'securityContext',
  );
  if (!security || security.runAsUser === 0) return;
  if (security.privileged !== true && !at(security, 'capabilities.add')) return;
  context.err(
    'Warning: Non-root user is configured for the entire target Pod, and some capabilities granted by debug profile may not work. Please consider using "--custom" with a custom profile that specifies "securityContext.runAsUser: 0".\n',
  );
}
