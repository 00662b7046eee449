// What upstream warns of in pods and templates: allowed, but hardly meant.
import type { Container, ContainerPort, ObjectMeta, PodSpec, PodTemplateSpec, Volume } from '../api/generated/types.ts';
import { dns1123Label } from '../api/names.ts';
import { parseQuantity, quantityProblem } from '../api/quantity.ts';
import { quote } from '../base/go/quote.ts';
import { claimSpecWarnings } from './claim-warnings.ts';
import type { StoredObject } from './kind.ts';
import { labelDeprecation, termWarnings } from './node-label-warnings.ts';
import { remember } from './share.ts';
import { ipWarnings } from './validation/ip-address.ts';
import { volumePathWarnings } from './volume-path-warnings.ts';

/** Warnings about a new pod: its name, then what {@link templateWarnings} tells. */
export function podWarnings(pod: PodTemplateSpec): readonly string[] {
  const why = "this is used in the Pod's hostname, which can result in surprising behavior";
  return [...nameWarnings(pod.metadata, why), ...templateWarnings(pod, '')];
}

/** Warnings about a workload: its template, and on creation its name, which becomes part of its pods' names. */
export function workloadWarnings(
  object: StoredObject,
  old: StoredObject | undefined,
  { template, prefix }: { readonly template: PodTemplateSpec | undefined; readonly prefix: string },
): readonly string[] {
  if (old && old.metadata?.generation === object.metadata?.generation) return [];
  const why = 'this is used in Pod names and hostnames, which can result in surprising behavior';
  return [...(old ? [] : nameWarnings(object.metadata, why)), ...templateWarnings(template, prefix)];
}

/** Warnings about a pod or a template; fields begin with `prefix`, e.g. `spec.template`. */
export function templateWarnings(template: PodTemplateSpec | undefined, prefix: string): readonly string[] {
  if (!template?.spec) return [];
  const at = prefix === '' ? 'spec' : `${prefix}.spec`;
  const own = warningsOf(template.spec);
  const annotations = template.metadata?.annotations;
  const metadata = prefix === '' ? 'metadata' : `${prefix}.metadata`;
  const placed = (texts: readonly string[]) => texts.map((text) => text.replaceAll(here, at));
  return [
    ...placed(own.places),
    ...(annotations ? deprecatedAnnotations(annotations, metadata) : []),
    ...placed(own.volumes),
    ...(annotations ? profileAnnotations(annotations, template.spec, prefix) : []),
    ...placed(own.containers),
  ];
}

function nameWarnings(metadata: ObjectMeta | undefined, why: string): readonly string[] {
  const complaints = dns1123Label(metadata?.name ?? '');
  if (complaints.length === 0) return [];
  return [`metadata.name: ${why}; a DNS label is recommended: [${complaints.join(' ')}]`];
}

const oldAnnotations = {
  'scheduler.alpha.kubernetes.io/critical-pod': 'non-functional in v1.16+; use the "priorityClassName" field instead',
  'security.alpha.kubernetes.io/sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
  'security.alpha.kubernetes.io/unsafe-sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
};

type Annotations = Readonly<Record<string, string>>;

function deprecatedAnnotations(annotations: Annotations, field: string): readonly string[] {
  return Object.entries(oldAnnotations).flatMap(([key, why]) =>
    Object.hasOwn(annotations, key) ? [`${field}.annotations[${key}]: ${why}`] : [],
  );
}

const seccompOfPod = 'seccomp.security.alpha.kubernetes.io/pod';
const seccompOf = 'container.seccomp.security.alpha.kubernetes.io/';
const appArmorOf = 'container.apparmor.security.beta.kubernetes.io/';

/** Profiles in annotations that no field of the spec repeats; a pod's own AppArmor ones still count. */
function profileAnnotations(annotations: Annotations, spec: PodSpec, prefix: string): readonly string[] {
  const warnings: string[] = [];
  const warn = (key: string, why: string): void => {
    if (!Object.hasOwn(annotations, key)) return;
    warnings.push(`${prefix === '' ? '' : `${prefix}.`}metadata.annotations[${key}]: ${why}`);
  };
  const seccomp = 'non-functional in v1.27+; use the "seccompProfile" field instead';
  if (!spec.securityContext?.seccompProfile) warn(seccompOfPod, seccomp);
  for (const [, { name, securityContext }] of containersOf(spec)) {
    if (!securityContext?.seccompProfile) warn(seccompOf + name, seccomp);
    if (prefix !== '' && !securityContext?.appArmorProfile && !spec.securityContext?.appArmorProfile)
      warn(appArmorOf + name, 'deprecated since v1.30; use the "appArmorProfile" field instead');
  }
  return warnings;
}

/** Stands for the spec's own path in what is remembered. */
const here = '\u0000';

/** Warnings about a spec, in the three places where those about annotations stand between them. */
interface SpecWarnings {
  readonly places: readonly string[];
  readonly volumes: readonly string[];
  readonly containers: readonly string[];
}

const warningsOf = remember((spec: PodSpec): SpecWarnings => {
  const containers = containersOf(spec);
  return {
    places: placeWarnings(spec),
    volumes: [
      ...(spec.volumes ?? []).flatMap(volumeWarnings),
      ...volumePathWarnings(spec.volumes ?? []),
      ...listWarnings(spec),
    ],
    containers: [
      ...containers.flatMap(([path, container]) => containerWarnings(path, container)),
      ...portWarnings(containers),
      ...portNameWarnings(containers),
      ...endWarnings(spec),
    ],
  };
});

/** Where the pod wants to run. */
function placeWarnings({ nodeSelector, affinity, topologySpreadConstraints }: PodSpec): readonly string[] {
  const warnings: string[] = [];
  for (const label of Object.keys(nodeSelector ?? {}).sort()) {
    const why = labelDeprecation(label);
    if (why) warnings.push(`${here}.nodeSelector[${label}]: ${why}`);
  }
  const field = `${here}.affinity.nodeAffinity`;
  const node = affinity?.nodeAffinity;
  for (const [i, term] of (node?.[requiredDuring]?.nodeSelectorTerms ?? []).entries())
    warnings.push(...termWarnings(term, { field: `${field}.${requiredDuring}.nodeSelectorTerms[${i}]` }));
  for (const [i, { preference }] of (node?.[preferredDuring] ?? []).entries())
    warnings.push(
      ...termWarnings(preference ?? {}, { field: `${field}.${preferredDuring}[${i}].preference`, checkValues: true }),
    );
  for (const [i, { topologyKey, labelSelector }] of (topologySpreadConstraints ?? []).entries()) {
    const at = `${here}.topologySpreadConstraints[${i}]`;
    const why = labelDeprecation(topologyKey);
    if (why) warnings.push(`${at}.topologyKey: ${topologyKey} is ${why}`);
    if (!labelSelector) warnings.push(`${at}.labelSelector: a null labelSelector results in matching no pod`);
  }
  return warnings;
}

const requiredDuring = 'requiredDuringSchedulingIgnoredDuringExecution';
const preferredDuring = 'preferredDuringSchedulingIgnoredDuringExecution';

/** Volume types that are gone, in upstream's order; `claim` stands for what is told of an ephemeral volume's claim. */
const oldVolumes = [
  ['photonPersistentDisk', 'deprecated in v1.11, non-functional in v1.16+'],
  ['gitRepo', 'deprecated in v1.11, and disabled by default in v1.33+'],
  ['scaleIO', 'deprecated in v1.16, non-functional in v1.22+'],
  ['flocker', 'deprecated in v1.22, non-functional in v1.25+'],
  ['storageos', 'deprecated in v1.22, non-functional in v1.25+'],
  ['quobyte', 'deprecated in v1.22, non-functional in v1.25+'],
  ['glusterfs', 'deprecated in v1.25, non-functional in v1.26+'],
  ['ephemeral', ''],
  ['cephfs', 'deprecated in v1.28, non-functional in v1.31+'],
  ['rbd', 'deprecated in v1.28, non-functional in v1.31+'],
] as const;

function volumeWarnings(volume: Volume, i: number): readonly string[] {
  const at = `${here}.volumes[${i}]`;
  return oldVolumes.flatMap(([name, why]) => {
    if (!volume[name]) return [];
    const template = volume.ephemeral?.volumeClaimTemplate?.spec;
    if (name !== 'ephemeral') return [`${at}.${name === 'storageos' ? 'storageOS' : name}: ${why}`];
    return template ? claimSpecWarnings(template, `${at}.ephemeral.volumeClaimTemplate.spec`) : [];
  });
}

/** Lists in which something stands twice. */
function listWarnings({ hostAliases = [], imagePullSecrets = [], overhead }: PodSpec): readonly string[] {
  const warnings: string[] = [];
  for (const [i, { ip }] of hostAliases.entries())
    if (hostAliases.findIndex((one) => one.ip === ip) < i)
      warnings.push(`${here}.hostAliases[${i}].ip: duplicate ip ${quote(ip)}`);
  const names = imagePullSecrets.map(({ name = '' }) => name);
  for (const [i, name] of names.entries())
    if (names.indexOf(name) < i) warnings.push(`${here}.imagePullSecrets[${i}].name: duplicate name ${quote(name)}`);
  for (const [i, name] of names.entries())
    if (name === '') warnings.push(`${here}.imagePullSecrets[${i}].name: invalid empty name ""`);
  for (const name of ['memory', 'ephemeral-storage'])
    warnings.push(...fractionWarnings(`${here}.overhead[${name}]`, overhead?.[name]));
  return warnings;
}

/** What comes after all containers. */
function endWarnings(spec: PodSpec): readonly string[] {
  const warnings: string[] = [];
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0) {
    const why = 'must be >= 0; negative values are invalid and will be treated as 1';
    warnings.push(`${here}.terminationGracePeriodSeconds: ${why}`);
  }
  const why = 'a null labelSelector results in matching no pod';
  for (const kind of ['podAffinity', 'podAntiAffinity'] as const) {
    const field = `${here}.affinity.${kind}`;
    for (const [i, term] of (spec.affinity?.[kind]?.[requiredDuring] ?? []).entries())
      if (!term.labelSelector) warnings.push(`${field}.${requiredDuring}[${i}].labelSelector: ${why}`);
    for (const [i, { podAffinityTerm }] of (spec.affinity?.[kind]?.[preferredDuring] ?? []).entries())
      if (!podAffinityTerm?.labelSelector)
        warnings.push(`${field}.${preferredDuring}[${i}].podAffinityTerm.labelSelector: ${why}`);
  }
  for (const [i, ip] of (spec.dnsConfig?.nameservers ?? []).entries())
    warnings.push(...ipWarnings(`${here}.dnsConfig.nameservers[${i}]`, ip));
  for (const [i, { ip }] of (spec.hostAliases ?? []).entries())
    warnings.push(...ipWarnings(`${here}.hostAliases[${i}].ip`, ip));
  return warnings;
}

function fractionWarnings(place: string, amount: string | undefined): readonly string[] {
  if (amount === undefined || quantityProblem(amount) !== undefined) return [];
  const quantity = parseQuantity(amount);
  if (quantity.milliValue() % 1000 === 0) return [];
  return [`${place}: fractional byte value ${quote(String(quantity))} is invalid, must be an integer`];
}

type Placed = readonly (readonly [path: string, container: Container])[];

/** In upstream's order: init containers first. */
function containersOf({ initContainers, containers }: PodSpec): Placed {
  return [
    ...(initContainers ?? []).map((container, i) => [`${here}.initContainers[${i}]`, container] as const),
    ...(containers ?? []).map((container, i) => [`${here}.containers[${i}]`, container] as const),
  ];
}

function containerWarnings(path: string, { resources, env = [] }: Container): readonly string[] {
  const warnings: string[] = [];
  for (const name of ['memory', 'ephemeral-storage'])
    for (const kind of ['limits', 'requests'] as const)
      warnings.push(...fractionWarnings(`${path}.resources.${kind}[${name}]`, resources?.[kind]?.[name]));
  const seen = new Set<string>();
  for (const [i, { name, value = '', valueFrom }] of env.entries()) {
    const reference = `$(${name})`;
    if (seen.has(name) && (valueFrom || value === reference || !value.includes(reference))) {
      const hidden = `hides previous definition of ${quote(name)}, which may be dropped when using apply`;
      warnings.push(`${path}.env[${i}]: ${hidden}`);
    }
    seen.add(name);
  }
  return warnings;
}

function portWarnings(containers: Placed): readonly string[] {
  const warnings: string[] = [];
  const known: { readonly place: string; readonly port: ContainerPort }[] = [];
  for (const [path, { ports = [] }] of containers)
    for (const [i, port] of ports.entries()) {
      const place = `${path}.ports[${i}]`;
      if (port.hostIP && !port.hostPort) warnings.push(`${place}: hostIP set without hostPort: ${goPort(port)}`);
      for (const other of known) {
        if (other.port.containerPort !== port.containerPort || other.port.protocol !== port.protocol) continue;
        const word = overlapOf(port, other.port);
        if (word) warnings.push(`${place}: ${word} port definition with ${other.place}`);
      }
      known.push({ place, port });
    }
  return warnings;
}

/** As Go prints the structure. */
function goPort({ name = '', hostPort = 0, containerPort, protocol = '', hostIP = '' }: ContainerPort): string {
  return `{Name:${name} HostPort:${hostPort} ContainerPort:${containerPort} Protocol:${protocol} HostIP:${hostIP}}`;
}

function overlapOf(a: ContainerPort, b: ContainerPort): string | undefined {
  const sameHostPort = (a.hostPort ?? 0) === (b.hostPort ?? 0);
  if ((a.hostIP ?? '') === (b.hostIP ?? '') && sameHostPort) return 'duplicate';
  if (!a.hostPort || !b.hostPort) return 'overlapping';
  return sameHostPort && !a.hostIP !== !b.hostIP ? 'dangerously ambiguous' : undefined;
}

function portNameWarnings(containers: Placed): readonly string[] {
  const warnings: string[] = [];
  const known = new Map<string, string>();
  for (const [path, { ports = [] }] of containers)
    for (const [i, { name }] of ports.entries()) {
      if (!name) continue;
      const place = `${path}.ports[${i}]`;
      const other = known.get(name);
      if (other === undefined) known.set(name, place);
      else {
        const which = `services and probes that select ports by name will use ${other}`;
        warnings.push(`${place}: duplicate port name ${quote(name)} with ${other}, ${which}`);
      }
    }
  return warnings;
}
