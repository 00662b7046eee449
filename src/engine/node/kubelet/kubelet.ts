// The kubelet: watches the pods bound to its node, has a worker for each, and answers for them. Crash-only: a new one
// takes over what the runtime still runs.

import { nodes, pods, services } from '../../../api/generated/resources.ts';
import type { Node, Pod } from '../../../api/generated/types.ts';
import type { NetworkHost } from '../../../api/network.ts';
import { parseQuantity } from '../../../api/quantity.ts';
import { ApiError } from '../../../api/status.ts';
import type { DirectoryNode, FileTree } from '../../../base/files.ts';
import { late } from '../../../base/late.ts';
import type { Client } from '../../client/client.ts';
import { EventRecorder } from '../../client/events.ts';
import type { Informer } from '../../client/informer.ts';
import { InformerFactory } from '../../client/informer.ts';
import { keyOf } from '../../client/store.ts';
import { TransportError } from '../../client/transport.ts';
import type { Scope } from '../../sim/scope.ts';
import type { Work } from '../../sim/work.ts';
import type { Registries } from '../registry/registries.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { KubeletLog } from '../services/kubelet-log.ts';
import type { KubeletSettings } from '../services/kubelet-unit.ts';
import { refreshes, setUpVolume } from '../volumes/volumes.ts';
import { admit } from './admission.ts';
import { Backoff } from './backoff.ts';
import { Evictions } from './evictions.ts';
import type { DownwardFacts } from './field-path.ts';
import { ImageManager } from './image-manager.ts';
import { mirrorAnnotation } from './manifests.ts';
import type { Measurements } from './measurements.ts';
import { NodeAgent } from './node-agent.ts';
import { type NodeFacts, newNode } from './node-object.ts';
import { MissingSource, ObjectSource } from './object-source.ts';
import { type KubeletParts, newestOf, targetOf, teller } from './pod-context.ts';
import { hasEnded } from './pod-phase.ts';
import type { ResizeParts } from './pod-resize.ts';
import type { PodWorker } from './pod-worker.ts';
import { type ProbeRuns, Probes } from './probes.ts';
import { Relister } from './relister.ts';
import { isMirror, StaticPods } from './static-pods.ts';
import { StatusWriter } from './status-writer.ts';

/** A node begins without pods. */
const code = late('pods on nodes', () => import('./pod-worker.ts'));

export interface KubeletOptions {
  readonly scope: Scope;
  readonly client: Client;
  readonly facts: NodeFacts;
  readonly host: NetworkHost;
  readonly runtime: Runtime;
  readonly registries: Registries;
  readonly nodeFiles: FileTree;
  readonly podCidr: string | undefined;
  readonly clusterDns: string;
  readonly settings: KubeletSettings;
  /** What the machine and its pods use now. */
  measure(): Measurements;
  readonly log: KubeletLog;
  readonly sharedDirectory: (name: string) => DirectoryNode;
}

/** The kubelet's sync frequency: how often mounted ConfigMaps and Secrets are read again. */
const refreshEveryMs = 60_000;

export class Kubelet {
  readonly agent: NodeAgent;
  readonly workers = new Map<string, PodWorker>();
  /** Those whose resize waits for room. */
  private readonly deferred = new Set<PodWorker>();
  /** Static pods that wait for another one of their name to end, by its uid. */
  private readonly following = new Map<string, Pod>();
  private readonly parts: KubeletParts;
  private readonly podInformer: Informer<Pod>;
  private readonly nodeInformer: Informer<Node>;
  private readonly statics: StaticPods;
  private readonly evictions: Evictions;
  private readonly resizes: ResizeParts = {
    fits: (pod) => this.admission(pod),
    tell: (pod) => teller(this.parts, pod),
    now: () => this.parts.scope.now,
  };

  constructor(private readonly options: KubeletOptions) {
    const { scope, client, facts, runtime, host } = options;
    const events = new EventRecorder(scope.child('events'), client, { component: 'kubelet', host: facts.name });
    this.agent = new NodeAgent({
      scope,
      client: client.beside(), // heartbeats do not wait behind the pods
      events,
      facts,
      podCidr: options.podCidr,
      images: () => runtime.listImages(),
      log: options.log,
      runtimeStoppedAt: () => runtime.stoppedAt,
      shortOfMemory: () => this.evictions.underPressure,
    });
    this.evictions = new Evictions({
      scope,
      memoryMax: parseQuantity(facts.capacity.memory ?? '0').toNumber(),
      threshold: options.settings.evictionHard['memory.available'],
      measure: options.measure,
      podOf: (uid) => this.workers.get(uid)?.memory.pod,
      tell: (type, reason, message) => this.agent.tell(type, reason, message),
      evict: (uid, message) => this.evict(uid, message),
    });
    runtime.onGrowth = () => this.evictions.touch();
    const informers = new InformerFactory(scope, client);
    this.nodeInformer = informers.informer(nodes, { fieldSelector: `metadata.name=${facts.name}` });
    const serviceLister = informers.informer(services).lister;
    const trigger = (uid: string): void => this.workers.get(uid)?.trigger();
    const relister = new Relister(scope, trigger);
    const sources = new ObjectSource(scope, client);
    const podFacts = (pod: Pod): DownwardFacts => this.factsOf(pod);
    this.parts = {
      scope,
      nodeName: facts.name,
      ips: facts.ips,
      host,
      runtime,
      images: new ImageManager(scope, runtime, options.registries),
      sources,
      statuses: new StatusWriter(scope, client, runtime.tally),
      probes: new Probes(scope, host, trigger),
      log: options.log,
      relister,
      crashes: new Backoff(scope),
      events,
      clusterDns: options.clusterDns,
      volumes: {
        scope,
        client,
        sources,
        nodeFiles: options.nodeFiles,
        sharedDirectory: options.sharedDirectory,
        facts: podFacts,
      },
      services: () => serviceLister.list(),
      podCidr: () => this.agent.podCidr,
      facts: podFacts,
    };
    runtime.onChange = (uid) => relister.touch(uid);
    this.podInformer = informers.informer(pods, { fieldSelector: `spec.nodeName=${facts.name}` });
    this.statics = new StaticPods({
      scope: scope.child('static-pods'),
      client,
      node: facts.name,
      files: options.nodeFiles,
      folder: options.settings.staticPodPath,
      log: options.log,
      statuses: this.parts.statuses,
      known: this.podInformer.lister,
      nodeObject: () => this.nodeInformer.lister.get(facts.name),
      added: (pod) => this.beginStatic(pod),
      removed: (uid) => this.workers.get(uid)?.removed(),
    });
    scope.spawn(this.run(informers));
  }

  private evict(uid: string, message: string): void {
    this.options.runtime.tally.evictions++;
    this.workers.get(uid)?.evict(message);
  }

  /** What lies on the machine's disk is looked at from now on. */
  diskIsUsed(): void {
    this.statics.watch();
  }

  private readonly forget = (uid: string): void => {
    this.workers.delete(uid);
    const next = this.following.get(uid);
    this.following.delete(uid);
    if (next && this.statics.has(next.metadata?.uid ?? '')) this.beginStatic(next);
  };

  podOf(namespace: string, name: string): PodWorker | undefined {
    const pod = this.podInformer.lister.get(`${namespace}/${name}`);
    return pod && this.workers.get(pod.metadata?.annotations?.[mirrorAnnotation] ?? pod.metadata?.uid ?? '');
  }

  get startedAt(): number {
    return this.agent.startedAt;
  }

  get settings(): KubeletSettings {
    return this.options.settings;
  }

  get clusterDns(): string {
    return this.options.clusterDns;
  }

  probeRuns(): Iterable<ProbeRuns> {
    return this.parts.probes.runs();
  }

  listPods(): readonly Pod[] {
    return [...this.podInformer.lister.list()];
  }

  private *run(informers: InformerFactory): Work<void> {
    const { scope } = this.options;
    this.agent.start();
    yield* informers.waitForSync();
    this.podInformer.on({
      added: (pod) => this.added(pod),
      updated: (pod, old) => {
        const { uid = '' } = old.metadata ?? {};
        if (uid !== pod.metadata?.uid) this.workers.get(uid)?.removed(); // another one under its name: this one has gone
        this.updated(pod);
        this.retryResizes(pod);
      },
      deleted: (pod) => {
        if (isMirror(pod)) this.statics.reconcile();
        else this.workers.get(pod.metadata?.uid ?? '')?.removed();
        this.retryResizes(pod);
      },
    });
    this.statics.began();
    this.removeStrangers();
    scope.every(refreshEveryMs, () => scope.spawn(this.refresh()));
  }

  private added(pod: Pod): void {
    if (isMirror(pod)) this.statics.reconcile();
    else if (this.workers.has(pod.metadata?.uid ?? '')) this.updated(pod);
    else this.begin(pod, false);
  }

  /** Once the one that had its name before has ended. */
  private beginStatic(pod: Pod): void {
    const name = keyOf(pod);
    for (const { memory, terminated } of this.workers.values()) {
      if (terminated || keyOf(memory.pod) !== name) continue;
      this.following.set(memory.uid, pod);
      return;
    }
    this.begin(pod, true);
  }

  private begin(pod: Pod, isStatic: boolean): void {
    const uid = pod.metadata?.uid ?? '';
    const worker = new (code().PodWorker)(this.parts, pod, this.resizes, this.forget);
    this.workers.set(uid, worker);
    const known = this.options.runtime.pods.has(uid);
    if (known) this.adopt(worker, pod);
    else if (hasEnded(pod.status)) worker.endedBefore();
    const admitted = known || isStatic || worker.terminated || pod.metadata?.deletionTimestamp !== undefined;
    const rejection = admitted ? undefined : this.admission(pod);
    if (rejection) worker.reject(rejection.reason, rejection.message);
    else worker.update(pod);
  }

  private updated(pod: Pod): void {
    const worker = this.workers.get(pod.metadata?.uid ?? '');
    if (isMirror(pod)) this.statics.reconcile();
    else if (worker) this.changed(worker, pod);
    else this.added(pod);
  }

  private changed(worker: PodWorker, pod: Pod): void {
    worker.update(pod);
    if (worker.memory.resize.deferred) this.deferred.add(worker);
    else this.deferred.delete(worker);
  }

  /** Another pod has changed or gone: there may be room for resizes that wait. */
  private retryResizes(changed: Pod): void {
    for (const worker of this.deferred) {
      const pod = this.podInformer.lister.get(keyOf(worker.memory.pod));
      if (!pod || worker.terminated) this.deferred.delete(worker);
      else if (pod.metadata?.uid !== changed.metadata?.uid) this.changed(worker, pod);
    }
  }

  private admission(pod: Pod): ReturnType<typeof admit> {
    const { facts } = this.options;
    const { workers } = this;
    if (this.evictions.underPressure && pod.status?.qosClass === 'BestEffort')
      return { reason: 'Evicted', message: 'The node had condition: [MemoryPressure]. ' };
    const others = {
      max: workers.size,
      *[Symbol.iterator]() {
        for (const { holdsRoom, memory } of workers.values())
          if (holdsRoom && memory.uid !== pod.metadata?.uid) yield memory.pod;
      },
    };
    return admit(pod, others, this.nodeInformer.lister.get(facts.name) ?? newNode(facts), facts.capacity);
  }

  /** Containers that ran before this kubelet did: their probes begin anew. */
  private adopt(worker: PodWorker, pod: Pod): void {
    for (const spec of [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])]) {
      const container = newestOf(this.options.runtime.pods.get(worker.memory.uid), spec.name);
      if (container?.state !== 'running') continue;
      const { podIp } = targetOf(this.parts, worker.memory, spec, container);
      this.parts.probes.watch({
        pod,
        spec,
        container,
        podIp,
        since: this.parts.scope.now,
        tell: teller(this.parts, pod, spec),
      });
    }
  }

  /** Pods that the runtime still runs and the API no longer knows. */
  private removeStrangers(): void {
    const { runtime } = this.options;
    for (const [uid, pod] of [...runtime.pods]) {
      if (this.workers.has(uid)) continue;
      for (const container of pod.containers) container.signal('SIGKILL');
      runtime.removePod(uid);
    }
  }

  /** Reads what mounted volumes show again; a failure leaves what is there. */
  private *refresh(): Work<void> {
    for (const worker of [...this.workers.values()]) {
      const { pod, volumes } = worker.memory;
      if (worker.terminated) continue;
      for (const volume of pod.spec?.volumes ?? []) {
        const node = volumes.get(volume.name);
        if (!node || !refreshes(volume) || holdsToken(volume)) continue;
        try {
          yield* setUpVolume(pod, volume, this.parts.volumes, node);
        } catch (error) {
          if (!(error instanceof MissingSource) && !(error instanceof ApiError) && !(error instanceof TransportError))
            throw error;
        }
      }
    }
  }

  private factsOf(pod: Pod): DownwardFacts {
    const { facts, runtime } = this.options;
    const podIps = runtime.pods.get(pod.metadata?.uid ?? '')?.sandbox?.ips ?? [];
    return { podIps, hostIps: facts.ips, allocatable: facts.capacity };
  }
}

/** Every pod has one with its token; what is in it stays good for longer than a session. */
function holdsToken(volume: NonNullable<NonNullable<Pod['spec']>['volumes']>[number]): boolean {
  return volume.projected?.sources?.some(({ serviceAccountToken }) => serviceAccountToken !== undefined) ?? false;
}
