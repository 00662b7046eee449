// The control plane's processes on one machine: an etcd member, an API server, a controller manager, a scheduler.
import type { ApiServer } from './apiserver/api-server.ts';
import { Meter } from './client/meter.ts';
import { EtcdError, type EtcdMember } from './etcd/member.ts';
import type { Backend } from './load-balancer.ts';
import type { Scope, Stop } from './sim/scope.ts';

export type ControlPlaneProcess = 'etcd' | 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler';

export interface ControlPlaneMachineOptions {
  readonly name: string;
  readonly ip: string;
  readonly member: EtcdMember;
  /** A scope for a process that starts. */
  scope(process: ControlPlaneProcess): Scope;
  startServer(scope: Scope, machine: ControlPlaneMachine): ApiServer;
  /** Absent where the process is none of the machine's: it runs in a pod, or not at all. */
  readonly startControllers?: StartOnMachine | undefined;
  readonly startScheduler?: StartOnMachine | undefined;
}

export type StartOnMachine = (scope: Scope, machine: ControlPlaneMachine, meter: Meter) => void;

interface PortsAgreed {
  readonly listens?: number;
  readonly asks?: readonly number[];
}

export class ControlPlaneMachine implements Backend {
  readonly name: string;
  readonly ip: string;
  readonly member: EtcdMember;
  private server: { readonly scope: Scope; readonly api: ApiServer } | undefined;
  private readonly others = new Map<ControlPlaneProcess, Meter>();
  /** What listens while a process runs, and how it stops. */
  private readonly doors = new Map<ControlPlaneProcess, { readonly open: () => Stop; close: Stop | undefined }>();
  /** Where etcd takes clients. */
  etcdPort = 2379;
  /** Where the API server looks for it. */
  private etcdPortsAsked: readonly number[] = [2379];
  /** Where it tells of itself without TLS, as kubeadm has it. */
  etcdMetricsPorts: readonly number[] = [2381];
  /** Called before etcd starts; throws EtcdError when it cannot. */
  beforeEtcd: () => void = () => {};
  /** Called when etcd cannot start, with its words. */
  onEtcdFailure: (problem: string) => void = () => {};
  private isReachable = true;

  constructor(private readonly options: ControlPlaneMachineOptions) {
    this.name = options.name;
    this.ip = options.ip;
    this.member = options.member;
  }

  get apiServer(): ApiServer | undefined {
    return this.server?.api;
  }

  get reachable(): boolean {
    return this.isReachable;
  }

  runs(process: ControlPlaneProcess): boolean {
    if (process === 'etcd') return this.member.running;
    return process === 'kube-apiserver' ? this.server !== undefined : this.others.has(process);
  }

  /** What a controller manager or a scheduler counts that is the machine's own and runs. */
  meter(process: ControlPlaneProcess): Meter | undefined {
    return this.others.get(process);
  }

  /** Opens a door whenever the process runs. `open` returns how to shut it. */
  whileRunning(process: ControlPlaneProcess, open: () => Stop): void {
    this.doors.set(process, { open, close: this.runs(process) ? open() : undefined });
  }

  /** What the flags of etcd and of the API server say of the port between them. */
  matchPorts({ listens = this.etcdPort, asks = this.etcdPortsAsked }: PortsAgreed): void {
    this.etcdPort = listens;
    this.etcdPortsAsked = asks;
    this.member.found = asks.includes(listens);
  }

  startAll(): void {
    for (const process of processes) this.start(process);
  }

  stopAll(): void {
    for (const process of processes) this.stop(process);
  }

  /** Whether a process is the machine's to start and stop. */
  has(process: ControlPlaneProcess): boolean {
    return process === 'etcd' || process === 'kube-apiserver' || this.starter(process) !== undefined;
  }

  /** Starts a process of its own that does not run. */
  start(process: ControlPlaneProcess): void {
    if (this.runs(process) || !this.begin(process)) return;
    const door = this.doors.get(process);
    if (door) door.close = door.open();
  }

  /** As when it crashes: nothing is handed over. */
  stop(process: ControlPlaneProcess): void {
    this.end(process);
    const door = this.doors.get(process);
    door?.close?.();
    if (door) door.close = undefined;
  }

  /** Cuts the machine off the network, or mends it: its own processes go on reaching each other. */
  partition(cut: boolean): void {
    this.isReachable = !cut;
    this.member.partition(cut);
  }

  /** Whether it starts. */
  private begin(process: ControlPlaneProcess): boolean {
    const { options } = this;
    if (process === 'etcd') {
      try {
        this.beforeEtcd();
      } catch (error) {
        if (!(error instanceof EtcdError)) throw error;
        this.onEtcdFailure(error.message);
        return false;
      }
      this.member.start();
    } else if (process === 'kube-apiserver') {
      const scope = options.scope(process);
      this.server = { scope, api: options.startServer(scope, this) };
    } else {
      const begin = this.starter(process);
      if (!begin) return false;
      const meter = new Meter(options.scope(process));
      this.others.set(process, meter);
      begin(meter.scope, this, meter);
    }
    return true;
  }

  private end(process: ControlPlaneProcess): void {
    if (process === 'etcd') this.member.stop();
    else if (process === 'kube-apiserver') {
      const { server } = this;
      this.server = undefined;
      server?.scope.stop();
    } else {
      this.others.get(process)?.scope.stop();
      this.others.delete(process);
    }
  }

  private starter(process: ControlPlaneProcess) {
    const { startControllers, startScheduler } = this.options;
    if (process === 'kube-scheduler') return startScheduler;
    return process === 'kube-controller-manager' ? startControllers : undefined;
  }
}

/** In the order in which they need each other. */
const processes: readonly ControlPlaneProcess[] = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
];
