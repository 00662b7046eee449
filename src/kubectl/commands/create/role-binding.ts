// `kubectl create rolebinding` and `kubectl create clusterrolebinding`
import type { JsonObject } from '../../../base/json.ts';
import { CommandError } from '../../errors.ts';
import { type FlagValues, flag } from '../../flags.ts';
import { generatorCommand } from './generator.ts';

const rbacGroup = 'rbac.authorization.k8s.io';

const subjectFlags = [
  flag.stringArray('group', 'Group to bind to the role; may be repeated.'),
  flag.stringArray('serviceaccount', 'Service account to bind to the role, as <namespace>:<name>; may be repeated.'),
  flag.stringArray('user', 'User to bind to the role; may be repeated.'),
];

export const createRoleBinding = generatorCommand({
  use: 'rolebinding NAME --clusterrole=NAME|--role=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]',
  short: 'Create a role binding for a particular role or cluster role',
  example: `# A user and a group get the cluster role admin in this namespace
kubectl create rolebinding admin --clusterrole=admin --user=user1 --group=group1

# A service account gets it
kubectl create rolebinding admin-binding --role=admin --serviceaccount=monitoring:sa-dev`,
  flags: [
    ...subjectFlags,
    flag.string('clusterrole', 'ClusterRole this RoleBinding should reference'),
    flag.string('role', 'Role this RoleBinding should reference'),
  ],
  resource: { group: rbacGroup, version: 'v1', resource: 'rolebindings' },
  failure: 'failed to create rolebinding: ',
  build: ({ flags }, name) => {
    const [clusterRole, role] = [flags.string('clusterrole'), flags.string('role')];
    if ((clusterRole === '') === (role === '')) {
      throw new CommandError('exactly one of clusterrole or role must be specified');
    }
    const roleRef = { apiGroup: rbacGroup, kind: role === '' ? 'ClusterRole' : 'Role', name: role || clusterRole };
    return bindingObject('RoleBinding', name, { roleRef, flags });
  },
});

export const createClusterRoleBinding = generatorCommand({
  use: 'clusterrolebinding NAME --clusterrole=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]',
  short: 'Create a cluster role binding for a particular cluster role',
  example: `# A user and a group are administrators of the cluster
kubectl create clusterrolebinding cluster-admin --clusterrole=cluster-admin --user=user1 --group=group1`,
  flags: [
    ...subjectFlags,
    flag.string('clusterrole', 'ClusterRole this ClusterRoleBinding should reference', {
      required: true,
      completes: { kind: 'names', of: 'clusterroles' },
    }),
  ],
  resource: { group: rbacGroup, version: 'v1', resource: 'clusterrolebindings' },
  clusterScoped: true,
  failure: 'failed to create clusterrolebinding: ',
  build: ({ flags }, name) => {
    const roleRef = { apiGroup: rbacGroup, kind: 'ClusterRole', name: flags.string('clusterrole') };
    return bindingObject('ClusterRoleBinding', name, { roleRef, flags });
  },
});

function bindingObject(
  kind: string,
  name: string,
  { roleRef, flags }: { readonly roleRef: JsonObject; readonly flags: FlagValues },
): JsonObject {
  const subjects: JsonObject[] = [
    ...flags.strings('user').map((user) => ({ kind: 'User', apiGroup: rbacGroup, name: user })),
    ...flags.strings('group').map((group) => ({ kind: 'Group', apiGroup: rbacGroup, name: group })),
    ...flags.strings('serviceaccount').map(serviceAccountSubject),
  ];
  const apiVersion = `${rbacGroup}/v1`;
  return { kind, apiVersion, metadata: { name }, ...(subjects.length > 0 ? { subjects } : {}), roleRef };
}

function serviceAccountSubject(written: string): JsonObject {
  const [namespace = '', name = '', ...rest] = written.split(':');
  if (namespace === '' || name === '' || rest.length > 0) {
    throw new CommandError('serviceaccount must be <namespace>:<name>');
  }
  return { kind: 'ServiceAccount', name, namespace };
}
