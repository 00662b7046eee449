// The cluster as a kubeconfig on a machine's disk leads to it: over the network, with the certificate that is in it.
import type { KubePort } from '../api/ports.ts';
import type { Process } from '../api/program.ts';
import { KubeadmError } from '../shell/kubeadm/kubeadm-call.ts';
import { networkKubePort } from './network-kube-port.ts';

const requestTimeoutMs = 10_000;

/** Throws KubeadmError. */
export function administratorPort(process: Process, kubeconfig: string): KubePort {
  const { files } = process.machine;
  if (!files.exists(kubeconfig))
    throw new KubeadmError(`failed to load admin kubeconfig: open ${kubeconfig}: no such file or directory`);
  const text = files.readText(kubeconfig);
  const field = (name: string): string | undefined => new RegExp(`^\\s*${name}:\\s*"?([^"\\s]+)`, 'm').exec(text)?.[1];
  const server = field('server');
  if (server === undefined) throw new KubeadmError(`failed to load admin kubeconfig: ${kubeconfig} names no server`);
  const data = (name: string) => ({ data: field(name) ?? '' });
  return networkKubePort(process, {
    server,
    certificateAuthority: data('certificate-authority-data'),
    clientCertificate: data('client-certificate-data'),
    insecure: false,
    requestTimeoutMs,
  });
}
