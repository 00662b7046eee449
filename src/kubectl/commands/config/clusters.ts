// `kubectl config …-cluster(s)`.
import type { JsonValue } from '../../../base/json.ts';
import type { Command } from '../../command.ts';
import { CommandError } from '../../errors.ts';
import { flag } from '../../flags.ts';
import { onlyName } from './contexts.ts';
import { certificateFile, checkCount, nameList, storeOf } from './shared.ts';

const getClusters: Command = {
  use: 'get-clusters [flags]',
  short: 'Display clusters defined in the kubeconfig',
  example: '# List the clusters that kubectl knows about\nkubectl config get-clusters',
  run: async (context) => context.out(nameList(storeOf(context).merged().clusters.keys())),
};

const deleteCluster: Command = {
  use: 'delete-cluster NAME',
  completes: { kind: 'kubeconfig', of: 'clusters' },
  short: 'Delete the specified cluster from the kubeconfig',
  example: '# Delete the minikube cluster\nkubectl config delete-cluster minikube',
  run: async (context) => {
    const name = onlyName(context, deleteCluster);
    if (name === undefined) return;
    const store = storeOf(context);
    const file = store.defaultPath();
    if (!store.merged().clusters.has(name)) throw new CommandError(`cannot delete cluster ${name}, not in ${file}`);
    store.removeEntry('clusters', name);
    context.out(`deleted cluster ${name} from ${file}\n`);
  },
};

const setCluster: Command = {
  use: 'set-cluster NAME [--server=server] [--certificate-authority=path/to/certificate/authority] [--insecure-skip-tls-verify=true] [--tls-server-name=example.com]',
  short: 'Set a cluster entry in kubeconfig',
  long: 'Set a cluster entry in kubeconfig.\n\n Fields that are not named keep their values.',
  example: '# Set the server of the cluster e2e\nkubectl config set-cluster e2e --server=https://1.2.3.4',
  flags: [
    flag.string('server', 'server for the cluster entry in kubeconfig'),
    flag.string('tls-server-name', 'tls-server-name for the cluster entry in kubeconfig'),
    flag.bool('insecure-skip-tls-verify', 'insecure-skip-tls-verify for the cluster entry in kubeconfig'),
    flag.string('certificate-authority', 'Path to certificate-authority file for the cluster entry in kubeconfig'),
    flag.bool('embed-certs', 'embed-certs for the cluster entry in kubeconfig'),
    flag.string('proxy-url', 'proxy-url for the cluster entry in kubeconfig'),
  ],
  run: async (context) => {
    checkCount(context, setCluster, 1);
    const [name = ''] = context.args;
    const { flags } = context;
    if (name === '') throw new CommandError('you must specify a non-empty cluster name');
    const authority = flags.string('certificate-authority');
    if (flags.bool('insecure-skip-tls-verify') && authority)
      throw new CommandError('you cannot specify a certificate authority and insecure mode at the same time');
    if (flags.bool('embed-certs') && !authority)
      throw new CommandError('you must specify a --certificate-authority to embed');
    const store = storeOf(context);
    const entry: Record<string, JsonValue> = { ...store.merged().clusters.get(name) };
    for (const key of ['server', 'tls-server-name', 'proxy-url'])
      if (flags.changed(key)) entry[key] = flags.string(key);
    if (flags.changed('insecure-skip-tls-verify')) {
      entry['insecure-skip-tls-verify'] = flags.bool('insecure-skip-tls-verify');
      if (flags.bool('insecure-skip-tls-verify')) {
        delete entry['certificate-authority'];
        delete entry['certificate-authority-data'];
      }
    }
    const file = certificateFile(context, 'certificate-authority');
    if (file) {
      for (const key of ['certificate-authority', 'certificate-authority-data', 'insecure-skip-tls-verify'])
        delete entry[key];
      Object.assign(entry, file);
    }
    store.setEntry('clusters', name, entry);
    context.out(`Cluster ${JSON.stringify(name)} set.\n`);
  },
};

export const clusterCommands: readonly Command[] = [getClusters, deleteCluster, setCluster];
