// The checks of the pod security standard "restricted": what hardened pods do, on top of baseline.
import type { SecurityContext, Volume } from '../../../../api/generated/types.ts';
import { procMount, seccompProfile } from './baseline-checks.ts';
import {
  type Check,
  contextsOf,
  distinct,
  hasOwnUsers,
  isWindows,
  plural,
  quoted,
  setters,
  type VersionedCheck,
  which,
} from './security-check.ts';

const allowPrivilegeEscalation: Check = ({ spec }) => {
  const bad = which(spec, (context) => context.allowPrivilegeEscalation !== false);
  if (!bad) return undefined;
  return {
    reason: 'allowPrivilegeEscalation != false',
    detail: `${bad} must set securityContext.allowPrivilegeEscalation=false`,
  };
};

const capabilities: Check = ({ spec }) => {
  const undropped = which(spec, ({ capabilities: own }) => !own?.drop?.includes('ALL'));
  const added = ({ capabilities: own }: SecurityContext): readonly string[] =>
    (own?.add ?? []).filter((name) => name !== 'NET_BIND_SERVICE');
  const adding = which(spec, (context) => added(context).length > 0);
  const list = quoted(distinct(contextsOf(spec).flatMap(added)));
  const parts = [
    ...(undropped ? [`${undropped} must set securityContext.capabilities.drop=["ALL"]`] : []),
    ...(adding ? [`${adding} must not include ${list} in securityContext.capabilities.add`] : []),
  ];
  return parts.length > 0 ? { reason: 'unrestricted capabilities', detail: parts.join('; ') } : undefined;
};

const allowedVolumes =
  'configMap csi downwardAPI emptyDir ephemeral image persistentVolumeClaim projected secret'.split(' ');

const restrictedVolumes: Check = ({ spec }) => {
  const sources = (volume: Volume): readonly string[] =>
    Object.entries(volume).flatMap(([key, source]) => (key !== 'name' && source !== undefined ? [key] : []));
  const bad = (spec.volumes ?? []).filter((volume) => !sources(volume).some((key) => allowedVolumes.includes(key)));
  if (bad.length === 0) return undefined;
  const types = distinct(bad.map((volume) => sources(volume)[0] ?? 'unknown'));
  const names = quoted(bad.map(({ name }) => name));
  const uses = bad.length === 1 ? 'uses' : 'use';
  return {
    reason: 'restricted volume types',
    detail: `${plural('volume', bad.length)} ${names} ${uses} ${plural('restricted volume type', types.length)} ${quoted(types)}`,
  };
};

const runAsNonRoot: Check = ({ spec }) => {
  const reason = 'runAsNonRoot != true';
  const explicit = setters(spec, (context) => context.runAsNonRoot === false);
  if (explicit) return { reason, detail: `${explicit} must not set securityContext.runAsNonRoot=false` };
  if (spec.securityContext?.runAsNonRoot) return undefined;
  const implicit = which(spec, (context) => context.runAsNonRoot === undefined);
  return implicit ? { reason, detail: `pod or ${implicit} must set securityContext.runAsNonRoot=true` } : undefined;
};

const runAsUser: Check = ({ spec }) => {
  const bad = setters(spec, (context) => context.runAsUser === 0);
  return bad ? { reason: 'runAsUser=0', detail: `${bad} must not set runAsUser=0` } : undefined;
};

const seccomp: Check = (subject) => {
  const { spec } = subject;
  const explicit = seccompProfile(subject);
  if (explicit || spec.securityContext?.seccompProfile) return explicit;
  const implicit = which(spec, (context) => context.seccompProfile === undefined);
  if (!implicit) return undefined;
  const detail = `pod or ${implicit} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`;
  return { reason: 'seccompProfile', detail };
};

/** Windows knows none of it: pods for it are let be. */
function unlessWindows(check: Check): Check {
  return (subject) => (isWindows(subject.spec) ? undefined : check(subject));
}

function unlessOwnUsers(check: Check): Check {
  return (subject) => (hasOwnUsers(subject.spec) ? undefined : check(subject));
}

const overBaseline = { capabilities: 'capabilities_baseline', seccomp: 'seccompProfile_baseline' };

/** In upstream's order. */
export const restrictedChecks: readonly VersionedCheck[] = [
  { id: 'allowPrivilegeEscalation', since: 8, until: 25, check: allowPrivilegeEscalation },
  { id: 'allowPrivilegeEscalation', since: 25, check: unlessWindows(allowPrivilegeEscalation) },
  { id: 'capabilities', since: 22, until: 25, check: capabilities, overrides: overBaseline.capabilities },
  { id: 'capabilities', since: 25, check: unlessWindows(capabilities), overrides: overBaseline.capabilities },
  { id: 'procMount', since: 35, check: procMount, overrides: 'procMount' },
  { id: 'restrictedVolumes', since: 0, check: restrictedVolumes, overrides: 'hostPathVolumes' },
  { id: 'runAsNonRoot', since: 0, until: 35, check: runAsNonRoot },
  { id: 'runAsNonRoot', since: 35, check: unlessOwnUsers(runAsNonRoot) },
  { id: 'runAsUser', since: 23, until: 35, check: runAsUser },
  { id: 'runAsUser', since: 35, check: unlessOwnUsers(runAsUser) },
  { id: 'seccompProfile', since: 19, until: 25, check: seccomp, overrides: overBaseline.seccomp },
  { id: 'seccompProfile', since: 25, check: unlessWindows(seccomp), overrides: overBaseline.seccomp },
];
