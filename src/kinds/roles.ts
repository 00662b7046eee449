// Roles and what binds them to users, groups and service accounts; in a namespace or in the whole cluster.
import type { ClusterRole, ClusterRoleBinding, Role, RoleBinding, Subject } from '../api/generated/types.ts';
import { pathSegmentName } from '../api/names.ts';
import { ageColumn, createdAtColumns, nameColumn, textColumn, wide } from './columns.ts';
import { type Column, defineKind } from './kind.ts';
import { change, changeAll, fillZero } from './share.ts';

const group = 'rbac.authorization.k8s.io';

/** What the server knows about Roles. */
export const role = defineKind<Role>({
  group,
  kind: 'Role',
  validName: pathSegmentName,
  createOnUpdate: true,
  columns: createdAtColumns,
});

/** What the server knows about ClusterRoles. */
export const clusterRole = defineKind<ClusterRole>({
  group,
  kind: 'ClusterRole',
  validName: pathSegmentName,
  createOnUpdate: true,
  columns: createdAtColumns,
});

/** What the server knows about RoleBindings. */
export const roleBinding = defineKind<RoleBinding>({
  group,
  kind: 'RoleBinding',
  validName: pathSegmentName,
  createOnUpdate: true,
  defaults: bindingDefaults,
  columns: bindingColumns(),
});

/** What the server knows about ClusterRoleBindings. */
export const clusterRoleBinding = defineKind<ClusterRoleBinding>({
  group,
  kind: 'ClusterRoleBinding',
  validName: pathSegmentName,
  createOnUpdate: true,
  defaults: bindingDefaults,
  columns: bindingColumns(),
});

function bindingDefaults(binding: RoleBinding): RoleBinding {
  const referring = change(binding, 'roleRef', (reference) => fillZero(reference, { apiGroup: group }));
  return change(referring, 'subjects', (subjects) =>
    changeAll(subjects, (subject) =>
      subject.kind === 'User' || subject.kind === 'Group' ? fillZero(subject, { apiGroup: group }) : subject,
    ),
  );
}

function bindingColumns(): readonly Column<RoleBinding>[] {
  return [
    nameColumn,
    textColumn('Role', 'The role that is granted.', ({ roleRef }) => `${roleRef.kind}/${roleRef.name}`),
    ageColumn,
    wide(textColumn('Users', 'Users who have it.', ({ subjects }) => subjectsText(subjects, 'User'))),
    wide(textColumn('Groups', 'Groups that have it.', ({ subjects }) => subjectsText(subjects, 'Group'))),
    wide(
      textColumn('ServiceAccounts', 'Service accounts that have it.', ({ subjects }) =>
        subjectsText(subjects, 'ServiceAccount'),
      ),
    ),
  ];
}

function subjectsText(subjects: readonly Subject[] | undefined, wanted: string): string {
  const some = (subjects ?? []).filter(({ kind }) => kind === wanted);
  const text = ({ kind, name, namespace }: Subject) =>
    kind === 'ServiceAccount' ? `${namespace ?? ''}/${name}` : name;
  return some.map(text).join(', ');
}
