// `kubectl edit`
import { objectAt } from '../../base/fields.ts';
import type { JsonObject } from '../../base/json.ts';
import { isBuiltInGroup } from '../built-in-groups.ts';
import { recordCause } from '../change-cause.ts';
import {
  fieldManagerFlag,
  fieldValidationOf,
  recordFlag,
  saveConfigFlag,
  validateFlag,
  writeQuery,
} from '../change-flags.ts';
import type { Command } from '../command.ts';
import type { Context } from '../context.ts';
import { changesIdentity, editHeader, editObjects } from '../edit-session.ts';
import { CommandError } from '../errors.ts';
import { flag, subresources } from '../flags.ts';
import { configurationText, lastAppliedAnnotation, withAnnotation } from '../last-applied.ts';
import { twoWayPatch } from '../patch/three-way.ts';
import { formatJson } from '../print/json.ts';
import { printFlags, withoutManagedFields } from '../print/printer.ts';
import { findResources } from '../resource/builder.ts';
import { fileChoice, fileFlags, isFileChoiceEmpty } from '../resource/files.ts';
import type { LoadedInfo } from '../resource/info.ts';
import { resultPrinter } from '../result-printer.ts';
import { patchInfo } from '../write-object.ts';

export const edit: Command = {
  use: 'edit (RESOURCE/NAME | -f FILENAME)',
  completes: { kind: 'resources' },
  long: `Edit a resource with the editor that KUBE_EDITOR or EDITOR names (default vi).

Saving without changes, or an empty file, cancels. When the server finds the result invalid, the editor opens again and says why.`,
  example: `# A service
kubectl edit svc/registry

# With another editor
KUBE_EDITOR="nano" kubectl edit svc/registry

# As JSON
kubectl edit job.v1.batch/myjob -o json`,
  flags: [
    recordFlag,
    ...printFlags(),
    ...fileFlags('to use to edit the resource'),
    validateFlag,
    flag.bool('windows-line-endings', 'Use the line endings of Windows.'),
    saveConfigFlag,
    fieldManagerFlag('kubectl-edit'),
    flag.bool('output-patch', 'Print the patch.'),
    flag.string('subresource', 'The subresource to edit.', { completes: subresources }),
  ],
  run: runEdit,
};

const formats = ['', 'json', 'kyaml', 'yaml'];

async function runEdit(context: Context): Promise<void> {
  const { args, flags } = context;
  const output = flags.string('output');
  if (!formats.includes(output))
    throw new CommandError(
      `unable to match a printer suitable for the output format ${JSON.stringify(output)}, allowed formats are: json,kyaml,yaml`,
    );
  if (flags.bool('output-patch') && output !== '')
    throw new CommandError("the edit mode doesn't support output the patch");
  const files = fileChoice(flags);
  const found = await findResources(context, {
    args,
    ...(isFileChoiceEmpty(files) ? {} : { files }),
    subresource: flags.string('subresource'),
    latest: true,
    validates: false,
    continueOnError: true,
    allowAll: true,
  });
  const infos = await found.infos();
  if (infos.length === 0) throw new CommandError('edit cancelled, no objects found');
  const print = resultPrinter(context, 'none');
  await editObjects(context, infos, {
    header: editHeader,
    format: output === 'json' ? 'json' : 'yaml',
    save: async (before, after) => print(await save(context, before, after), 'edited'),
    skip: (before) => print(before.object, 'skipped'),
  });
}

/** What is saved has the managed fields that the editor did not show. */
function withSaved({ object }: LoadedInfo, edited: JsonObject): JsonObject {
  const managedFields = objectAt(object, 'metadata')?.managedFields;
  const metadata = { ...objectAt(edited, 'metadata'), ...(managedFields === undefined ? {} : { managedFields }) };
  return withAnnotation(edited, lastAppliedAnnotation, configurationText({ ...edited, metadata }));
}

async function save(context: Context, info: LoadedInfo, edited: JsonObject): Promise<JsonObject> {
  const { flags } = context;
  const before = withoutManagedFields(info.object);
  if (changesIdentity(before, edited)) throw new CommandError('At least one of apiVersion, kind and name was changed');
  const after = recordCause(context, flags.bool('save-config') ? withSaved(info, edited) : edited);
  const type = isBuiltInGroup(info.resource.group) ? 'strategic' : 'merge';
  const patch = twoWayPatch(before, after, type);
  if (flags.bool('output-patch')) context.out(`Patch: ${formatJson(patch, { indent: '', sorted: true })}\n`);
  const query = writeQuery({
    dryRun: 'none',
    fieldManager: flags.string('field-manager'),
    fieldValidation: fieldValidationOf(context),
  });
  return patchInfo(context, info, { type, patch, query, subresource: flags.string('subresource') });
}
