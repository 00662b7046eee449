// What upstream warns of in pods and templates: allowed, but hardly meant. Overlapping volume paths are left out.
import type { Container, ContainerPort, PodSpec, PodTemplateSpec } from '../api/generated/types.ts';
import { quote } from '../api/go-format.ts';
import { dns1123Label } from '../api/names.ts';
import { parseQuantity, quantityProblem } from '../api/quantity.ts';
import type { StoredObject } from './kind.ts';
import { remember } from './share.ts';

/** Warnings about a pod's spec; fields begin with `prefix`, e.g. `spec`. */
export function podWarnings(spec: PodSpec | undefined, prefix: string): readonly string[] {
  return spec ? warningsOf(spec).map((text) => `${prefix}.${text}`.replaceAll(here, prefix)) : [];
}

/** Warnings about a workload: its template, and on creation its name, which becomes part of its pods' names. */
export function workloadWarnings(
  object: StoredObject,
  old: StoredObject | undefined,
  { template, prefix }: { readonly template: PodTemplateSpec | undefined; readonly prefix: string },
): readonly string[] {
  if (old && old.metadata?.generation === object.metadata?.generation) return [];
  return [...(old ? [] : nameWarnings(object)), ...podWarnings(template?.spec ?? undefined, `${prefix}.spec`)];
}

function nameWarnings({ metadata }: StoredObject): readonly string[] {
  const complaints = dns1123Label(metadata?.name ?? '');
  if (complaints.length === 0) return [];
  const why = 'this is used in Pod names and hostnames, which can result in surprising behavior';
  return [`metadata.name: ${why}; a DNS label is recommended: [${complaints.join(' ')}]`];
}

const deprecatedLabels: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
  'failure-domain.beta.kubernetes.io/region': 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  'failure-domain.beta.kubernetes.io/zone': 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  'beta.kubernetes.io/instance-type': 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
  'node-role.kubernetes.io/master': 'use "node-role.kubernetes.io/control-plane" instead',
};

/** Stands for the spec's own path in what is remembered. */
const here = '\u0000';

/** Relative to the spec. */
const warningsOf = remember((spec: PodSpec): readonly string[] => {
  const warnings: string[] = [];
  for (const label of Object.keys(spec.nodeSelector ?? {}))
    if (Object.hasOwn(deprecatedLabels, label)) warnings.push(`nodeSelector[${label}]: ${deprecatedLabels[label]}`);
  for (const [i, volume] of (spec.volumes ?? []).entries())
    if (volume.gitRepo) warnings.push(`volumes[${i}].gitRepo: deprecated in v1.11, and disabled by default in v1.33+`);
  const secrets = new Set<string>();
  for (const [i, { name = '' }] of (spec.imagePullSecrets ?? []).entries()) {
    if (name === '') warnings.push(`imagePullSecrets[${i}].name: invalid empty name ""`);
    else if (secrets.has(name)) warnings.push(`imagePullSecrets[${i}].name: duplicate name ${quote(name)}`);
    secrets.add(name);
  }
  const containers = containersOf(spec);
  for (const [path, container] of containers) warnings.push(...containerWarnings(path, container));
  warnings.push(...portWarnings(containers), ...portNameWarnings(containers));
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0)
    warnings.push('terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1');
  return warnings;
});

type Placed = readonly (readonly [path: string, container: Container])[];

/** In upstream's order: init containers first. */
function containersOf({ initContainers, containers }: PodSpec): Placed {
  return [
    ...(initContainers ?? []).map((container, i) => [`initContainers[${i}]`, container] as const),
    ...(containers ?? []).map((container, i) => [`containers[${i}]`, container] as const),
  ];
}

function containerWarnings(path: string, { resources, env = [] }: Container): readonly string[] {
  const warnings: string[] = [];
  for (const name of ['memory', 'ephemeral-storage'])
    for (const kind of ['limits', 'requests'] as const) {
      const amount = resources?.[kind]?.[name];
      if (amount === undefined || quantityProblem(amount) !== undefined) continue;
      if (parseQuantity(amount).milliValue() % 1000 !== 0) {
        const place = `${path}.resources.${kind}[${name}]`;
        warnings.push(`${place}: fractional byte value ${quote(amount)} is invalid, must be an integer`);
      }
    }
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
      for (const other of known) {
        if (other.port.containerPort !== port.containerPort || other.port.protocol !== port.protocol) continue;
        const word = overlapOf(port, other.port);
        if (word) warnings.push(`${place}: ${word} port definition with ${here}.${other.place}`);
      }
      known.push({ place, port });
    }
  return warnings;
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
      if (other === undefined) known.set(name, `${here}.${place}`);
      else {
        const which = `services and probes that select ports by name will use ${other}`;
        warnings.push(`${place}: duplicate port name ${quote(name)} with ${other}, ${which}`);
      }
    }
  return warnings;
}
