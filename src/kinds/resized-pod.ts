// A pod as a resize asks for it: cpu and memory of its containers may change, nothing else.
import type { Container, Pod, PodSpec } from '../api/generated/types.ts';

const noSpec: PodSpec = { containers: [] };

/** The old pod with the wanted one's resources; the wanted one as it is when its containers are others. */
export function resizedPod(wanted: Pod, old: Pod): Pod {
  const before = old.spec ?? noSpec;
  const containers = withResources(wanted.spec?.containers ?? [], before.containers);
  const initContainers = withResources(wanted.spec?.initContainers ?? [], before.initContainers ?? []);
  if (!containers || !initContainers) return wanted;
  const { resources } = wanted.spec ?? noSpec;
  const spec = {
    ...before,
    containers,
    ...(before.initContainers && { initContainers }),
    ...(resources && { resources }),
  };
  return { ...old, spec };
}

function withResources(wanted: readonly Container[], old: readonly Container[]): readonly Container[] | undefined {
  if (wanted.length !== old.length) return undefined;
  const made: Container[] = [];
  for (const [i, before] of old.entries()) {
    const container = wanted[i];
    if (container?.name !== before.name) return undefined;
    const { resources, resizePolicy } = container;
    made.push({ ...before, ...(resources && { resources }), ...(resizePolicy && { resizePolicy }) });
  }
  return made;
}
