// `kubectl run`

import { objectAt } from '../../base/fields.ts';
import { quote } from '../../base/go/quote.ts';
import type { JsonObject } from '../../base/json.ts';
import { detachKeysFlag } from '../attach-session.ts';
import { recordCause } from '../change-cause.ts';
import {
  type DryRun,
  deletionFlags,
  dryRunFlag,
  dryRunOf,
  fieldManagerFlag,
  recordFlag,
  saveConfigFlag,
  writeQuery,
} from '../change-flags.ts';
import { resourcePath } from '../client/url.ts';
import type { Command } from '../command.ts';
import type { Context } from '../context.ts';
import { CommandError } from '../errors.ts';
import { flag } from '../flags.ts';
import { invalidImageName, isImageName } from '../image-name.ts';
import { withLastApplied } from '../last-applied.ts';
import { overrideFlags, withOverrides } from '../overrides.ts';
import { podRunningTimeout } from '../pod-target.ts';
import { printFlags } from '../print/printer.ts';
import { fileFlags } from '../resource/files.ts';
import { resultPrinter } from '../result-printer.ts';
import { parseLabels } from './expose.ts';
import { attachToRun } from './run/attach.ts';

export const run: Command = {
  use: 'run NAME --image=image [--env="key=value"] [--port=port] [--dry-run=server|client] [--overrides=inline-json] [--command] -- [COMMAND] [args...]',
  long: 'Create and run a particular image in a pod.',
  example: `# An nginx pod
kubectl run nginx --image=nginx

# A pod with variables and labels
kubectl run hazelcast --image=hazelcast/hazelcast --env="DNS_DOMAIN=cluster" --labels="app=hazelcast,env=prod"

# A busybox in the foreground that goes when it ends
kubectl run -i -t busybox --image=busybox --restart=Never --rm`,
  flags: [
    recordFlag,
    ...printFlags(),
    saveConfigFlag,
    dryRunFlag,
    fieldManagerFlag('kubectl-run'),
    ...fileFlags('to use to replace the resource'),
    ...deletionFlags,
    detachKeysFlag,
    flag.stringArray('annotations', 'Annotations to apply to the pod.'),
    flag.bool('attach', 'Wait for the pod to run, and attach to it. Default: true with -i.'),
    flag.bool('command', 'Use the further arguments as the command, not as its arguments.'),
    flag.stringArray('env', 'Environment variables of the container.'),
    flag.bool('expose', 'Create a ClusterIP service for the pod. Requires --port.'),
    flag.string('image', 'The image for the container to run.', { required: true }),
    flag.string('image-pull-policy', "The container's image pull policy; the server's default where absent."),
    flag.string('labels', 'Comma separated labels of the pod.', { shorthand: 'l' }),
    flag.bool('leave-stdin-open', 'Leave standard input open after the first attach.'),
    ...overrideFlags,
    flag.duration('pod-running-timeout', 'How long to wait until a pod is running', { default: '1m0s' }),
    flag.string('port', 'The port that this container exposes.'),
    flag.bool('privileged', 'Run the container in privileged mode.'),
    flag.bool('quiet', 'Print no prompts.', { shorthand: 'q' }),
    flag.string('restart', 'The restart policy of the pod: Always, OnFailure or Never.', { default: 'Always' }),
    flag.bool('rm', 'Delete the pod after it has ended. Only with --attach or -i.'),
    flag.bool('stdin', 'Keep standard input of the container open.', { shorthand: 'i' }),
    flag.bool('tty', 'Allocate a terminal for the container.', { shorthand: 't' }),
  ],
  run: runRun,
};

async function runRun(context: Context): Promise<void> {
  const { flags, args } = context;
  const [name] = args;
  if (name === undefined || context.argsBeforeDash === 0) throw context.usageError('NAME is required for run');
  podRunningTimeout(context, 'with usage');
  const dryRun = dryRunOf(context);
  const attach = flags.changed('attach') ? flags.bool('attach') : flags.bool('stdin');
  validate(context, attach, dryRun);
  const pod = await createObject(context, dryRun, 'pods', withOverrides(context, podObject(context, name)));
  const print = resultPrinter(context, dryRun, { typed: dryRun === 'client' });
  if (flags.bool('expose')) {
    const service = await createObject(context, dryRun, 'services', serviceObject(context, name));
    print(service, 'created');
    if (flags.string('output') === 'yaml') context.out('---\n');
  }
  if (attach) await attachToRun(context, pod);
  else print(pod, 'created');
}

function validate(context: Context, attach: boolean, dryRun: DryRun): void {
  const { flags } = context;
  const image = flags.string('image');
  if (image === '') throw new CommandError('--image is required');
  if (!isImageName(image)) throw new CommandError(`Invalid image name ${quote(image)}: ${invalidImageName}`);
  if (flags.bool('tty') && !flags.bool('stdin')) {
    throw context.usageError('-i/--stdin is required for containers with -t/--tty=true');
  }
  if (flags.bool('expose') && flags.string('port') === '') {
    throw context.usageError('--port must be set when exposing a service');
  }
  const restart = flags.string('restart');
  if (!['', 'Always', 'OnFailure', 'Never'].includes(restart)) {
    throw context.usageError(`invalid restart policy: ${restart}`);
  }
  if (!attach && flags.bool('rm')) throw context.usageError('--rm should only be used for attached containers');
  if (attach && dryRun !== 'none') {
    throw context.usageError(
      "--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)",
    );
  }
  const policy = flags.string('image-pull-policy');
  if (!['', 'Always', 'IfNotPresent', 'Never'].includes(policy)) {
    throw context.usageError(`invalid image pull policy: ${policy}`);
  }
}

function podObject({ flags, args }: Context, name: string): JsonObject {
  const words = args.slice(1);
  const labels = flags.string('labels') === '' ? { run: name } : parseLabels(flags.string('labels'));
  const annotations = Object.fromEntries(flags.strings('annotations').map((pair) => splitPair(pair, 'annotation')));
  const env = flags.strings('env').map((pair) => {
    const [key, value] = splitPair(pair, 'env');
    return { name: key, value };
  });
  const port = flags.string('port');
  const container = {
    name,
    image: flags.string('image'),
    ...(flags.bool('command') && words.length > 0 ? { command: words } : {}),
    ...(!flags.bool('command') && words.length > 0 ? { args: words } : {}),
    ...(port === '' ? {} : { ports: [{ containerPort: parsePort(port) }] }),
    ...(env.length > 0 ? { env } : {}),
    resources: {},
    ...(flags.string('image-pull-policy') === '' ? {} : { imagePullPolicy: flags.string('image-pull-policy') }),
    ...(flags.bool('privileged') ? { securityContext: { privileged: true } } : {}),
    ...(flags.bool('stdin') ? { stdin: true } : {}),
    ...(flags.bool('stdin') && !flags.bool('leave-stdin-open') ? { stdinOnce: true } : {}),
    ...(flags.bool('tty') ? { tty: true } : {}),
  };
  const restartPolicy = flags.string('restart') || (flags.bool('stdin') ? 'OnFailure' : 'Always');
  return {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: { name, labels, ...(Object.keys(annotations).length > 0 ? { annotations } : {}) },
    spec: { containers: [container], restartPolicy, dnsPolicy: 'ClusterFirst' },
    status: {},
  };
}

function splitPair(pair: string, what: 'env' | 'annotation'): readonly [string, string] {
  const equals = pair.indexOf('=');
  if (equals < 1)
    throw new CommandError(`invalid ${what}: ${pair}`.replace('invalid annotation: ', 'Invalid annotations: '));
  return [pair.slice(0, equals), pair.slice(equals + 1)];
}

function parsePort(text: string): number {
  if (!/^[+-]?\d+$/.test(text)) throw new CommandError(`strconv.Atoi: parsing ${quote(text)}: invalid syntax`);
  return Number(text);
}

function serviceObject({ flags }: Context, name: string): JsonObject {
  const labels = flags.string('labels') === '' ? { run: name } : parseLabels(flags.string('labels'));
  const port = parsePort(flags.string('port'));
  return {
    kind: 'Service',
    apiVersion: 'v1',
    metadata: { name, ...(flags.string('labels') === '' ? {} : { labels }) },
    spec: { ports: [{ protocol: 'TCP', port, targetPort: port }], selector: labels },
    status: { loadBalancer: {} },
  };
}

async function createObject(
  context: Context,
  dryRun: DryRun,
  resource: 'pods' | 'services',
  made: JsonObject,
): Promise<JsonObject> {
  const { flags } = context;
  const namespace = context.namespace();
  const object = recordCause(context, made);
  if (dryRun === 'client') {
    if (!namespace.explicit) return object;
    return { ...object, metadata: { ...objectAt(object, 'metadata'), namespace: namespace.ns } };
  }
  return context.client().object({
    method: 'POST',
    path: resourcePath({ group: '', version: 'v1', resource }, { ns: namespace.ns }),
    query: writeQuery({ dryRun, fieldManager: flags.string('field-manager') }),
    body: flags.bool('save-config') ? withLastApplied(object) : object,
    about: { resource },
  });
}
