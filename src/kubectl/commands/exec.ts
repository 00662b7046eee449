// `kubectl exec` and `kubectl attach`
import { textAt } from '../../base/fields.ts';
import type { JsonObject } from '../../base/json.ts';
import { attachSession, detachKeysFlag, terminalWanted } from '../attach-session.ts';
import type { Command } from '../command.ts';
import type { Context } from '../context.ts';
import { CommandError } from '../errors.ts';
import { flag } from '../flags.ts';
import { attachablePod, chooseExecContainer, podRunningTimeout } from '../pod-target.ts';
import { runRemote } from '../remote-streams.ts';
import { findResources } from '../resource/builder.ts';
import { fileChoice, filenameFlag } from '../resource/files.ts';

const streamFlags = [
  flag.string('container', 'Container name. Default: the annotated one, or the first.', {
    shorthand: 'c',
    completes: { kind: 'containers' },
  }),
  flag.duration('pod-running-timeout', 'How long to wait until a pod is running', { default: '1m0s' }),
  flag.bool('quiet', "Print nothing but the remote session's output", { shorthand: 'q' }),
  flag.bool('stdin', 'Pass standard input to the container', { shorthand: 'i' }),
  flag.bool('tty', 'Standard input is a terminal', { shorthand: 't' }),
];

export const exec: Command = {
  use: 'exec (POD | TYPE/NAME) [-c CONTAINER] [flags] -- COMMAND [args...]',
  completes: { kind: 'pods' },
  long: 'Execute a command in a container.',
  example: `# A command in a pod
kubectl exec mypod -- date

# A shell in a container of it
kubectl exec mypod -c ruby-container -i -t -- bash -il

# In the first pod of a deployment
kubectl exec deploy/mydeployment -- date`,
  flags: [...streamFlags, filenameFlag('to use to exec into the resource')],
  run: runExec,
};

export const attach: Command = {
  use: 'attach (POD | TYPE/NAME) -c CONTAINER',
  completes: { kind: 'pods' },
  long: 'Attach to a process that is already running inside an existing container.',
  example: `# The output of a running pod
kubectl attach mypod

# With standard input and a terminal
kubectl attach mypod -c ruby-container -i -t`,
  flags: [...streamFlags, detachKeysFlag],
  run: runAttach,
};

async function runExec(context: Context): Promise<void> {
  const { args, argsBeforeDash, flags } = context;
  const files = fileChoice(flags);
  const fromFile = files.paths.length > 0;
  if (args.length === 0 && !fromFile) throw new CommandError('pod, type/name or --filename must be specified');
  const dash = argsBeforeDash;
  if (dash === -1 && args.length > 1) {
    throw context.usageError('exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead');
  }
  if (dash > (fromFile ? 0 : 1)) throw context.usageError('expected one pod before --');
  const command = args.slice(fromFile ? 0 : 1);
  if (command.length === 0) throw new CommandError('you must specify at least one command for the container');
  const pod = await targetPod(context, fromFile ? '' : (args[0] ?? ''));
  const phase = textAt(pod, 'status.phase');
  if (phase === 'Succeeded' || phase === 'Failed') {
    throw new CommandError(`cannot exec into a container in a completed pod; current phase is ${phase}`);
  }
  const container = chooseExecContainer(context, pod, chosen(context));
  await runRemote(context, { ...place(context, pod), subresource: 'exec', container, command });
}

async function runAttach(context: Context): Promise<void> {
  const { args } = context;
  if (args.length === 0) throw new CommandError('at least 1 argument is required for attach');
  if (args.length > 2)
    throw context.usageError(
      'expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments) saw ' + `${args.length}: [${args.join(' ')}]`,
    );
  const pod = await targetPod(context, args.length === 2 ? args.join('/') : (args[0] ?? ''));
  const phase = textAt(pod, 'status.phase');
  if (phase === 'Succeeded' || phase === 'Failed') {
    throw new CommandError(`cannot attach a container in a completed pod; current phase is ${phase}`);
  }
  const container = chooseExecContainer(context, pod, {
    ...chosen(context),
    prefix: 'cannot attach to the container: ',
  });
  await attachSession(context, pod, container);
}

async function targetPod(context: Context, target: string): Promise<JsonObject> {
  const runningTimeoutMs = podRunningTimeout(context, 'with usage');
  const args = target === '' ? [] : target.includes('/') ? [target] : ['pods', target];
  const found = await findResources(context, { args, ...(target === '' ? { files: fileChoice(context.flags) } : {}) });
  const [info] = await found.infos();
  if (!info) throw new CommandError('expected one pod');
  return attachablePod(context, info, runningTimeoutMs);
}

function chosen({ flags }: Context): { readonly named: string; readonly quiet: boolean } {
  return { named: flags.string('container'), quiet: flags.bool('quiet') };
}

/** Where the container is, and which streams the user wants. */
function place(context: Context, pod: JsonObject) {
  const { flags } = context;
  const ns = textAt(pod, 'metadata.namespace');
  const tty = terminalWanted(context, flags.bool('tty'));
  return { ns, pod: textAt(pod, 'metadata.name'), stdin: flags.bool('stdin'), tty };
}
