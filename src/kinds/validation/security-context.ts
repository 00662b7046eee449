// Whom containers run as, and what they may do. Windows' options are not looked into: no node runs Windows.
import { type FieldError, forbidden, invalid, notSupported, required, tooLong } from '../../api/field-error.ts';
import type {
  AppArmorProfile,
  PodSecurityContext,
  PodSpec,
  SeccompProfile,
  SecurityContext,
  Sysctl,
} from '../../api/generated/types.ts';
import { userId } from '../../api/names.ts';
import { internalForm } from '../internal-form.ts';
import { complain, optionalOneOf, shown } from './checks.ts';
import { descending } from './paths.ts';

/** A container's security context. */
export function validateSecurityContext(
  errors: FieldError[],
  field: string,
  { context, hostUsers }: { readonly context: SecurityContext | undefined; readonly hostUsers: boolean },
): void {
  if (!context) return;
  validateIds(errors, field, context);
  if (context.procMount !== undefined) {
    optionalOneOf(errors, `${field}.procMount`, context.procMount, ['Default', 'Unmasked']);
    if (hostUsers && context.procMount === 'Unmasked')
      errors.push(invalid(`${field}.procMount`, context.procMount, '`hostUsers` must be false to use `Unmasked`'));
  }
  validateSeccomp(errors, `${field}.seccompProfile`, context.seccompProfile);
  if (context.allowPrivilegeEscalation === false) {
    const refuse = (why: string) =>
      errors.push(
        invalid(
          field,
          internalForm('SecurityContext', context),
          `cannot set \`allowPrivilegeEscalation\` to false and ${why}`,
        ),
      );
    if (context.privileged) refuse('`privileged` to true');
    for (const name of context.capabilities?.add ?? [])
      if (name === 'CAP_SYS_ADMIN') refuse('`capabilities.Add` CAP_SYS_ADMIN');
  }
  validateAppArmor(errors, `${field}.appArmorProfile`, context.appArmorProfile);
}

/** A pod's security context. */
export function validatePodSecurityContext(errors: FieldError[], field: string, spec: PodSpec): void {
  const context = spec.securityContext;
  if (!context) return;
  if (context.fsGroup !== undefined) complain(errors, `${field}.fsGroup`, context.fsGroup, userId(context.fsGroup));
  validateIds(errors, field, context);
  for (const [i, group] of (context.supplementalGroups ?? []).entries())
    complain(errors, `${field}.supplementalGroups[${i}]`, group, userId(group));
  if (spec.shareProcessNamespace && spec.hostPID) {
    const detail = 'ShareProcessNamespace and HostPID cannot both be enabled';
    errors.push(invalid(`${field}.shareProcessNamespace`, true, detail));
  }
  validateSysctls(errors, `${field}.sysctls`, { sysctls: context.sysctls ?? [], spec });
  const { fsGroupChangePolicy, supplementalGroupsPolicy, seLinuxChangePolicy } = context;
  optionalOneOf(errors, `${field}.fsGroupChangePolicy`, fsGroupChangePolicy, ['Always', 'OnRootMismatch']);
  validateSeccomp(errors, `${field}.seccompProfile`, context.seccompProfile);
  validateAppArmor(errors, `${field}.appArmorProfile`, context.appArmorProfile);
  optionalOneOf(errors, `${field}.supplementalGroupsPolicy`, supplementalGroupsPolicy, ['Merge', 'Strict']);
  optionalOneOf(errors, `${field}.seLinuxChangePolicy`, seLinuxChangePolicy, ['MountOption', 'Recursive']);
}

function validateIds(errors: FieldError[], field: string, context: SecurityContext | PodSecurityContext): void {
  const { runAsUser, runAsGroup } = context;
  if (runAsUser !== undefined) complain(errors, `${field}.runAsUser`, runAsUser, userId(runAsUser));
  if (runAsGroup !== undefined) complain(errors, `${field}.runAsGroup`, runAsGroup, userId(runAsGroup));
}

function validateSeccomp(errors: FieldError[], field: string, profile: SeccompProfile | undefined): void {
  if (!profile) return;
  const { type, localhostProfile } = profile;
  if (!type) errors.push(required(`${field}.type`, 'type is required when seccompProfile is set'));
  else optionalOneOf(errors, `${field}.type`, type, ['Localhost', 'RuntimeDefault', 'Unconfined']);
  const place = `${field}.localhostProfile`;
  if (type !== 'Localhost') {
    if (localhostProfile !== undefined)
      errors.push(invalid(place, shown(profile), 'can only be set when seccomp type is Localhost'));
  } else if (localhostProfile === undefined) errors.push(required(place, 'must be set when seccomp type is Localhost'));
  else descending(errors, place, localhostProfile);
}

const pathBytesMax = 4095;

function validateAppArmor(errors: FieldError[], field: string, profile: AppArmorProfile | undefined): void {
  if (!profile) return;
  const { type, localhostProfile } = profile;
  const place = `${field}.localhostProfile`;
  if (type === 'Localhost') {
    if (!localhostProfile?.trim()) errors.push(required(place, 'must be set when AppArmor type is Localhost'));
    else if (localhostProfile.trim() !== localhostProfile)
      errors.push(invalid(place, localhostProfile, 'must not be padded with whitespace'));
    if ((localhostProfile?.length ?? 0) > pathBytesMax) errors.push(tooLong(place, pathBytesMax));
  } else if (type === 'RuntimeDefault' || type === 'Unconfined') {
    if (localhostProfile !== undefined)
      errors.push(invalid(place, localhostProfile, 'can only be set when AppArmor type is Localhost'));
  } else if (!type) errors.push(required(`${field}.type`, 'type is required when appArmorProfile is set'));
  else errors.push(notSupported(`${field}.type`, type, ['Localhost', 'RuntimeDefault', 'Unconfined']));
}

const sysctlSegment = '[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const sysctlText = `^(${sysctlSegment}[\\./])*${sysctlSegment}$`;
const sysctlShape = new RegExp(sysctlText);
const interProcess = /^(kernel\.(shm|msg|sem)|fs\.mqueue\.)/;

function validateSysctls(
  errors: FieldError[],
  field: string,
  { sysctls, spec }: { readonly sysctls: readonly Sysctl[]; readonly spec: PodSpec },
): void {
  const seen = new Set<string>();
  for (const [i, { name }] of sysctls.entries()) {
    const at = `${field}[${i}].name`;
    if (!name) errors.push(required(at));
    else if (name.length > 253 || !sysctlShape.test(name))
      errors.push(invalid(at, name, `must have at most 253 characters and match regex ${sysctlText}`));
    else if (seen.has(name))
      errors.push({ type: 'FieldValueDuplicate', field: at, body: `Duplicate value: "${name}"` });
    const dotted = name.replaceAll('/', '.');
    if (spec.hostNetwork && dotted.startsWith('net.'))
      errors.push(invalid(at, name, "may not be specified when 'hostNetwork' is true"));
    else if (spec.hostIPC && interProcess.test(dotted))
      errors.push(invalid(at, name, "may not be specified when 'hostIPC' is true"));
    seen.add(name);
  }
}

/** Fields of the host that a pod with users of its own may not use. */
export function validateHostUsers(errors: FieldError[], field: string, spec: PodSpec): void {
  if (spec.hostUsers !== false) return;
  const why = 'when `hostUsers` is false';
  if (spec.hostNetwork) errors.push(forbidden(`${field}.hostNetwork`, why));
  if (spec.hostPID) errors.push(forbidden(`${field}.HostPID`, why));
  if (spec.hostIPC) errors.push(forbidden(`${field}.HostIPC`, why));
  for (const list of ['initContainers', 'containers', 'ephemeralContainers'] as const)
    for (const [i, { volumeDevices = [] }] of (spec[list] ?? []).entries())
      if (volumeDevices.length > 0) errors.push(forbidden(`${field}.${list}[${i}].volumeDevices`, why));
}
