// Annotations that named seccomp and AppArmor profiles before there were fields: their form, and that they say what
// the fields say.
import { type FieldError, forbidden, invalid } from '../../api/field-error.ts';
import type { Container, ObjectMeta, PodSpec } from '../../api/generated/types.ts';
import { quote } from '../../base/go/quote.ts';
import { appArmorAnnotation } from '../app-armor.ts';
import { sortedEntries } from './checks.ts';
import { descending } from './paths.ts';

/** A pod or a template. `field` is where its metadata's annotations, or its spec, are. */
interface Annotated {
  readonly metadata: ObjectMeta | undefined;
  readonly spec: PodSpec;
}

const seccompOfPod = 'seccomp.security.alpha.kubernetes.io/pod';
const seccompOf = 'container.seccomp.security.alpha.kubernetes.io/';

/** Adds what is wrong with the annotations themselves. */
export function validateProfileAnnotations(errors: FieldError[], field: string, { metadata, spec }: Annotated): void {
  const annotations = metadata?.annotations;
  if (!annotations) return;
  const ofPod = annotations[seccompOfPod];
  if (ofPod !== undefined) validateSeccomp(errors, `${field}.${seccompOfPod}`, ofPod);
  for (const [key, profile] of sortedEntries(annotations))
    if (key.startsWith(seccompOf)) validateSeccomp(errors, `${field}.${key}`, profile);
  for (const [key, profile] of sortedEntries(annotations)) {
    if (!key.startsWith(appArmorAnnotation)) continue;
    const name = key.slice(appArmorAnnotation.length);
    if (!containersOf(spec).some(({ container }) => container.name === name))
      errors.push(invalid(`${field}[${key}]`, name, 'container not found'));
    if (profile !== '' && !/^(runtime\/default$|unconfined$|localhost\/)/.test(profile))
      errors.push(invalid(`${field}[${key}]`, profile, `invalid AppArmor profile name: ${quote(profile)}`));
  }
}

/** Adds where annotations and fields disagree. */
export function validateProfilesMatch(errors: FieldError[], field: string, { metadata, spec }: Annotated): void {
  const annotations = metadata?.annotations;
  if (!annotations) return;
  const compare = (at: string, what: 'seccomp' | 'apparmor', pair: Pair): void => {
    const problem = mismatch(pair);
    if (problem === undefined) return;
    const of = problem === 'type' ? 'type' : 'profile';
    errors.push(forbidden(`${at}.${problem}`, `${what} ${of} in annotation and field must match`));
  };
  const defaults = ['runtime/default', 'docker/default'];
  const { securityContext, os } = spec;
  const pair = { annotation: annotations[seccompOfPod], profile: securityContext?.seccompProfile, defaults };
  compare(`${field}.securityContext.seccompProfile`, 'seccomp', pair);
  for (const { container, at } of containersOf(spec)) {
    const annotation = annotations[seccompOf + container.name];
    const profile = container.securityContext?.seccompProfile;
    compare(`${field}.${at}.securityContext.seccompProfile`, 'seccomp', { annotation, profile, defaults });
  }
  if (os?.name === 'windows') return;
  for (const { container, at } of containersOf(spec)) {
    const annotation = annotations[appArmorAnnotation + container.name];
    const profile = container.securityContext?.appArmorProfile ?? securityContext?.appArmorProfile;
    const place = `${field}.${at}.securityContext.appArmorProfile`;
    compare(place, 'apparmor', { annotation, profile, defaults: ['runtime/default'] });
  }
}

interface Pair {
  readonly annotation: string | undefined;
  readonly profile: { readonly type: string; readonly localhostProfile?: string | undefined } | undefined;
  /** What annotations call the runtime's own profile. */
  readonly defaults: readonly string[];
}

function mismatch({ annotation, profile, defaults }: Pair): 'type' | 'localhostProfile' | undefined {
  if (annotation === undefined || !profile) return undefined;
  const { type, localhostProfile } = profile;
  if (type === 'Unconfined') return annotation === 'unconfined' ? undefined : 'type';
  if (type === 'RuntimeDefault') return defaults.includes(annotation) ? undefined : 'type';
  if (type !== 'Localhost') return undefined;
  if (!annotation.startsWith('localhost/')) return 'type';
  return annotation.slice('localhost/'.length) === localhostProfile ? undefined : 'localhostProfile';
}

function validateSeccomp(errors: FieldError[], field: string, profile: string): void {
  if (profile === 'runtime/default' || profile === 'docker/default' || profile === 'unconfined') return;
  if (profile.startsWith('localhost/')) descending(errors, field, profile.slice('localhost/'.length));
  else errors.push(invalid(field, profile, 'must be a valid seccomp profile'));
}

interface Placed {
  readonly container: Pick<Container, 'name' | 'securityContext'>;
  readonly at: string;
}

function containersOf(spec: PodSpec): readonly Placed[] {
  return (['initContainers', 'containers', 'ephemeralContainers'] as const).flatMap((list) =>
    (spec[list] ?? []).map((container, i) => ({ container, at: `${list}[${i}]` })),
  );
}
