// ServiceAccount: every pod runs as a service account, whose token it finds mounted.
import type { Container, PodSpec, ServiceAccount, Volume } from '../../../api/generated/types.ts';
import type { StoredObject } from '../../../kinds/kind.ts';
import { refusal } from './admission-request.ts';
import { isMirrorPod, mirrorPodReferenceProblem } from './mirror-pod.ts';
import { containerProblem, isLimited, secretProblem } from './mountable-secrets.ts';
import type { AdmissionLookups, AdmissionPlugin, Attributes } from './plugin.ts';
import { asPod, isPodCreate, isPodWrite, SpecCompletion } from './pod-spec.ts';

const tokenPath = '/var/run/secrets/kubernetes.io/serviceaccount';
/** An hour and some seconds: how upstream marks tokens whose age it watches. */
const tokenSeconds = 3607;

export const serviceAccount: AdmissionPlugin = {
  name: 'ServiceAccount',
  admit(object, attributes) {
    if (!isPodCreate(attributes)) return object;
    const pod = asPod(object);
    if (isMirrorPod(pod)) {
      const problem = mirrorPodReferenceProblem(pod);
      if (problem !== undefined) throw refusal(attributes, object, problem);
      return object;
    }
    const account = accountOf(object, attributes, pod.spec?.serviceAccountName || 'default');
    return completion.apply(object, account, attributes.lookups);
  },
  validate(object, attributes) {
    if (!object || !isPodWrite(attributes, 'ephemeralcontainers')) return;
    const pod = asPod(object);
    const created = isPodCreate(attributes);
    if ((!created && attributes.subresource !== 'ephemeralcontainers') || !pod.spec || isMirrorPod(pod)) return;
    const { serviceAccountName: name } = pod.spec;
    if (!name) {
      const { namespace } = attributes;
      throw refusal(
        attributes,
        object,
        `no service account specified for pod ${namespace}/${pod.metadata?.name ?? ''}`,
      );
    }
    const account = accountOf(object, attributes, name);
    if (!isLimited(account)) return;
    const problem = created
      ? secretProblem(pod.spec, account)
      : containerProblem('ephemeral container', pod.spec.ephemeralContainers, account);
    if (problem !== undefined) throw refusal(attributes, object, problem);
  },
};

function accountOf(object: StoredObject, attributes: Attributes, name: string): ServiceAccount {
  const { lookups, namespace } = attributes;
  const account = lookups.get('serviceaccounts', namespace, name);
  if (account) return account;
  const text = `error looking up service account ${namespace}/${name}: serviceaccount "${name}" not found`;
  throw refusal(attributes, object, text);
}

const completion = new SpecCompletion((given: PodSpec, facts: object, lookups) => {
  const account = facts as ServiceAccount; // edge: admit passes the account
  const name = account.metadata?.name ?? 'default';
  let spec: PodSpec = { ...given, serviceAccountName: name, serviceAccount: name };
  if (spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true)
    spec = withToken(spec, lookups);
  const secrets = account.imagePullSecrets;
  return secrets?.length && !spec.imagePullSecrets?.length ? { ...spec, imagePullSecrets: secrets } : spec;
});

function withToken(spec: PodSpec, lookups: AdmissionLookups): PodSpec {
  const known = spec.volumes?.find((volume) => volume.name.startsWith('kube-api-access-'));
  const volume = known ?? tokenVolume(`kube-api-access-${lookups.randomSuffix()}`);
  let mounted = false;
  const mount = (container: Container): Container => {
    if (container.volumeMounts?.some((existing) => existing.mountPath === tokenPath)) return container;
    mounted = true;
    const added = { name: volume.name, readOnly: true, mountPath: tokenPath };
    return { ...container, volumeMounts: [...(container.volumeMounts ?? []), added] };
  };
  if (!spec.containers) return spec; // a body may leave out what is required; validation says so
  const containers = spec.containers.map(mount);
  const initContainers = spec.initContainers?.map(mount);
  if (!mounted) return spec;
  return {
    ...spec,
    volumes: known ? (spec.volumes ?? []) : [...(spec.volumes ?? []), volume],
    ...(initContainers ? { initContainers } : {}),
    containers,
  };
}

function tokenVolume(name: string): Volume {
  return {
    name,
    projected: {
      sources: [
        { serviceAccountToken: { expirationSeconds: tokenSeconds, path: 'token' } },
        { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        {
          downwardAPI: {
            items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
          },
        },
      ],
      defaultMode: 0o644,
    },
  };
}
