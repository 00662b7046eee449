// `kubectl rollout pause`, `resume` and `restart`

import { formatTime } from '../../../api/meta.ts';
import { flagAt, objectAt, textAt } from '../../../base/fields.ts';
import type { JsonObject } from '../../../base/json.ts';
import { fieldManagerFlag } from '../../change-flags.ts';
import type { Command } from '../../command.ts';
import type { Context } from '../../context.ts';
import { CommandError, ManyErrors } from '../../errors.ts';
import { changeTemplates, withValue } from '../../pod-template-change.ts';
import { printFlags } from '../../print/printer.ts';
import { groupResource, type LoadedInfo } from '../../resource/info.ts';
import { resultPrinter } from '../../result-printer.ts';
import { findTargets, targetFlags } from './find.ts';

interface Step {
  readonly change: (object: JsonObject, context: Context) => JsonObject;
  readonly done: string;
}

export const rolloutPause = stepCommand('pause', 'Mark the provided resource as paused', {
  change: (object) => {
    if (textAt(object, 'kind') !== 'Deployment') throw new CommandError('pausing is not supported');
    if (flagAt(object, 'spec.paused')) throw new CommandError('is already paused');
    return withValue(object, ['spec', 'paused'], true);
  },
  done: 'paused',
});

export const rolloutResume = stepCommand('resume', 'Resume a paused resource', {
  change: (object) => {
    if (textAt(object, 'kind') !== 'Deployment') throw new CommandError('resuming is not supported');
    if (!flagAt(object, 'spec.paused')) throw new CommandError('is not paused');
    const { paused: _, ...spec } = objectAt(object, 'spec') ?? {};
    return { ...object, spec };
  },
  done: 'resumed',
});

export const rolloutRestart = stepCommand('restart', 'Restart a resource', {
  change: (object, context) => {
    if (!['Deployment', 'DaemonSet', 'StatefulSet'].includes(textAt(object, 'kind'))) {
      throw new CommandError('restarting is not supported');
    }
    if (flagAt(object, 'spec.paused')) {
      throw new CommandError("can't restart paused deployment (run rollout resume first)");
    }
    const path = ['spec', 'template', 'metadata', 'annotations'];
    const annotations = objectAt(object, path.join('.'));
    return withValue(object, path, { ...annotations, [restartedAt]: formatTime(context.now()) });
  },
  done: 'restarted',
});

const restartedAt = 'kubectl.kubernetes.io/restartedAt';

function stepCommand(name: string, short: string, step: Step): Command {
  return {
    use: `${name} RESOURCE`,
    completes: {
      kind: 'resources',
      types: name === 'restart' ? ['deployment', 'daemonset', 'statefulset'] : ['deployment'],
    },
    short,
    example: `# A deployment\nkubectl rollout ${name} deployment/nginx`,
    flags: [...printFlags(), ...targetFlags, fieldManagerFlag('kubectl-rollout')],
    run: (context) => runStep(context, step),
  };
}

async function runStep(context: Context, step: Step): Promise<void> {
  const print = resultPrinter(context, 'none');
  const { infos, errors } = await (await findTargets(context)).collect();
  if (infos.length === 0 && errors.length === 0) {
    context.err(`No resources found in ${context.namespace().ns} namespace.\n`);
    return;
  }
  const failures = await changeTemplates(context, infos, {
    dryRun: 'none',
    fieldManager: context.flags.string('field-manager'),
    change: (object) => step.change(object, context),
    print: (object) => print(object, step.done),
    unchanged: (info: LoadedInfo) => {
      if (step.done !== 'restarted') return print(info.object, `already ${step.done}`);
      throw new CommandError(
        `failed to create patch for ${info.name}: if restart has already been triggered within the past second, please wait before attempting to trigger another`,
      );
    },
    failure: 'failed to patch: ',
    changeFailure: (info, message) => `error: ${groupResource(info.resource)} ${JSON.stringify(info.name)} ${message}`,
  });
  ManyErrors.throwAll([...errors, ...failures]);
}
