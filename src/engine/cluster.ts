// One cluster: an etcd, an API server in front of it, the control plane's other processes, and nodes.
import type { ProgramHost } from '../api/program.ts';
import { type ApiServer, createApiServer } from './apiserver/api-server.ts';
import { Client } from './client/client.ts';
import type { ClusterFacts } from './client/controller.ts';
import { InformerFactory } from './client/informer.ts';
import { type Link, Transport } from './client/transport.ts';
import { cloudControllers } from './cloud/cloud-controllers.ts';
import { ClusterNode, type NodeLastingState } from './cluster-node.ts';
import { startControllerManager, startKubeScheduler, userOf } from './control-plane.ts';
import { controllers } from './controllers/controllers.ts';
import { EtcdStore } from './etcd/store.ts';
import { startClusterDns } from './network/dns.ts';
import type { SimulatedNetwork } from './network/network.ts';
import type { Registries } from './node/registry/registries.ts';
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
}

/** What a cluster comes back from when everything was switched off. */
export interface ClusterSnapshot {
  readonly etcd: ReturnType<EtcdStore['snapshot']>;
  readonly nodes: Readonly<Record<string, NodeLastingState>>;
}

const eventsFrom = '/registry//events/';
const eventsTo = '/registry//events0';

/** Every node gets a /24 of the pods' range: 256 of them, or 32,768. */
const smallPodCidr = '10.244.0.0/16';
const largePodCidr = '10.128.0.0/9';
const smallNodesMax = 250;

/** Milliseconds one way within the control plane's machine, and between machines. */
const nearDelayMs = 0.2;
const farDelayMs = 0.5;

export class Cluster {
  readonly facts: ClusterFacts = {
    clusterName: 'kubernetes',
    podCidr: smallPodCidr,
    serviceCidr: '10.96.0.0/12',
    rootCa: '-----BEGIN CERTIFICATE-----\nc2ltdWxhdGVkIGNlcnRpZmljYXRlIGF1dGhvcml0eQ==\n-----END CERTIFICATE-----\n',
    nodeMonitorGraceMs: 50_000,
  };
  private readonly store: EtcdStore;
  private readonly apiServer: ApiServer;
  private readonly nodes = new Map<string, ClusterNode>();

  constructor(private readonly options: ClusterOptions) {
    const { scope, snapshot } = options;
    if (options.workers > smallNodesMax) this.facts = { ...this.facts, podCidr: largePodCidr };
    this.store = snapshot ? EtcdStore.restore(snapshot.etcd) : new EtcdStore();
    this.apiServer = createApiServer({
      scope: scope.child('apiserver'),
      store: this.store,
      kubelets: (node) => this.nodes.get(node)?.kubelet,
    });
    startControllerManager(scope.child('kube-controller-manager'), {
      link: this.link(),
      facts: this.facts,
      controllers: options.cloud ? [...controllers, ...cloudControllers] : controllers,
    });
    if (!options.complete) return;
    startKubeScheduler(scope.child('kube-scheduler'), this.link());
    this.startDns();
    this.addNode('control-plane', 2, true);
    for (let i = 1; i <= options.workers; i++) this.addNode(`worker-${i}`, i + 2, false);
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

  /** A cluster starts as one that has been there for a while: what its own start caused to be told has expired. */
  forgetEvents(): void {
    for (const { key } of this.store.range(eventsFrom, eventsTo).items) this.store.delete(key);
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
      nodes: Object.fromEntries([...this.nodes].map(([name, node]) => [name, node.lastingState()])),
    };
  }

  private addNode(name: string, host: number, controlPlane: boolean): void {
    const { scope, network, registries, programs, snapshot } = this.options;
    const node = new ClusterNode({
      name,
      ip: `172.18.${host >> 8}.${host & 255}`,
      controlPlane,
      scope,
      link: this.link(farDelayMs),
      network,
      registries,
      programs,
      lasting: snapshot?.nodes[name],
    });
    this.nodes.set(name, node);
  }

  /** CoreDNS as a process of the control plane's node. */
  private startDns(): void {
    const scope = this.options.scope.child('coredns');
    const user = userOf(
      'system:serviceaccount:kube-system:coredns',
      'system:serviceaccounts',
      'system:serviceaccounts:kube-system',
    );
    const client = new Client(new Transport(scope, this.link()), { user, userAgent: 'CoreDNS/1.14.0' });
    startClusterDns({
      scope,
      informers: new InformerFactory(scope, client),
      network: this.options.network,
      ip: '10.96.0.10',
    });
  }

  /** A way to the API server: from its own machine unless said otherwise. */
  link(delayMs = nearDelayMs): Link {
    return { up: true, endpoint: () => this.apiServer, address: '172.18.0.2:6443', delayMs, jitterMs: delayMs / 2 };
  }
}
