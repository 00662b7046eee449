// ServiceAccount: every pod runs as a service account, whose token it finds mounted.
import type { Container, PodSpec, ServiceAccount, Volume } from '../../../api/generated/types.ts';
import { forbidden } from '../../../api/status.ts';
import type { AdmissionLookups, AdmissionPlugin } from './plugin.ts';
import { asPod, isPodCreate, SpecCompletion } from './pod-spec.ts';

const mirrorAnnotation = 'kubernetes.io/config.mirror';
const tokenPath = '/var/run/secrets/kubernetes.io/serviceaccount';
/** An hour and some seconds: how upstream marks tokens whose age it watches. */
const tokenSeconds = 3607;

export const serviceAccount: AdmissionPlugin = {
  name: 'ServiceAccount',
  admit(object, attributes) {
    if (!isPodCreate(attributes)) return object;
    const { namespace, name, resource, lookups } = attributes;
    const pod = asPod(object);
    if (pod.metadata?.annotations && Object.hasOwn(pod.metadata.annotations, mirrorAnnotation)) return object;
    const wanted = pod.spec?.serviceAccountName || 'default';
    const account = lookups.get('serviceaccounts', namespace, wanted);
    if (!account) {
      const text = `error looking up service account ${namespace}/${wanted}: serviceaccount "${wanted}" not found`;
      throw forbidden(resource, name, text);
    }
    return completion.apply(object, account, lookups);
  },
};

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
