// Which pods stand behind a backend: the ready endpoints of its service's slices.
import type { EndpointSlice, Service } from '../../../../api/generated/types.ts';
import type { Lister } from '../../../client/store.ts';
import type { Backend } from './configuration.ts';

export interface Endpoint {
  readonly ip: string;
  readonly port: number;
}

export function indexSlices(slices: {
  addIndex(name: string, of: (slice: EndpointSlice) => readonly string[]): void;
}): void {
  slices.addIndex('service', ({ metadata }) => [
    `${metadata?.namespace ?? ''}/${metadata?.labels?.['kubernetes.io/service-name'] ?? ''}`,
  ]);
}

export function readyEndpoints(
  { namespace, service: name, port: wanted }: Backend,
  services: Lister<Service>,
  slices: Lister<EndpointSlice>,
): readonly Endpoint[] {
  const key = `${namespace}/${name}`;
  const { spec } = services.get(key) ?? {};
  if (spec?.type === 'ExternalName') {
    const port = typeof wanted === 'number' ? wanted : 80;
    return spec.externalName === undefined ? [] : [{ ip: spec.externalName, port }];
  }
  const port = spec?.ports?.find((each) => each.name === wanted || each.port === wanted);
  if (!port) return [];
  const found = new Map<string, Endpoint>();
  for (const slice of slices.by('service', key)) {
    const target = slice.ports?.find((each) => (each.name ?? '') === (port.name ?? ''))?.port;
    if (target === undefined) continue;
    for (const { addresses, conditions } of slice.endpoints ?? [])
      if (conditions?.ready !== false) for (const ip of addresses) found.set(`${ip}:${target}`, { ip, port: target });
  }
  return [...found.values()];
}
