// The history of a pod template as ControllerRevisions, which stateful sets and daemon sets keep.
import { controllerRevisions } from '../../../api/generated/resources.ts';
import type { ControllerRevision, PodTemplateSpec } from '../../../api/generated/types.ts';
import { controllerReference, type KubeObject } from '../../../api/meta.ts';
import type { Resource } from '../../../api/resource.ts';
import { isAlreadyExists, isNotFound } from '../../../api/status.ts';
import { equal, type JsonObject } from '../../../base/json.ts';
import type { Client } from '../../client/client.ts';
import type { Work } from '../../sim/work.ts';
import { asJson } from './present.ts';

export const revisionHashLabel = 'controller.kubernetes.io/hash';
const nameMax = 223;
const collisionsMax = 100;

/** The part of the owner that a revision records: a patch that restores its template. */
export function revisionData(template: PodTemplateSpec | undefined): JsonObject {
  return { spec: { template: { ...asJson(template ?? {}), $patch: 'replace' } } };
}

/** The template that a revision recorded. */
export function templateOf(revision: ControllerRevision): PodTemplateSpec {
  const data = revision.data as { readonly spec?: { readonly template?: PodTemplateSpec & { $patch?: string } } }; // edge: written by revisionData
  const { $patch: _, ...template } = data.spec?.template ?? {};
  return template;
}

export function sortRevisions(revisions: readonly ControllerRevision[]): ControllerRevision[] {
  return [...revisions].sort(
    (a, b) =>
      a.revision - b.revision ||
      compareTexts(a.metadata?.creationTimestamp, b.metadata?.creationTimestamp) ||
      compareTexts(a.metadata?.name, b.metadata?.name),
  );
}

export interface RevisionOwner<T extends KubeObject> {
  readonly client: Client;
  readonly owner: T;
  readonly resource: Resource<T>;
  readonly template: PodTemplateSpec | undefined;
  /** Labels of new revisions besides the hash. */
  readonly labels: { readonly [key: string]: string };
  /** The label that holds the hash. */
  readonly hashLabel: string;
  /** What names a revision; it changes with the count. */
  hashOf(data: JsonObject, collisionCount: number): string;
}

export interface CurrentRevision {
  readonly revision: ControllerRevision;
  readonly collisionCount: number;
}

/** The revision of the owner's template: the one that has it, made the latest, or a new one. */
export function* syncRevision<T extends KubeObject>(
  parts: RevisionOwner<T>,
  revisions: readonly ControllerRevision[],
  collisionCount: number,
): Work<CurrentRevision> {
  const sorted = sortRevisions(revisions);
  const latest = sorted.at(-1);
  const next = (latest?.revision ?? 0) + 1;
  const data = revisionData(parts.template);
  const same = sorted.findLast((revision) => equal(revision.data, data));
  if (same && latest && equal(latest.data, data)) return { revision: latest, collisionCount };
  if (same) {
    const moved = yield* parts.client.update(controllerRevisions, { ...same, revision: next });
    return { revision: moved, collisionCount };
  }
  return yield* createRevision(parts, { data, next, collisionCount });
}

function* createRevision<T extends KubeObject>(
  { client, owner, resource, labels, hashLabel, hashOf }: RevisionOwner<T>,
  { data, next, collisionCount }: { readonly data: JsonObject; readonly next: number; readonly collisionCount: number },
): Work<CurrentRevision> {
  const { name = '', namespace } = owner.metadata ?? {};
  for (let collisions = collisionCount; ; collisions++) {
    const hash = hashOf(data, collisions);
    const wish: ControllerRevision = {
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: {
        name: `${name.slice(0, nameMax)}-${hash}`,
        namespace,
        labels: { ...labels, [hashLabel]: hash },
        ownerReferences: [controllerReference(owner, resource)],
        ...(owner.metadata?.annotations && { annotations: copied(owner.metadata.annotations) }),
      },
      data,
      revision: next,
    };
    try {
      return { revision: yield* client.create(controllerRevisions, wish), collisionCount: collisions };
    } catch (error) {
      if (!isAlreadyExists(error) || collisions - collisionCount > collisionsMax) throw error;
      const existing = yield* client.get(controllerRevisions, { namespace, name: wish.metadata?.name ?? '' });
      if (equal(existing.data, data)) return { revision: existing, collisionCount: collisions };
    }
  }
}

/** Deletes the oldest of those that nothing uses any more, down to the limit. */
export function* truncateHistory(
  client: Client,
  revisions: readonly ControllerRevision[],
  { live, limit }: { readonly live: ReadonlySet<string>; readonly limit: number },
): Work<void> {
  const unused = sortRevisions(revisions).filter(({ metadata }) => !live.has(metadata?.name ?? ''));
  for (const { metadata } of unused.slice(0, Math.max(0, unused.length - limit))) {
    try {
      yield* client.delete(controllerRevisions, { namespace: metadata?.namespace, name: metadata?.name ?? '' });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}

function copied(annotations: { readonly [key: string]: string }): { readonly [key: string]: string } {
  return Object.fromEntries(
    Object.entries(annotations).filter(([key]) => key !== 'kubectl.kubernetes.io/last-applied-configuration'),
  );
}

function compareTexts(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
