// `kubectl rollout history`
import type { JsonObject } from '../../../base/json.ts';
import { alignTabs } from '../../../base/tab-writer.ts';
import type { Command } from '../../command.ts';
import type { Context } from '../../context.ts';
import { DescriptionWriter } from '../../describe/description-writer.ts';
import { writePodTemplate } from '../../describe/pod-template.ts';
import { CommandError } from '../../errors.ts';
import { flag } from '../../flags.ts';
import { namePrinter, objectPrinter, printFlags } from '../../print/printer.ts';
import type { Info } from '../../resource/info.ts';
import { historyOf, type Revision } from '../../revisions.ts';
import { findTargets, targetFlags } from './find.ts';

export const rolloutHistory: Command = {
  use: 'history (TYPE NAME | TYPE/NAME) [flags]',
  completes: { kind: 'resources', types: ['deployment', 'daemonset', 'statefulset'] },
  short: 'View rollout history',
  example: `# All revisions
kubectl rollout history deployment/abc

# One of them in full
kubectl rollout history daemonset/abc --revision=3`,
  flags: [...printFlags(), ...targetFlags, flag.int64('revision', 'Show this revision with its pod template.')],
  run: runHistory,
};

async function runHistory(context: Context): Promise<void> {
  const number = context.flags.number('revision');
  if (number < 0) throw new CommandError(`revision must be a positive integer: ${number}`);
  const found = await findTargets(context);
  const printer = context.flags.string('output') === '' ? undefined : objectPrinter(context);
  await found.visit(async (info) => {
    const { revisions } = await historyOf(context, info, 'history viewer');
    const chosen = number > 0 ? [pick(revisions, number)] : revisions;
    if (printer) for (const revision of chosen) context.out(printer.print(revision.source));
    // A template alone is about the workload itself.
    else if (context.flags.string('template') !== '') context.out(objectPrinter(context).print(info.object ?? {}));
    else showHistory(context, info, { revisions: chosen, number });
  });
}

function pick(revisions: readonly Revision[], number: number): Revision {
  const found = revisions.find((revision) => revision.number === number);
  if (!found) throw new CommandError('unable to find the specified revision');
  return found;
}

function showHistory(
  context: Context,
  info: Info,
  { revisions, number }: { readonly revisions: readonly Revision[]; readonly number: number },
): void {
  const [first] = revisions;
  const text = number > 0 && first ? templateText(first.template) : tableText(revisions);
  const heading = number > 0 ? `with revision #${number}` : '';
  const line = namePrinter('')
    .print(info.object ?? {})
    .trimEnd();
  context.out(`${line} ${heading}\n${text}\n`);
}

/** A pod template with its tabs as they are. */
export function templateText(template: JsonObject): string {
  const w = new DescriptionWriter();
  writePodTemplate(w, template);
  return w.rawText();
}

function tableText(revisions: readonly Revision[]): string {
  if (revisions.length === 0) return 'No rollout history found.';
  const lines = revisions.map(({ number, changeCause }) => `${number}\t${changeCause || '<none>'}`);
  return alignTabs(['REVISION\tCHANGE-CAUSE', ...lines, ''].join('\n'));
}
