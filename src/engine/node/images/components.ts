// Images of Kubernetes' own components. Those that the world runs inside their containers begin and end with them:
// without its container there is no scheduler, no controller, no DNS, no service rule. The API server and etcd are the
// cluster itself and go on without their containers.

import { healthListener } from '../../../base/grpc-health.ts';
import type { UsageProfile } from '../runtime/container-usage.ts';
import { defineImage, type ImageDefinition, type NativeProgram, untilStopped } from './define-image.ts';
import { flagOf } from './web-server.ts';

const kubernetesVersion = 'v1.36.2';

/** An etcd of somebody's own: all that it does here is tell who asks by gRPC that it is well. */
const ownEtcd: NativeProgram = (context) => {
  const urls = clientUrls(context.argv);
  context.network.listen(
    Number(/:(\d+)/.exec(urls.replace(/^\w+:/, ''))?.[1] ?? 2379),
    healthListener(() => ({ status: 'SERVING' })),
  );
  context.stderr('{"level":"info","msg":"ready to serve client requests"}\n');
  return untilStopped(context);
};

function clientUrls(argv: readonly string[]): string {
  return flagOf(argv, 'listen-client-urls') ?? 'http://localhost:2379';
}

/** `said`: what its log begins with. */
function component(name: string, said: string): NativeProgram {
  return (context) => {
    // The cluster's speaks TLS.
    if (name === 'etcd' && !clientUrls(context.argv).includes('https:')) return ownEtcd(context);
    if (context.component(name)) context.stderr(said);
    return untilStopped(context, () => context.stderr('Received SIGTERM, shutting down\n'));
  };
}

function image(options: {
  readonly names: readonly string[];
  readonly path: string;
  readonly sizeBytes: number;
  readonly said: string;
  readonly usage: UsageProfile;
  readonly programs?: Readonly<Record<string, string>>;
}): ImageDefinition {
  const { names, path, sizeBytes, said, usage, programs = {} } = options;
  const name = path.slice(path.lastIndexOf('/') + 1);
  return defineImage({
    names,
    sizeBytes,
    usage,
    entrypoint: [path],
    natives: { [path]: component(name, said) },
    programs,
  });
}

const kubernetes = (name: string, sizeBytes: number, usage: UsageProfile, said: string): ImageDefinition =>
  image({ names: [`registry.k8s.io/${name}`], path: `/usr/local/bin/${name}`, sizeBytes, usage, said });

const uses = (idleMillicores: number, memoryMebibytes: number): UsageProfile => ({ idleMillicores, memoryMebibytes });

export const components: readonly ImageDefinition[] = [
  kubernetes(
    'kube-apiserver',
    27_064_672,
    uses(52, 248),
    `"Version" version="${kubernetesVersion}"\n"Serving securely" addr="[::]:8443"\n`,
  ),
  kubernetes('kube-controller-manager', 22_819_474, uses(18, 49), `"Starting" version="${kubernetesVersion}"\n`),
  kubernetes(
    'kube-scheduler',
    17_382_979,
    uses(4, 21),
    `"Starting Kubernetes Scheduler" version="${kubernetesVersion}"\n"Serving securely" address="127.0.0.1:10259"\n`,
  ),
  kubernetes(
    'kube-proxy',
    25_963_701,
    uses(1, 15),
    '"Using iptables Proxier"\n"Caches are synced" logger="service config controller"\n',
  ),
  image({
    names: ['registry.k8s.io/etcd'],
    path: '/usr/local/bin/etcd',
    sizeBytes: 23_535_577,
    usage: uses(21, 46),
    said: '{"level":"info","msg":"ready to serve client requests"}\n',
    programs: { '/usr/local/bin/etcdctl': 'etcdctl', '/usr/local/bin/etcdutl': 'etcdutl' },
  }),
  image({
    names: ['registry.k8s.io/coredns/coredns'],
    path: '/coredns',
    sizeBytes: 23_553_139,
    usage: uses(3, 13),
    said: '.:53\nCoreDNS-1.14.0\nlinux/amd64\n',
  }),
  image({
    names: ['gcr.io/k8s-minikube/storage-provisioner'],
    path: '/storage-provisioner',
    sizeBytes: 9_058_936,
    usage: uses(2, 9),
    said: 'Initializing the minikube storage provisioner...\nStorage provisioner initialized, now starting service!\n',
  }),
  image({
    names: ['docker.io/kindest/kindnetd'],
    path: '/bin/kindnetd',
    sizeBytes: 39_009_080,
    usage: uses(1, 10),
    said: '"connected to apiserver" host="https://10.96.0.1:443"\n"handling current node"\n',
  }),
];
