// `kubectl create`: from files, or with a subcommand from flags.

import { recordCause } from '../change-cause.ts';
import {
  dryRunFlag,
  dryRunOf,
  fieldManagerFlag,
  fieldValidationOf,
  recordFlag,
  saveConfigFlag,
  selectorFlag,
  validateFlag,
  writeQuery,
} from '../change-flags.ts';
import type { Command } from '../command.ts';
import type { Context } from '../context.ts';
import { addSource, CommandError } from '../errors.ts';
import { flag } from '../flags.ts';
import { withLastApplied } from '../last-applied.ts';
import { printFlags } from '../print/printer.ts';
import { rawRequest } from '../raw-request.ts';
import { findResources } from '../resource/builder.ts';
import { fileChoice, fileFlags, requireFiles } from '../resource/files.ts';
import { resultPrinter } from '../result-printer.ts';
import { createInfo } from '../write-object.ts';
import { createConfigMap } from './create/config-map.ts';
import { createDeployment } from './create/deployment.ts';
import { editAndCreate } from './create/edit-first.ts';
import { createIngress } from './create/ingress.ts';
import { createCronJob, createJob } from './create/job.ts';
import { createClusterRole, createRole } from './create/role.ts';
import { createClusterRoleBinding, createRoleBinding } from './create/role-binding.ts';
import { createSecret } from './create/secret.ts';
import { createService } from './create/service.ts';
import {
  createNamespace,
  createPodDisruptionBudget,
  createPriorityClass,
  createQuota,
  createServiceAccount,
} from './create/simple-kinds.ts';
import { createToken } from './create/token.ts';

export const create: Command = {
  use: 'create -f FILENAME',
  long: 'Create a resource from a file or from standard input. JSON and YAML are accepted.',
  example: `# The objects of a file
kubectl create -f ./pod.json

# What is on standard input
cat pod.json | kubectl create -f -`,
  flags: [
    recordFlag,
    ...fileFlags('to use to create the resource'),
    validateFlag,
    flag.bool('edit', 'Edit the API resource before creating'),
    flag.bool(
      'windows-line-endings',
      'Only with --edit=true: the line ending of the editor. Default: that of the platform.',
    ),
    saveConfigFlag,
    dryRunFlag,
    selectorFlag,
    flag.string('raw', 'Raw URI to POST to.'),
    fieldManagerFlag('kubectl-create'),
    ...printFlags(),
  ],
  subcommands: [
    createClusterRole,
    createClusterRoleBinding,
    createConfigMap,
    createCronJob,
    createDeployment,
    createIngress,
    createJob,
    createNamespace,
    createPodDisruptionBudget,
    createPriorityClass,
    createQuota,
    createRole,
    createRoleBinding,
    createSecret,
    createService,
    createServiceAccount,
    createToken,
  ],
  run: runCreate,
};

async function runCreate(context: Context): Promise<void> {
  const { flags, args } = context;
  if (args.length > 0) throw context.usageError(`Unexpected args: [${args.join(' ')}]`);
  const dryRun = dryRunOf(context);
  const fieldValidation = fieldValidationOf(context);
  const files = fileChoice(flags);
  requireFiles(files);
  if (flags.string('raw') !== '') {
    checkRaw(context);
    return rawRequest(context, { method: 'POST', files });
  }
  const print = resultPrinter(context, dryRun);
  const found = await findResources(context, { files, labelSelector: flags.string('selector'), continueOnError: true });
  if (flags.bool('edit')) return editAndCreate(context, found, print);
  let count = 0;
  await found.visit(async (info) => {
    let object = info.object ?? {};
    if (flags.bool('save-config')) object = withLastApplied(object);
    object = recordCause(context, object);
    if (dryRun !== 'client') {
      const query = writeQuery({ dryRun, fieldManager: flags.string('field-manager'), fieldValidation });
      object = await createInfo(context, { ...info, object }, query).catch((error: unknown) => {
        throw addSource('creating', info.source, error);
      });
    }
    count++;
    print(object, 'created');
  });
  if (count === 0) throw new CommandError('no objects passed to create');
}

/** What makes no sense together with one request as it is. */
function checkRaw(context: Context): void {
  const { flags } = context;
  if (flags.bool('edit')) throw new CommandError('--raw and --edit are mutually exclusive');
  if (flags.string('selector') !== '') throw new CommandError('--raw and --selector (-l) are mutually exclusive');
  if (flags.string('output') !== '') throw new CommandError('--raw and --output are mutually exclusive');
}
