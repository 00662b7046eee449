// What pods of Linux and of Windows may say of their security.
import { forbidden } from '../../api/field-error.ts';
import type { Container, PodSpec } from '../../api/generated/types.ts';
import type { Errors } from './checks.ts';

/** Adds what does not go with the pod's operating system; fields are relative to the spec. */
export function validateForSystem(errors: Errors, spec: PodSpec): void {
  const { securityContext: context, os } = spec;
  if (os?.name === 'linux') {
    const refused = 'windows options cannot be set for a linux pod';
    if (context?.windowsOptions) errors.push(forbidden('.securityContext.windowsOptions', refused));
    for (const [path, container] of everyContainer(spec))
      if (container.securityContext?.windowsOptions)
        errors.push(forbidden(`${path}.securityContext.windowsOptions`, refused));
  }
  if (os?.name !== 'windows') return;
  const given: Readonly<Record<string, unknown>> = {
    ...Object.fromEntries(Object.entries(context ?? {}).map(([name, value]) => [`securityContext.${name}`, value])),
    hostUsers: spec.hostUsers,
    hostPID: spec.hostPID || undefined,
    hostIPC: spec.hostIPC || undefined,
    shareProcessNamespace: spec.shareProcessNamespace,
  };
  for (const name of notOfWindowsPods)
    if (given[name] !== undefined) errors.push(forbidden(`.${name}`, 'cannot be set for a windows pod'));
  for (const [path, { securityContext: own }] of everyContainer(spec))
    for (const name of notOfWindowsContainers)
      if (own?.[name] !== undefined)
        errors.push(forbidden(`${path}.securityContext.${name}`, 'cannot be set for a windows pod'));
}

/** In upstream's order. */
const notOfWindowsPods = [
  'securityContext.appArmorProfile',
  'securityContext.seLinuxOptions',
  'hostUsers',
  'hostPID',
  'hostIPC',
  'securityContext.seccompProfile',
  'securityContext.fsGroup',
  'securityContext.fsGroupChangePolicy',
  'securityContext.sysctls',
  'shareProcessNamespace',
  'securityContext.runAsUser',
  'securityContext.runAsGroup',
  'securityContext.supplementalGroups',
  'securityContext.supplementalGroupsPolicy',
  'securityContext.seLinuxChangePolicy',
];

const notOfWindowsContainers = [
  'appArmorProfile',
  'seLinuxOptions',
  'seccompProfile',
  'capabilities',
  'readOnlyRootFilesystem',
  'privileged',
  'allowPrivilegeEscalation',
  'procMount',
  'runAsUser',
  'runAsGroup',
] as const;

type Placed = readonly [path: string, container: Omit<Container, 'name'>];

function everyContainer(spec: PodSpec): readonly Placed[] {
  return (['initContainers', 'containers', 'ephemeralContainers'] as const).flatMap((list) =>
    (spec[list] ?? []).map((container, i): Placed => [`.${list}[${i}]`, container]),
  );
}
