// `kubectl logs`

import { decodeUtf8 } from '../../base/bytes.ts';
import { objectsAt, textAt } from '../../base/fields.ts';
import type { JsonObject } from '../../base/json.ts';
import { selectorFlag } from '../change-flags.ts';
import { bodyText } from '../client/client.ts';
import { type Query, resourcePath } from '../client/url.ts';
import type { Command } from '../command.ts';
import type { Context } from '../context.ts';
import { CommandError, isNotFound, ManyErrors, StatusError } from '../errors.ts';
import { flag } from '../flags.ts';
import {
  allContainerNames,
  attachablePods,
  defaultContainer,
  hasContainer,
  podRunningTimeout,
  podsOf,
} from '../pod-target.ts';
import { findResources } from '../resource/builder.ts';
import type { LoadedInfo } from '../resource/info.ts';

export const logs: Command = {
  use: 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]',
  completes: { kind: 'pods', parts: 'containers' },
  long: 'Print the logs of a container of a pod, or of a workload. The container may be left out where there is only one.',
  example: `# Of a pod
kubectl logs nginx

# Of a pod of a deployment, as they come
kubectl logs -f deployment/nginx

# Of the container before the last restart
kubectl logs -p -c ruby web-1

# The last twenty lines
kubectl logs --tail=20 nginx`,
  flags: [
    flag.bool('all-containers', 'All containers of the pods.'),
    flag.bool('all-pods', 'All pods of the workload, with prefixes.'),
    flag.string('container', 'Print the logs of this container', { shorthand: 'c' }),
    flag.bool('follow', 'Print the logs as they come.', { shorthand: 'f' }),
    flag.bool('ignore-errors', 'With -f: go on after errors.'),
    flag.bool('insecure-skip-tls-verify-backend', "Do not check the kubelet's identity."),
    flag.int64('limit-bytes', 'At most this many bytes; 0 has no limit.'),
    flag.int('max-log-requests', 'With a selector: at most this many streams at once.', { default: '5' }),
    flag.duration('pod-running-timeout', 'How long to wait until a pod is running', { default: '20s' }),
    flag.bool('prefix', 'Begin each line with pod and container.'),
    flag.bool('previous', 'The logs of the container before this one.', { shorthand: 'p' }),
    selectorFlag,
    flag.duration('since', 'Only logs younger than this (5s, 2m, 3h).'),
    flag.string('since-time', 'Only logs after this time (RFC3339).'),
    flag.int64('tail', 'The last lines; -1 shows all. With a selector the default is 10.', { default: '-1' }),
    flag.bool('timestamps', 'Begin each line with its time.'),
  ],
  run: runLogs,
};

const usage = `expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.
POD or TYPE/NAME is a required argument for the logs command`;

interface LogSource {
  readonly pod: JsonObject;
  readonly container: string;
}

async function runLogs(context: Context): Promise<void> {
  const { flags, args } = context;
  const selector = flags.string('selector');
  if (args.length === 0 && selector === '') throw context.usageError(usage);
  if (args.length === 1 && selector !== '') {
    throw context.usageError('only a selector (-l) or a POD name is allowed');
  }
  if (args.length > 2) throw context.usageError(usage);
  const runningTimeoutMs = podRunningTimeout(context);
  validate(context);
  const sources =
    selector === '' ? await namedSources(context, runningTimeoutMs) : await selectedSources(context, selector);
  const follow = flags.bool('follow');
  if (follow && sources.length > flags.number('max-log-requests') && sources.length > 1) {
    throw new CommandError(
      `you are attempting to follow ${sources.length} log streams, but maximum allowed concurrency is ${flags.number('max-log-requests')}, use --max-log-requests to increase the limit`,
    );
  }
  if (follow && sources.length > 1) await Promise.all(sources.map((source) => stream(context, source)));
  else for (const source of sources) await stream(context, source);
}

function validate({ flags, args }: Context): void {
  const sinceTime = flags.string('since-time');
  if (sinceTime !== '' && !/^\d{4}-\d\d-\d\dT/.test(sinceTime)) {
    throw new CommandError(
      `parsing time "${sinceTime}" as "2006-01-02T15:04:05Z07:00": cannot parse "${sinceTime}" as "2006"`,
    );
  }
  if (sinceTime !== '' && flags.number('since') !== 0) {
    throw new CommandError('at most one of `sinceTime` or `sinceSeconds` may be specified');
  }
  const container = containerOf({ flags, args });
  if (flags.bool('all-containers') && container !== '') {
    throw new CommandError(`--all-containers=true should not be specified with container name ${container}`);
  }
  if (flags.string('container') !== '' && args.length === 2) {
    throw new CommandError('only one of -c or an inline [CONTAINER] arg is allowed');
  }
  if (flags.number('limit-bytes') < 0) throw new CommandError('--limit-bytes must be greater than 0');
  if (flags.number('since') < 0) throw new CommandError('--since must be greater than 0');
  if (flags.number('tail') < -1) throw new CommandError('--tail must be greater than or equal to -1');
}

function containerOf({ flags, args }: Pick<Context, 'flags' | 'args'>): string {
  return flags.string('container') || (args[1] ?? '');
}

async function namedSources(context: Context, runningTimeoutMs: number): Promise<readonly LogSource[]> {
  const info = await findOne(context);
  if (info.resource.kind === 'Pod') return sourcesOf(context, info.object, false);
  const object = { ...info.object, kind: info.resource.kind };
  const allPods = context.flags.bool('all-pods');
  const pods = await attachablePods(context, { ...info, object }, runningTimeoutMs);
  const [first = {}] = pods;
  if (allPods) return pods.flatMap((pod) => sourcesOf(context, pod, true));
  if (pods.length > 1) context.err(`Found ${pods.length} pods, using pod/${textAt(first, 'metadata.name')}\n`);
  return sourcesOf(context, first, false);
}

async function findOne(context: Context): Promise<LoadedInfo> {
  const [target = ''] = context.args;
  const found = await findResources(context, { args: target.includes('/') ? [target] : ['pods', target] });
  try {
    const [info] = await found.infos();
    if (info) return info;
  } catch (thrown) {
    const error = thrown instanceof ManyErrors ? (thrown.errors[0] ?? thrown) : thrown;
    if (!isNotFound(error) || !(error instanceof StatusError)) throw thrown;
    const { ns } = context.namespace();
    throw new CommandError(`error from server (NotFound): ${error.message} in namespace ${JSON.stringify(ns)}`);
  }
  throw new CommandError('expected a resource');
}

async function selectedSources(context: Context, selector: string): Promise<readonly LogSource[]> {
  const { ns } = context.namespace();
  const pods = await podsOf(context, ns, selector);
  if (pods.length === 0) context.err(`No resources found in ${ns} namespace.\n`);
  return pods.flatMap((pod) => sourcesOf(context, pod, false));
}

function sourcesOf(context: Context, pod: JsonObject, quiet: boolean): readonly LogSource[] {
  if (context.flags.bool('all-containers')) {
    return ['initContainers', 'containers', 'ephemeralContainers']
      .flatMap((field) => objectsAt(pod, `spec.${field}`))
      .map((container) => ({ pod, container: textAt(container, 'name') }));
  }
  const container = containerOf(context) || defaultContainer(context, pod, quiet);
  if (!hasContainer(pod, container)) {
    const name = textAt(pod, 'metadata.name');
    throw new CommandError(`container ${container} is not valid for pod ${name} out of: ${allContainerNames(pod)}`);
  }
  return [{ pod, container }];
}

async function stream(context: Context, { pod, container }: LogSource): Promise<void> {
  const { flags } = context;
  const name = textAt(pod, 'metadata.name');
  const log = await context
    .client()
    .stream({
      path: resourcePath(
        { group: '', version: 'v1', resource: 'pods' },
        {
          ns: textAt(pod, 'metadata.namespace'),
          name,
          subresource: 'log',
        },
      ),
      query: logQuery(context, container),
      about: { resource: 'pods', name },
    })
    .catch((error: unknown) => {
      if (!flags.bool('ignore-errors') || !(error instanceof Error)) throw error;
      context.out(`error: ${error.message}\n`);
      return undefined;
    });
  if (!log) return;
  const prefix = flags.bool('prefix') || flags.bool('all-pods') ? `[pod/${name}/${container}] ` : '';
  let lineStart = true;
  for (;;) {
    await context.output.flush();
    const piece = await log.read();
    if (!piece) break;
    if (prefix === '') {
      context.out(piece.kind === 'bytes' ? piece.bytes : bodyText(piece));
      continue;
    }
    const text = piece.kind === 'bytes' ? decodeUtf8(piece.bytes) : bodyText(piece);
    const marked = text.replace(/\n(?=.)/gs, `\n${prefix}`);
    context.out(lineStart ? prefix + marked : marked);
    lineStart = text.endsWith('\n');
  }
}

function logQuery({ flags }: Context, container: string): Query {
  const selected = flags.string('selector') !== '' && !flags.changed('tail') && !flags.bool('follow');
  const tail = selected ? 10 : flags.number('tail');
  const since = flags.number('since');
  return {
    container,
    follow: flags.bool('follow') || undefined,
    previous: flags.bool('previous') || undefined,
    timestamps: flags.bool('timestamps') || undefined,
    limitBytes: flags.number('limit-bytes') || undefined,
    tailLines: tail === -1 ? undefined : tail,
    sinceSeconds: since === 0 ? undefined : Math.round(since / 1000),
    sinceTime: flags.string('since-time') || undefined,
    insecureSkipTLSVerifyBackend: flags.bool('insecure-skip-tls-verify-backend') || undefined,
  };
}
