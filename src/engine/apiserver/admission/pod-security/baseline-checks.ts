// The checks of the pod security standard "baseline": nothing that is known to lead out of a pod.
import type { Container, SELinuxOptions, SecurityContext } from '../../../../api/generated/types.ts';
import {
  type Check,
  containersOf,
  containersText,
  contextsOf,
  distinct,
  hasOwnUsers,
  plural,
  quoted,
  setters,
  type VersionedCheck,
  which,
} from './security-check.ts';

const appArmorProfile: Check = ({ spec, annotations }) => {
  const bad = ({ appArmorProfile: profile }: { appArmorProfile?: { type: string } | undefined }): boolean =>
    profile !== undefined && profile.type !== 'RuntimeDefault' && profile.type !== 'Localhost';
  const values = contextsOf(spec)
    .filter(bad)
    .map((context) => context.appArmorProfile?.type ?? '');
  const notes = Object.entries(annotations)
    .filter(([key]) => key.startsWith('container.apparmor.security.beta.kubernetes.io/'))
    .filter(([, value]) => value !== '' && value !== 'runtime/default' && !value.startsWith('localhost/'))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .sort();
  const given = [setters(spec, bad), notes.length > 0 ? plural('annotation', notes.length) : undefined];
  const found = given.filter((text) => text !== undefined);
  if (found.length === 0) return undefined;
  const all = [...distinct(values), ...notes];
  return {
    reason: plural('forbidden AppArmor profile', all.length),
    detail: `${found.join(' and ')} must not set AppArmor profile type to ${quoted(all)}`,
  };
};

const allowedCapabilities = new Set(
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(
    ' ',
  ),
);

const capabilities: Check = ({ spec }) => {
  const added = ({ capabilities: own }: SecurityContext): readonly string[] =>
    (own?.add ?? []).filter((name) => !allowedCapabilities.has(name));
  const bad = which(spec, (context) => added(context).length > 0);
  if (!bad) return undefined;
  const list = quoted(distinct(contextsOf(spec).flatMap(added)));
  return {
    reason: 'non-default capabilities',
    detail: `${bad} must not include ${list} in securityContext.capabilities.add`,
  };
};

const hostNamespaces: Check = ({ spec }) => {
  const set = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((field) => spec[field]);
  if (set.length === 0) return undefined;
  return { reason: 'host namespaces', detail: set.map((field) => `${field}=true`).join(', ') };
};

const hostPathVolumes: Check = ({ spec }) => {
  const bad = (spec.volumes ?? []).filter(({ hostPath }) => hostPath).map(({ name }) => name);
  if (bad.length === 0) return undefined;
  return { reason: 'hostPath volumes', detail: `${plural('volume', bad.length)} ${quoted(bad)}` };
};

const hostPorts: Check = ({ spec }) => {
  const used = ({ ports = [] }: Container): readonly string[] =>
    ports.filter(({ hostPort }) => hostPort).map(({ hostPort }) => String(hostPort));
  const bad = containersOf(spec).filter((container) => used(container).length > 0);
  if (bad.length === 0) return undefined;
  const all = distinct(bad.flatMap(used));
  const uses = bad.length === 1 ? 'uses' : 'use';
  return {
    reason: 'hostPort',
    detail: `${containersText(bad.map(({ name }) => name))} ${uses} ${plural('hostPort', all.length)} ${all.join(', ')}`,
  };
};

const hostProbes: Check = ({ spec }) => {
  const hosts = ({ livenessProbe, readinessProbe, startupProbe, lifecycle }: Container): readonly string[] =>
    [livenessProbe, readinessProbe, startupProbe, lifecycle?.postStart, lifecycle?.preStop].flatMap((handler) =>
      [handler?.httpGet?.host, handler?.tcpSocket?.host].filter((host) => host !== undefined && host !== ''),
    ) as readonly string[]; // edge: what is undefined was left out
  const bad = containersOf(spec).filter((container) => hosts(container).length > 0);
  if (bad.length === 0) return undefined;
  const names = distinct(bad.map(({ name }) => name));
  const all = distinct(bad.flatMap(hosts));
  const uses = names.length === 1 ? 'uses' : 'use';
  return {
    reason: 'probe or lifecycle host',
    detail: `${containersText(names)} ${uses} ${plural('probe or lifecycle host', all.length)} ${quoted(all)}`,
  };
};

const privileged: Check = ({ spec }) => {
  const bad = which(spec, (context) => context.privileged === true);
  return bad ? { reason: 'privileged', detail: `${bad} must not set securityContext.privileged=true` } : undefined;
};

/** Also restricted's from 1.35 on, which is not laxer with a pod that has users of its own. */
export const procMount: Check = ({ spec }) => {
  const masked = ({ procMount: mount }: SecurityContext): boolean => mount === undefined || mount === 'Default';
  const bad = which(spec, (context) => !masked(context));
  if (!bad) return undefined;
  const types = contextsOf(spec).flatMap((context) => (masked(context) ? [] : (context.procMount ?? [])));
  return {
    reason: 'procMount',
    detail: `${bad} must not set securityContext.procMount to ${quoted(distinct(types))}`,
  };
};

function seLinuxOptions(allowed: readonly string[]): Check {
  const badType = ({ type = '' }: SELinuxOptions): boolean => type !== '' && !allowed.includes(type);
  const isBad = (options: SELinuxOptions | undefined): options is SELinuxOptions =>
    options !== undefined && (badType(options) || Boolean(options.user) || Boolean(options.role));
  return ({ spec }) => {
    const bad = setters(spec, ({ seLinuxOptions: options }) => isBad(options));
    if (!bad) return undefined;
    const all = contextsOf(spec).flatMap(({ seLinuxOptions: options }) => (isBad(options) ? [options] : []));
    const types = distinct(all.filter(badType).map(({ type = '' }) => type));
    const parts = [
      ...(types.length > 0 ? [`${plural('type', types.length)} ${quoted(types)}`] : []),
      ...(all.some(({ user }) => user) ? ['user may not be set'] : []),
      ...(all.some(({ role }) => role) ? ['role may not be set'] : []),
    ];
    return {
      reason: 'seLinuxOptions',
      detail: `${bad} set forbidden securityContext.seLinuxOptions: ${parts.join('; ')}`,
    };
  };
}

const seccompAnnotations: Check = ({ spec, annotations }) => {
  const pod = 'seccomp.security.alpha.kubernetes.io/pod';
  const keys = [pod, ...containersOf(spec).map(({ name }) => `container.seccomp.security.alpha.kubernetes.io/${name}`)];
  const bad = keys.filter((key) => {
    const value = Object.hasOwn(annotations, key) ? annotations[key] : undefined;
    return value !== undefined && !/^(runtime\/default$|docker\/default$|localhost\/)/.test(value);
  });
  if (bad.length === 0) return undefined;
  const list = distinct(bad.map((key) => `${key}=${JSON.stringify(annotations[key])}`));
  return {
    reason: 'seccompProfile',
    detail: `forbidden ${plural('annotation', list.length)} ${list.join(', ')}`,
  };
};

const fineProfiles = ['RuntimeDefault', 'Localhost'];

/** Who sets a seccomp profile that lets too much pass. */
export const seccompProfile: Check = ({ spec }) => {
  const isBad = ({ seccompProfile: profile }: SecurityContext): boolean =>
    profile !== undefined && !fineProfiles.includes(profile.type);
  const bad = setters(spec, isBad);
  if (!bad) return undefined;
  const types = contextsOf(spec).filter(isBad);
  const list = quoted(distinct(types.map((context) => context.seccompProfile?.type ?? '')));
  return { reason: 'seccompProfile', detail: `${bad} must not set securityContext.seccompProfile.type to ${list}` };
};

const sysctls0 = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start',
];
const sysctls27 = [...sysctls0, 'net.ipv4.ip_local_reserved_ports'];
const keepAlive = ['keepalive_time', 'fin_timeout', 'keepalive_intvl', 'keepalive_probes'];
const sysctls29 = [...sysctls27, ...keepAlive.map((name) => `net.ipv4.tcp_${name}`)];
const sysctls32 = [...sysctls29, 'net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem'];

function sysctls(allowed: readonly string[]): Check {
  return ({ spec }) => {
    const bad = (spec.securityContext?.sysctls ?? []).filter(({ name }) => !allowed.includes(name));
    if (bad.length === 0) return undefined;
    return { reason: 'forbidden sysctls', detail: bad.map(({ name }) => name).join(', ') };
  };
}

const windowsHostProcess: Check = ({ spec }) => {
  const bad = setters(spec, ({ windowsOptions }) => windowsOptions?.hostProcess === true);
  if (!bad) return undefined;
  return { reason: 'hostProcess', detail: `${bad} must not set securityContext.windowsOptions.hostProcess=true` };
};

const seLinuxTypes = ['container_t', 'container_init_t', 'container_kvm_t'];

/** In upstream's order. */
export const baselineChecks: readonly VersionedCheck[] = [
  { id: 'appArmorProfile', since: 0, check: appArmorProfile },
  { id: 'capabilities_baseline', since: 0, check: capabilities },
  { id: 'hostNamespaces', since: 0, check: hostNamespaces },
  { id: 'hostPathVolumes', since: 0, check: hostPathVolumes },
  { id: 'hostPorts', since: 0, check: hostPorts },
  { id: 'hostProbesAndHostLifecycle', since: 34, check: hostProbes },
  { id: 'privileged', since: 0, check: privileged },
  { id: 'procMount', since: 0, until: 35, check: procMount },
  { id: 'procMount', since: 35, check: (subject) => (hasOwnUsers(subject.spec) ? undefined : procMount(subject)) },
  { id: 'seLinuxOptions', since: 0, until: 31, check: seLinuxOptions(seLinuxTypes) },
  { id: 'seLinuxOptions', since: 31, check: seLinuxOptions([...seLinuxTypes, 'container_engine_t']) },
  { id: 'seccompProfile_baseline', since: 0, until: 19, check: seccompAnnotations },
  { id: 'seccompProfile_baseline', since: 19, check: seccompProfile },
  { id: 'sysctls', since: 0, until: 27, check: sysctls(sysctls0) },
  { id: 'sysctls', since: 27, until: 29, check: sysctls(sysctls27) },
  { id: 'sysctls', since: 29, until: 32, check: sysctls(sysctls29) },
  { id: 'sysctls', since: 32, check: sysctls(sysctls32) },
  { id: 'windowsHostProcess', since: 0, check: windowsHostProcess },
];
