// A node: a machine with a container runtime and a kubelet. Power, kubelet restarts and what outlives them.
import type { KubeletApi } from '../../api/kubelet.ts';
import type { Network, NetworkHost } from '../../api/network.ts';
import type { ProgramHost } from '../../api/program.ts';
import { parseQuantity } from '../../api/quantity.ts';
import { type DirectorySnapshot, restoreFiles, snapshotDirectory, snapshotFiles } from '../../base/file-snapshot.ts';
import { type DirectoryNode, directoryNode, FileTree } from '../../base/files.ts';
import type { Client } from '../client/client.ts';
import { Meter } from '../client/meter.ts';
import type { Scope } from '../sim/scope.ts';
import { serveKubelet } from './kubelet/https-server.ts';
import { Kubelet } from './kubelet/kubelet.ts';
import { lateStreams } from './kubelet/late-streams.ts';
import { controlPlaneUsage, measure, workerUsage } from './kubelet/measurements.ts';
import { defaultCapacity, type NodeFacts } from './kubelet/node-object.ts';
import { parseImageName } from './registry/image-name.ts';
import type { PulledImage, Registries } from './registry/registries.ts';
import type { ApiAccess, StartComponent } from './runtime/container-config.ts';
import { type ContainerAttempts, Runtime } from './runtime/runtime.ts';
import { Journal } from './services/journal.ts';
import { KubeletLog } from './services/kubelet-log.ts';
import { KubeletService, type KubeletServiceOptions } from './services/kubelet-service.ts';
import { defaultSettings } from './services/kubelet-unit.ts';
import { RuntimeService } from './services/runtime-service.ts';

export interface NodeOptions {
  /** The machine's; its kubelet gets a child of it. */
  readonly scope: Scope;
  readonly name: string;
  readonly ips: readonly string[];
  /** The kubelet's own: `system:node:NAME` in `system:nodes`. */
  readonly client: Client;
  /** What its client counts. */
  readonly meter?: Meter | undefined;
  readonly network: Network;
  readonly programs: ProgramHost;
  readonly registries: Registries;
  readonly capacity?: Readonly<Record<string, string>> | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly taints?: NodeFacts['taints'];
  readonly providerId?: string | undefined;
  /** Default: the node's `spec.podCIDR`, waited for. */
  readonly podCidr?: string | undefined;
  /** Default 10.96.0.10. */
  readonly clusterDns?: string | undefined;
  /** Directories of network volumes, seen by all nodes alike. Default: the node's own. */
  readonly sharedDirectory?: ((name: string) => DirectoryNode) | undefined;
  readonly snapshot?: NodeSnapshot | undefined;
  /** Starts what containers of Kubernetes' own images hold. Default: the world runs it elsewhere. */
  readonly component?: StartComponent | undefined;
  /** How containers with a service account's token reach the API server. */
  readonly api?: ApiAccess | undefined;
  /** Files that its disk begins with, by path. */
  readonly disk?: Readonly<Record<string, string>> | undefined;
  /** A control plane runs on it beside its pods. */
  readonly controlPlane?: boolean | undefined;
  /** Hears which server the kubelet's kubeconfig names; undefined: its cluster's own. */
  readonly serverChosen?: ((server: string | undefined) => void) | undefined;
  /** Images that are there from the start. */
  readonly preloaded?: readonly string[] | undefined;
}

/** What a node keeps on its disk. */
export interface NodeSnapshot {
  readonly images: readonly string[];
  readonly files: DirectorySnapshot;
  /** Directories of volumes by name. */
  readonly volumes: readonly (readonly [name: string, files: DirectorySnapshot])[];
  readonly attempts?: ContainerAttempts;
}

/** Services of a machine, and what they have written. */
export interface NodeServices {
  readonly journal: Journal;
  readonly kubelet: KubeletService;
  readonly runtime: RuntimeService;
  /** Somebody uses the machine's disk from now on: what lies there counts. */
  diskIsUsed(): void;
}

export interface RunningNode {
  readonly kubelet: KubeletApi;
  readonly host: NetworkHost;
  readonly files: FileTree;
  /** Whether its kubelet has reported the node Ready. */
  readonly ready: boolean;
  readonly kubeletRuns: boolean;
  /** The machine loses power: processes end, files and images stay. */
  powerOff(): void;
  powerOn(): void;
  /** What systemd looks after; stopping the kubelet alone lets containers run on. */
  readonly services: NodeServices;
  readonly registries: Registries;
  readonly runtime: Runtime;
  /** An image that did not come from a registry. */
  addImage(image: PulledImage): void;
  /** False: it has none of that name. */
  removeImage(name: string): boolean;
  /** Names of what it has. */
  images(): readonly string[];
  snapshot(): NodeSnapshot;
}

export function startNode(options: NodeOptions): RunningNode {
  const { scope, name, ips, network, programs, registries, snapshot } = options;
  const host = network.attach({ id: `node/${name}`, ips, node: name });
  const { capacity } = factsOf(options);
  const has = (resource: string): number => parseQuantity(capacity[resource] ?? '0').toNumber();
  const runtime = new Runtime({
    scope,
    node: name,
    network,
    host,
    programs,
    machine: { cores: has('cpu'), memoryBytes: has('memory') },
    component: options.component,
    api: options.api,
    attempts: snapshot?.attempts,
  });
  for (const image of snapshot?.images ?? options.preloaded ?? []) {
    const parsed = parseImageName(image);
    if (!('problem' in parsed)) runtime.addImage(registries.resolve(parsed));
  }
  const files = new FileTree(() => scope.now);
  for (const path of ['/tmp', '/mnt', '/var/log', '/etc', '/data', '/opt'])
    files.makeDirectory(path, { parents: true });
  const shared = new Map<string, DirectoryNode>();
  if (snapshot) restoreFiles(files, snapshot.files);
  else for (const [path, text] of Object.entries(options.disk ?? {})) files.writeFile(path, text, { parents: true });
  for (const [volume, held] of snapshot?.volumes ?? [])
    restoreFiles(new FileTree(() => scope.now, sharedIn(shared, volume)), held);
  /** The network's settings outlive the kubelet. */
  let podCidr: string | undefined;
  let kubelet: { readonly scope: Scope; readonly kubelet: Kubelet } | undefined;

  const journal = new Journal(scope);
  const run: KubeletServiceOptions['run'] = (settings, pid) => {
    options.serverChosen?.(settings.server);
    const own = scope.child(`kubelet/${name}`);
    const made = new Kubelet({
      scope: own,
      client: options.client,
      facts: factsOf(options, settings.maxPods),
      settings,
      measure: () => measure({ ...machine, runtime, now: scope.now }),
      log: new KubeletLog(journal, pid),
      host,
      runtime,
      registries,
      nodeFiles: files,
      podCidr: options.podCidr ?? podCidr,
      clusterDns: settings.clusterDns ?? options.clusterDns ?? '10.96.0.10',
      sharedDirectory: options.sharedDirectory ?? ((key) => sharedIn(shared, key)),
    });
    kubelet = { scope: own, kubelet: made };
    serveKubelet({ scope: own, client: options.client, host, node: name, answer: (path) => api.get(path) });
  };
  const end = (): void => {
    podCidr = kubelet?.kubelet.agent.podCidr ?? podCidr;
    kubelet?.scope.stop();
    kubelet = undefined;
    runtime.onChange = () => {};
  };
  const system = options.controlPlane ? controlPlaneUsage : workerUsage;
  const machine = {
    node: name,
    files,
    bootedAt: scope.now,
    system,
    memoryBytes: has('memory'),
    cores: has('cpu'),
    meter: options.meter ?? new Meter(scope),
    server: () => options.client.address,
  };
  const api = lateStreams({ scope, runtime, machine, kubelet: () => kubelet?.kubelet });
  const services: NodeServices = {
    journal,
    kubelet: new KubeletService({ scope, files, journal, run, end }),
    runtime: new RuntimeService(scope, runtime, journal),
    diskIsUsed() {
      services.kubelet.diskIsUsed();
      kubelet?.kubelet.diskIsUsed();
    },
  };
  services.kubelet.diskIsUsed();
  services.kubelet.start();
  return {
    kubelet: api,
    host,
    files,
    get kubeletRuns() {
      return services.kubelet.runs;
    },
    get ready() {
      return kubelet?.kubelet.agent.ready ?? false;
    },
    powerOff() {
      services.kubelet.lose();
      runtime.loseAll();
    },
    powerOn() {
      services.runtime.start();
      if (services.kubelet.enabled) services.kubelet.start();
    },
    services,
    runtime,
    registries,
    addImage: (image) => runtime.addImage(image),
    removeImage(image) {
      const parsed = parseImageName(image);
      return !('problem' in parsed) && runtime.removeImage(parsed);
    },
    images: () => runtime.listImages().map(({ name }) => name),
    snapshot: () => ({
      images: runtime.listImages().map((image) => image.name),
      files: snapshotFiles(files),
      attempts: runtime.attempts(),
      volumes: [...shared].map(([volume, node]) => [volume, snapshotDirectory(node)]),
    }),
  };
}

function factsOf(options: NodeOptions, podsMax?: number): NodeFacts {
  const { name, ips, capacity = defaultCapacity, labels = {}, taints, providerId } = options;
  const isUsual = podsMax === undefined || podsMax === defaultSettings.maxPods;
  return {
    name,
    ips,
    capacity: isUsual ? capacity : { ...capacity, pods: String(podsMax) },
    labels,
    taints,
    providerId: providerId ?? `kind://docker/kind/${name}`,
  };
}

function sharedIn(shared: Map<string, DirectoryNode>, key: string): DirectoryNode {
  const known = shared.get(key) ?? directoryNode();
  shared.set(key, known);
  return known;
}
