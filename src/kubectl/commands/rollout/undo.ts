// `kubectl rollout undo`
import { at, flagAt, objectAt } from '../../../base/fields.ts';
import { equal, type JsonObject, type JsonValue } from '../../../base/json.ts';
import { dryRunFlag, dryRunOf } from '../../change-flags.ts';
import type { Command } from '../../command.ts';
import type { Context } from '../../context.ts';
import { asError, CommandError } from '../../errors.ts';
import { flag } from '../../flags.ts';
import { lastAppliedAnnotation, lastAppliedOf } from '../../last-applied.ts';
import { printFlags } from '../../print/printer.ts';
import { groupResource, type Info } from '../../resource/info.ts';
import { resultPrinter } from '../../result-printer.ts';
import { type History, historyOf, type Revision } from '../../revisions.ts';
import { patchInfo } from '../../write-object.ts';
import { findTargets, targetFlags } from './find.ts';
import { templateText } from './history.ts';

export const rolloutUndo: Command = {
  use: 'undo (TYPE NAME | TYPE/NAME) [flags]',
  completes: { kind: 'resources', types: ['deployment', 'daemonset', 'statefulset'] },
  short: 'Undo a previous rollout',
  example: `# Back to the revision before
kubectl rollout undo deployment/abc

# Back to revision 3
kubectl rollout undo daemonset/abc --to-revision=3`,
  flags: [
    ...printFlags(),
    ...targetFlags,
    dryRunFlag,
    flag.int64('to-revision', 'The revision to go back to; 0 for the last one.'),
  ],
  run: runUndo,
};

async function runUndo(context: Context): Promise<void> {
  const dryRun = dryRunOf(context);
  const print = resultPrinter(context, dryRun);
  const found = await findTargets(context);
  await found.visit(async (info) => {
    if (lastAppliedOf(info.object ?? {}) !== undefined) {
      context.err(
        `Warning: resource ${groupResource(info.resource).split('.')[0]}/${info.name} was previously managed with 'kubectl apply'. Rolling back will not update the ${lastAppliedAnnotation} annotation, which may cause unexpected behavior on future 'kubectl apply' operations. Consider using 'kubectl apply' with your previous configuration file instead.\n`,
      );
    }
    print(info.object ?? {}, await rollBack(context, info));
  });
}

/** Rolls back and returns the words for what was done. */
async function rollBack(context: Context, info: Info): Promise<string> {
  const number = context.flags.number('to-revision');
  if (number < 0) throw revisionMissing(number);
  const history = await historyOf(context, info, 'rollbacker');
  const target = targetOf(history, info, number);
  const dryRun = dryRunOf(context);
  const isDeployment = info.resource.kind === 'Deployment';
  if (dryRun === 'client') {
    const shown = isDeployment ? objectAt(target.source, 'spec.template') : target.template;
    const text = templateText(shown ?? {});
    return isDeployment ? text : `will roll back to ${text}`;
  }
  if (isDeployment && flagAt(history.object, 'spec.paused')) {
    throw new CommandError(
      "you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again",
    );
  }
  const template = isDeployment ? objectAt(target.source, 'spec.template') : target.template;
  const restored = withoutHash(template ?? {});
  if (equal(restored, withoutHash(objectAt(history.object, 'spec.template') ?? {}))) {
    return `skipped rollback (current template already matches revision ${number})`;
  }
  const query = { dryRun: dryRun === 'server' ? 'All' : undefined };
  const request = isDeployment
    ? { type: 'json' as const, patch: deploymentPatch(history.object, target, restored), query }
    : { type: 'strategic' as const, patch: at(target.source, 'data') ?? {}, query };
  await patchInfo(context, info, request).catch((error: unknown) => {
    throw new CommandError(`failed restoring revision ${number}: ${asError(error).message}`);
  });
  return 'rolled back';
}

function targetOf({ revisions }: History, info: Info, number: number): Revision {
  if (number > 0) {
    const found = revisions.find((revision) => revision.number === number);
    if (!found) throw revisionMissing(number);
    return found;
  }
  const previous = revisions.at(-2);
  if (previous) return previous;
  if (info.resource.kind !== 'Deployment') throw new CommandError('no last revision to roll back to');
  throw new CommandError(`no rollout history found for deployment ${JSON.stringify(info.name)}`);
}

function revisionMissing(number: number): CommandError {
  return new CommandError(`unable to find specified revision ${number} in history`);
}

/** Annotations that stay the deployment's own. */
const kept = [
  lastAppliedAnnotation,
  'deployment.kubernetes.io/revision',
  'deployment.kubernetes.io/revision-history',
  'deployment.kubernetes.io/desired-replicas',
  'deployment.kubernetes.io/max-replicas',
  'deprecated.deployment.rollback.to',
];

function deploymentPatch(deployment: JsonObject, target: Revision, template: JsonObject): JsonValue {
  const annotations: Record<string, JsonValue> = {};
  for (const [from, own] of [
    [deployment, true],
    [target.source, false],
  ] as const) {
    for (const [key, value] of Object.entries(objectAt(from, 'metadata.annotations') ?? {})) {
      if (kept.includes(key) === own) annotations[key] = value;
    }
  }
  return [
    { op: 'replace', path: '/spec/template', value: template },
    { op: 'replace', path: '/metadata/annotations', value: annotations },
  ];
}

function withoutHash(template: JsonObject): JsonObject {
  const { 'pod-template-hash': _, ...labels } = objectAt(template, 'metadata.labels') ?? {};
  return { ...template, metadata: { ...objectAt(template, 'metadata'), labels } };
}
