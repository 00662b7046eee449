// NodeDeclaredFeatureValidator: a running pod is changed only in ways that its node declares to understand.
import type { Node } from '../../../api/generated/types.ts';
import { neededForUpdate, offeredBy } from '../../../kinds/declared-features.ts';
import { refusal } from './admission-request.ts';
import type { AdmissionPlugin } from './plugin.ts';
import { asPod } from './pod-spec.ts';

export const nodeDeclaredFeatureValidator: AdmissionPlugin = {
  name: 'NodeDeclaredFeatureValidator',
  validate(object, attributes) {
    const { operation, resource, subresource, old, lookups } = attributes;
    if (operation !== 'update' || resource.resource !== 'pods' || resource.group !== '' || !object || !old) return;
    if (subresource !== undefined && subresource !== 'resize') return;
    const [{ spec, metadata }, before] = [asPod(object), asPod(old)];
    if (!spec?.nodeName || !before.spec || metadata?.generation === before.metadata?.generation) return;
    const needed = neededForUpdate(spec, before.spec);
    if (needed.length === 0) return;
    const node = lookups.get('nodes', undefined, spec.nodeName) as Node | undefined; // edge: an object of that resource
    const shown = JSON.stringify(spec.nodeName);
    if (!node) throw refusal(attributes, object, `node ${shown} not found`);
    const missing = needed.filter((name) => !offeredBy(node).includes(name));
    if (missing.length === 0) return;
    const text = `pod update requires features ${missing.join(', ')} which are not available on node ${shown}`;
    throw refusal(attributes, object, text);
  },
};
