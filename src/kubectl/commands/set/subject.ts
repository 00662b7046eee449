// `kubectl set subject`
import { objectsAt } from '../../../base/fields.ts';
import { equal, type JsonObject } from '../../../base/json.ts';
import { dryRunOf, writeQuery } from '../../change-flags.ts';
import type { Command } from '../../command.ts';
import type { Context } from '../../context.ts';
import { CommandError, ManyErrors } from '../../errors.ts';
import { flag } from '../../flags.ts';
import { twoWayPatch } from '../../patch/three-way.ts';
import { resultPrinter } from '../../result-printer.ts';
import { patchInfo } from '../../write-object.ts';
import { findSetTargets, setFlags } from './set-template.ts';

export const setSubject: Command = {
  use: 'subject (-f FILENAME | TYPE NAME) [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]',
  short: 'Update the user, group, or service account in a role binding or cluster role binding',
  example: '# A group for a role binding\nkubectl set subject rolebinding admin --user=user1 --group=group1',
  flags: [
    ...setFlags,
    flag.stringArray('group', 'Groups to bind to the role'),
    flag.stringArray('serviceaccount', 'Service accounts to bind to the role'),
    flag.stringArray('user', 'Usernames to bind to the role'),
  ],
  run: runSetSubject,
};

async function runSetSubject(context: Context): Promise<void> {
  const { flags } = context;
  const dryRun = dryRunOf(context);
  const print = resultPrinter(context, dryRun);
  const infos = await findSetTargets(context, context.args);
  const groups = ['user', 'group', 'serviceaccount'].map((name) => flags.strings(name));
  if (groups.every((names) => names.length === 0)) {
    throw new CommandError('you must specify at least one value of user, group or serviceaccount');
  }
  const errors: Error[] = [];
  for (const info of infos) {
    if (!['RoleBinding', 'ClusterRoleBinding'].includes(info.resource.kind)) {
      const problem = 'setting subjects is only supported for RoleBinding/ClusterRoleBinding';
      errors.push(new CommandError(`error: ${info.resource.resource}/${info.name} ${problem}\n`));
      continue;
    }
    const subjects = [...objectsAt(info.object, 'subjects')];
    for (const subject of wantedSubjects(context, info.ns)) {
      if (!subjects.some((present) => equal(present, subject))) subjects.push(subject);
    }
    const after: JsonObject = { ...info.object, subjects };
    if (equal(after, info.object)) continue;
    if (flags.bool('local') || dryRun === 'client') {
      print(after, 'subjects updated');
      continue;
    }
    const query = writeQuery({ dryRun, fieldManager: flags.string('field-manager') });
    const patch = twoWayPatch(info.object, after, 'strategic');
    print(await patchInfo(context, info, { type: 'strategic', patch, query }), 'subjects updated');
  }
  ManyErrors.throwAll(errors);
}

function wantedSubjects({ flags }: Context, ns: string): readonly JsonObject[] {
  const apiGroup = 'rbac.authorization.k8s.io';
  const accounts = flags.strings('serviceaccount').map((written) => {
    const [namespace = '', name = '', ...more] = written.split(':');
    if (name === '' || more.length > 0) throw new CommandError('serviceaccount must be <namespace>:<name>');
    return { kind: 'ServiceAccount', name, namespace: namespace || ns };
  });
  return [
    ...flags.strings('user').map((name) => ({ apiGroup, kind: 'User', name })),
    ...flags.strings('group').map((name) => ({ apiGroup, kind: 'Group', name })),
    ...accounts,
  ];
}
