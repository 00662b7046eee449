// Static pods: the node runs them from manifests on its disk, whether or not an API server answers; a mirror of each
// shows it there. A mirror that is deleted comes back, one without a manifest goes. Models pkg/kubelet/config/file.go
// and pkg/kubelet/pod/mirror_client.go; upstream hears of files by inotify, here they are looked at every second.
import { pods } from '../../../api/generated/resources.ts';
import type { Node, Pod } from '../../../api/generated/types.ts';
import { ApiError } from '../../../api/status.ts';
import type { FileTree } from '../../../base/files.ts';
import type { Client } from '../../client/client.ts';
import type { Lister } from '../../client/store.ts';
import { keyOf } from '../../client/store.ts';
import { TransportError } from '../../client/transport.ts';
import type { Scope } from '../../sim/scope.ts';
import type { Work } from '../../sim/work.ts';
import type { KubeletLog } from '../services/kubelet-log.ts';
import { hashAnnotation, mirrorAnnotation, readManifests, staticPod } from './manifests.ts';
import type { StatusWriter } from './status-writer.ts';

export interface StaticPodsOptions {
  readonly scope: Scope;
  readonly client: Client;
  readonly node: string;
  readonly files: FileTree;
  /** Where manifests lie; undefined: none are looked for. */
  readonly folder: string | undefined;
  readonly log: KubeletLog;
  readonly statuses: StatusWriter;
  /** Pods of this node as the API has them. */
  readonly known: Lister<Pod>;
  nodeObject(): Node | undefined;
  added(pod: Pod): void;
  removed(uid: string): void;
}

const lookEveryMs = 1000;

export class StaticPods {
  /** By the text of their manifest. */
  private readonly byText = new Map<string, Pod>();
  private busy = false;
  private again = false;
  private synced = false;
  private watching = false;
  /** Texts that are no pods, told of once. */
  private readonly refused = new Set<string>();

  constructor(private readonly options: StaticPodsOptions) {
    if (options.folder !== undefined && options.files.exists(options.folder)) this.watch();
  }

  /** Looks for manifests from now on. */
  watch(): void {
    const { scope, folder } = this.options;
    if (this.watching || folder === undefined) return;
    this.watching = true;
    this.look(folder);
    scope.every(lookEveryMs, () => this.look(folder));
  }

  has(uid: string): boolean {
    return this.all().some(({ metadata }) => metadata?.uid === uid);
  }

  /** The API's pods are known from now on. */
  began(): void {
    this.synced = true;
    this.reconcile();
  }

  /** A mirror came, changed or went. */
  reconcile(): void {
    this.again = true;
    if (this.busy || !this.synced) return;
    this.busy = true;
    this.options.scope.spawn(this.mirrors());
  }

  private all(): readonly Pod[] {
    return [...this.byText.values()];
  }

  private look(folder: string): void {
    const { files, scope, node } = this.options;
    const manifests = new Map(
      readManifests(files, folder).map((manifest) => [`${manifest.path}\n${manifest.text}`, manifest]),
    );
    let changed = false;
    for (const [key, pod] of [...this.byText]) {
      if (manifests.has(key)) continue;
      this.byText.delete(key);
      this.options.removed(pod.metadata?.uid ?? '');
      changed = true;
    }
    for (const [key, manifest] of manifests) {
      const pod = this.byText.has(key) ? undefined : staticPod(manifest, { node, now: scope.now });
      if (!pod) {
        if (!this.byText.has(key)) this.refuse(key, manifest.path);
        continue;
      }
      this.byText.set(key, pod);
      this.options.statuses.mirrored(pod, undefined);
      this.options.added(pod);
      changed = true;
    }
    if (changed || this.outOfStep()) this.reconcile();
  }

  private refuse(key: string, path: string): void {
    if (this.refused.has(key)) return;
    this.refused.add(key);
    const err = `${path}: couldn't parse as pod(Object 'Kind' is missing in '${path}'), please check config file`;
    this.options.log.error('file.go:187', 'Could not process manifest file', { path, err });
  }

  /** Whether a pod lacks its mirror: the API server did not answer, or knows an earlier one. */
  private outOfStep(): boolean {
    const { known } = this.options;
    return this.all().some((pod) => !fits(known.get(keyOf(pod)), pod));
  }

  private *mirrors(): Work<void> {
    const { known } = this.options;
    while (this.again) {
      this.again = false;
      const wanted = new Map(this.all().map((pod) => [keyOf(pod), pod]));
      try {
        for (const mirror of [...known.list()]) {
          if (!isMirror(mirror)) continue;
          const pod = wanted.get(keyOf(mirror));
          if (pod && fits(mirror, pod)) this.options.statuses.mirrored(pod, mirror);
          else yield* this.remove(mirror);
        }
        for (const [key, pod] of wanted) if (!known.get(key)) yield* this.create(pod);
      } catch (error) {
        if (!(error instanceof ApiError) && !(error instanceof TransportError)) throw error;
      }
    }
    this.busy = false;
  }

  private *create(pod: Pod): Work<void> {
    const node = this.options.nodeObject();
    if (!node) return;
    const { metadata, spec } = pod;
    const { uid: _, generation: __, ...rest } = metadata ?? {};
    const owner = { apiVersion: 'v1', kind: 'Node', name: this.options.node, uid: node.metadata?.uid ?? '' };
    yield* this.options.client.create(pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        ...rest,
        annotations: { ...rest.annotations, [mirrorAnnotation]: rest.annotations?.[hashAnnotation] ?? '' },
        ownerReferences: [{ ...owner, controller: true }],
      },
      spec,
    });
  }

  private *remove({ metadata }: Pod): Work<void> {
    const target = { namespace: metadata?.namespace ?? '', name: metadata?.name ?? '' };
    const uid = metadata?.uid ?? '';
    yield* this.options.client.delete(pods, { ...target, gracePeriodSeconds: 0, preconditions: { uid } });
  }
}

/** Whether it is the mirror of that very pod. */
function fits(mirror: Pod | undefined, { metadata }: Pod): boolean {
  const { annotations, deletionTimestamp } = mirror?.metadata ?? {};
  return annotations?.[mirrorAnnotation] === metadata?.uid && deletionTimestamp === undefined;
}

/** What the API server shows of a static pod; it is not the pod. */
export function isMirror({ metadata }: Pod): boolean {
  return metadata?.annotations?.[mirrorAnnotation] !== undefined;
}
