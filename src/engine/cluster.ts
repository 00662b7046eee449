// One cluster: an etcd, an API server in front of it, the control plane's other processes, and nodes.
import type { NetworkHost } from '../api/network.ts';
import type { ProgramHost } from '../api/program.ts';
import type { UserInfo } from '../api/request.ts';
import { type AuthoritySeed, CertificateAuthority } from '../base/certificate-authority.ts';
import { type ApiServer, createApiServer } from './apiserver/api-server.ts';
import { networkEdge } from './apiserver/network-edge.ts';
import { Client } from './client/client.ts';
import type { ClusterFacts, ControllerDefinition } from './client/controller.ts';
import { InformerFactory } from './client/informer.ts';
import { type Link, Transport } from './client/transport.ts';
import { cloudControllers } from './cloud/cloud-controllers.ts';
import { ClusterNode, type NodeLastingState } from './cluster-node.ts';
import { startControllerManager, startKubeScheduler, userOf } from './control-plane.ts';
import { controllers } from './controllers/controllers.ts';
import { nodeIpamController } from './controllers/node/node-ipam-controller.ts';
import { type HeldLease, Lessor } from './etcd/lessor.ts';
import { type EtcdEvent, EtcdStore } from './etcd/store.ts';
import { startClusterDns } from './network/dns.ts';
import type { SimulatedNetwork } from './network/network.ts';
import type { Registries } from './node/registry/registries.ts';
import type { StartComponent } from './node/runtime/container-config.ts';
import type { NodeOptions, RunningNode } from './node/start-node.ts';
import type { Scope } from './sim/scope.ts';

export interface ClusterOptions {
  readonly scope: Scope;
  readonly network: SimulatedNetwork;
  readonly registries: Registries;
  readonly programs: ProgramHost;
  readonly workers: number;
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

export interface ClusterMachine {
  readonly name: string;
  readonly ip: string;
  readonly controlPlane: boolean;
  /** Instead of what a control plane's machine is labelled and tainted with. */
  readonly settings?:
    | Pick<NodeOptions, 'labels' | 'taints' | 'capacity' | 'providerId' | 'disk' | 'preloaded'>
    | undefined;
}

/** What a cluster comes back from when everything was switched off. */
export interface ClusterSnapshot {
  readonly etcd: ReturnType<EtcdStore['snapshot']>;
  readonly leases?: readonly HeldLease[];
  readonly nodes: Readonly<Record<string, NodeLastingState>>;
  readonly authority: AuthoritySeed;
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
  private readonly apiServer: ApiServer;
  private readonly nodes = new Map<string, ClusterNode>();

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
    this.apiServer = createApiServer({
      scope: scope.child('apiserver'),
      store: this.store,
      lessor: this.lessor,
      kubelets: (node) => this.nodes.get(node)?.kubelet,
      dialer: () => [...this.nodes.values()].find((node) => node.isControlPlane)?.parts.host,
      bootstrap: { ...this.address(), serviceIp: '10.96.0.1' },
      authority: this.authority,
    });
    if (!options.inPods) this.startControllers(scope.child('kube-controller-manager'));
    if (!options.complete) return;
    if (!options.inPods) {
      startKubeScheduler(scope.child('kube-scheduler'), this.link());
      this.startDns(scope.child('coredns'), '10.96.0.10', userOf('kubernetes-admin', 'kubeadm:cluster-admins'));
    }
    for (const machine of options.machines ?? usualMachines(options.workers)) this.addMachine(machine);
  }

  get rootCa(): string {
    return this.facts.rootCa;
  }

  /** The API server's HTTP edge; undefined while it does not run. */
  edge(): ApiServer | undefined {
    return this.apiServer;
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

  powerOff(name: string): void {
    this.nodes.get(name)?.powerOff();
  }

  powerOn(name: string): void {
    this.nodes.get(name)?.powerOn();
  }

  /** Cuts or mends a node's network. */
  partition(name: string, cut: boolean): void {
    this.nodes.get(name)?.partition(cut);
  }

  snapshot(): ClusterSnapshot {
    return {
      etcd: this.store.snapshot(),
      leases: this.lessor.snapshot(),
      authority: this.authority.origin,
      nodes: Object.fromEntries([...this.nodes].map(([name, node]) => [name, node.lastingState()])),
    };
  }

  /** A machine's network and files. */
  machine(name: string): Pick<RunningNode, 'host' | 'files'> | undefined {
    return this.nodes.get(name)?.parts;
  }

  addMachine(machine: ClusterMachine): void {
    const { scope, network, registries, programs, snapshot } = this.options;
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
      component: this.options.inPods ? this.startComponent : undefined,
    });
    this.nodes.set(name, node);
    if (controlPlane) this.serveOn(node.parts.host);
  }

  /** Programs in the cluster reach the API server over the network. */
  private serveOn(host: NetworkHost): void {
    const names = [...apiServerNames, ...host.ips];
    let certificate: string | undefined;
    const edge = networkEdge({
      edge: () => this.edge(),
      certificate: () => {
        certificate ??= this.authority.issueWithKey({
          subject: { commonName: 'kube-apiserver', organizations: [] },
          usages: ['server'],
          names,
          at: this.authority.origin.since,
        }).certificate;
        return certificate;
      },
    });
    host.listen(this.address().port, edge);
  }

  /** Takes a machine away; its Node object stays until somebody deletes it. */
  removeMachine(name: string): void {
    this.powerOff(name);
    this.nodes.delete(name);
  }

  /** What a container of Kubernetes' own images holds. */
  private readonly startComponent: StartComponent = (name, { scope, network }) => {
    if (name === 'kube-controller-manager') this.startControllers(scope);
    else if (name === 'kube-scheduler') startKubeScheduler(scope, this.link());
    else if (name === 'coredns') this.startDns(scope, network.ips[0] ?? '', dnsAccount);
  };

  private startControllers(scope: Scope): void {
    startControllerManager(scope, {
      link: this.link(),
      facts: this.facts,
      controllers: controllersFor(this.options),
    });
  }

  /**
   * CoreDNS at an address: its pod's, or the service's own when it is a process of the control plane's node and uses
   * that machine's admin.conf.
   */
  private startDns(scope: Scope, ip: string, user: UserInfo): void {
    const client = new Client(new Transport(scope, this.link()), { user, userAgent: 'CoreDNS/1.14.0' });
    startClusterDns({
      scope,
      informers: new InformerFactory(scope, client),
      network: this.options.network,
      ip,
    });
  }

  /** A way to the API server: from its own machine unless said otherwise. */
  link(delayMs = nearDelayMs): Link {
    const { address: host, port } = this.address();
    const address = `${host}:${port}`;
    return { up: true, endpoint: () => this.apiServer, address, delayMs, jitterMs: delayMs / 2 };
  }

  private address(): { readonly address: string; readonly port: number } {
    const [first] = this.options.machines ?? [];
    return first ? { address: first.ip, port: 8443 } : { address: '172.18.0.2', port: 6443 };
  }
}

/** Names that the API server's certificate is for, besides its machine's addresses. */
const apiServerNames = [
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
  '10.96.0.1',
];

const dnsAccount = userOf(
  'system:serviceaccount:kube-system:coredns',
  'system:serviceaccounts',
  'system:serviceaccounts:kube-system',
);

function usualMachines(workers: number): readonly ClusterMachine[] {
  const ip = (host: number): string => `172.18.${host >> 8}.${host & 255}`;
  const names = [...Array(workers).keys()].map((i) => ({
    name: `worker-${i + 1}`,
    ip: ip(i + 3),
    controlPlane: false,
  }));
  return [{ name: 'control-plane', ip: ip(2), controlPlane: true }, ...names];
}
