// `kubectl set serviceaccount`
import type { Command } from '../../command.ts';
import { CommandError } from '../../errors.ts';
import { changeSpecs, findSetTargets, setFlags } from './set-template.ts';

export const setServiceAccount: Command = {
  use: 'serviceaccount (-f FILENAME | TYPE NAME) SERVICE_ACCOUNT',
  aliases: ['sa'],
  short: 'Update the service account of a resource',
  example:
    '# The service account of a deployment\nkubectl set serviceaccount deployment nginx-deployment serviceaccount1',
  flags: setFlags.filter(({ name }) => name !== 'selector'),
  run: async (context) => {
    const name = context.args.at(-1);
    if (name === undefined) throw new CommandError('serviceaccount is required');
    const infos = await findSetTargets(context, context.args.slice(0, -1));
    await changeSpecs(context, infos, {
      operation: 'serviceaccount updated',
      failure: 'failed to patch ServiceAccountName ',
      tellsUnchanged: true,
      change: (spec) => ({ ...spec, serviceAccountName: name }),
    });
  },
};
