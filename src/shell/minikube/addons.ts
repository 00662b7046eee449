// minikube addons and dashboard: what can be added to a cluster by name.

import { drawTable, type MinikubeCommand, MinikubeExit, needCluster, needRunning, runKubectl } from './command.ts';
import { ended } from './until-ended.ts';

interface Addon {
  readonly name: string;
  readonly maintainer: string;
  readonly images: readonly string[];
  /** Undefined: a part of every cluster. */
  readonly manifest?: string;
}

const dashboardImages = ['docker.io/kubernetesui/dashboard:v2.7.0', 'docker.io/kubernetesui/metrics-scraper:v1.0.8'];

const known: readonly Addon[] = [
  { name: 'dashboard', maintainer: 'Kubernetes', images: dashboardImages, manifest: dashboardManifest() },
  { name: 'default-storageclass', maintainer: 'Kubernetes', images: [] },
  { name: 'storage-provisioner', maintainer: 'minikube', images: ['gcr.io/k8s-minikube/storage-provisioner:v5'] },
];

export const addonsList: MinikubeCommand = {
  name: 'addons list',
  about: 'Lists all available minikube addons as well as their current statuses (enabled/disabled)',
  options: [],
  async run(call) {
    const { addons, name: profile } = await needCluster(call);
    const rows = known.map(({ name, maintainer }) => [
      name,
      profile,
      addons.includes(name) ? 'enabled ✅' : 'disabled',
      maintainer,
    ]);
    await call.out(drawTable(['ADDON NAME', 'PROFILE', 'STATUS', 'MAINTAINER'], rows));
    return 0;
  },
};

export const addonsEnable: MinikubeCommand = {
  name: 'addons enable',
  about: 'Enables the addon w/ADDON_NAME within minikube',
  options: [],
  async run(call) {
    const cluster = await needRunning(call);
    const addon = find(call.options.operands[0], 'enable');
    await call.say(
      '💡',
      `${addon.name} is an addon maintained by ${addon.maintainer}. For any concerns contact minikube on GitHub.\nYou can view the list of minikube maintainers at: https://github.com/kubernetes/minikube/blob/master/OWNERS`,
    );
    for (const image of addon.images) await call.out(`    ▪ Using image ${image}\n`);
    if (addon.manifest !== undefined)
      await runKubectl(call.process, ['--context', cluster.name, 'apply', '-f', '-'], { input: addon.manifest });
    await call.clusters.setAddon(cluster.name, addon.name, true);
    await call.say('🌟', `The '${addon.name}' addon is enabled`);
    return 0;
  },
};

export const addonsDisable: MinikubeCommand = {
  name: 'addons disable',
  about: 'Disables the addon w/ADDON_NAME within minikube',
  options: [],
  async run(call) {
    const cluster = await needRunning(call);
    const addon = find(call.options.operands[0], 'disable');
    if (addon.manifest !== undefined)
      await runKubectl(call.process, ['--context', cluster.name, 'delete', '--ignore-not-found', '-f', '-'], {
        input: addon.manifest,
      });
    await call.clusters.setAddon(cluster.name, addon.name, false);
    await call.say('🌑', `"The '${addon.name}' addon is disabled`);
    return 0;
  },
};

export const dashboard: MinikubeCommand = {
  name: 'dashboard',
  about: 'Access the Kubernetes dashboard running within the minikube cluster',
  options: [{ name: 'url', kind: 'switch', about: 'Display dashboard URL instead of opening a browser' }],
  async run(call) {
    const cluster = await needRunning(call);
    if (!cluster.addons.includes('dashboard')) {
      await call.say('🔌', 'Enabling dashboard ...');
      for (const image of dashboardImages) await call.out(`    ▪ Using image ${image}\n`);
      await runKubectl(call.process, ['--context', cluster.name, 'apply', '-f', '-'], { input: dashboardManifest() });
      await call.clusters.setAddon(cluster.name, 'dashboard', true);
    }
    await call.say('🤔', 'Verifying dashboard health ...');
    await runKubectl(call.process, [
      '--context',
      cluster.name,
      '-n',
      'kubernetes-dashboard',
      'rollout',
      'status',
      'deployment/kubernetes-dashboard',
      '--timeout=60s',
    ]);
    await call.say('🚀', 'Launching proxy ...');
    await call.say('🤔', 'Verifying proxy health ...');
    const url =
      'http://127.0.0.1:45567/api/v1/namespaces/kubernetes-dashboard/services/http:kubernetes-dashboard:/proxy/';
    if (call.options.has('url')) await call.out(`${url}\n`);
    else {
      await call.say('🎉', `Opening ${url} in your default browser...`);
      call.desktop.open({ kind: 'dashboard', url });
    }
    if (call.process.terminal) await ended(call.process);
    return 0;
  },
};

function find(name: string | undefined, verb: string): Addon {
  if (name === undefined)
    throw new MinikubeExit(`\n❌  Exiting due to MK_USAGE: usage: minikube addons ${verb} ADDON_NAME`, 14);
  const addon = known.find((each) => each.name === name);
  if (addon) return addon;
  throw new MinikubeExit(
    `\n❌  Exiting due to MK_ADDON_${verb.toUpperCase()}: the simulator has no addon '${name}'`,
    10,
  );
}

/** The dashboard's own workloads; its pages are not simulated. */
function dashboardManifest(): string {
  const deployment = (name: string, image: string, port: number): string => `---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: kubernetes-dashboard
  labels:
    k8s-app: ${name}
spec:
  selector:
    matchLabels:
      k8s-app: ${name}
  template:
    metadata:
      labels:
        k8s-app: ${name}
    spec:
      containers:
      - name: ${name}
        image: ${image}
        ports:
        - containerPort: ${port}
---
apiVersion: v1
kind: Service
metadata:
  name: ${name}
  namespace: kubernetes-dashboard
  labels:
    k8s-app: ${name}
spec:
  selector:
    k8s-app: ${name}
  ports:
  - port: ${name === 'kubernetes-dashboard' ? 80 : port}
    targetPort: ${port}
`;
  return `apiVersion: v1
kind: Namespace
metadata:
  name: kubernetes-dashboard
${deployment('kubernetes-dashboard', 'docker.io/kubernetesui/dashboard:v2.7.0', 9090)}${deployment('dashboard-metrics-scraper', 'docker.io/kubernetesui/metrics-scraper:v1.0.8', 8000)}`;
}
