// One node of a cluster: the machine, its kubelet and its kube-proxy, with power and network to cut.
import type { KubeletApi } from '../api/kubelet.ts';
import type { ProgramHost } from '../api/program.ts';
import { Client } from './client/client.ts';
import { InformerFactory } from './client/informer.ts';
import { Meter } from './client/meter.ts';
import type { Rate } from './client/rate-limit.ts';
import { type Link, Transport } from './client/transport.ts';
import { openProxyPorts } from './components/port-code.ts';
import { userOf } from './control-plane.ts';
import { startKubeProxy } from './network/kube-proxy.ts';
import type { SimulatedNetwork } from './network/network.ts';
import type { Registries } from './node/registry/registries.ts';
import type { StartComponent } from './node/runtime/container-config.ts';
import { type NodeOptions, type NodeSnapshot, type RunningNode, startNode } from './node/start-node.ts';
import type { Scope } from './sim/scope.ts';

export type NodeLastingState = NodeSnapshot;

export interface ClusterNodeOptions {
  readonly name: string;
  readonly ip: string;
  readonly controlPlane: boolean;
  /** Instead of what a control plane's machine is labelled and tainted with. */
  readonly settings?:
    | Pick<NodeOptions, 'labels' | 'taints' | 'capacity' | 'providerId' | 'disk' | 'preloaded'>
    | undefined;
  readonly scope: Scope;
  readonly link: Link;
  readonly network: SimulatedNetwork;
  readonly registries: Registries;
  readonly programs: ProgramHost;
  readonly lasting?: NodeLastingState | undefined;
  /** The cluster's own parts run in pods: what their containers start. Default: kube-proxy is a process of the node. */
  readonly component?: StartComponent | undefined;
}

const controlPlaneLabels = {
  'node-role.kubernetes.io/control-plane': '',
  'node.kubernetes.io/exclude-from-external-load-balancers': '',
};
const controlPlaneTaints = [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }];

/** The kubelet's defaults of kubeAPIQPS and kubeAPIBurst. */
const kubeletRate: Rate = { qps: 50, burst: 100 };

/** What of a machine is seen from outside of it. */
export type MachineParts = Pick<
  RunningNode,
  'host' | 'files' | 'addImage' | 'removeImage' | 'images' | 'runtime' | 'registries'
>;

export class ClusterNode {
  private readonly machine: RunningNode;
  private readonly scope: Scope;
  private proxy: Scope | undefined;
  /** What the kubelet's kubeconfig says; undefined: nothing of its own. */
  private server: string | undefined;
  private powered = true;

  constructor(private readonly options: ClusterNodeOptions) {
    const { name, ip, controlPlane, link, network, registries, programs, lasting } = options;
    this.scope = options.scope.child(`node/${name}`);
    const user = userOf(`system:node:${name}`, 'system:nodes');
    const way = this.kubeletWay(link);
    const meter = new Meter(this.scope);
    this.machine = startNode({
      scope: this.scope,
      name,
      ips: [ip],
      client: new Client(new Transport(this.scope, way, kubeletRate, meter.calls), {
        user,
        userAgent: 'kubelet/v1.36.2',
      }),
      meter,
      network,
      programs,
      registries,
      ...(options.settings ?? (controlPlane ? { labels: controlPlaneLabels, taints: controlPlaneTaints } : {})),
      controlPlane: controlPlane && !options.component,
      snapshot: lasting,
      serverChosen: (server) => {
        this.server = server;
      },
      component: options.component && this.component(options.component),
      api: ({ scope, user, userAgent }) => new Client(new Transport(scope, link), { user, userAgent }),
    });
    if (!options.component) this.startProxy();
  }

  /** As far as anybody can reach it. */
  get kubelet(): KubeletApi | undefined {
    return this.powered && this.options.link.up ? this.machine.kubelet : undefined;
  }

  get kubeletRuns(): boolean {
    return this.machine.kubeletRuns;
  }

  get services(): RunningNode['services'] {
    return this.machine.services;
  }

  get isControlPlane(): boolean {
    return this.options.controlPlane;
  }

  /** The machine's network and files. */
  get parts(): MachineParts {
    return this.machine;
  }

  get ready(): boolean {
    return this.machine.ready;
  }

  powerOff(): void {
    if (!this.powered) return;
    this.powered = false;
    this.machine.powerOff();
    this.proxy?.stop();
    this.options.network.cut(this.options.name, true);
  }

  powerOn(): void {
    if (this.powered) return;
    this.powered = true;
    this.options.network.cut(this.options.name, !this.options.link.up);
    this.machine.powerOn();
    if (!this.options.component) this.startProxy();
  }

  /** Stops a process of its own, or starts it again; containers run on. False: it is none of the machine's. */
  setProcess(name: 'kubelet' | 'kube-proxy', running: boolean): boolean {
    if (name === 'kube-proxy') {
      if (this.options.component) return false;
      this.proxy?.stop();
      if (running && this.powered) this.startProxy();
      return true;
    }
    const { kubelet } = this.services;
    if (running && this.powered) kubelet.start();
    else kubelet.stop();
    return true;
  }

  /** Cuts the machine off the network, or mends it. */
  partition(cut: boolean): void {
    this.options.link.up = !cut;
    this.options.network.cut(this.options.name, cut || !this.powered);
  }

  lastingState(): NodeLastingState {
    return this.machine.snapshot();
  }

  /** The kubelet's connections go to where its kubeconfig says: nothing listens anywhere else. */
  private kubeletWay(link: Link): Link {
    const elsewhere = (): string | undefined =>
      this.server === undefined || this.server === `https://${link.address}` ? undefined : this.server;
    return {
      ...link,
      get up() {
        return link.up;
      },
      endpoint: () => (elsewhere() === undefined ? link.endpoint() : undefined),
      get address() {
        return elsewhere()?.replace(/^https?:\/\//, '') ?? link.address;
      },
    };
  }

  /** A node's kube-proxy is the node's; the rest the cluster knows. */
  private component(start: StartComponent): StartComponent {
    return (name, place) => {
      if (name !== 'kube-proxy') return start(name, place);
      this.runProxy(place.scope);
      return true;
    };
  }

  private startProxy(): void {
    this.proxy = this.scope.child(`kube-proxy/${this.options.name}`);
    this.runProxy(this.proxy);
  }

  private runProxy(scope: Scope): void {
    const { name, link, network, controlPlane, settings } = this.options;
    const meter = new Meter(scope);
    const client = new Client(new Transport(scope, link, undefined, meter.calls), {
      user: userOf('system:kube-proxy'),
      userAgent: 'kube-proxy/v1.36.2',
    });
    const excluded = controlPlane && settings === undefined;
    meter.informers = new InformerFactory(scope, client);
    startKubeProxy({ scope, informers: meter.informers, network, node: name, excluded });
    openProxyPorts(this.machine.host, { meter, server: link.address, local: !this.options.component });
  }
}
