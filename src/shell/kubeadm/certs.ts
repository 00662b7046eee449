// kubeadm certs check-expiration: until when the certificates on this machine's disk are good.
import { decodeBase64, decodeUtf8 } from '../../base/bytes.ts';
import { alignTabs } from '../../base/tab-writer.ts';
import { certificateIn } from '../../base/verify-certificate.ts';
import { formatDate } from '../text/date-format.ts';
import type { KubeadmCall } from './kubeadm-call.ts';
import { shortDuration } from './tokens.ts';

/** A kubeconfig's own certificate, or a file's; and who signs it. */
const certificates: readonly (readonly [name: string, file: string, authority: string])[] = [
  ['admin.conf', '/etc/kubernetes/admin.conf', 'ca'],
  ['apiserver', 'apiserver.crt', 'ca'],
  ['apiserver-etcd-client', 'apiserver-etcd-client.crt', 'etcd-ca'],
  ['apiserver-kubelet-client', 'apiserver-kubelet-client.crt', 'ca'],
  ['controller-manager.conf', '/etc/kubernetes/controller-manager.conf', 'ca'],
  ['etcd-healthcheck-client', 'etcd/healthcheck-client.crt', 'etcd-ca'],
  ['etcd-peer', 'etcd/peer.crt', 'etcd-ca'],
  ['etcd-server', 'etcd/server.crt', 'etcd-ca'],
  ['front-proxy-client', 'front-proxy-client.crt', 'front-proxy-ca'],
  ['scheduler.conf', '/etc/kubernetes/scheduler.conf', 'ca'],
  ['super-admin.conf', '/etc/kubernetes/super-admin.conf', 'ca'],
];

const authorities: readonly (readonly [name: string, file: string])[] = [
  ['ca', 'ca.crt'],
  ['etcd-ca', 'etcd/ca.crt'],
  ['front-proxy-ca', 'front-proxy-ca.crt'],
];

export async function checkExpiration(call: KubeadmCall): Promise<number> {
  const places = ['/etc/kubernetes/pki', '/var/lib/minikube/certs'];
  const usual = places.find((place) => call.process.machine.files.exists(`${place}/ca.crt`));
  const directory = call.option('cert-dir') ?? usual ?? '/etc/kubernetes/pki';
  const line = '[check-expiration]';
  await call.process.stdout.write(
    `${line} Reading configuration from the "kubeadm-config" ConfigMap in namespace "kube-system"...\n${line} Use 'kubeadm init phase upload-config kubeadm --config your-config-file' to re-upload it.\n\n`,
  );
  const rows = [['CERTIFICATE', 'EXPIRES', 'RESIDUAL TIME', 'CERTIFICATE AUTHORITY', 'EXTERNALLY MANAGED']];
  for (const [name, file, authority] of certificates) {
    const until = expiryOf(call, file.startsWith('/') ? file : `${directory}/${file}`);
    rows.push(until ? [name, ...until, authority, 'no      '] : [`!MISSING! ${name}`, '', '', '', '']);
  }
  rows.push([''], ['CERTIFICATE AUTHORITY', 'EXPIRES', 'RESIDUAL TIME', 'EXTERNALLY MANAGED']);
  for (const [name, file] of authorities) {
    const until = expiryOf(call, `${directory}/${file}`);
    rows.push(until ? [name, ...until, 'no      '] : [`!MISSING! ${name}`, '', '', '']);
  }
  const text = rows.map((row) => `${row.join('\t')}\n`).join('');
  await call.process.stdout.write(alignTabs(text, { minWidth: 10, padding: 3 }));
  return 0;
}

function expiryOf({ process }: KubeadmCall, path: string): readonly [string, string] | undefined {
  const { files } = process.machine;
  if (!files.exists(path)) return undefined;
  const text = files.readText(path);
  const inline = /client-certificate-data:\s*"?([A-Za-z0-9+/=]+)/.exec(text)?.[1];
  const pem = inline === undefined ? text : decodeUtf8(decodeBase64(inline) ?? new Uint8Array());
  const certificate = certificateIn(pem);
  if (!certificate) return undefined;
  const left = certificate.notAfter - process.clock.now();
  return [formatDate(certificate.notAfter, '%b %d, %Y %H:%M UTC'), left < 0 ? '<invalid>' : shortDuration(left)];
}
