// A pod as the scheduler reckons with it, parsed once: its template's part is shared by all pods of equal spec.
import type { Pod, PodAffinityTerm, PodSpec, Toleration } from '../../api/generated/types.ts';
import { Selector, selectorOf } from '../../api/selectors.ts';
import { equal } from '../../base/json.ts';
import { NodeMemo } from './node-memo.ts';
import { type NodeMatcher, namedNodes, preferredTerms, requiredNodeMatcher } from './node-selector.ts';
import { nonZeroRequests, podRequests, type Resources } from './resources.ts';

export interface HostPort {
  readonly protocol: string;
  readonly ip: string;
  readonly port: number;
}

/** What of a pod's spec decides about single nodes. Two pods with the same signature share one template. */
export interface PodTemplate {
  readonly requests: Resources;
  /** CPU and memory with defaults for containers that ask for none; for scores only. */
  readonly nonZero: Resources;
  readonly ports: readonly HostPort[];
  readonly images: readonly string[];
  readonly containers: number;
  readonly tolerations: readonly Toleration[];
  readonly required: NodeMatcher | undefined;
  readonly preferred: readonly { readonly weight: number; readonly matcher: NodeMatcher }[];
  readonly namedNodes: ReadonlySet<string> | undefined;
  /** Verdicts and scores of nodes for this template. */
  readonly memo: NodeMemo;
}

export interface AffinityTerm {
  readonly topologyKey: string;
  readonly weight: number;
  /** Whether a pod is meant by it; the labels are those of the pod's namespace. */
  matches(pod: PodInfo, namespaceLabels: Labels): boolean;
}

export type Labels = { readonly [key: string]: string } | undefined;

export interface PodInfo {
  readonly pod: Pod;
  readonly key: string;
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  readonly priority: number;
  readonly terminating: boolean;
  readonly template: PodTemplate;
  readonly requiredAffinity: readonly AffinityTerm[];
  readonly requiredAntiAffinity: readonly AffinityTerm[];
  readonly preferredAffinity: readonly AffinityTerm[];
  readonly preferredAntiAffinity: readonly AffinityTerm[];
  /** Names of its persistent volume claims, ephemeral volumes' ones included. */
  readonly claims: readonly string[];
}

/** Parses pods, each once, for one scheduler: templates carry what its nodes answered. */
export class PodInfos {
  /** By uid, of the newest version seen. */
  private readonly infos = new Map<string, PodInfo>();
  /** In the order of last use; the oldest are forgotten. */
  private readonly templates = new Map<string, PodTemplate>();

  /** Where only the status has changed, what was parsed of an earlier version still holds. */
  of(pod: Pod): PodInfo {
    const uid = pod.metadata?.uid ?? '';
    const known = this.infos.get(uid);
    if (known?.pod === pod) return known;
    const template = this.templateOf(pod);
    const info = known && onlyStatusDiffers(pod, known.pod) ? { ...known, pod, template } : parse(pod, template);
    this.infos.set(uid, info);
    return info;
  }

  /** The pod has gone. */
  forget(uid: string): void {
    this.infos.delete(uid);
  }

  private templateOf(pod: Pod): PodTemplate {
    if (isResized(pod)) return makeTemplate(pod);
    const signature = signatureOf(pod);
    const known = this.templates.get(signature);
    const template = known ?? makeTemplate(pod);
    if (known) this.templates.delete(signature);
    this.templates.set(signature, template);
    for (const oldest of this.templates.keys()) {
      if (this.templates.size <= templatesMax) break;
      this.templates.delete(oldest);
    }
    return template;
  }
}

const templatesMax = 256;

export function hasAffinity(info: PodInfo): boolean {
  return (
    info.requiredAffinity.length > 0 ||
    info.requiredAntiAffinity.length > 0 ||
    info.preferredAffinity.length > 0 ||
    info.preferredAntiAffinity.length > 0
  );
}

function onlyStatusDiffers(a: Pod, b: Pod): boolean {
  return (
    a.spec === b.spec &&
    a.metadata?.labels === b.metadata?.labels &&
    a.metadata?.deletionTimestamp === b.metadata?.deletionTimestamp
  );
}

function parse(pod: Pod, template: PodTemplate): PodInfo {
  const { namespace = '', name = '', uid = '', labels, deletionTimestamp } = pod.metadata ?? {};
  const affinity = pod.spec?.affinity;
  const terms = (list: readonly PodAffinityTerm[] = []): readonly AffinityTerm[] =>
    list.map((term) => affinityTerm(namespace, term, 0));
  const weighted = (
    list: readonly { readonly weight: number; readonly podAffinityTerm: PodAffinityTerm }[] = [],
  ): readonly AffinityTerm[] => list.map((item) => affinityTerm(namespace, item.podAffinityTerm, item.weight));
  return {
    pod,
    key: `${namespace}/${name}`,
    uid,
    namespace,
    name,
    labels,
    priority: pod.spec?.priority ?? 0,
    terminating: deletionTimestamp !== undefined,
    template,
    requiredAffinity: terms(affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution),
    requiredAntiAffinity: terms(affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution),
    preferredAffinity: weighted(affinity?.podAffinity?.preferredDuringSchedulingIgnoredDuringExecution),
    preferredAntiAffinity: weighted(affinity?.podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution),
    claims: claimsOf(pod),
  };
}

function affinityTerm(podNamespace: string, term: PodAffinityTerm, weight: number): AffinityTerm {
  const named = term.namespaces ?? [];
  const namespaces = new Set(named.length === 0 && term.namespaceSelector === undefined ? [podNamespace] : named);
  const pods = selectorOf(term.labelSelector);
  const byLabels = selectorOf(term.namespaceSelector);
  return {
    topologyKey: term.topologyKey,
    weight,
    matches: ({ namespace, labels }, namespaceLabels) =>
      (namespaces.has(namespace) || byLabels.matches(namespaceLabels)) && pods.matches(labels),
  };
}

function claimsOf(pod: Pod): readonly string[] {
  const claims: string[] = [];
  for (const volume of pod.spec?.volumes ?? []) {
    if (volume.persistentVolumeClaim) claims.push(volume.persistentVolumeClaim.claimName);
    else if (volume.ephemeral) claims.push(`${pod.metadata?.name ?? ''}-${volume.name}`);
  }
  return claims.length === 0 ? none : claims;
}

const none: readonly string[] = [];

function makeTemplate(pod: Pod): PodTemplate {
  const { spec } = pod;
  const containers = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
  const volumeImages = (spec?.volumes ?? []).flatMap(({ image }) => image?.reference ?? []);
  return {
    requests: podRequests(pod),
    nonZero: nonZeroRequests(pod),
    ports: hostPortsOf(pod),
    images: [...containers.map(({ image = '' }) => image), ...volumeImages].map(normalizedImage),
    containers: containers.length,
    tolerations: spec?.tolerations ?? [],
    required: requiredNodeMatcher(spec),
    preferred: preferredTerms(spec),
    namedNodes: namedNodes(spec),
    memo: new NodeMemo(),
  };
}

/** By the list of containers, which replicas share and binding leaves as it is. */
const signatures = new WeakMap<object, { readonly spec: PodSpec; readonly text: string }>();

function signatureOf({ spec }: Pod): string {
  if (!spec) return '';
  const known = signatures.get(spec.containers);
  if (known && alike(known.spec, spec)) return known.text;
  const text = signatureText(spec);
  signatures.set(spec.containers, { spec, text });
  return text;
}

/** Whether all that the signature is made of is the very same. */
function alike(a: PodSpec, b: PodSpec): boolean {
  return (
    a.nodeSelector === b.nodeSelector &&
    a.affinity === b.affinity &&
    a.tolerations === b.tolerations &&
    a.overhead === b.overhead &&
    a.resources === b.resources &&
    a.initContainers === b.initContainers &&
    a.volumes === b.volumes
  );
}

function signatureText(spec: PodSpec): string {
  return JSON.stringify([
    spec.nodeSelector,
    spec.affinity?.nodeAffinity,
    spec.tolerations,
    spec.overhead,
    spec.resources?.requests,
    spec.containers.map(({ image, resources, ports }) => [image, resources?.requests, ports]),
    spec.initContainers?.map(({ image, resources, ports, restartPolicy }) => [
      image,
      resources?.requests,
      ports,
      restartPolicy,
    ]),
    spec.volumes?.map(({ image }) => image?.reference),
  ]);
}

/** Whether what a container holds differs from what its spec says. */
function isResized({ spec, status }: Pod): boolean {
  for (const { name, resources } of status?.containerStatuses ?? []) {
    if (!resources) continue;
    const container = spec?.containers.find((candidate) => candidate.name === name);
    if (!equal(resources.requests ?? {}, container?.resources?.requests ?? {})) return true;
  }
  return false;
}

function hostPortsOf({ spec }: Pod): readonly HostPort[] {
  const sidecars = (spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  return [...(spec?.containers ?? []), ...sidecars].flatMap(({ ports = [] }) =>
    ports.flatMap(({ hostPort = 0, hostIP, protocol }) =>
      hostPort > 0 ? [{ protocol: protocol || 'TCP', ip: hostIP || '0.0.0.0', port: hostPort }] : [],
    ),
  );
}

/** `nginx` is `nginx:latest`. */
export function normalizedImage(name: string): string {
  return name.lastIndexOf(':') <= name.lastIndexOf('/') ? `${name}:latest` : name;
}

/** The pod's own labels as a selector of its kind; see PodTopologySpread. */
export function withLabels(selector: Selector, labels: Labels, keys: readonly string[]): Selector {
  const own = keys.flatMap((key) => {
    const value = labels !== undefined && Object.hasOwn(labels, key) ? labels[key] : undefined;
    return value === undefined ? [] : [{ key, operator: '=' as const, values: [value] }];
  });
  return own.length === 0 ? selector : new Selector([...own, ...selector.requirements]);
}
