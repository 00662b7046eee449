// Addons: what can be added to a cluster by name, and how that is done.
import type { LocalCluster } from '../../api/clusters.ts';
import type { JsonObject } from '../../base/json.ts';
import { type MinikubeCall, MinikubeExit, runKubectl } from './command.ts';
import { dashboardImages, dashboardObjects } from './dashboard-addon.ts';
import { certgenImage, controllerImage, ingressObjects } from './ingress-addon.ts';
import { metricsServerImage, metricsServerObjects } from './metrics-server-addon.ts';

export interface Addon {
  readonly name: string;
  readonly maintainer: string;
  /** As they are told when it is enabled. */
  readonly images: readonly string[];
  /** What is applied; undefined: it is a part of every cluster. */
  readonly objects?: () => readonly JsonObject[];
  /** What it leads to that is worth a word before it is installed. */
  readonly note?: string;
  /** Pods that enabling it waits for: their namespace and a label of theirs. */
  readonly verified?: { readonly namespace: string; readonly selector: string };
}

/** What the simulator has. */
const simulated: readonly Addon[] = [
  { name: 'dashboard', maintainer: 'Kubernetes', images: dashboardImages, objects: dashboardObjects },
  { name: 'default-storageclass', maintainer: 'Kubernetes', images: [] },
  {
    name: 'ingress',
    maintainer: 'Kubernetes',
    images: [controllerImage, certgenImage, certgenImage],
    objects: ingressObjects,
    note: 'After the addon is enabled, please run "minikube tunnel" and your ingress resources would be available at "127.0.0.1"',
    verified: { namespace: 'ingress-nginx', selector: 'app.kubernetes.io/component=controller' },
  },
  { name: 'metrics-server', maintainer: 'Kubernetes', images: [metricsServerImage], objects: metricsServerObjects },
  { name: 'storage-provisioner', maintainer: 'minikube', images: ['gcr.io/k8s-minikube/storage-provisioner:v5'] },
];

/** What minikube has and the simulator has not, by maintainer. */
const others: Readonly<Record<string, string>> = {
  '3rd party (AMD)': 'amd-gpu-device-plugin',
  '3rd party (Ambassador)': 'ambassador',
  '3rd party (Elastic)': 'efk',
  '3rd party (Gluster)': 'storage-provisioner-gluster',
  '3rd party (InAccel)': 'inaccel',
  '3rd party (Istio)': 'istio istio-provisioner',
  '3rd party (Kong HQ)': 'kong',
  '3rd party (KubeVirt)': 'kubevirt',
  '3rd party (MetalLB)': 'metallb',
  '3rd party (NVIDIA)': 'nvidia-device-plugin nvidia-driver-installer nvidia-gpu-device-plugin',
  '3rd party (Operator Framework)': 'olm',
  '3rd party (Portainer.io)': 'portainer',
  '3rd party (Rancher)': 'storage-provisioner-rancher',
  '3rd party (UPMC Enterprises)': 'registry-creds',
  '3rd party (inspektor-gadget.io)': 'inspektor-gadget',
  '3rd party (kinvolk.io)': 'headlamp',
  '3rd party (kubetail.com)': 'kubetail',
  '3rd party (marcnuri.com)': 'yakd',
  '3rd party (unknown)': 'logviewer pod-security-policy registry-aliases',
  '3rd party': 'kubeflow',
  Google: 'cloud-spanner freshpod gcp-auth',
  Kubernetes: 'csi-hostpath-driver volumesnapshots',
  minikube: 'auto-pause gvisor ingress-dns registry',
  'third-party (volcano)': 'volcano',
};

/** All that minikube lists. */
export const addonNames: readonly Pick<Addon, 'name' | 'maintainer'>[] = [
  ...simulated,
  ...Object.entries(others).flatMap(([maintainer, names]) => names.split(' ').map((name) => ({ name, maintainer }))),
].sort((a, b) => (a.name < b.name ? -1 : 1));

/** Ends the command where there is none of that name, or none here. */
export function findAddon(name: string, verb: 'enable' | 'disable'): Addon {
  const addon = simulated.find((each) => each.name === name);
  if (addon) return addon;
  const known = addonNames.some((each) => each.name === name);
  throw new MinikubeExit(
    `\n❌  Exiting due to MK_ADDON_${verb.toUpperCase()}: ${verb} failed: ${known ? `the simulator has no addon '${name}'` : `property name "${name}" not found`}`,
    known ? 10 : 14,
  );
}

/** Says what it uses, applies it, and waits for what it has to verify. */
export async function enable(call: MinikubeCall, { name: cluster }: LocalCluster, addon: Addon): Promise<void> {
  await sayImages(call, addon);
  if (addon.objects) await withObjects(call, cluster, ['apply'], addon.objects());
  if (addon.verified) {
    await call.say('🔎', `Verifying ${addon.name} addon...`);
    const { namespace, selector } = addon.verified;
    await runKubectl(call.process, [
      ...['--context', cluster, '-n', namespace, 'wait', 'pod', '-l', selector],
      ...['--for=condition=Ready', '--timeout=360s'],
    ]);
  }
  await call.clusters.setAddon(cluster, addon.name, true);
}

export async function disable(call: MinikubeCall, { name: cluster }: LocalCluster, addon: Addon): Promise<void> {
  if (addon.objects) await withObjects(call, cluster, ['delete', '--ignore-not-found'], addon.objects());
  await call.clusters.setAddon(cluster, addon.name, false);
}

export async function sayImages(call: MinikubeCall, { images }: Addon): Promise<void> {
  for (const image of images) await call.out(`    ▪ Using image ${image}\n`);
}

function withObjects(
  { process }: MinikubeCall,
  context: string,
  words: readonly string[],
  items: readonly JsonObject[],
): Promise<number> {
  const list = { apiVersion: 'v1', kind: 'List', items: [...items] };
  return runKubectl(process, ['--context', context, ...words, '-f', '-'], { input: JSON.stringify(list) });
}
