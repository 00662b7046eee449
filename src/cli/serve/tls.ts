// `--tls-port`: the API over HTTPS, with certificates that the cluster's own authority signs for server and administrator.
import type { Session } from '../../driver/session.ts';
import { wholeNumber } from '../world-options.ts';
import { clientAuthorities } from './api-server-flags.ts';
import { serveHttp } from './http-server.ts';
import { tlsKubeconfig } from './kubeconfig.ts';

const host = '127.0.0.1';
/** As kubeadm names them. */
const serverNames = [
  'localhost',
  'control-plane',
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
  host,
  '10.96.0.1',
];
const administrator = { commonName: 'kubernetes-admin', organizations: ['kubeadm:cluster-admins'] };

export async function serveTls(
  session: Session,
  portFlag: string | undefined,
  clientAuthorityFile: string | undefined,
): Promise<{ readonly url: string; readonly kubeconfig: string } | undefined> {
  const wanted = wholeNumber('--tls-port', portFlag);
  if (wanted === undefined) return undefined;
  const authority = session.world.cluster?.authority;
  if (!authority) throw new Error('--tls-port: this profile begins without a cluster, so nothing can be served yet');
  const at = session.world.simulation.now;
  const subject = { commonName: 'kube-apiserver', organizations: [] };
  const own = authority.issueWithKey({ subject, usages: ['server'], names: serverNames, at });
  const others = clientAuthorities(clientAuthorityFile).map((certificate) => certificate.toString());
  const { port } = await serveHttp(session.kubePort, {
    port: wanted,
    host,
    tls: { ...own, clientAuthorities: [authority.certificate, ...others] },
  });
  const url = `https://${host}:${port}`;
  const client = authority.issueWithKey({ subject: administrator, usages: ['client'], at });
  return { url, kubeconfig: tlsKubeconfig(url, { authority: authority.certificate, ...client }) };
}
