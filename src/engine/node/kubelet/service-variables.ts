// The variables by which containers learn of services, e.g. BACK_END_SERVICE_HOST.
import type { Service } from '../../../api/generated/types.ts';

/** Those of the pod's namespace when it wants them, and always those of the API server's own service. */
export function serviceVariables(
  services: Iterable<Service>,
  namespace: string,
  links: boolean,
): readonly (readonly [string, string])[] {
  const found: (readonly [string, string])[] = [];
  for (const service of services) {
    const { clusterIP } = service.spec ?? {};
    if (!clusterIP || clusterIP === 'None') continue;
    const { name, namespace: home } = service.metadata ?? {};
    if (home === 'default' && name === 'kubernetes') found.push(...variablesOf(service));
    else if (links && home === namespace) found.push(...variablesOf(service));
  }
  return found;
}

const known = new WeakMap<Service, readonly (readonly [string, string])[]>();

function variablesOf(service: Service): readonly (readonly [string, string])[] {
  const found = known.get(service) ?? makeVariables(service);
  known.set(service, found);
  return found;
}

function makeVariables(service: Service): readonly (readonly [string, string])[] {
  const prefix = upper(service.metadata?.name ?? '');
  const ip = service.spec?.clusterIP ?? '';
  const ports = service.spec?.ports ?? [];
  const found: (readonly [string, string])[] = [
    [`${prefix}_SERVICE_HOST`, ip],
    [`${prefix}_SERVICE_PORT`, String(ports[0]?.port ?? '')],
  ];
  for (const { name, port } of ports) if (name) found.push([`${prefix}_SERVICE_PORT_${upper(name)}`, String(port)]);
  for (const [i, { protocol = 'TCP', port }] of ports.entries()) {
    const url = `${protocol.toLowerCase()}://${ip}:${port}`;
    const each = `${prefix}_PORT_${port}_${protocol}`;
    if (i === 0) found.push([`${prefix}_PORT`, url]);
    found.push(
      [each, url],
      [`${each}_PROTO`, protocol.toLowerCase()],
      [`${each}_PORT`, String(port)],
      [`${each}_ADDR`, ip],
    );
  }
  return found;
}

function upper(name: string): string {
  return name.replaceAll('-', '_').toUpperCase();
}
