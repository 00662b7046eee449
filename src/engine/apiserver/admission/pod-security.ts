// PodSecurity: a namespace's labels say how much its pods may do: refused (enforce) or warned of (warn).
import type { Namespace, Pod, PodSpec } from '../../../api/generated/types.ts';
import { forbidden } from '../../../api/status.ts';
import type { StoredObject } from '../../../kinds/kind.ts';
import type { AdmissionPlugin, Attributes } from './plugin.ts';
import { podViolations, type SecurityLevel } from './pod-security-checks.ts';

const prefix = 'pod-security.kubernetes.io/';

export const podSecurity: AdmissionPlugin = {
  name: 'PodSecurity',
  validate(object, attributes) {
    const { operation, resource, namespace, request, lookups, name, old } = attributes;
    if (!object || operation === 'delete' || !namespace || request.subresource) return;
    const found = podSpecOf(object, attributes);
    if (!found || (old && podSpecOf(old, attributes)?.spec === found.spec)) return;
    const owner: Namespace | undefined = lookups.get('namespaces', undefined, namespace); // of that resource
    const labels = owner?.metadata?.labels;
    if (!labels) return;
    const isPod = resource.group === '' && resource.resource === 'pods';
    const enforce = policyOf(labels, 'enforce');
    if (isPod && enforce.level !== 'privileged') {
      const violations = podViolations(found, enforce.level);
      if (violations.length > 0) {
        const text = `violates PodSecurity "${enforce.level}:${enforce.version}": ${violations.join(', ')}`;
        throw forbidden(resource, name, text);
      }
    }
    const warn = policyOf(labels, 'warn');
    if (warn.level === 'privileged') return;
    const violations = podViolations(found, warn.level);
    if (violations.length > 0)
      attributes.warn(`would violate PodSecurity "${warn.level}:${warn.version}": ${violations.join(', ')}`);
  },
};

function policyOf(
  labels: Readonly<Record<string, string>>,
  mode: string,
): { readonly level: SecurityLevel; readonly version: string } {
  const level = labels[prefix + mode];
  const version = labels[`${prefix}${mode}-version`] ?? 'latest';
  return { level: level === 'baseline' || level === 'restricted' ? level : 'privileged', version };
}

/** The pod, or the template of what makes pods. */
function podSpecOf(
  object: StoredObject,
  { resource }: Attributes,
): { readonly spec: PodSpec; readonly annotations: Readonly<Record<string, string>> } | undefined {
  if (!['', 'apps', 'batch'].includes(resource.group)) return undefined;
  const whole: { readonly spec?: object | undefined; readonly template?: object } = object;
  const pod = resource.group === '' && resource.resource === 'pods' ? object : templateIn(whole);
  const { spec, metadata } = (pod ?? {}) as Pod; // edge: a pod or a pod template
  return spec?.containers ? { spec, annotations: metadata?.annotations ?? {} } : undefined;
}

function templateIn(object: { readonly spec?: object | undefined; readonly template?: object }): object | undefined {
  if (object.template) return object.template;
  const spec: {
    readonly template?: object;
    readonly jobTemplate?: { readonly spec?: { readonly template?: object } };
  } = object.spec ?? {};
  return spec.template ?? spec.jobTemplate?.spec?.template;
}
