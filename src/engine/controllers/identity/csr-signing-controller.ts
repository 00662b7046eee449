// Signs approved certificate requests of the cluster's own signers, and clears away requests that are over.
//
// Left out: a request's own signature, by which its sender proves to have the private key.
import { certificateSigningRequests } from '../../../api/generated/resources.ts';
import type { CertificateSigningRequest } from '../../../api/generated/types.ts';
import { parseTime } from '../../../api/meta.ts';
import { decodeBase64, decodeUtf8, encodeBase64, encodeUtf8 } from '../../../base/bytes.ts';
import { decodePem } from '../../../base/pem.ts';
import { readCertificateRequest } from '../../../base/x509.ts';
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
    const status = { ...request.status, certificate: certificateFor(request, context) };
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
  { spec }: CertificateSigningRequest,
  { cluster, scope }: Pick<ControllerContext, 'cluster' | 'scope'>,
): string {
  const pem = decodeUtf8(decodeBase64(spec.request) ?? new Uint8Array());
  const wanted = readCertificateRequest(decodePem('CERTIFICATE REQUEST', pem) ?? new Uint8Array());
  const has = (usage: string): boolean => spec.usages?.includes(usage) ?? false;
  const lifeMs = spec.expirationSeconds ? spec.expirationSeconds * 1000 : undefined;
  const usages = [...(has('server auth') ? server : []), ...(has('client auth') ? client : [])];
  return encodeBase64(encodeUtf8(cluster.authority.issue({ ...wanted, usages, at: scope.now, lifeMs })));
}
