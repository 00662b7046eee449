// Fields of pods whose feature gates are off in v1.36: the server takes them and drops them.
import type { Container, PodSpec, ProjectedVolumeSource, Volume, VolumeProjection } from '../api/generated/types.ts';
import { assign, change, changeAll } from './share.ts';

/**
 * The spec without them: schedulingGroup (GenericWorkload), stopSignal (ContainerStopSignals), and the projections
 * of trust bundles and pod certificates (ClusterTrustBundleProjection, PodCertificateRequest), which leave an empty
 * source behind.
 */
export function withoutDisabled(given: PodSpec): PodSpec {
  let spec = given.schedulingGroup === undefined ? given : assign(given, { schedulingGroup: undefined });
  spec = change(spec, 'containers', (list) => changeAll(list, withoutStopSignal));
  spec = change(spec, 'initContainers', (list) => changeAll(list, withoutStopSignal));
  spec = change(spec, 'ephemeralContainers', (list) => changeAll(list, withoutStopSignal));
  return change(spec, 'volumes', (list) => changeAll(list, withoutProjections));
}

function withoutStopSignal<C extends Omit<Container, 'name'>>(container: C): C {
  const { lifecycle } = container;
  if (lifecycle?.stopSignal === undefined) return container;
  const { stopSignal: _, ...hooks } = lifecycle;
  const changes: Omit<Container, 'name'> = { lifecycle: Object.keys(hooks).length > 0 ? hooks : undefined };
  return assign(container, changes as Partial<C>); // edge: a container's own field
}

function withoutProjections(volume: Volume): Volume {
  return change(volume, 'projected', (projected: ProjectedVolumeSource) =>
    change(projected, 'sources', (sources) => changeAll(sources, withoutDisabledSource)),
  );
}

function withoutDisabledSource(source: VolumeProjection): VolumeProjection {
  if (!source.clusterTrustBundle && !source.podCertificate) return source;
  return assign(source, { clusterTrustBundle: undefined, podCertificate: undefined });
}
