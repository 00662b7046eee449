// What minikube writes for kubectl: certificates below ~/.minikube, and a cluster, user and context in the kubeconfig.
import type { LocalCluster } from '../../api/clusters.ts';
import type { Process } from '../../api/program.ts';
import { runKubectl } from './command.ts';

export async function writeContext(process: Process, cluster: LocalCluster): Promise<void> {
  const { name, server, certificateAuthority } = cluster;
  const home = `${process.env.get('HOME') ?? '/root'}/.minikube`;
  const own = `${home}/profiles/${name}`;
  const { files } = process.machine;
  files.writeFile(`${home}/ca.crt`, certificateAuthority, { parents: true });
  files.writeFile(`${own}/client.crt`, `simulated certificate of ${name}\n`, { parents: true });
  files.writeFile(`${own}/client.key`, 'simulated key\n', { parents: true, mode: 0o600 });
  const config = (...words: readonly string[]): Promise<number> => runKubectl(process, ['config', ...words]);
  await config('set-cluster', name, `--server=${server}`, `--certificate-authority=${home}/ca.crt`);
  await config('set-credentials', name, `--client-certificate=${own}/client.crt`, `--client-key=${own}/client.key`);
  await config('set-context', name, `--cluster=${name}`, `--user=${name}`, '--namespace=default');
  await config('use-context', name);
}

export async function removeContext(process: Process, name: string): Promise<void> {
  for (const what of ['delete-context', 'delete-cluster', 'delete-user'])
    await runKubectl(process, ['config', what, name]);
  await runKubectl(process, ['config', 'unset', 'current-context']);
}
