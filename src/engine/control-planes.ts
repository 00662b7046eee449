// A cluster's control plane on one machine or several.
//
//   kubelets, kubectl ─▶ load balancer ─▶ API server ─▶ etcd member      control-plane-1
//                                      ─▶ API server ─▶ etcd member      control-plane-2
//                                      ─▶ API server ─▶ etcd member      control-plane-3
//
// Each API server asks the etcd member beside it, each controller manager and scheduler the API server beside it, as
// kubeadm sets them up; of several only one works at a time (see client/leader-election.ts). One machine alone has
// no balancer and no elections.
import type { ApiServer, ApiServerOptions } from './apiserver/api-server.ts';
import { createApiServer } from './apiserver/api-server.ts';
import type { ApiServerSettings } from './apiserver/api-server-settings.ts';
import { startEndpointReconciler } from './apiserver/endpoint-reconciler.ts';
import { Client } from './client/client.ts';
import { EventRecorder } from './client/events.ts';
import { standForLeader } from './client/leader-election.ts';
import type { Meter } from './client/meter.ts';
import { type Link, Transport } from './client/transport.ts';
import { userOf } from './control-plane.ts';
import { ControlPlaneMachine, type StartOnMachine } from './control-plane-machine.ts';
import { EtcdConnection } from './etcd/connection.ts';
import { EtcdCluster, type EtcdClusterSnapshot } from './etcd/etcd-cluster.ts';
import type { Lessor } from './etcd/lessor.ts';
import { LoadBalancer } from './load-balancer.ts';
import type { Scope } from './sim/scope.ts';

type StartProcess = (scope: Scope, link: Link, meter: Meter) => void;

export interface ControlPlanesOptions {
  readonly scope: Scope;
  readonly machines: readonly { readonly name: string; readonly ip: string }[];
  readonly port: number;
  readonly server: Omit<ApiServerOptions, 'scope' | 'etcd' | 'lessor' | 'bootstrap'>;
  readonly lessor: Lessor;
  readonly etcd?: EtcdClusterSnapshot | undefined;
  /** Absent: they run in pods, or not at all. */
  readonly startControllers?: StartProcess | undefined;
  readonly startScheduler?: StartProcess | undefined;
  /** etcd and the API server run in pods too: they start with their containers. */
  readonly inPods?: boolean | undefined;
}

/** Where several API servers are reached. */
const balancerIp = '172.18.255.254';
/** Milliseconds one way within a machine. */
const nearDelayMs = 0.2;

export class ControlPlanes {
  readonly etcd: EtcdCluster;
  readonly machines: readonly ControlPlaneMachine[];
  private readonly balancer: LoadBalancer | undefined;
  private settings: ApiServerSettings = {};
  /** Where the one of several works, by its process. */
  private readonly elects = new Map<string, string>();

  constructor(private readonly options: ControlPlanesOptions) {
    const { scope, machines, port, startControllers, startScheduler } = options;
    const { store } = options.server;
    this.etcd = new EtcdCluster({ scope: scope.child('etcd'), store, members: machines, snapshot: options.etcd });
    const several = machines.length > 1;
    this.machines = this.etcd.members.map(
      (member) =>
        new ControlPlaneMachine({
          name: member.name,
          ip: member.ip,
          member,
          scope: (process) => {
            const name = process === 'kube-apiserver' ? 'apiserver' : process;
            return scope.child(several ? `${name}/${member.name}` : name);
          },
          startServer: (own, machine) => this.startServer(own, machine),
          startControllers: startControllers && this.elected('kube-controller-manager', startControllers),
          startScheduler: startScheduler && this.elected('kube-scheduler', startScheduler),
        }),
    );
    if (several) this.balancer = new LoadBalancer(scope, `${balancerIp}:${port}`, this.machines);
  }

  /** That API servers listen on. */
  get port(): number {
    return this.options.port;
  }

  /** Starts every process that is the machines' own. */
  start(): void {
    for (const machine of this.machines) {
      if (this.options.inPods) machine.stopAll();
      else machine.startAll();
    }
  }

  machine(name: string): ControlPlaneMachine | undefined {
    return this.machines.find((machine) => machine.name === name);
  }

  /** The API server that a new connection comes to; undefined: none takes it. */
  edge(): ApiServer | undefined {
    return this.balancer ? this.balancer.next()?.apiServer : this.machines[0]?.apiServer;
  }

  /** The machine of each process that several have and one leads, by its name; empty where there is one machine. */
  get leaders(): ReadonlyMap<string, string> {
    const { leader, single } = this.etcd;
    return new Map([...this.elects, ...(leader && !single ? [['etcd', leader.name] as const] : [])]);
  }

  /** Changes the flags of every API server, and of those that start later. */
  configure(settings: ApiServerSettings): void {
    this.settings = { ...this.settings, ...settings };
    for (const { apiServer } of this.machines) apiServer?.configure(settings);
  }

  /** A client's way to the API server. */
  link(delayMs: number): Link {
    const [only] = this.machines;
    return this.balancer || !only ? this.balanced(delayMs) : this.linkTo(only, delayMs);
  }

  /** Cuts a machine off the network, or mends it. */
  partition(machine: ControlPlaneMachine, cut: boolean): void {
    machine.partition(cut);
    this.balancer?.changed(machine);
  }

  private balanced(delayMs: number): Link {
    const { balancer } = this;
    if (!balancer) throw new Error('a cluster has a control plane');
    return balancer.link(delayMs);
  }

  private linkTo(machine: ControlPlaneMachine, delayMs: number): Link {
    const address = `${machine.ip}:${this.options.port}`;
    return { up: true, endpoint: () => machine.apiServer, address, delayMs, jitterMs: delayMs / 2 };
  }

  private startServer(scope: Scope, machine: ControlPlaneMachine): ApiServer {
    const { ip: address, name, member } = machine;
    const { server, lessor, port } = this.options;
    const kubelets: ApiServerOptions['kubelets'] = (node) =>
      node === name || !member.cut ? server.kubelets?.(node) : undefined;
    const bootstrap = { address, port, serviceIp: '10.96.0.1' };
    const etcd = new EtcdConnection(this.etcd, member);
    scope.onStop(etcd.close);
    const api = createApiServer({
      runs: (process) => machine.runs(process),
      ...server,
      kubelets,
      scope,
      etcd,
      lessor,
      bootstrap,
    });
    api.configure(this.settings);
    if (!etcd.alone) startEndpointReconciler({ scope, api, store: server.store, lessor, etcd, ip: address, port });
    return api;
  }

  /** Starts a process; where there are several of it, only as long as it is the leader. */
  private elected(name: string, start: StartProcess): StartOnMachine {
    return (scope, machine, meter) => {
      const link = this.linkTo(machine, nearDelayMs);
      if (this.etcd.single) {
        meter.leases.set(name, true);
        start(scope, link, meter);
        return;
      }
      const identity = { user: userOf(`system:${name}`), userAgent: `${name}/v1.36.2 leader-election` };
      const client = new Client(new Transport(scope, link, undefined, meter.calls), identity);
      meter.leases.set(name, false);
      standForLeader({
        scope,
        client,
        events: new EventRecorder(scope.child('events'), client, { component: name }),
        lease: name,
        identity: `${machine.name}_${scope.random('leader-election').uuid()}`,
        lead: (term) => {
          this.elects.set(name, machine.name);
          meter.leases.set(name, true);
          term.onStop(() => {
            meter.leases.set(name, false);
            if (this.elects.get(name) === machine.name) this.elects.delete(name);
          });
          start(term, link, meter);
        },
      });
    };
  }
}
