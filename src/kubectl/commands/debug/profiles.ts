// What `--profile` does to a pod for debugging: capabilities, security, namespaces of the host.
import { objectAt, objectsAt, textAt, textsAt } from '../../../base/fields.ts';
import { isObject, type JsonObject } from '../../../base/json.ts';
import { CommandError } from '../../errors.ts';

/** How the debugging goes: a container added to the pod, a copy of it, or a pod on a node. */
export type DebugStyle = 'ephemeral' | 'copy' | 'node';

/** What of a pod its copy keeps. */
export interface Kept {
  readonly labels: boolean;
  readonly annotations: boolean;
  readonly liveness: boolean;
  readonly readiness: boolean;
  readonly startup: boolean;
  readonly initContainers: boolean;
}

export interface ProfileTarget {
  readonly style: DebugStyle;
  readonly container: string;
  readonly kept: Kept;
}

type Change = (pod: JsonObject, target: ProfileTarget) => JsonObject;

export type ProfileName = 'legacy' | 'general' | 'baseline' | 'restricted' | 'netadmin' | 'sysadmin';

const restrictedSecurity = {
  runAsNonRoot: true,
  capabilities: { drop: ['ALL'] },
  allowPrivilegeEscalation: false,
  seccompProfile: { type: 'RuntimeDefault' },
};

const profiles: Readonly<Record<ProfileName, Change>> = {
  legacy: (pod, { style, container }) => {
    if (style === 'node') return withHostNamespaces(withHostRoot(pod, container));
    return style === 'copy' ? withMetadata(pod, { labels: undefined }) : pod;
  },
  general: (pod, target) => {
    const { style, container } = target;
    if (style === 'node')
      return withHostNamespaces(withSecurity(withHostRoot(pod, container), container, () => undefined));
    const traced = withCapabilities(style === 'copy' ? asCopy(pod, target) : pod, container, ['SYS_PTRACE']);
    return style === 'copy' ? withSharedProcesses(traced) : traced;
  },
  baseline: (pod, target) =>
    bareCopy(
      withSecurity(pod, target.container, () => undefined),
      target,
    ),
  restricted: (pod, target) =>
    bareCopy(
      withSecurity(pod, target.container, () => restrictedSecurity),
      target,
    ),
  netadmin: (pod, target) => {
    const allowed = withCapabilities(pod, target.container, ['NET_ADMIN', 'NET_RAW']);
    return target.style === 'node' ? withHostNamespaces(allowed) : bareCopy(allowed, target);
  },
  sysadmin: (pod, target) => {
    const allowed = withSecurity(pod, target.container, (before) => ({ ...before, privileged: true }));
    if (target.style === 'node') return withHostRoot(withHostNamespaces(allowed), target.container);
    return bareCopy(allowed, target);
  },
};

export function profileOf(name: string): Change {
  if (Object.hasOwn(profiles, name)) return profiles[name as ProfileName]; // edge: a flag's text that names a profile
  throw new CommandError(`unknown profile: ${name}`);
}

const lists = ['initContainers', 'containers', 'ephemeralContainers'];

/** Changes the first container of that name. */
export function withContainer(
  pod: JsonObject,
  name: string,
  change: (container: JsonObject) => JsonObject,
): JsonObject {
  for (const list of lists) {
    const containers = objectsAt(pod, `spec.${list}`);
    const index = containers.findIndex((one) => textAt(one, 'name') === name);
    const found = containers[index];
    if (found) return withSpec(pod, { [list]: containers.with(index, change(found)) });
  }
  return pod;
}

/** The pod with these fields of its spec; undefined takes a field away. */
export function withSpec(
  pod: JsonObject,
  fields: Readonly<Record<string, JsonObject[string] | undefined>>,
): JsonObject {
  return { ...pod, spec: changed(objectAt(pod, 'spec'), fields) };
}

function withMetadata(pod: JsonObject, fields: Readonly<Record<string, JsonObject[string] | undefined>>): JsonObject {
  return { ...pod, metadata: changed(objectAt(pod, 'metadata'), fields) };
}

function changed(
  before: JsonObject | undefined,
  fields: Readonly<Record<string, JsonObject[string] | undefined>>,
): JsonObject {
  const result: Record<string, JsonObject[string]> = { ...before };
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined) delete result[key];
    else result[key] = value;
  }
  return result;
}

function withSecurity(
  pod: JsonObject,
  name: string,
  change: (before: JsonObject | undefined) => JsonObject | undefined,
): JsonObject {
  return withContainer(pod, name, (container) => {
    const before = isObject(container.securityContext) ? container.securityContext : undefined;
    return changed(container, { securityContext: change(before) });
  });
}

function withCapabilities(pod: JsonObject, name: string, add: readonly string[]): JsonObject {
  return withSecurity(pod, name, (before) => {
    const capabilities = objectAt(before, 'capabilities');
    return { ...before, capabilities: { ...capabilities, add: [...textsAt(capabilities, 'add'), ...add] } };
  });
}

function bareCopy(pod: JsonObject, target: ProfileTarget): JsonObject {
  return target.style === 'copy' ? withSharedProcesses(asCopy(pod, target)) : pod;
}

/** Takes from a copy what would make services and probes treat it as the original. */
function asCopy(pod: JsonObject, { kept }: ProfileTarget): JsonObject {
  const probes = { livenessProbe: kept.liveness, readinessProbe: kept.readiness, startupProbe: kept.startup };
  const gone = Object.fromEntries(
    Object.entries(probes).flatMap(([field, keep]) => (keep ? [] : [[field, undefined] as const])),
  );
  const bare = withMetadata(pod, {
    ...(kept.labels ? {} : { labels: undefined }),
    ...(kept.annotations ? {} : { annotations: undefined }),
  });
  return withSpec(bare, {
    containers: objectsAt(pod, 'spec.containers').map((container) => changed(container, gone)),
    ...(kept.initContainers ? {} : { initContainers: undefined }),
  });
}

function withSharedProcesses(pod: JsonObject): JsonObject {
  const shared = objectAt(pod, 'spec')?.shareProcessNamespace;
  return shared === undefined ? withSpec(pod, { shareProcessNamespace: true }) : pod;
}

function withHostNamespaces(pod: JsonObject): JsonObject {
  return withSpec(pod, { hostNetwork: true, hostPID: true, hostIPC: true });
}

function withHostRoot(pod: JsonObject, name: string): JsonObject {
  const volumes = [...objectsAt(pod, 'spec.volumes'), { name: 'host-root', hostPath: { path: '/' } }];
  return withContainer(withSpec(pod, { volumes }), name, (container) => ({
    ...container,
    volumeMounts: [...objectsAt(container, 'volumeMounts'), { mountPath: '/host', name: 'host-root' }],
  }));
}
