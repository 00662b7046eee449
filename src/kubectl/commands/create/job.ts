// `kubectl create job` and `kubectl create cronjob`
import { objectAt, textAt } from '../../../base/fields.ts';
import type { JsonObject } from '../../../base/json.ts';
import type { Context } from '../../context.ts';
import { CommandError } from '../../errors.ts';
import { flag } from '../../flags.ts';
import { findResources } from '../../resource/builder.ts';
import { generatorCommand } from './generator.ts';

export const createJob = generatorCommand({
  use: 'job NAME --image=image [--from=cronjob/name] -- [COMMAND] [args...]',
  short: 'Create a job with the specified name',
  example: `# A job
kubectl create job my-job --image=busybox

# A job with a command
kubectl create job my-job --image=busybox -- date

# A job from a cron job
kubectl create job test-job --from=cronjob/a-cronjob`,
  flags: [
    flag.string('image', 'Image name to run.'),
    flag.string('from', 'The cron job to create a job from, e.g. cronjob/name.'),
  ],
  resource: { group: 'batch', version: 'v1', resource: 'jobs' },
  failure: 'failed to create job: ',
  build: buildJob,
});

export const createCronJob = generatorCommand({
  use: "cronjob NAME --image=image --schedule='0/5 * * * ?' -- [COMMAND] [args...] [flags]",
  aliases: ['cj'],
  short: 'Create a cron job with the specified name',
  example: `# A cron job
kubectl create cronjob my-job --image=busybox --schedule="*/1 * * * *"

# A cron job with a command
kubectl create cronjob my-job --image=busybox --schedule="*/1 * * * *" -- date`,
  flags: [
    flag.string('image', 'Image name to run.', { required: true }),
    flag.string('restart', 'Restart policy of the job: OnFailure or Never.'),
    flag.string('schedule', 'When to run the job, in the Cron format.', { required: true }),
  ],
  resource: { group: 'batch', version: 'v1', resource: 'cronjobs' },
  failure: 'failed to create cronjob: ',
  build: ({ flags, args }, name) => ({
    kind: 'CronJob',
    apiVersion: 'batch/v1',
    metadata: { name },
    spec: {
      schedule: flags.string('schedule'),
      jobTemplate: {
        metadata: { name },
        spec: {
          template: podTemplate(
            { name, image: flags.string('image'), command: args.slice(1) },
            flags.string('restart') || 'OnFailure',
          ),
        },
      },
    },
    status: {},
  }),
});

async function buildJob(context: Context, name: string): Promise<JsonObject> {
  const { flags } = context;
  const [image, from] = [flags.string('image'), flags.string('from')];
  const command = context.args.slice(1);
  if ((image === '') === (from === '')) throw new CommandError('either --image or --from must be specified');
  if (command.length > 0 && from !== '') throw new CommandError('cannot specify --from and command');
  if (from !== '') return jobFromCronJob(context, name, from);
  return {
    kind: 'Job',
    apiVersion: 'batch/v1',
    metadata: { name },
    spec: { template: podTemplate({ name, image, command }, 'Never') },
    status: {},
  };
}

function podTemplate(
  container: { readonly name: string; readonly image: string; readonly command: readonly string[] },
  restartPolicy: string,
): JsonObject {
  const { name, image, command } = container;
  return {
    metadata: {},
    spec: {
      containers: [{ name, image, ...(command.length > 0 ? { command } : {}), resources: {} }],
      restartPolicy,
    },
  };
}

async function jobFromCronJob(context: Context, name: string, from: string): Promise<JsonObject> {
  const found = await findResources(context, { args: [from] });
  const infos = await found.infos();
  const [cronJob] = infos.map((info) => info.object);
  if (infos.length !== 1 || !cronJob) throw new CommandError('from must be an existing cronjob');
  if (textAt(cronJob, 'kind') !== 'CronJob') {
    throw new CommandError(`unknown object type *v1.${textAt(cronJob, 'kind')}`);
  }
  const template = objectAt(cronJob, 'spec.jobTemplate') ?? {};
  const labels = objectAt(template, 'metadata.labels');
  const owner = {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    name: textAt(cronJob, 'metadata.name'),
    uid: textAt(cronJob, 'metadata.uid'),
    controller: true,
  };
  const annotations = {
    'cronjob.kubernetes.io/instantiate': 'manual',
    ...objectAt(template, 'metadata.annotations'),
  };
  return {
    kind: 'Job',
    apiVersion: 'batch/v1',
    metadata: { name, ...(labels ? { labels } : {}), annotations, ownerReferences: [owner] },
    spec: objectAt(template, 'spec') ?? {},
    status: {},
  };
}
