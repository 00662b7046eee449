// AppArmor profiles of pods: what annotations said before there were fields becomes fields when a pod is made.

import { alike } from '../api/alike.ts';
import type { AppArmorProfile, Container, Pod } from '../api/generated/types.ts';
import { assign, change, changeAll } from './share.ts';

/** What the name of a container's annotation begins with. */
export const appArmorAnnotation = 'container.apparmor.security.beta.kubernetes.io/';

/** The pod with the fields that its annotations ask for. */
export function withAppArmorFields(pod: Pod): Pod {
  if (!isMeant(pod)) return pod;
  const apply = <C extends NamedContainer>(container: C): C => {
    const profile = wantedProfile(pod, container);
    if (!profile) return container;
    const securityContext = { ...container.securityContext, appArmorProfile: profile };
    return assign<NamedContainer>(container, { securityContext }) as C; // edge: a container's own field
  };
  return change(pod, 'spec', (given) => {
    let spec = change(given, 'initContainers', (list) => changeAll(list, apply));
    spec = change(spec, 'containers', (list) => changeAll(list, apply));
    return change(spec, 'ephemeralContainers', (list) => changeAll(list, apply));
  });
}

/** Warnings about a new pod's annotations that are the only word on a profile, before they become fields. */
export function appArmorWarnings(pod: Pod): readonly string[] {
  if (!isMeant(pod)) return [];
  const { initContainers, containers, ephemeralContainers } = pod.spec ?? {};
  return [...(initContainers ?? []), ...(containers ?? []), ...(ephemeralContainers ?? [])].flatMap((container) => {
    const key = appArmorAnnotation + container.name;
    const annotation = pod.metadata?.annotations?.[key];
    if (annotation === undefined || container.securityContext?.appArmorProfile) return [];
    if (profileOf(annotation) && !wantedProfile(pod, container)) return [];
    return [`metadata.annotations[${key}]: deprecated since v1.30; use the "appArmorProfile" field instead`];
  });
}

type NamedContainer = Pick<Container, 'name' | 'securityContext'>;

function isMeant({ metadata, spec }: Pod): boolean {
  return metadata?.annotations !== undefined && spec?.os?.name !== 'windows';
}

/** The profile that a container gets from its annotation; none where it or the pod has that one already. */
function wantedProfile(
  { metadata, spec }: Pod,
  { name, securityContext }: NamedContainer,
): AppArmorProfile | undefined {
  const annotation = metadata?.annotations?.[appArmorAnnotation + name];
  if (annotation === undefined || securityContext?.appArmorProfile) return undefined;
  const profile = profileOf(annotation);
  return profile && !alike(profile, spec?.securityContext?.appArmorProfile) ? profile : undefined;
}

const pathBytesMax = 4095;

/** The field's form of an annotation; undefined for one that makes no valid field. */
function profileOf(annotation: string): AppArmorProfile | undefined {
  if (annotation === 'unconfined') return { type: 'Unconfined' };
  if (annotation === 'runtime/default') return { type: 'RuntimeDefault' };
  if (!annotation.startsWith('localhost/')) return undefined;
  const localhostProfile = annotation.slice('localhost/'.length);
  if (localhostProfile.trim() !== localhostProfile || localhostProfile === '') return undefined;
  return localhostProfile.length > pathBytesMax ? undefined : { type: 'Localhost', localhostProfile };
}
