// Signs approved certificate requests of the cluster's own signers, and clears away requests that are over.
import { certificateSigningRequests } from '../../../api/generated/resources.ts';
import type {
  CertificateSigningRequest,
  CertificateSigningRequestCondition as Condition,
} from '../../../api/generated/types.ts';
import { formatTime, parseTime } from '../../../api/meta.ts';
import { decodeBase64, decodeUtf8, encodeBase64, encodeUtf8 } from '../../../base/bytes.ts';
import { decodePem } from '../../../base/pem.ts';
import { type CertificateRequest, readAlternativeNames, readCertificateRequest } from '../../../base/x509.ts';
import { type Controller, type ControllerContext, defineController } from '../../client/controller.ts';
import { keyOf } from '../../client/store.ts';
import type { Work } from '../../sim/work.ts';

export const csrSigningController = defineController({
  name: 'certificatesigningrequest-signing-controller',
  account: 'certificate-controller',
  setup,
});

const signers: ReadonlySet<string> = new Set([
  'kubernetes.io/kube-apiserver-client',
  'kubernetes.io/kube-apiserver-client-kubelet',
  'kubernetes.io/kubelet-serving',
  'kubernetes.io/legacy-unknown',
]);
const server = ['server'] as const;
const client = ['client'] as const;
const hourMs = 3_600_000;
const lifeMinMs = 600_000;
const lifeMaxMs = 365 * 24 * hourMs;
/** How long a request stays around after its last change, undecided ones for longer. */
const decidedMs = hourMs;
const pendingMs = 24 * hourMs;

function setup(context: ControllerContext): Controller {
  const { informers, queue, client: api, scope } = context;
  const requests = informers.informer(certificateSigningRequests);
  const enqueue = (request: CertificateSigningRequest): void => queue.add(keyOf(request));
  requests.on({ added: enqueue, updated: enqueue });

  function* reconcile(name: string): Work<void> {
    const request = requests.lister.get(name);
    if (!request) return;
    const has = (type: string): boolean => request.status?.conditions?.some((one) => one.type === type) ?? false;
    const over = expiry(request);
    if (over <= scope.now) {
      yield* api.delete(certificateSigningRequests, { name });
      return;
    }
    queue.addAfter(name, over - scope.now);
    if (!has('Approved') || has('Denied') || has('Failed') || request.status?.certificate) return;
    if (!signers.has(request.spec.signerName)) return;
    const problem = signerProblem(request, wantedBy(request));
    const status =
      problem === undefined
        ? { ...request.status, certificate: certificateFor(request, context) }
        : { ...request.status, conditions: [...(request.status?.conditions ?? []), failure(problem, scope.now)] };
    yield* api.updateStatus(certificateSigningRequests, { ...request, status });
  }
  return { reconcile };
}

/** When nobody needs the request any more. */
function expiry({ metadata, status }: CertificateSigningRequest): number {
  const conditions = status?.conditions ?? [];
  const [first] = conditions;
  if (!first) return (parseTime(metadata?.creationTimestamp) ?? 0) + pendingMs;
  const changes = conditions.map(
    ({ lastUpdateTime }) => parseTime(lastUpdateTime) ?? parseTime(metadata?.creationTimestamp) ?? 0,
  );
  return Math.max(...changes) + decidedMs;
}

/** PEM in base64, as the API carries it. */
function certificateFor(
  request: CertificateSigningRequest,
  { cluster, scope }: Pick<ControllerContext, 'cluster' | 'scope'>,
): string {
  const { spec } = request;
  const wanted = wantedBy(request);
  const has = (usage: string): boolean => spec.usages?.includes(usage) ?? false;
  const seconds = spec.expirationSeconds;
  const lifeMs = seconds ? Math.min(Math.max(seconds * 1000, lifeMinMs), lifeMaxMs) : undefined;
  const usages = [...(has('server auth') ? server : []), ...(has('client auth') ? client : [])];
  return encodeBase64(encodeUtf8(cluster.authority.issue({ ...wanted, usages, at: scope.now, lifeMs })));
}

function wantedBy({ spec }: CertificateSigningRequest): CertificateRequest {
  const pem = decodeUtf8(decodeBase64(spec.request) ?? new Uint8Array());
  return readCertificateRequest(decodePem('CERTIFICATE REQUEST', pem) ?? new Uint8Array());
}

function failure(message: string, nowMs: number): Condition {
  return {
    type: 'Failed',
    status: 'True',
    reason: 'SignerValidationFailure',
    message,
    lastUpdateTime: formatTime(nowMs),
  };
}

/** Why a signer does not sign an approved request; undefined: it does. */
function signerProblem({ spec }: CertificateSigningRequest, wanted: CertificateRequest): string | undefined {
  const usages = spec.usages ?? [];
  if (spec.signerName === 'kubernetes.io/kube-apiserver-client') {
    const other = usages.find((usage) => !['digital signature', 'key encipherment', 'client auth'].includes(usage));
    if (other !== undefined) return `invalid usage for client certificate: ${other}`;
    return usages.includes('client auth') ? undefined : 'missing required usage for client certificate: client auth';
  }
  if (spec.signerName === 'kubernetes.io/kubelet-serving') return kubeletProblem(wanted, usages, 'server auth');
  if (spec.signerName === 'kubernetes.io/kube-apiserver-client-kubelet')
    return kubeletProblem(wanted, usages, 'client auth');
  return undefined;
}

function kubeletProblem(
  { subject, alternativeNames }: CertificateRequest,
  usages: readonly string[],
  purpose: 'server auth' | 'client auth',
): string | undefined {
  const { dns, ip, email, uri } = readAlternativeNames(alternativeNames);
  if (subject.organizations.join() !== 'system:nodes') return 'subject organization is not system:nodes';
  const client = purpose === 'client auth';
  if (client && dns.length > 0) return 'DNS subjectAltNames are not allowed';
  if (!client && dns.length + ip.length === 0) return 'DNS or IP subjectAltName is required';
  if (email.length > 0) return 'Email subjectAltNames are not allowed';
  if (client && ip.length > 0) return 'IP subjectAltNames are not allowed';
  if (uri.length > 0) return 'URI subjectAltNames are not allowed';
  const named = subject.commonName.startsWith('system:node:');
  if (client && !named) return nodeNameProblem;
  const needed = ['digital signature', ...(usages.includes('key encipherment') ? ['key encipherment'] : []), purpose];
  if ([...new Set(usages)].sort().join() !== [...needed].sort().join()) {
    const all = ['digital signature', 'key encipherment', purpose].sort();
    return `usages did not match [${all.join(' ')}]`;
  }
  return named ? undefined : nodeNameProblem;
}

const nodeNameProblem = 'subject common name does not begin with system:node:';
