// `kubectl replace`
import { recordCause } from '../change-cause.ts';
import {
  deletionFlags,
  dryRunFlag,
  dryRunOf,
  fieldManagerFlag,
  fieldValidationOf,
  propagationOf,
  saveConfigFlag,
  validateFlag,
  writeQuery,
} from '../change-flags.ts';
import type { Command } from '../command.ts';
import type { Context } from '../context.ts';
import { addSource, CommandError, isNotFound } from '../errors.ts';
import { flag, subresources } from '../flags.ts';
import { lastAppliedOf, withLastApplied } from '../last-applied.ts';
import { printFlags } from '../print/printer.ts';
import { rawRequest } from '../raw-request.ts';
import { findResources } from '../resource/builder.ts';
import { fileChoice, fileFlags, requireFiles } from '../resource/files.ts';
import { type Info, loadInfo } from '../resource/info.ts';
import { resultPrinter } from '../result-printer.ts';
import { waitUntilDeleted } from '../wait-deleted.ts';
import { createInfo, replaceInfo } from '../write-object.ts';
import { deleteOne } from './delete.ts';

export const replace: Command = {
  use: 'replace -f FILENAME',
  long: 'Replace a resource by file name or standard input. The whole resource must be given.',
  example:
    '# A pod from a file\nkubectl replace -f ./pod.json\n\n# Delete it and create it again\nkubectl replace --force -f ./pod.json',
  flags: [
    ...printFlags(),
    ...fileFlags('to use to replace the resource.'),
    validateFlag,
    saveConfigFlag,
    dryRunFlag,
    fieldManagerFlag('kubectl-replace'),
    ...deletionFlags,
    flag.string('raw', 'Raw URI to PUT to.'),
    flag.string('subresource', 'The subresource to replace.', { completes: subresources }),
  ],
  run: runReplace,
};

async function runReplace(context: Context): Promise<void> {
  const { flags } = context;
  const dryRun = dryRunOf(context);
  const fieldValidation = fieldValidationOf(context);
  const files = fileChoice(flags);
  if (flags.number('grace-period') >= 0 && !flags.bool('force')) {
    throw new CommandError('--grace-period must have --force specified');
  }
  if (flags.number('timeout') !== 0 && !flags.bool('force')) {
    throw new CommandError('--timeout must have --force specified');
  }
  if (flags.bool('force') && dryRun !== 'none') throw new CommandError('--dry-run can not be used when --force is set');
  requireFiles(files);
  if (flags.string('raw') !== '') return rawRequest(context, { method: 'PUT', files });
  const print = resultPrinter(context, dryRun);
  const found = await findResources(context, { files, continueOnError: true });
  const query = writeQuery({ dryRun, fieldManager: flags.string('field-manager'), fieldValidation });
  const subresource = flags.string('subresource');
  await found.visit(async (info) => {
    const given = info.object ?? {};
    const saves = flags.bool('save-config') || lastAppliedOf(given) !== undefined;
    const object = recordCause(context, saves ? withLastApplied(given) : given);
    const wanted: Info = { ...info, object, ...(subresource === '' ? {} : { subresource }) };
    if (flags.bool('force')) {
      await remove(context, wanted);
      print(await createInfo(context, wanted, query), 'replaced');
      return;
    }
    if (dryRun === 'client') return print(object, 'replaced');
    const result = await replaceInfo(context, wanted, query).catch((error: unknown) => {
      throw addSource('replacing', info.source, error);
    });
    print(result, 'replaced');
  });
}

async function remove(context: Context, info: Info): Promise<void> {
  const live = await loadInfo(context.client(), info).catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
    return undefined;
  });
  if (!live) return;
  const asked = context.flags.number('grace-period');
  const gracePeriod = asked === 0 ? 1 : asked;
  const propagationPolicy = propagationOf(context);
  const options = { gracePeriod, dryRun: 'none' as const, propagationPolicy, output: '' };
  await deleteOne(context, info, options);
  await waitUntilDeleted(context, [{ info, uid: '' }], context.flags.number('timeout') || 300_000);
}
