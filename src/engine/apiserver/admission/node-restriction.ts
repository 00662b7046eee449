// NodeRestriction: a kubelet changes its own node and the pods bound to it, nobody else's.
import type { Pod } from '../../../api/generated/types.ts';
import { forbidden } from '../../../api/status.ts';
import type { AdmissionPlugin, Attributes } from './plugin.ts';

const prefix = 'system:node:';
const mirrorAnnotation = 'kubernetes.io/config.mirror';

export const nodeRestriction: AdmissionPlugin = {
  name: 'NodeRestriction',
  validate(object, attributes) {
    const { request, resource, name, operation } = attributes;
    if (!request.user.name.startsWith(prefix) || !request.user.groups.includes('system:nodes')) return;
    if (resource.group !== '') return;
    const node = request.user.name.slice(prefix.length);
    const shown = JSON.stringify(node);
    if (resource.resource === 'nodes') {
      if (name === node && operation !== 'delete') return;
      if (operation === 'create')
        throw forbidden(resource, name, `node ${shown} is not allowed to create node ${JSON.stringify(name)}`);
      const what = operation === 'delete' ? 'delete' : 'modify';
      throw forbidden(resource, name, `node ${shown} is not allowed to ${what} node ${JSON.stringify(name)}`);
    }
    if (resource.resource !== 'pods') return;
    if (operation === 'create' && !request.subresource) {
      if (object?.metadata?.annotations?.[mirrorAnnotation] === undefined)
        throw forbidden(
          resource,
          name,
          `pod does not have "${mirrorAnnotation}" annotation, node ${shown} can only create mirror pods`,
        );
      return;
    }
    const bound = nodeOf(attributes);
    if (bound !== undefined && bound !== node) {
      const what = operation === 'delete' ? 'delete pods' : 'update pod status for pods';
      throw forbidden(resource, name, `node ${shown} can only ${what} with spec.nodeName set to itself`);
    }
  },
};

function nodeOf({ old }: Attributes): string | undefined {
  const pod: Pod | undefined = old as Pod | undefined; // edge: an object of the pods resource
  return pod ? (pod.spec?.nodeName ?? '') : undefined;
}
