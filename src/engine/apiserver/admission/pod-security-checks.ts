// The Pod Security Standards: what `baseline` and `restricted` say about a pod, in upstream's words.
import type { Container, PodSpec, SecurityContext } from '../../../api/generated/types.ts';

export type SecurityLevel = 'privileged' | 'baseline' | 'restricted';

interface Subject {
  readonly spec: PodSpec;
  readonly annotations: Readonly<Record<string, string>>;
}

/** What a pod does that the level does not allow. */
export function podViolations({ spec }: Subject, level: SecurityLevel): readonly string[] {
  if (level === 'privileged') return [];
  const checks = level === 'restricted' ? [...baseline, ...restricted] : baseline;
  const windows = spec.os?.name === 'windows';
  const found: string[] = [];
  for (const check of checks) {
    const text = check(spec, windows, level);
    if (text) found.push(text);
  }
  return found;
}

type Check = (spec: PodSpec, windows: boolean, level: SecurityLevel) => string | undefined;

function all(spec: PodSpec): readonly Container[] {
  return [...(spec.initContainers ?? []), ...(spec.containers ?? []), ...(spec.ephemeralContainers ?? [])];
}

/** `container "a"`, `containers "a", "b"` of those that match. */
function which(
  spec: PodSpec,
  matches: (context: SecurityContext, container: Container) => boolean,
): string | undefined {
  const bad = all(spec).filter((container) => matches(container.securityContext ?? {}, container));
  return bad.length > 0 ? `${plural('container', bad.length)} ${names(bad)}` : undefined;
}

function names(list: readonly { readonly name: string }[]): string {
  return list.map(({ name }) => JSON.stringify(name)).join(', ');
}

function plural(word: string, count: number): string {
  return count === 1 ? word : `${word}s`;
}

const allowedCapabilities = new Set(
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(
    ' ',
  ),
);
const safeSysctls = new Set(
  'kernel.shm_rmid_forced net.ipv4.ip_local_port_range net.ipv4.tcp_syncookies net.ipv4.ping_group_range net.ipv4.ip_unprivileged_port_start net.ipv4.ip_local_reserved_ports net.ipv4.tcp_keepalive_time net.ipv4.tcp_fin_timeout net.ipv4.tcp_keepalive_intvl net.ipv4.tcp_keepalive_probes net.ipv4.tcp_rmem net.ipv4.tcp_wmem'.split(
    ' ',
  ),
);
const restrictedVolumes = new Set(
  'name configMap csi downwardAPI emptyDir ephemeral persistentVolumeClaim projected secret'.split(' '),
);

const hostNamespaces: Check = (spec) => {
  const set = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((field) => spec[field]);
  return set.length > 0 ? `host namespaces (${set.map((field) => `${field}=true`).join(', ')})` : undefined;
};

const hostPathVolumes: Check = (spec) => {
  const bad = (spec.volumes ?? []).filter(({ hostPath }) => hostPath);
  return bad.length > 0 ? `hostPath volumes (${plural('volume', bad.length)} ${names(bad)})` : undefined;
};

const hostPorts: Check = (spec) => {
  const bad = all(spec).filter(({ ports }) => ports?.some(({ hostPort }) => hostPort));
  if (bad.length === 0) return undefined;
  const used = [...new Set(bad.flatMap(({ ports = [] }) => ports.map(({ hostPort }) => hostPort ?? 0)))].filter(
    Boolean,
  );
  const verb = bad.length === 1 ? 'uses' : 'use';
  const list = used.sort((a, b) => a - b).join(', ');
  return `hostPort (${plural('container', bad.length)} ${names(bad)} ${verb} ${plural('hostPort', used.length)} ${list})`;
};

const privileged: Check = (spec) => {
  const bad = which(spec, (context) => context.privileged === true);
  return bad && `privileged (${bad} must not set securityContext.privileged=true)`;
};

const capabilitiesBaseline: Check = (spec, _windows, level) => {
  if (level === 'restricted') return undefined;
  const added = (context: SecurityContext): readonly string[] =>
    (context.capabilities?.add ?? []).filter((name) => !allowedCapabilities.has(name));
  const bad = which(spec, (context) => added(context).length > 0);
  if (!bad) return undefined;
  const list = [...new Set(all(spec).flatMap(({ securityContext = {} }) => added(securityContext)))].sort();
  const quoted = list.map((name) => JSON.stringify(name)).join(', ');
  return `non-default capabilities (${bad} must not include ${quoted} in securityContext.capabilities.add)`;
};

const procMount: Check = (spec) => {
  const bad = which(spec, ({ procMount: mount }) => mount !== undefined && mount !== 'Default');
  return bad && `procMount (${bad} must not set securityContext.procMount to "Unmasked")`;
};

const seccompBaseline: Check = (spec, _windows, level) => {
  if (level === 'restricted') return undefined;
  const setters = spec.securityContext?.seccompProfile?.type === 'Unconfined' ? ['pod'] : [];
  const bad = which(spec, ({ seccompProfile }) => seccompProfile?.type === 'Unconfined');
  if (bad) setters.push(bad);
  return setters.length > 0
    ? `seccompProfile (${setters.join(' and ')} must not set securityContext.seccompProfile.type to "Unconfined")`
    : undefined;
};

const sysctls: Check = (spec) => {
  const bad = (spec.securityContext?.sysctls ?? []).filter(({ name }) => !safeSysctls.has(name));
  return bad.length > 0
    ? `forbidden ${plural('sysctl', bad.length)} (${bad.map(({ name }) => name).join(', ')})`
    : undefined;
};

const hostProcess: Check = (spec) => {
  const bad = which(spec, ({ windowsOptions }) => windowsOptions?.hostProcess === true);
  const pod = spec.securityContext?.windowsOptions?.hostProcess ? 'pod' : undefined;
  const setters = [pod, bad].filter((text) => text !== undefined);
  if (setters.length === 0) return undefined;
  return `hostProcess (${setters.join(' and ')} must not set securityContext.windowsOptions.hostProcess=true)`;
};

const allowPrivilegeEscalation: Check = (spec, windows) => {
  if (windows) return undefined;
  const bad = which(spec, (context) => context.allowPrivilegeEscalation !== false);
  return bad && `allowPrivilegeEscalation != false (${bad} must set securityContext.allowPrivilegeEscalation=false)`;
};

const capabilitiesRestricted: Check = (spec, windows) => {
  if (windows) return undefined;
  const parts: string[] = [];
  const undropped = which(spec, ({ capabilities }) => !capabilities?.drop?.includes('ALL'));
  if (undropped) parts.push(`${undropped} must set securityContext.capabilities.drop=["ALL"]`);
  const added = (context: SecurityContext): readonly string[] =>
    (context.capabilities?.add ?? []).filter((name) => name !== 'NET_BIND_SERVICE');
  const adding = which(spec, (context) => added(context).length > 0);
  if (adding) {
    const list = [...new Set(all(spec).flatMap(({ securityContext = {} }) => added(securityContext)))].sort();
    const quoted = list.map((name) => JSON.stringify(name)).join(', ');
    parts.push(`${adding} must not include ${quoted} in securityContext.capabilities.add`);
  }
  return parts.length > 0 ? `unrestricted capabilities (${parts.join('; ')})` : undefined;
};

const restrictedVolumeTypes: Check = (spec) => {
  const typeOf = (volume: object): string | undefined =>
    Object.entries(volume).find(([key, value]) => value !== undefined && !restrictedVolumes.has(key))?.[0];
  const bad = (spec.volumes ?? []).filter((volume) => typeOf(volume) !== undefined);
  if (bad.length === 0) return undefined;
  const types = [...new Set(bad.map((volume) => JSON.stringify(typeOf(volume))))].sort();
  const verb = bad.length === 1 ? 'uses' : 'use';
  return `restricted volume types (${plural('volume', bad.length)} ${names(bad)} ${verb} restricted volume ${plural('type', types.length)} ${types.join(', ')})`;
};

const runAsNonRoot: Check = (spec) => {
  const parts =
    spec.securityContext?.runAsNonRoot === false ? ['pod must not set securityContext.runAsNonRoot=false'] : [];
  const explicit = which(spec, (context) => context.runAsNonRoot === false);
  if (explicit) parts.push(`${explicit} must not set securityContext.runAsNonRoot=false`);
  if (parts.length > 0) return `runAsNonRoot != true (${parts.join(' and ')})`;
  if (spec.securityContext?.runAsNonRoot) return undefined;
  const bad = which(spec, (context) => context.runAsNonRoot === undefined || context.runAsNonRoot === null);
  return bad && `runAsNonRoot != true (pod or ${bad} must set securityContext.runAsNonRoot=true)`;
};

const runAsUser: Check = (spec) => {
  const setters = spec.securityContext?.runAsUser === 0 ? ['pod'] : [];
  const bad = which(spec, (context) => context.runAsUser === 0);
  if (bad) setters.push(bad);
  return setters.length > 0 ? `runAsUser=0 (${setters.join(' and ')} must not set runAsUser=0)` : undefined;
};

const seccompRestricted: Check = (spec, windows) => {
  if (windows) return undefined;
  const fine = (type: string | undefined): boolean => type === 'RuntimeDefault' || type === 'Localhost';
  const own = spec.securityContext?.seccompProfile?.type;
  const setters = own !== undefined && !fine(own) ? ['pod'] : [];
  const explicit = which(spec, ({ seccompProfile }) => seccompProfile !== undefined && !fine(seccompProfile.type));
  if (explicit) setters.push(explicit);
  if (setters.length > 0)
    return `seccompProfile (${setters.join(' and ')} must not set securityContext.seccompProfile.type to "Unconfined")`;
  if (fine(own)) return undefined;
  const bad = which(spec, ({ seccompProfile }) => seccompProfile === undefined);
  return (
    bad &&
    `seccompProfile (pod or ${bad} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")`
  );
};

/** Upstream lists violations by the names of the checks. */
const baseline: readonly Check[] = [
  capabilitiesBaseline,
  hostNamespaces,
  hostPathVolumes,
  hostPorts,
  privileged,
  procMount,
  seccompBaseline,
  sysctls,
  hostProcess,
];
const restricted: readonly Check[] = [
  allowPrivilegeEscalation,
  capabilitiesRestricted,
  restrictedVolumeTypes,
  runAsNonRoot,
  runAsUser,
  seccompRestricted,
];
