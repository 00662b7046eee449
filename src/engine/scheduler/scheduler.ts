// kube-scheduler: takes pods from its queue one by one, decides where each goes, and has it bound meanwhile.
import {
  csiNodes,
  deviceClasses,
  nodes,
  persistentVolumeClaims,
  persistentVolumes,
  pods,
  resourceClaims,
  resourceSlices,
  storageClasses,
  volumeAttachments,
} from '../../api/generated/resources.ts';
import type { Node, Pod } from '../../api/generated/types.ts';
import type { KubeObject } from '../../api/meta.ts';
import type { Resource } from '../../api/resource.ts';
import { late } from '../../base/late.ts';
import type { Client } from '../client/client.ts';
import type { EventRecorder } from '../client/events.ts';
import type { InformerFactory } from '../client/informer.ts';
import type { Meter } from '../client/meter.ts';
import type { Scope } from '../sim/scope.ts';
import type { Work } from '../sim/work.ts';
import { SchedulerCache } from './cache.ts';
import { type EventResource, nodeChanges, podChanges } from './cluster-events.ts';
import { fitErrorMessage } from './fit-error.ts';
import type { Plugin, PluginFactory } from './framework.ts';
import { lookedUp } from './looked-up.ts';
import { Nominator } from './nominator.ts';
import type { Placing } from './placing.ts';
import type { PodInfo } from './pod-info.ts';
import { PodStatusWriter } from './pod-status-writer.ts';
import { SchedulingQueue } from './queue.ts';
import type { QueuedPod } from './queued-pod.ts';
import type { Rejection } from './rejection.ts';
import type { Outcome } from './schedule-pod.ts';
import { SchedulingTally } from './scheduling-tally.ts';

export interface SchedulerOptions {
  readonly scope: Scope;
  readonly client: Client;
  readonly informers: InformerFactory;
  /** Must record in the `series` style as component `default-scheduler`. */
  readonly events: EventRecorder;
  /** Pods that name another scheduler are left alone. Default `default-scheduler`. */
  readonly schedulerName?: string;
  readonly plugins?: readonly PluginFactory[];
  readonly meter?: Meter | undefined;
}

/** How pods are placed, which a cluster begins without. */
const code = late('scheduling', () => import('./placing.ts'));
/** Virtual time that one decision takes. */
const cycleMs = 0.2;
/** Longest note of an event. */
const noteLengthMax = 1024;
const podKind = { kind: 'Pod', apiVersion: 'v1' };

const metricsCode = late("the scheduler's metrics", () => import('./scheduler-families.ts'));

/** Starts a scheduler; it ends with its scope. */
export function startScheduler(options: SchedulerOptions): void {
  new Scheduler(options).start();
}

class Scheduler {
  private readonly scope: Scope;
  private readonly cache = new SchedulerCache();
  private readonly nominator = new Nominator();
  private readonly queue: SchedulingQueue;
  private readonly tally = new SchedulingTally();
  private readonly status: PodStatusWriter;
  private readonly name: string;
  private made: Placing | undefined;
  private synced = false;
  private cycleDue = false;

  constructor(private readonly options: SchedulerOptions) {
    const { scope, client, informers } = options;
    this.scope = scope;
    this.name = options.schedulerName ?? 'default-scheduler';
    this.status = new PodStatusWriter(scope, client);
    for (const resource of lookedUp) informers.informer(resource);
    this.queue = new SchedulingQueue(
      scope,
      () => this.plugins,
      () => this.wake(),
      this.tally,
    );
    const {
      queue,
      cache,
      tally,
      name: profile,
      options: { meter },
    } = this;
    if (meter)
      meter.families = () => metricsCode().schedulerFamilies({ queue, cache, tally, plugins: this.plugins, profile });
  }

  private get plugins(): readonly Plugin[] {
    return this.placing.plugins;
  }

  /** Made when the first pod comes. */
  private get placing(): Placing {
    const { options, cache, nominator, tally, queue } = this;
    this.made ??= code().placing({ ...options, cache, nominator, tally, activate: (uid) => queue.activate(uid) });
    return this.made;
  }

  start(): void {
    this.watchPods();
    this.watchNodes();
    this.watchOther(persistentVolumeClaims, 'PersistentVolumeClaim');
    this.watchOther(persistentVolumes, 'PersistentVolume');
    this.watchOther(storageClasses, 'StorageClass');
    this.watchOther(csiNodes, 'CSINode');
    this.watchOther(volumeAttachments, 'VolumeAttachment');
    this.watchOther(resourceClaims, 'ResourceClaim');
    this.watchOther(resourceSlices, 'ResourceSlice');
    this.options.informers.informer(deviceClasses).on({
      added: () => this.cache.outdate(),
      updated: () => this.cache.outdate(),
      deleted: () => this.cache.outdate(),
    });
    this.watchOther(deviceClasses, 'DeviceClass');
    this.scope.spawn(this.waitForSync());
  }

  private *waitForSync(): Work<void> {
    yield* this.options.informers.waitForSync();
    this.synced = true;
    this.wake();
  }

  private watchPods(): void {
    this.options.informers.informer(pods).on({
      added: (pod) => {
        if (isPlaced(pod)) this.placed(pod);
        else if (this.isMine(pod)) this.enqueue(pod);
      },
      updated: (pod, old) => {
        if (pod.metadata?.uid !== old.metadata?.uid) {
          this.podGone(old);
          if (isPlaced(pod)) this.placed(pod);
          else if (this.isMine(pod)) this.enqueue(pod);
        } else if (isPlaced(pod)) this.placedChanged(pod, old);
        else if (this.isMine(pod)) this.waitingChanged(pod, old);
      },
      deleted: (pod) => this.podGone(pod),
    });
  }

  private watchNodes(): void {
    this.options.informers.informer(nodes).on({
      added: (node) => {
        this.cache.setNode(node);
        this.queue.move({ resource: 'Node', action: 'add', current: node });
      },
      updated: (node: Node, old) => {
        this.cache.setNode(node);
        for (const event of nodeChanges(node, old)) this.queue.move(event);
      },
      deleted: (node) => {
        this.queue.move({ resource: 'Node', action: 'delete', old: node });
        this.cache.removeNode(node.metadata?.name ?? '');
      },
    });
  }

  private watchOther<T extends KubeObject>(resource: Resource<T>, kind: EventResource): void {
    this.options.informers.informer(resource).on({
      added: (current) => this.queue.move({ resource: kind, action: 'add', current }),
      updated: (current, old) => this.queue.move({ resource: kind, action: 'update', old, current }),
      deleted: (old) => this.queue.move({ resource: kind, action: 'delete', old }),
    });
  }

  private isMine(pod: Pod): boolean {
    return (pod.spec?.schedulerName ?? 'default-scheduler') === this.name && !isOver(pod);
  }

  private enqueue(pod: Pod): void {
    const info = this.cache.infos.of(pod);
    this.nominator.nominate(info, pod.status?.nominatedNodeName ?? '');
    this.queue.add(info);
  }

  /** A pod that is over frees what it took. */
  private placed(pod: Pod): void {
    const uid = pod.metadata?.uid ?? '';
    this.queue.delete(uid);
    this.nominator.forget(uid);
    if (isOver(pod)) {
      if (!this.cache.hasPod(uid)) return;
      this.cache.removePod(uid);
      this.queue.move({ resource: 'Pod', action: 'delete', old: pod });
      return;
    }
    this.cache.setPod(pod);
    this.queue.move({ resource: 'Pod', action: 'add', current: pod });
  }

  private placedChanged(pod: Pod, old: Pod): void {
    if (!isPlaced(old) || isOver(pod)) {
      this.placed(pod);
      return;
    }
    this.cache.setPod(pod);
    if (this.queue.size > 0) for (const event of podChanges(pod, old)) this.queue.move(event);
  }

  private waitingChanged(pod: Pod, old: Pod): void {
    const info = this.cache.infos.of(pod);
    if (this.cache.isAssumed(info.uid)) return;
    this.nominator.nominate(info, pod.status?.nominatedNodeName ?? '');
    this.queue.update(info, podChanges(pod, old));
    const before = old.status?.nominatedNodeName ?? '';
    if (before !== '' && before !== (pod.status?.nominatedNodeName ?? ''))
      this.queue.move({ resource: 'Pod', action: 'delete', old }, ({ priority }) => priority <= info.priority);
  }

  private podGone(pod: Pod): void {
    const uid = pod.metadata?.uid ?? '';
    this.queue.delete(uid);
    const nominated = this.nominator.nominatedNode(uid) !== '';
    this.nominator.forget(uid);
    const held = this.cache.hasPod(uid);
    this.cache.removePod(uid);
    this.cache.infos.forget(uid);
    if (held) this.queue.move({ resource: 'Pod', action: 'delete', old: pod });
    else if (nominated)
      this.queue.move(
        { resource: 'Pod', action: 'delete', old: pod },
        (info) => info.priority <= (pod.spec?.priority ?? 0),
      );
  }

  private wake(): void {
    if (!this.synced || this.cycleDue || !this.queue.ready) return;
    this.cycleDue = true;
    this.scope.schedule(cycleMs, () => {
      this.cycleDue = false;
      const next = this.queue.pop();
      if (next) this.cycle(next);
      this.wake();
    });
  }

  private cycle(queued: QueuedPod): void {
    const { info } = queued;
    this.scope.resumeCause(queued.cause);
    if (info.terminating) {
      const message = `skip schedule deleting pod: ${info.key}`;
      this.tell(info, { type: 'Warning', reason: 'FailedScheduling', action: 'Scheduling', message });
      return;
    }
    if (this.cache.hasPod(info.uid)) return;
    const outcome = this.placing.algorithm.schedule(info);
    if (outcome.kind === 'fits') this.assign(queued, outcome);
    else this.unplaceable(queued, outcome);
  }

  private assign(queued: QueuedPod, { ranking, evaluated }: Extract<Outcome, { kind: 'fits' }>): void {
    const { info } = queued;
    const node = ranking.best.name;
    const why = `${node} of ${ranking.feasible.length} feasible, ${evaluated} evaluated: ${ranking.explain()}`;
    this.scope.record('assign', `pods ${info.key}`, why);
    this.cache.assume(info, node);
    this.nominator.forget(info.uid);
    for (const plugin of this.plugins) {
      const rejection = plugin.reserve?.(info, node);
      if (!rejection) continue;
      this.takeBack(info, node);
      this.fail(queued, { reason: 'SchedulerError', message: rejection.reasons.join(', '), rejectors: new Set() });
      return;
    }
    this.scope.spawn(this.bind(queued, node));
  }

  private *bind(queued: QueuedPod, node: string): Work<void> {
    const { info } = queued;
    const preparing = this.plugins.filter((plugin) => plugin.preBindNeeded?.(info, node));
    if (preparing.length > 0) this.status.nominate(info, node);
    for (const plugin of preparing) {
      const rejection = yield* plugin.preBind?.(info, node) ?? nothing();
      if (rejection) return this.bindFailed(queued, node, `running PreBind plugin ${quoted(rejection)}`);
    }
    for (const plugin of this.plugins) {
      const rejection = yield* plugin.bind?.(info, node) ?? nothing();
      if (rejection) return this.bindFailed(queued, node, `running Bind plugin ${quoted(rejection)}`);
    }
    const message = `Successfully assigned ${info.key} to ${node}`;
    this.tally.bound(queued, this.scope.now, cycleMs);
    this.tell(info, { type: 'Normal', reason: 'Scheduled', action: 'Binding', message });
  }

  private bindFailed(queued: QueuedPod, node: string, message: string): void {
    this.takeBack(queued.info, node);
    this.queue.move({ resource: 'Pod', action: 'delete', old: withNode(queued.info.pod, node) });
    this.fail(queued, { reason: 'SchedulerError', message, rejectors: new Set(), nominated: '' });
  }

  private takeBack(info: PodInfo, node: string): void {
    for (const plugin of [...this.plugins].reverse()) plugin.unreserve?.(info, node);
    if (this.cache.isAssumed(info.uid)) this.cache.removePod(info.uid);
  }

  private unplaceable(queued: QueuedPod, outcome: Exclude<Outcome, { kind: 'fits' }>): void {
    const none: ReadonlySet<string> = new Set();
    if (outcome.kind === 'no-nodes') {
      const message = 'no nodes available to schedule pods';
      this.fail(queued, { reason: 'Unschedulable', message, rejectors: none, nominated: '' });
      return;
    }
    if (outcome.kind === 'error') {
      this.fail(queued, { reason: 'SchedulerError', message: outcome.message, rejectors: none, nominated: '' });
      return;
    }
    const { verdicts, absent } = outcome.diagnosis;
    const { rejection: postFilter, node: nominated } = this.postFilter(queued.info, outcome);
    const message = fitErrorMessage({
      nodes: outcome.nodes,
      preFilter: outcome.preFilter,
      verdicts: verdicts.values(),
      verdictCount: verdicts.size,
      absent,
      postFilter,
    });
    const byNode = [...verdicts].slice(0, 100).map(([{ name }, { reasons }]) => `${name}: ${reasons.join(', ')}`);
    this.scope.record('unschedulable', `pods ${queued.info.key}`, [message, ...byNode].join('\n'));
    this.fail(queued, { reason: 'Unschedulable', message, rejectors: outcome.rejectors, nominated });
  }

  /** Asks each plugin that may help; the first that does, or that must not be overruled, ends it. */
  private postFilter(
    info: PodInfo,
    { diagnosis }: Extract<Outcome, { kind: 'unfit' }>,
  ): { readonly rejection: Rejection | undefined; readonly node?: string | undefined } {
    const reasons: string[] = [];
    let node: string | undefined;
    for (const plugin of this.plugins) {
      const result = plugin.postFilter?.(info, diagnosis);
      if (!result) continue;
      if (result.rejection?.code !== 'unschedulable') return result;
      node = result.node ?? node;
      reasons.push(...result.rejection.reasons);
    }
    return { rejection: { code: 'unschedulable', plugin: '', reasons }, node };
  }

  private fail(
    queued: QueuedPod,
    failure: {
      readonly reason: 'Unschedulable' | 'SchedulerError';
      readonly message: string;
      readonly rejectors: ReadonlySet<string>;
      /** The node that is promised now; empty: none any more; undefined: as before. */
      readonly nominated?: string | undefined;
    },
  ): void {
    const { reason, message, rejectors, nominated } = failure;
    const result = reason === 'Unschedulable' ? 'unschedulable' : 'error';
    this.tally.attempted(result, this.scope.now - queued.poppedAt + cycleMs);
    const pod = this.options.informers.informer(pods).lister.get(queued.info.key);
    if (!pod || isPlaced(pod) || pod.metadata?.uid !== queued.uid) return;
    const info = this.cache.infos.of(pod);
    if (nominated !== undefined) this.nominator.nominate(info, nominated);
    this.queue.putBack(queued, info, rejectors);
    const note = message.length > noteLengthMax ? `${message.slice(0, noteLengthMax - 4)} ...` : message;
    this.tell(info, { type: 'Warning', reason: 'FailedScheduling', action: 'Scheduling', message: note });
    this.status.unscheduled(info, { reason, message, nominated });
  }

  private tell(info: PodInfo, details: Parameters<EventRecorder['record']>[1]): void {
    this.options.events.record(info.pod, details, podKind);
  }
}

function* nothing(): Work<undefined> {}

function isPlaced(pod: Pod): boolean {
  return Boolean(pod.spec?.nodeName);
}

function isOver({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

function withNode(pod: Pod, nodeName: string): Pod {
  return pod.spec ? { ...pod, spec: { ...pod.spec, nodeName } } : pod;
}

function quoted({ plugin, reasons }: Rejection): string {
  return `${JSON.stringify(plugin)}: ${reasons.join(', ')}`;
}
