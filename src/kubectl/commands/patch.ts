// `kubectl patch`

import { applyJsonPatch } from '../../api/patch/json-patch.ts';
import { PatchError } from '../../api/patch/patch-error.ts';
import { applyStrategicMerge } from '../../api/patch/strategic-merge.ts';
import { definitionName } from '../../api/schema/schema.ts';
import { parseYaml } from '../../api/yaml.ts';
import { FileError, normalizePath } from '../../base/files.ts';
import { quote } from '../../base/go/quote.ts';
import { equal, isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { changeCause, changeCauseAnnotation } from '../change-cause.ts';
import { dryRunFlag, dryRunOf, fieldManagerFlag, recordFlag, writeQuery } from '../change-flags.ts';
import type { Command } from '../command.ts';
import type { Context } from '../context.ts';
import { CommandError, StatusError } from '../errors.ts';
import { flag, subresources } from '../flags.ts';
import { applyMergePatch } from '../patch/merge.ts';
import { printFlags } from '../print/printer.ts';
import { findResources } from '../resource/builder.ts';
import { fileChoice, fileFlags } from '../resource/files.ts';
import type { Info, LoadedInfo } from '../resource/info.ts';
import { resultPrinter } from '../result-printer.ts';
import { type PatchType, patchContentTypes, patchInfo } from '../write-object.ts';

export const patch: Command = {
  use: 'patch (-f FILENAME | TYPE NAME) [-p PATCH|--patch-file FILE]',
  completes: { kind: 'resources' },
  long: 'Update fields of a resource with a strategic merge patch, a JSON merge patch, or a JSON patch.',
  example: `# A strategic merge patch
kubectl patch node k8s-node-1 -p '{"spec":{"unschedulable":true}}'

# A JSON patch
kubectl patch pod valid-pod --type='json' -p='[{"op": "replace", "path": "/spec/containers/0/image", "value":"new image"}]'

# The scale subresource
kubectl patch deployment nginx-deployment --subresource='scale' --type='merge' -p '{"spec":{"replicas":2}}'`,
  flags: [
    recordFlag,
    ...printFlags(),
    flag.string('patch', 'The patch, as JSON or YAML.', { shorthand: 'p' }),
    flag.string('patch-file', 'A file with the patch.'),
    flag.string('type', 'The type of patch: one of [json merge strategic]', { default: 'strategic' }),
    dryRunFlag,
    ...fileFlags('identifying the resource to update'),
    flag.bool('local', "Patch the content of the file, not the server's object."),
    fieldManagerFlag('kubectl-patch'),
    flag.string('subresource', 'The subresource to patch, e.g. status or scale.', { completes: subresources }),
  ],
  run: runPatch,
};

const types: readonly PatchType[] = ['json', 'merge', 'strategic'];

async function runPatch(context: Context): Promise<void> {
  const { flags, args } = context;
  const dryRun = dryRunOf(context);
  const type = validate(context);
  const body = readPatch(context);
  const local = flags.bool('local');
  const found = await findResources(context, {
    args,
    files: fileChoice(flags),
    subresource: flags.string('subresource'),
    local,
    continueOnError: true,
  });
  // Upstream's words for a patch do not tell a dry run.
  const print = resultPrinter(context, 'none');
  let count = 0;
  await found.visit(async (info) => {
    count++;
    const before = info.object ?? {};
    if (local || dryRun === 'client') {
      const after = applyLocally({ ...info, object: before }, body, type);
      print(after, equal(before, after) ? 'patched (no change)' : 'patched');
      return;
    }
    const query = writeQuery({ dryRun, fieldManager: flags.string('field-manager') });
    const subresource = flags.string('subresource');
    let after = await patchInfo(context, info, { type, patch: body, query, subresource }).catch((error: unknown) => {
      throw error instanceof StatusError && error.code === 415 ? unsupported(info, type, error) : error;
    });
    const changed = !equal(before, after);
    if (flags.bool('record')) after = await record(context, { ...info, object: after });
    print(after, changed ? 'patched' : 'patched (no change)');
  });
  if (count === 0) throw new CommandError('no objects passed to patch');
}

/** Custom resources know no strategic merge patch. */
function unsupported({ resource }: Info, type: PatchType, error: StatusError): CommandError {
  const { group, version, kind } = resource;
  const apiVersion = group === '' ? `/${version}` : `${group}/${version}`;
  return new CommandError(
    `${patchContentTypes[type]} is not supported by ${apiVersion}, Kind=${kind}: ${error.message}`,
  );
}

function validate({ flags, args }: Context): PatchType {
  const [text, file] = [flags.string('patch'), flags.string('patch-file')];
  if (text !== '' && file !== '') throw new CommandError('cannot specify --patch and --patch-file together');
  if (text === '' && file === '') {
    throw new CommandError('must specify --patch or --patch-file containing the contents of the patch');
  }
  if (flags.bool('local') && args.length > 0) throw new CommandError('cannot specify --local and server resources');
  const written = flags.string('type');
  const type = types.find((item) => item === (written.toLowerCase() || 'strategic'));
  if (!type) throw new CommandError(`--type must be one of [json merge strategic], not ${quote(written)}`);
  return type;
}

function readPatch({ flags, process }: Context): JsonValue {
  const file = flags.string('patch-file');
  let text = flags.string('patch');
  if (file !== '') {
    try {
      text = process.machine.files.readText(normalizePath(file, process.cwd));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      throw new CommandError(`unable to read patch file: open ${file}: ${error.message.toLowerCase()}`);
    }
  }
  if (text.trimStart().startsWith('{') && !isJson(text)) return text; // As upstream: the server says what is wrong.
  const { value, problem } = parseYaml(text);
  if (problem !== undefined) throw new CommandError(`unable to parse ${quote(flags.string('patch'))}: ${problem}`);
  return typeof value === 'string' ? JSON.stringify(value) : (value ?? null); // A text is sent as it is.
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return parseYaml(text).problem === undefined;
  }
}

function applyLocally({ object, resource }: LoadedInfo, body: JsonValue, type: PatchType): JsonObject {
  try {
    if (type === 'json') return objectOf(applyJsonPatch(object, body));
    if (!isObject(body)) return object;
    if (type === 'merge') return objectOf(applyMergePatch(object, body));
    const { group, version, kind } = resource;
    const definition = definitionName(resource);
    if (definition !== undefined) return applyStrategicMerge(object, body, definition);
    const gvk = `${group}/${version}, Kind=${kind}`;
    throw new CommandError(`strategic merge patch is not supported for ${gvk} locally, try --type merge`);
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    const [, key] = /doc is missing key: (.*)$/.exec(error.message) ?? [];
    throw new CommandError(key === undefined ? error.message : `Object to be patched is missing field (${key})`);
  }
}

function objectOf(value: JsonValue): JsonObject {
  return isObject(value) ? value : {};
}

async function record(context: Context, info: LoadedInfo): Promise<LoadedInfo['object']> {
  const annotations = { [changeCauseAnnotation]: changeCause(context) };
  return patchInfo(context, info, { type: 'merge', patch: { metadata: { annotations } } });
}
