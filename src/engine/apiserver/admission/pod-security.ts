// PodSecurity: a namespace's labels say how much its pods may do: refused (enforce), warned
// of (warn), or noted (audit).
import type { Namespace, Pod, PodSpec } from '../../../api/generated/types.ts';
import { forbidden, invalid } from '../../../api/status.ts';
import { equal } from '../../../base/json.ts';
import type { StoredObject } from '../../../kinds/kind.ts';
import type { AdmissionPlugin, Attributes } from './plugin.ts';
import { existingPodWarnings } from './pod-security/existing-pods.ts';
import {
  type PodPolicy,
  type PodSecurityConfiguration,
  policyOf,
  policyText,
  samePolicy,
  strictness,
} from './pod-security/pod-policy.ts';
import type { Subject } from './pod-security/security-check.ts';
import { detailText, violations } from './pod-security/violations.ts';

export const podSecurity: AdmissionPlugin = {
  name: 'PodSecurity',
  validate(object, attributes) {
    const { operation, resource, namespace, subresource, lookups } = attributes;
    if (!object || (operation !== 'create' && operation !== 'update')) return;
    if (resource.group === '' && resource.resource === 'namespaces') {
      if (!subresource) checkNamespace(asNamespace(object), attributes);
      return;
    }
    if (!namespace || !holders.has(`${resource.group}/${resource.resource}`)) return;
    const { podSecurity: configuration } = attributes.settings;
    const labels = lookups.get('namespaces', undefined, namespace)?.metadata?.labels;
    const policy = policyOf(labels, configuration?.defaults);
    const exempt = configuration && exemption(configuration, attributes, object);
    if (exempt !== undefined) {
      attributes.annotate(`${prefix}exempt`, exempt);
      return;
    }
    if (isUnlimited(policy)) {
      if (isPod(attributes) && !ignoredParts.has(subresource ?? ''))
        attributes.annotate(`${prefix}enforce-policy`, policyText(policy.enforce));
      return;
    }
    if (isPod(attributes)) checkPod(object, attributes, policy);
    else if (!subresource) {
      const template = templateOf(object);
      if (template) {
        note(template, attributes, policy);
        warn(template, attributes, policy);
      }
    }
  },
};

/** What makes pods, as far as it is warned of. */
const holders = new Set([
  '/pods',
  '/podtemplates',
  '/replicationcontrollers',
  ...['replicasets', 'deployments', 'statefulsets', 'daemonsets'].map((resource) => `apps/${resource}`),
  ...['jobs', 'cronjobs'].map((resource) => `batch/${resource}`),
]);

const prefix = 'pod-security.kubernetes.io/';

function isUnlimited({ enforce, audit, warn: warned }: PodPolicy): boolean {
  return [enforce, audit, warned].every(({ level }) => level === 'privileged');
}

/** Why nobody looks at it. */
function exemption(
  { exemptions }: PodSecurityConfiguration,
  attributes: Attributes,
  object: StoredObject,
): string | undefined {
  if (exemptions.namespaces.includes(attributes.namespace)) return 'namespace';
  if (exemptions.usernames.includes(attributes.request.user.name)) return 'user';
  const { runtimeClassName = '' } = (isPod(attributes) ? asPod(object).spec : templateOf(object)?.spec) ?? {};
  return exemptions.runtimeClasses.includes(runtimeClassName) ? 'runtimeClass' : undefined;
}

/** What the audit log is told. */
function note(subject: Subject, { annotate }: Attributes, { audit }: PodPolicy): void {
  const found = violations(subject, audit);
  if (found.length === 0) return;
  const text = `would violate PodSecurity ${JSON.stringify(policyText(audit))}: ${detailText(found)}`;
  annotate(`${prefix}audit-violations`, text);
}

/** Labels must make sense; pods that are there are checked against what is enforced anew. */
function checkNamespace(namespace: Namespace, { old, lookups, name, warn: tell }: Attributes): void {
  const now = policyOf(namespace.metadata?.labels);
  const before = old && policyOf(old.metadata?.labels);
  if (now.problems.length > 0 && !equal(now.problems, before?.problems))
    throw invalid({ group: '', kind: 'Namespace' }, name, now.problems);
  if (!before || samePolicy(now.enforce, before.enforce) || now.enforce.level === 'privileged') return;
  const laxer = strictness(now.enforce.level) <= strictness(before.enforce.level);
  if (laxer && now.enforce.minor === before.enforce.minor) return;
  const pods = lookups.list('pods', name).map(asPod);
  for (const text of existingPodWarnings(name, pods, now.enforce)) tell(text);
}

const ignoredParts = new Set(['attach', 'binding', 'eviction', 'exec', 'log', 'portforward', 'proxy', 'status']);

function checkPod(object: StoredObject, attributes: Attributes, policy: PodPolicy): void {
  const { resource, subresource, old, name } = attributes;
  if (subresource && ignoredParts.has(subresource)) return;
  const { spec, metadata } = asPod(object);
  if (!spec || (old && !changesImages(spec, asPod(old).spec))) return;
  const subject = { spec, annotations: metadata?.annotations ?? {} };
  attributes.annotate(`${prefix}enforce-policy`, policyText(policy.enforce));
  note(subject, attributes, policy);
  const found = violations(subject, policy.enforce);
  if (found.length > 0) {
    const text = `violates PodSecurity ${JSON.stringify(policyText(policy.enforce))}: ${detailText(found)}`;
    throw forbidden(resource, name, text);
  }
  warn(subject, attributes, policy);
}

function warn(subject: Subject, { warn: tell }: Attributes, { warn: policy }: PodPolicy): void {
  const found = violations(subject, policy);
  if (found.length > 0) tell(`would violate PodSecurity ${JSON.stringify(policyText(policy))}: ${detailText(found)}`);
}

/** Nothing else that the standards look at can be changed. */
function changesImages(spec: PodSpec, old: PodSpec | undefined): boolean {
  if (!old) return true;
  const images = (list: readonly { readonly image?: string | undefined }[] = []): readonly (string | undefined)[] =>
    list.map(({ image }) => image);
  if (!equal(images(spec.containers), images(old.containers))) return true;
  if (!equal(images(spec.initContainers), images(old.initContainers))) return true;
  return (spec.ephemeralContainers ?? []).some(
    ({ name, image }) => old.ephemeralContainers?.find((known) => known.name === name)?.image !== image,
  );
}

function isPod({ resource }: Attributes): boolean {
  return resource.group === '' && resource.resource === 'pods';
}

interface MakesPods {
  readonly template?: object;
  readonly spec?: {
    readonly template?: object;
    readonly jobTemplate?: { readonly spec?: { readonly template?: object } };
  };
}

/** The template of what makes pods. */
function templateOf(object: StoredObject): Subject | undefined {
  const { template: own, spec: outer } = object as MakesPods; // edge: an object of one of those resources
  const template = own ?? outer?.template ?? outer?.jobTemplate?.spec?.template;
  const { spec, metadata } = (template ?? {}) as Pod; // edge: a template has a pod's parts
  return spec && { spec, annotations: metadata?.annotations ?? {} };
}

function asPod(object: StoredObject): Pod {
  return object as Pod; // edge: an object of the pods resource
}

function asNamespace(object: StoredObject): Namespace {
  return object as Namespace; // edge: an object of the namespaces resource
}
