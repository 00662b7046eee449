// What the rollout commands work on.
import { selectorFlag } from '../../change-flags.ts';
import type { Context } from '../../context.ts';
import { CommandError } from '../../errors.ts';
import type { Flag } from '../../flags.ts';
import { findResources, type Result } from '../../resource/builder.ts';
import { fileChoice, fileFlags, isFileChoiceEmpty } from '../../resource/files.ts';

export const targetFlags: readonly Flag[] = [
  ...fileFlags('identifying the resource to get from a server'),
  selectorFlag,
];

export function findTargets(context: Context): Promise<Result> {
  const files = fileChoice(context.flags);
  if (context.args.length === 0 && isFileChoiceEmpty(files)) {
    throw new CommandError('required resource not specified');
  }
  return findResources(context, {
    args: context.args,
    files,
    labelSelector: context.flags.string('selector'),
    allowAll: true,
    latest: true,
    continueOnError: true,
  });
}
