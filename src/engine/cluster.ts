// One cluster: an etcd, an API server in front of it, the control plane's other processes, and nodes.
import type { ComponentName } from '../api/ports.ts';
import type { ProgramHost } from '../api/program.ts';
import type { UserInfo } from '../api/request.ts';
import { type AuthoritySeed, CertificateAuthority } from '../base/certificate-authority.ts';
import { pathTo } from '../base/files.ts';
import type { StoredObject } from '../kinds/kind.ts';
import type { ApiServer } from './apiserver/api-server.ts';
import type { ApiServerSettings } from './apiserver/api-server-settings.ts';
import { withEntries } from './apiserver/managed-fields/show.ts';
import { Client } from './client/client.ts';
import type { ClusterFacts, ControllerDefinition } from './client/controller.ts';
import { InformerFactory } from './client/informer.ts';
import type { Meter } from './client/meter.ts';
import { type Link, Transport } from './client/transport.ts';
import { cloudControllers } from './cloud/cloud-controllers.ts';
import { type DnsServer, dnsAccount, dnsIp, dnsStandIn, startDnsServer } from './cluster-dns.ts';
import { type ClusterMachine, usualMachines } from './cluster-machines.ts';
import { ClusterNode, type MachineParts, type NodeLastingState } from './cluster-node.ts';
import { startControllerManager, startKubeScheduler, userOf } from './control-plane.ts';
import type { ControlPlaneMachine, ControlPlaneProcess } from './control-plane-machine.ts';
import { managerChoice, runApiServer, runEtcd, schedulerStarts } from './control-plane-pods.ts';
import { openControlPlanePorts } from './control-plane-ports.ts';
import { ControlPlanes } from './control-planes.ts';
import { controllers } from './controllers/controllers.ts';
import { nodeIpamController } from './controllers/node/node-ipam-controller.ts';
import { hostPathProvisioner } from './controllers/volume/host-path-provisioner.ts';
import { DataDirectories } from './etcd/data-directories.ts';
import { DatabaseSize } from './etcd/database-size.ts';
import type { EtcdClusterSnapshot } from './etcd/etcd-cluster.ts';
import type { Gateway } from './etcd/gateway-port.ts';
import { type HeldLease, Lessor } from './etcd/lessor.ts';
import { type EtcdEvent, EtcdStore } from './etcd/store.ts';
import { storedBytes, storedData } from './etcd-edge.ts';
import type { UsualFlags } from './flags/component-flags.ts';
import { type MachineInUse, useMachine } from './machine-in-use.ts';
import type { SimulatedNetwork } from './network/network.ts';
import { startPolicies } from './network/policies.ts';
import type { PacketFilter } from './network/route.ts';
import type { Registries } from './node/registry/registries.ts';
import type { ComponentPlace } from './node/runtime/container-config.ts';
import type { Scope } from './sim/scope.ts';

export interface ClusterOptions {
  readonly scope: Scope;
  readonly network: SimulatedNetwork;
  readonly registries: Registries;
  readonly programs: ProgramHost;
  readonly workers: number;
  /** Default 1. */
  readonly controlPlanes?: number | undefined;
  /** Load balancers get addresses. */
  readonly cloud: boolean;
  /** False: API server and controllers only. */
  readonly complete: boolean;
  readonly snapshot?: ClusterSnapshot | undefined;
  /** Sees every change of etcd inside the write; must change nothing. */
  readonly observe?: ((event: EtcdEvent) => void) | undefined;
  /** Machines other than the usual control plane and workers, the first of them first. */
  readonly machines?: readonly ClusterMachine[] | undefined;
  /** Scheduler, controllers, kube-proxy and DNS run in pods that the machines' disks and the API ask for. */
  readonly inPods?: boolean | undefined;
}

/** What a cluster comes back from when everything was switched off. */
export interface ClusterSnapshot {
  readonly etcd: ReturnType<EtcdStore['snapshot']>;
  readonly leases?: readonly HeldLease[];
  readonly members?: EtcdClusterSnapshot;
  readonly nodes: Readonly<Record<string, NodeLastingState>>;
  readonly authority: AuthoritySeed;
  /** Where on their machines' disks etcd's members have their data. */
  readonly databases?: Readonly<Record<string, string>>;
}

/** Every node gets a /24 of the pods' range: 256 of them, or 32,768. */
const smallPodCidr = '10.244.0.0/16';
const largePodCidr = '10.128.0.0/9';
const smallNodesMax = 250;

/** Milliseconds one way within the control plane's machine, and between machines. */
const nearDelayMs = 0.2;
const farDelayMs = 0.5;

/** A cluster without nodes has no pod network: its controller manager runs without --allocate-node-cidrs. */
function controllersFor({ cloud, complete }: ClusterOptions): readonly ControllerDefinition[] {
  if (!complete) return controllers.filter((controller) => controller !== nodeIpamController);
  return cloud ? [...controllers, ...cloudControllers] : controllers;
}

export class Cluster {
  readonly facts: ClusterFacts;
  /** What clients trust, and what signs their certificates. */
  readonly authority: CertificateAuthority;
  private readonly store: EtcdStore;
  private readonly lessor: Lessor;
  private readonly controlPlanes: ControlPlanes;
  private readonly nodes = new Map<string, ClusterNode>();
  /** Parts of Kubernetes that run in pods now. */
  private readonly inPods = new Set<string>();
  private readonly databases: Pick<Gateway, 'cluster' | 'size' | 'directories'>;
  /** What its network plugin lets through. */
  private filter: PacketFilter | undefined;

  constructor(private readonly options: ClusterOptions) {
    const { scope, snapshot } = options;
    const seed = snapshot?.authority ?? {
      seed: scope.random('certificates').hex(32),
      name: 'kubernetes',
      since: scope.now,
    };
    this.authority = new CertificateAuthority(seed);
    this.facts = {
      clusterName: 'kubernetes',
      podCidr: options.workers > smallNodesMax ? largePodCidr : smallPodCidr,
      serviceCidr: '10.96.0.0/12',
      rootCa: this.authority.certificate,
      authority: this.authority,
      nodeMonitorGraceMs: 50_000,
    };
    this.store = snapshot ? EtcdStore.restore(snapshot.etcd) : new EtcdStore();
    if (options.observe) this.store.watch(options.observe);
    this.lessor = new Lessor(scope.child('etcd'), this.store, snapshot?.leases);
    const machines = options.machines ?? usualMachines(options.controlPlanes ?? 1, options.workers);
    const { inPods, complete } = options;
    this.controlPlanes = new ControlPlanes({
      scope,
      machines: machines.filter(({ controlPlane }) => controlPlane).slice(0, options.controlPlanes ?? 1),
      port: options.machines ? 8443 : 6443,
      lessor: this.lessor,
      etcd: snapshot?.members,
      inPods,
      server: {
        store: this.store,
        kubelets: (node) => this.nodes.get(node)?.kubelet,
        dialer: () => [...this.nodes.values()].find((node) => node.isControlPlane)?.parts.host,
        authority: this.authority,
        storageBytes: () => Math.max(0, ...etcd.members.map((member) => this.databases.size.of(member).total)),
        ...(inPods && { runs: (process: string) => this.inPods.has(process) }),
      },
      startControllers: inPods ? undefined : this.startControllers,
      startScheduler: inPods || !complete ? undefined : startKubeScheduler,
    });
    const { etcd } = this.controlPlanes;
    this.databases = {
      cluster: etcd,
      size: new DatabaseSize(this.store, storedBytes),
      directories: new DataDirectories(etcd, this.lessor, storedData),
    };
    this.controlPlanes.start();
    if (!complete) return;
    const administrator = userOf('kubernetes-admin', 'kubeadm:cluster-admins');
    if (!inPods) this.startDns(scope.child('coredns'), dnsIp, { user: administrator });
    this.startNetworkPlugin(scope.child('network-plugin'), administrator);
    for (const machine of machines) this.addMachine(machine);
  }

  /** The API server's HTTP edge; undefined while it does not run. */
  edge(): ApiServer | undefined {
    return this.controlPlanes.edge();
  }

  /** Where the leaders of a control plane of several machines are. */
  get leaders(): ReadonlyMap<string, string> {
    return this.controlPlanes.leaders;
  }

  /** Changes the flags of every API server. */
  configure(settings: ApiServerSettings): void {
    this.controlPlanes.configure(settings);
  }

  /** Whether every node that was asked for has joined and is Ready. */
  ready(): boolean {
    for (const node of this.nodes.values()) if (!node.ready) return false;
    return true;
  }

  /** Lets that long pass for etcd's leases alone: what a cluster's own start had to tell (Events) has expired. */
  ageLeases(ms: number): void {
    this.lessor.age(ms);
  }

  /** The only control plane's processes stay: without them there would be no cluster to look at. */
  powerOff(name: string): void {
    this.nodes.get(name)?.powerOff();
    this.oneOfSeveral(name)?.stopAll();
  }

  powerOn(name: string): void {
    this.oneOfSeveral(name)?.startAll();
    this.nodes.get(name)?.powerOn();
  }

  /** Cuts or mends a node's network. */
  partition(name: string, cut: boolean): void {
    this.nodes.get(name)?.partition(cut);
    const machine = this.oneOfSeveral(name);
    if (machine) this.controlPlanes.partition(machine, cut);
  }

  /** Stops a process of a machine, or starts it again. Throws where there is none. */
  setComponent(name: string, component: ComponentName, running: boolean): void {
    const controlPlane = this.controlPlanes.machine(name);
    if (component === 'kubelet' || component === 'kube-proxy') {
      if (this.nodes.get(name)?.setProcess(component, running)) return;
    } else if (controlPlane?.has(component)) {
      if (running) controlPlane.start(component);
      else controlPlane.stop(component);
      return;
    }
    throw new Error(`${name} has no process ${component}`);
  }

  /** Whether one of a machine's own processes runs, or what a pod of it holds. */
  runs(name: string, component: 'kubelet' | ControlPlaneProcess): boolean {
    if (component === 'kubelet') return this.nodes.get(name)?.kubeletRuns ?? false;
    return this.controlPlanes.machine(name)?.runs(component) ?? false;
  }

  /** What a slow disk or line adds to all that a machine's etcd member does. Throws where there is none. */
  slowEtcd(name: string, delayMs: number): void {
    const machine = this.controlPlanes.machine(name);
    if (!machine) throw new Error(`${name} has no process etcd`);
    machine.member.slow(delayMs);
  }

  private oneOfSeveral(name: string): ControlPlaneMachine | undefined {
    return this.controlPlanes.machines.length > 1 ? this.controlPlanes.machine(name) : undefined;
  }

  snapshot(): ClusterSnapshot {
    return {
      etcd: withManagers(this.store.snapshot()),
      leases: this.lessor.snapshot(),
      members: this.controlPlanes.etcd.snapshot(),
      authority: this.authority.origin,
      databases: this.dataDirectories(),
      nodes: Object.fromEntries([...this.nodes].map(([name, node]) => [name, node.lastingState()])),
    };
  }

  /** Members' directories as their machines call them. */
  private dataDirectories(): Readonly<Record<string, string>> {
    const places = this.controlPlanes.machines.map(({ name, member }) => {
      const file = this.databases.directories.fileOf(member);
      const node = this.nodes.get(name);
      const path = file && node && pathTo(file, node.parts.files.root);
      return path === undefined ? [] : [[name, path.replace(/\/member\/snap\/db$/, '')] as const];
    });
    return Object.fromEntries(places.flat());
  }

  /** A machine's network and files. */
  machine(name: string): MachineParts | undefined {
    return this.nodes.get(name)?.parts;
  }

  /** A machine as its own programs see it: somebody uses its disk from now on. */
  machineInUse(name: string): MachineInUse | undefined {
    const node = this.nodes.get(name);
    const { authority, controlPlanes, options } = this;
    const more = { inPods: options.inPods ?? false, address: this.link().address, authority, controlPlanes };
    return node && useMachine({ name, node, ...more });
  }

  addMachine(machine: ClusterMachine): void {
    const { scope, network, registries, programs, snapshot, inPods } = this.options;
    const { name, ip, controlPlane, settings } = machine;
    const node = new ClusterNode({
      name,
      ip,
      controlPlane,
      settings,
      scope,
      link: this.link(farDelayMs),
      network,
      registries,
      programs,
      lasting: snapshot?.nodes[name],
      component: inPods ? (part, place) => this.startComponent(name, part, place) : undefined,
    });
    this.nodes.set(name, node);
    network.setFilter(name, this.filter);
    if (!controlPlane) return;
    const { authority, databases, lessor, controlPlanes } = this;
    openControlPlanePorts({
      controlPlanes,
      machine: name,
      ...node.parts,
      authority,
      gateway: { ...databases, lessor, valueBytes: storedBytes },
      inPods: inPods ?? false,
      data: snapshot?.databases?.[name],
      restored: snapshot !== undefined,
    });
  }

  /** Takes a machine away; its Node object stays until somebody deletes it. */
  removeMachine(name: string): void {
    this.powerOff(name);
    this.nodes.delete(name);
  }

  /** What a container of Kubernetes' own images holds. */
  private startComponent(machine: string, name: string, place: ComponentPlace): boolean {
    const { scope, network } = place;
    this.inPods.add(name);
    scope.onStop(() => this.inPods.delete(name));
    const controlPlane = this.controlPlanes.machine(machine);
    const usual = this.usualFlags(machine, name);
    if (name === 'etcd' && controlPlane) return runEtcd(controlPlane, place, { ...this.databases, usual });
    if (name === 'kube-apiserver' && controlPlane)
      return runApiServer(controlPlane, place, { usual, configure: (settings) => this.configure(settings) });
    if (name === 'kube-controller-manager') return this.startManager(place, usual);
    if (name === 'kube-scheduler') return this.runScheduler(place, usual);
    if (name === 'storage-provisioner') this.startProvisioner(scope);
    else if (name === 'coredns') this.startDns(scope, network.ips[0] ?? '', { user: dnsAccount, host: network });
    return true;
  }

  /** What a component's own manifest says. */
  private usualFlags(machine: string, component: string): UsualFlags {
    const { settings } = this.options.machines?.find(({ name }) => name === machine) ?? {};
    return settings?.flags?.[component] ?? {};
  }

  private runScheduler(place: ComponentPlace, usual: UsualFlags): boolean {
    const meter = schedulerStarts(place, usual, this.link());
    if (meter) startKubeScheduler(place.scope, this.link(), meter);
    return meter !== undefined;
  }

  private startManager(place: ComponentPlace, usual: UsualFlags): boolean {
    const chosen = managerChoice(place, usual, this.link());
    if (!chosen) return false;
    const { nodeMonitorGraceMs = this.facts.nodeMonitorGraceMs } = chosen;
    startControllerManager(place.scope, {
      link: this.link(),
      facts: { ...this.facts, nodeMonitorGraceMs },
      meter: chosen.meter,
      controllers: controllersFor(this.options).filter(({ name }) => chosen.runs(name)),
    });
    return true;
  }

  private startProvisioner(scope: Scope): void {
    startControllerManager(scope, { link: this.link(), facts: this.facts, controllers: [hostPathProvisioner] });
  }

  private readonly startControllers = (scope: Scope, link: Link, meter: Meter): void =>
    startControllerManager(scope, { link, facts: this.facts, controllers: controllersFor(this.options), meter });

  private startDns(scope: Scope, ip: string, { user, host }: Pick<DnsServer, 'user' | 'host'>): void {
    startDnsServer({ scope, link: this.link(), network: this.options.network, ip, user, host });
  }

  private startNetworkPlugin(scope: Scope, user: UserInfo): void {
    const client = new Client(new Transport(scope, this.link()), { user, userAgent: 'network-plugin/v1.0.0' });
    const standIns = this.options.inPods ? [] : [dnsStandIn];
    this.filter = startPolicies({ scope, informers: new InformerFactory(scope, client), standIns });
  }

  /** A way to the API server: from its own machine unless said otherwise. */
  link(delayMs = nearDelayMs): Link {
    return this.controlPlanes.link(delayMs);
  }
}

/** Who manages what of an object hangs on it in memory alone. */
function withManagers(snapshot: ReturnType<EtcdStore['snapshot']>): ReturnType<EtcdStore['snapshot']> {
  const items = snapshot.items.map((item) => ({ ...item, value: withEntries(item.value as StoredObject) })); // edge: etcd's values are opaque
  return { ...snapshot, items };
}
