// What is wrong with roles and what binds them to users, groups and service accounts.
import type { ClusterRole, ClusterRoleBinding, Role, RoleBinding } from '../../api/generated/types.ts';
import { defineChecks } from '../kind-checks.ts';
import {
  validateClusterRole,
  validateClusterRoleBinding,
  validateRole,
  validateRoleBinding,
  validateSameRole,
} from '../validation/roles.ts';

export const roleChecks = defineChecks<Role>({
  group: 'rbac.authorization.k8s.io',
  kind: 'Role',
  validate: validateRole,
  validateUpdate: (role, _old, errors) => validateRole(role, errors),
});

export const clusterRoleChecks = defineChecks<ClusterRole>({
  group: 'rbac.authorization.k8s.io',
  kind: 'ClusterRole',
  validate: validateClusterRole,
  validateUpdate: (role, _old, errors) => validateClusterRole(role, errors),
});

export const roleBindingChecks = defineChecks<RoleBinding>({
  group: 'rbac.authorization.k8s.io',
  kind: 'RoleBinding',
  validate: validateRoleBinding,
  validateUpdate(binding, old, errors) {
    validateRoleBinding(binding, errors);
    validateSameRole(binding, old, errors);
  },
});

export const clusterRoleBindingChecks = defineChecks<ClusterRoleBinding>({
  group: 'rbac.authorization.k8s.io',
  kind: 'ClusterRoleBinding',
  validate: validateClusterRoleBinding,
  validateUpdate(binding, old, errors) {
    validateClusterRoleBinding(binding, errors);
    validateSameRole(binding, old, errors);
  },
});
