// What a check of the pod security standards is, and the words that checks share.
import type { Container, PodSecurityContext, PodSpec, SecurityContext } from '../../../../api/generated/types.ts';

/** A pod, or the template of pods. */
export interface Subject {
  readonly spec: PodSpec;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface Violation {
  /** `privileged`. */
  readonly reason: string;
  /** `container "a" must not set securityContext.privileged=true`. */
  readonly detail: string;
}

export type Check = (subject: Subject) => Violation | undefined;

/** A check as policies of a range of minor versions have it. */
export interface VersionedCheck {
  /** Upstream's name: violations are told in its order. */
  readonly id: string;
  readonly since: number;
  /** The first minor version without it. */
  readonly until?: number;
  readonly check: Check;
  /** The check of a lower level in whose place it is. */
  readonly overrides?: string;
}

type AnyContext = PodSecurityContext & SecurityContext;

/** All containers that a pod may run. */
export function containersOf({ initContainers, containers, ephemeralContainers }: Partial<PodSpec>) {
  return [...(initContainers ?? []), ...(containers ?? []), ...(ephemeralContainers ?? [])] as readonly Container[]; // edge: their common part
}

/** `container "a"`, `containers "a", "b"` of those that match; undefined: none does. */
export function which(spec: PodSpec, matches: (context: SecurityContext, container: Container) => boolean) {
  const bad = containersOf(spec).filter((container) => matches(container.securityContext ?? {}, container));
  return bad.length > 0 ? containersText(bad.map(({ name }) => name)) : undefined;
}

/** `pod and container "a"` of what has a context that matches. */
export function setters(spec: PodSpec, matches: (context: AnyContext) => boolean): string | undefined {
  const pod = spec.securityContext && matches(spec.securityContext) ? 'pod' : undefined;
  const found = [pod, which(spec, matches)].filter((text) => text !== undefined);
  return found.length > 0 ? found.join(' and ') : undefined;
}

/** The pod's context, and its containers'. */
export function contextsOf(spec: PodSpec): readonly AnyContext[] {
  const own = spec.securityContext ? [spec.securityContext] : [];
  return [...own, ...containersOf(spec).flatMap(({ securityContext }) => securityContext ?? [])];
}

export function containersText(names: readonly string[]): string {
  return `${plural('container', names.length)} ${quoted(names)}`;
}

export function quoted(texts: readonly string[]): string {
  return texts.map((text) => `"${text}"`).join(', ');
}

export function plural(word: string, count: number): string {
  return count === 1 ? word : `${word}s`;
}

export function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}

export function isWindows({ os }: PodSpec): boolean {
  return os?.name === 'windows';
}

/** Users of such a pod are nobody on the node: policies are laxer with it. */
export function hasOwnUsers({ hostUsers }: PodSpec): boolean {
  return hostUsers === false;
}
