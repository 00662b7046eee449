// What the set commands that change pod templates have in common: flags, finding, printing.

import type { JsonObject } from '../../../base/json.ts';
import { dryRunFlag, dryRunOf, fieldManagerFlag, recordFlag, selectorFlag } from '../../change-flags.ts';
import type { Context } from '../../context.ts';
import { CommandError, ManyErrors } from '../../errors.ts';
import { type Flag, flag } from '../../flags.ts';
import { changePodSpec, changeTemplates } from '../../pod-template-change.ts';
import { printFlags } from '../../print/printer.ts';
import { findResources } from '../../resource/builder.ts';
import { fileChoice, fileFlags } from '../../resource/files.ts';
import type { LoadedInfo } from '../../resource/info.ts';
import { resultPrinter } from '../../result-printer.ts';

export const setFlags: readonly Flag[] = [
  recordFlag,
  ...printFlags(),
  ...fileFlags('identifying the resource to get from a server'),
  flag.bool('all', 'All resources of the types in the namespace.'),
  selectorFlag,
  flag.bool('local', 'Change the content of the file and ask no server.'),
  dryRunFlag,
  fieldManagerFlag('kubectl-set'),
];

export function findSetTargets(context: Context, args: readonly string[]): Promise<readonly LoadedInfo[]> {
  const { flags } = context;
  const local = flags.bool('local');
  if (local && args.length > 0) throw localNeedsFiles();
  return findResources(context, {
    args,
    files: fileChoice(flags),
    ...(flags.has('selector') ? { labelSelector: flags.string('selector') } : {}),
    allowAll: flags.bool('all'),
    latest: !local,
    local,
    continueOnError: true,
  }).then((found) => found.infos());
}

export function localNeedsFiles(): Error {
  return new CommandError(
    "error: you must specify resources by --filename when --local is set.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'",
  );
}

export interface SetTask {
  /** The word for what was done, e.g. `image updated`. */
  readonly operation: string;
  readonly failure: string;
  /** Adds to `errors` what is wrong without stopping. */
  readonly change: (spec: JsonObject, errors: Error[], info: LoadedInfo) => JsonObject;
  /** Tells of objects that stay as they are too. */
  readonly tellsUnchanged?: boolean;
}

/** Changes the pod spec of each target, sends and prints what changed, and throws all that went wrong. */
export async function changeSpecs(context: Context, infos: readonly LoadedInfo[], task: SetTask): Promise<void> {
  const dryRun = dryRunOf(context);
  const print = resultPrinter(context, dryRun);
  const noted: Error[] = [];
  const failures = await changeTemplates(context, infos, {
    dryRun,
    fieldManager: context.flags.string('field-manager'),
    local: context.flags.bool('local'),
    change: (object, info) => changePodSpec(object, (spec) => task.change(spec, noted, { ...info, object })),
    print: (object) => print(object, task.operation),
    ...(task.tellsUnchanged ? { unchanged: (info: LoadedInfo) => print(info.object, task.operation) } : {}),
    failure: task.failure,
    changeFailure: (info, message) => `error: ${info.resource.resource}/${info.name} ${message}\n`,
  });
  ManyErrors.throwAll([...noted, ...failures]);
}
