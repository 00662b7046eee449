// A container's environment: what its image sets, services, envFrom, env with its sources, in upstream's precedence.
import type { Container, EnvVar, Pod, Service } from '../../../api/generated/types.ts';
import { decodeUtf8 } from '../../../base/bytes.ts';
import type { Work } from '../../sim/work.ts';
import type { PulledImage } from '../registry/registries.ts';
import { defaultPath } from '../runtime/executable.ts';
import { expandVariables } from './expand-variables.ts';
import { type DownwardFacts, FieldPathError, fieldPathValue, resourceFieldValue } from './field-path.ts';
import { MissingSource, type ObjectSource } from './object-source.ts';
import { serviceVariables } from './service-variables.ts';

export interface EnvironmentParts {
  readonly pod: Pod;
  readonly spec: Container;
  readonly image: PulledImage;
  readonly hostname: string;
  readonly services: Iterable<Service>;
  readonly facts: DownwardFacts;
  readonly sources: ObjectSource;
}

/** Throws {@link MissingSource} with the message of CreateContainerConfigError. */
export function* containerEnvironment(parts: EnvironmentParts): Work<ReadonlyMap<string, string>> {
  const env = new Map([
    ['PATH', defaultPath],
    ['HOSTNAME', parts.hostname],
    ...Object.entries(parts.image.image.env ?? {}),
  ]);
  for (const [name, value] of yield* podVariables(parts)) env.set(name, value);
  if (!env.has('HOME')) env.set('HOME', (parts.spec.securityContext?.runAsUser ?? 0) === 0 ? '/root' : '/');
  return env;
}

function* podVariables(parts: EnvironmentParts): Work<ReadonlyMap<string, string>> {
  const { pod, spec, sources } = parts;
  const namespace = pod.metadata?.namespace ?? '';
  const background = new Map(serviceVariables(parts.services, namespace, pod.spec?.enableServiceLinks ?? true));
  for (const { prefix = '', configMapRef, secretRef } of spec.envFrom ?? []) {
    const ref = configMapRef ?? secretRef;
    if (!ref) continue;
    const wanted = { name: ref.name ?? '', optional: ref.optional ?? false };
    const keys = yield* sources.get(configMapRef ? 'ConfigMap' : 'Secret', namespace, wanted);
    for (const [key, bytes] of keys ?? []) background.set(prefix + key, decodeUtf8(bytes));
  }
  const result = new Map<string, string>();
  if (!spec.env?.length) return background;
  const known = (): ReadonlyMap<string, string> => new Map([...background, ...result]);
  for (const variable of spec.env) {
    const value = variable.valueFrom
      ? yield* valueFrom(variable, parts)
      : expandVariables(variable.value ?? '', known());
    if (value !== undefined) result.set(variable.name, value);
  }
  for (const [name, value] of background) if (!result.has(name)) result.set(name, value);
  return result;
}

/** Undefined: optional and not there. */
function* valueFrom({ valueFrom: from }: EnvVar, parts: EnvironmentParts): Work<string | undefined> {
  const { pod, spec, facts, sources } = parts;
  if (from?.fieldRef) return fieldValue(pod, from.fieldRef.fieldPath, facts);
  if (from?.resourceFieldRef)
    return resourceFieldValue(
      containerOf(pod, spec, from.resourceFieldRef.containerName),
      from.resourceFieldRef,
      facts,
    );
  const ref = from?.configMapKeyRef ?? from?.secretKeyRef;
  if (!ref) return undefined;
  const kind = from?.configMapKeyRef ? 'ConfigMap' : 'Secret';
  const namespace = pod.metadata?.namespace ?? '';
  const name = ref.name ?? '';
  const keys = yield* sources.get(kind, namespace, { name, optional: ref.optional ?? false });
  const bytes = keys?.get(ref.key);
  if (bytes) return decodeUtf8(bytes);
  if (!ref.optional) throw new MissingSource(`couldn't find key ${ref.key} in ${kind} ${namespace}/${name}`);
  return undefined;
}

function fieldValue(pod: Pod, path: string, facts: DownwardFacts): string {
  try {
    return fieldPathValue(pod, path, facts);
  } catch (error) {
    if (error instanceof FieldPathError) throw new MissingSource(error.message);
    throw error;
  }
}

/** The container whose resources a reference means: its own unless it names another. */
export function containerOf(pod: Pod, own: Container | undefined, name: string | undefined): Container {
  const all = [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])];
  const found = name === undefined || name === '' ? own : all.find((container) => container.name === name);
  if (!found) throw new MissingSource(`container ${name} not found`);
  return found;
}
