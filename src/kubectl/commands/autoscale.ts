// `kubectl autoscale`
import { parseQuantity, QuantityError } from '../../api/quantity.ts';
import type { JsonObject } from '../../base/json.ts';
import { recordCause } from '../change-cause.ts';
import { dryRunFlag, dryRunOf, fieldManagerFlag, recordFlag, saveConfigFlag, writeQuery } from '../change-flags.ts';
import { resourcePath } from '../client/url.ts';
import type { Command } from '../command.ts';
import type { Context } from '../context.ts';
import { CommandError } from '../errors.ts';
import { flag } from '../flags.ts';
import { withLastApplied } from '../last-applied.ts';
import { printFlags } from '../print/printer.ts';
import { findResources } from '../resource/builder.ts';
import { fileChoice, fileFlags } from '../resource/files.ts';
import { apiVersionOf, type Info } from '../resource/info.ts';
import { resultPrinter } from '../result-printer.ts';

export const autoscale: Command = {
  use: 'autoscale (-f FILENAME | TYPE NAME | TYPE/NAME) [--min=MINPODS] --max=MAXPODS [--cpu=CPU] [--memory=MEMORY]',
  completes: { kind: 'resources', types: ['deployment', 'replicaset', 'replicationcontroller', 'statefulset'] },
  long: 'Create an autoscaler that chooses the number of pods of a deployment, replica set, stateful set or replication controller.',
  example: '# Between two and ten pods\nkubectl autoscale deployment foo --min=2 --max=10',
  flags: [
    recordFlag,
    ...printFlags(),
    saveConfigFlag,
    dryRunFlag,
    fieldManagerFlag('kubectl-autoscale'),
    ...fileFlags('identifying the resource to autoscale.'),
    flag.string('cpu', 'Target of the CPU: a share of the requests (70%) or an amount (500m).'),
    flag.int32('cpu-percent', 'Target of the CPU as a share of the requests.', {
      default: '-1',
      deprecated:
        "Use --cpu with percentage or resource quantity format (e.g., '70%' for utilization or '500m' for milliCPU).",
    }),
    flag.int32('max', 'The most pods. Required.', { default: '-1', required: true }),
    flag.string('memory', 'Target of the memory: a share of the requests (60%) or an amount (200Mi).'),
    flag.int32('min', "The fewest pods; the server's default where absent.", { default: '-1' }),
    flag.string('name', 'The name of the autoscaler. Default: that of the resource.'),
  ],
  run: runAutoscale,
};

async function runAutoscale(context: Context): Promise<void> {
  const { flags } = context;
  const dryRun = dryRunOf(context);
  validate(context);
  const print = resultPrinter(context, dryRun, { typed: dryRun === 'client' });
  const found = await findResources(context, { args: context.args, files: fileChoice(flags), continueOnError: true });
  const { ns } = context.namespace();
  let count = 0;
  await found.visit(async (info) => {
    if (!info.resource.subresources.some(({ name }) => name === 'scale')) {
      throw new CommandError(
        `cannot autoscale a ${info.resource.kind}: could not find scale subresource for ${info.resource.group}/${info.resource.version}, Resource=${info.resource.resource} in discovery information`,
      );
    }
    count++;
    const object = recordCause(context, autoscalerOf(context, info));
    if (dryRun === 'client') return print(object, 'created');
    const made = await context
      .client()
      .object({
        method: 'POST',
        path: resourcePath({ group: 'autoscaling', version: 'v2', resource: 'horizontalpodautoscalers' }, { ns }),
        query: writeQuery({ dryRun, fieldManager: flags.string('field-manager') }),
        body: flags.bool('save-config') ? withLastApplied(object) : object,
        about: { group: 'autoscaling', resource: 'horizontalpodautoscalers' },
      })
      .catch((error: unknown) => {
        throw olderVersionError(context) ?? error;
      });
    print(made, 'autoscaled');
  });
  if (count === 0) throw new CommandError('no objects passed to autoscale');
}

/** Upstream tries autoscaling/v1 after a refusal: what it says where that version cannot hold the metrics. */
function olderVersionError({ flags }: Context): CommandError | undefined {
  const [cpu, memory] = [flags.string('cpu'), flags.string('memory')];
  const share = cpu.endsWith('%') || flags.number('cpu-percent') >= 0;
  if (cpu !== '' && memory === '' && share) return undefined;
  const problem = cpu === '' ? 'empty input' : '%!w(<nil>)';
  return new CommandError(
    `failed to create autoscaling/v2 HPA and the configuration is incompatible with autoscaling/v1: ${problem}`,
  );
}

function validate({ flags }: Context): void {
  const [min, max] = [flags.number('min'), flags.number('max')];
  if (max < 1) throw new CommandError(`--max=MAXPODS is required and must be at least 1, max: ${max}`);
  if (max < min) {
    throw new CommandError(`--max=MAXPODS must be larger or equal to --min=MINPODS, max: ${max}, min: ${min}`);
  }
  if (flags.number('cpu-percent') > 0 && flags.string('cpu') !== '') {
    throw new CommandError('--cpu-percent and --cpu are mutually exclusive');
  }
  for (const name of ['cpu', 'memory'] as const)
    if (flags.string(name) !== '') targetOf(flags.string(name).trim(), name);
}

function autoscalerOf(context: Context, info: Info): JsonObject {
  const { flags } = context;
  const { ns, explicit } = context.namespace();
  const [min, percent] = [flags.number('min'), flags.number('cpu-percent')];
  const metrics: JsonObject[] = [];
  if (percent > 0) metrics.push(metric('cpu', { type: 'Utilization', averageUtilization: percent }));
  for (const name of ['cpu', 'memory'] as const) {
    if (flags.string(name) !== '') metrics.push(metric(name, targetOf(flags.string(name).trim(), name)));
  }
  return {
    kind: 'HorizontalPodAutoscaler',
    apiVersion: 'autoscaling/v2',
    metadata: { name: flags.string('name') || info.name, ...(explicit ? { namespace: ns } : {}) },
    spec: {
      scaleTargetRef: { kind: info.resource.kind, name: info.name, apiVersion: apiVersionOf(info.resource) },
      ...(min > 0 ? { minReplicas: min } : {}),
      maxReplicas: flags.number('max'),
      ...(metrics.length > 0 ? { metrics } : {}),
    },
    status: { desiredReplicas: 0, currentMetrics: null },
  };
}

function metric(name: string, target: JsonObject): JsonObject {
  return { type: 'Resource', resource: { name, target } };
}

/** `70%` of the requests, `500m`, or a bare number of milli-CPUs or mebibytes. */
function targetOf(text: string, name: 'cpu' | 'memory'): JsonObject {
  if (text.endsWith('%')) {
    const share = text.slice(0, -1);
    if (!/^\d+$/.test(share)) throw new CommandError(`invalid percentage value: ${share}`);
    return { type: 'Utilization', averageUtilization: Number(share) };
  }
  const bare = /^[+-]?\d+(\.\d+)?$/.test(text);
  try {
    const amount = parseQuantity(bare ? `${Number(text)}${name === 'cpu' ? 'm' : 'Mi'}` : text);
    return { type: 'AverageValue', averageValue: amount.toString() };
  } catch (error) {
    if (!(error instanceof QuantityError)) throw error;
    throw new CommandError(`invalid resource ${name} value: ${text}`);
  }
}
