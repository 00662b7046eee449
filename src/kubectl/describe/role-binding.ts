// Describes role bindings and cluster role bindings.
import { objectsAt, textAt } from '../../base/fields.ts';
import { describer } from './describer.ts';
import { writeMetadataMaps } from './metadata.ts';

export const roleBindingDescriber = bindingDescriber('RoleBinding', 'rolebindings');
export const clusterRoleBindingDescriber = bindingDescriber('ClusterRoleBinding', 'clusterrolebindings');

function bindingDescriber(kind: string, resource: string) {
  return describer({
    group: 'rbac.authorization.k8s.io',
    kind,
    resource: ['/apis/rbac.authorization.k8s.io/v1', resource],
    clusterScoped: kind === 'ClusterRoleBinding',
    events: false,
    write: (w, binding) => {
      w.field(0, 'Name', textAt(binding, 'metadata.name'));
      writeMetadataMaps(w, binding);
      w.line(0, 'Role:');
      w.field(1, 'Kind', textAt(binding, 'roleRef.kind'));
      w.field(1, 'Name', textAt(binding, 'roleRef.name'));
      w.line(0, 'Subjects:');
      w.line(1, 'Kind\tName\tNamespace');
      w.line(1, '----\t----\t---------');
      for (const subject of objectsAt(binding, 'subjects')) {
        w.line(1, ['kind', 'name', 'namespace'].map((field) => textAt(subject, field)).join('\t'));
      }
    },
  });
}
