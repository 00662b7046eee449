// What the deployment controller notes on its replica sets: revisions, and the size they were last scaled for.
import type { Deployment, ObjectMeta, ReplicaSet } from '../../../api/generated/types.ts';
import type { KubeObject } from '../../../api/meta.ts';
import { maxSurge, wanted } from './fenceposts.ts';

export const revisionAnnotation = 'deployment.kubernetes.io/revision';
const historyAnnotation = 'deployment.kubernetes.io/revision-history';
const desiredAnnotation = 'deployment.kubernetes.io/desired-replicas';
const maxAnnotation = 'deployment.kubernetes.io/max-replicas';

/** What the deployment keeps to itself. */
const notCopied = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  revisionAnnotation,
  historyAnnotation,
  desiredAnnotation,
  maxAnnotation,
  'deprecated.deployment.rollback.to',
]);

const historyMax = 2000;

type Annotations = { readonly [key: string]: string };

export function annotationsOf(object: KubeObject): Annotations {
  return object.metadata?.annotations ?? {};
}

export function withAnnotations<T extends KubeObject>(object: T, annotations: Annotations): T {
  const metadata: ObjectMeta = { ...object.metadata, annotations };
  return { ...object, metadata };
}

/** The set's revision; 0 when it has none, undefined when it is no number. */
export function revisionOf(set: ReplicaSet): number | undefined {
  const text = annotationsOf(set)[revisionAnnotation];
  if (text === undefined) return 0;
  return /^[+-]?\d+$/.test(text) ? Number(text) : undefined;
}

export function revisionMax(sets: readonly ReplicaSet[]): number {
  return sets.reduce((most, set) => Math.max(most, revisionOf(set) ?? 0), 0);
}

/** The annotations of a new set as they should be; the same object when they are so already. */
export function newSetAnnotations(deployment: Deployment, set: ReplicaSet, revision: number): Annotations {
  const old = annotationsOf(set);
  const next = new Map(Object.entries(old));
  for (const [key, value] of Object.entries(annotationsOf(deployment))) if (!notCopied.has(key)) next.set(key, value);
  const known = old[revisionAnnotation];
  const current = known === undefined || known === '' ? 0 : revisionOf(set);
  if (current !== undefined && current < revision) {
    next.set(revisionAnnotation, String(revision));
    if (known !== undefined) next.set(historyAnnotation, extendHistory(old[historyAnnotation] ?? '', known));
  }
  return sameEntries(old, next) ? old : Object.fromEntries(next);
}

/** Appends a revision and forgets the oldest ones where the text gets too long. */
function extendHistory(history: string, revision: string): string {
  if (history === '') return revision;
  const revisions = [...history.split(','), revision];
  while (revisions.length > 1 && revisions.join(',').length > historyMax) revisions.shift();
  return revisions.join(',');
}

function sameEntries(old: Annotations, next: ReadonlyMap<string, string>): boolean {
  return Object.keys(old).length === next.size && [...next].every(([key, value]) => old[key] === value);
}

/** Notes what size of the deployment the set's own size was computed for. */
export function withSizeNotes(deployment: Deployment, set: ReplicaSet): ReplicaSet {
  return withAnnotations(set, { ...annotationsOf(set), ...sizeNotes(deployment) });
}

export function sizeNotesDiffer(deployment: Deployment, set: ReplicaSet): boolean {
  const annotations = annotationsOf(set);
  return Object.entries(sizeNotes(deployment)).some(([key, value]) => annotations[key] !== value);
}

function sizeNotes(deployment: Deployment): Annotations {
  const replicas = wanted(deployment);
  return { [desiredAnnotation]: String(replicas), [maxAnnotation]: String(replicas + maxSurge(deployment)) };
}

export function desiredNoted(set: ReplicaSet): number | undefined {
  return countIn(annotationsOf(set)[desiredAnnotation]);
}

export function maxNoted(set: ReplicaSet): number | undefined {
  return countIn(annotationsOf(set)[maxAnnotation]);
}

function countIn(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d+$/.test(text)) return undefined;
  const count = Number(text);
  return count < 2 ** 31 ? count : undefined;
}
