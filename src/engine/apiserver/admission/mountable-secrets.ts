// A service account may limit its pods to the secrets that it names: `kubernetes.io/enforce-mountable-secrets`.
import type { Container, PodSpec, ServiceAccount } from '../../../api/generated/types.ts';

const annotation = 'kubernetes.io/enforce-mountable-secrets';

export function isLimited({ metadata }: ServiceAccount): boolean {
  return /^(1|t|T|true|TRUE|True)$/.test(metadata?.annotations?.[annotation] ?? '');
}

/** The first secret of a pod that its account does not name, in upstream's words. */
export function secretProblem(spec: PodSpec, account: ServiceAccount): string | undefined {
  const { name = '' } = account.metadata ?? {};
  const unknown = namedBy(account);
  for (const { secret } of spec.volumes ?? [])
    if (secret && unknown(secret.secretName))
      return `volume with secret.secretName="${secret.secretName}" is not allowed because service account ${name} does not reference that secret`;
  const wrong =
    containerProblem('init container', spec.initContainers, account) ??
    containerProblem('container', spec.containers, account);
  if (wrong !== undefined) return wrong;
  const pulled = (account.imagePullSecrets ?? []).map((secret) => secret.name);
  const at = (spec.imagePullSecrets ?? []).findIndex((secret) => !pulled.includes(secret.name));
  if (at < 0) return undefined;
  return `imagePullSecrets[${at}].name="${spec.imagePullSecrets?.[at]?.name ?? ''}" is not allowed because service account ${name} does not reference that imagePullSecret`;
}

type Reader = Pick<Container, 'name' | 'env' | 'envFrom'>;

/** As secretProblem, of the containers of one list. */
export function containerProblem(
  what: string,
  containers: readonly Reader[] | undefined,
  account: ServiceAccount,
): string | undefined {
  const unknown = namedBy(account);
  const text = (container: Reader, how: string, secret: string | undefined): string =>
    `${what} ${container.name} with ${how} referencing secret.secretName="${secret ?? ''}" is not allowed because service account ${account.metadata?.name ?? ''} does not reference that secret`;
  for (const container of containers ?? []) {
    const variable = container.env?.find(
      ({ valueFrom }) => valueFrom?.secretKeyRef && unknown(valueFrom.secretKeyRef.name),
    );
    if (variable) return text(container, `envVar ${variable.name}`, variable.valueFrom?.secretKeyRef?.name);
    const source = container.envFrom?.find(({ secretRef }) => secretRef && unknown(secretRef.name));
    if (source) return text(container, 'envFrom', source.secretRef?.name);
  }
  return undefined;
}

function namedBy({ secrets = [] }: ServiceAccount): (secret: string | undefined) => boolean {
  const names = new Set(secrets.map(({ name }) => name));
  return (secret) => !names.has(secret);
}
