// Port arguments: `8080`, `8080:80`, `:80`, `8080:http`, to numbers of this machine and of the pod.
import { numberAt, objectsAt, textAt } from '../../../base/fields.ts';
import type { JsonObject } from '../../../base/json.ts';
import { CommandError } from '../../errors.ts';

export interface ForwardedPort {
  /** 0: any free one. */
  readonly local: number;
  readonly remote: number;
}

/** Names to numbers, and a service's ports to those of the pod behind it. */
export function resolvePorts(written: readonly string[], object: JsonObject, pod: JsonObject): readonly string[] {
  const isService = textAt(object, 'kind') === 'Service';
  refuseUdp(written, isService ? object : pod, isService);
  return written.map((text) => {
    const { local, remote } = split(text);
    if (!isService) {
      if (remote === '') throw new CommandError('remote port cannot be empty');
      return join(local === remote, local, String(isNumber(remote) ? remote : podPort(pod, remote)));
    }
    const servicePort = isNumber(remote) ? Number(remote) : portNamed(object, remote);
    const sameName = local === remote ? String(servicePort) : local;
    const target = String(targetPort(object, pod, servicePort));
    return join(sameName === target, sameName, target);
  });
}

function join(same: boolean, local: string, remote: string): string {
  return same ? remote : `${local}:${remote}`;
}

function split(text: string): { readonly local: string; readonly remote: string } {
  const [local = '', remote, ...more] = text.split(':');
  return remote !== undefined && more.length === 0 ? { local, remote } : { local: text, remote: text };
}

function isNumber(text: string): boolean {
  return /^[+-]?\d+$/.test(text);
}

function podPort(pod: JsonObject, name: string): number {
  for (const container of objectsAt(pod, 'spec.containers')) {
    const port = objectsAt(container, 'ports').find((one) => textAt(one, 'name') === name);
    if (port) return numberAt(port, 'containerPort') ?? 0;
  }
  throw new CommandError(`Pod '${textAt(pod, 'metadata.name')}' does not have a named port '${name}'`);
}

function portNamed(service: JsonObject, name: string): number {
  const port = objectsAt(service, 'spec.ports').find((one) => textAt(one, 'name') === name);
  if (port) return numberAt(port, 'port') ?? 0;
  throw new CommandError(`Service '${textAt(service, 'metadata.name')}' does not have a named port '${name}'`);
}

function targetPort(service: JsonObject, pod: JsonObject, number: number): number {
  const port = objectsAt(service, 'spec.ports').find((one) => numberAt(one, 'port') === number);
  if (!port) {
    throw new CommandError(`Service ${textAt(service, 'metadata.name')} does not have a service port ${number}`);
  }
  if (textAt(service, 'spec.clusterIP') === 'None') return number;
  const name = textAt(port, 'targetPort');
  return name !== '' && !isNumber(name) ? podPort(pod, name) : (numberAt(port, 'targetPort') ?? number);
}

/** Ports that only speak UDP cannot be forwarded. */
function refuseUdp(written: readonly string[], object: JsonObject, isService: boolean): void {
  const ports = isService
    ? objectsAt(object, 'spec.ports')
    : objectsAt(object, 'spec.containers').flatMap((container) => objectsAt(container, 'ports'));
  const numbers = (protocol: string) =>
    ports
      .filter((port) => (textAt(port, 'protocol') || 'TCP') === protocol)
      .map((port) => numberAt(port, isService ? 'port' : 'containerPort') ?? 0);
  const tcp = new Set(numbers('TCP'));
  const udpOnly = new Set(numbers('UDP').filter((port) => !tcp.has(port)));
  for (const text of written) {
    const { remote } = split(text);
    const number = isNumber(remote)
      ? Number(remote)
      : isService
        ? portNamed(object, remote)
        : remote === ''
          ? 0
          : podPort(object, remote);
    if (udpOnly.has(number)) throw new CommandError(`UDP protocol is not supported for ${remote}`);
  }
}

/** Throws for what is no port. */
export function parsePorts(written: readonly string[]): readonly ForwardedPort[] {
  return written.map((text) => {
    const parts = text.split(':');
    if (parts.length > 2) throw new CommandError(`invalid port format '${text}'`);
    const [first = '', second = first] = parts;
    const local = number(parts.length === 2 && first === '' ? '0' : first, 'local');
    const remote = number(second, 'remote');
    if (remote === 0) throw new CommandError('remote port must be > 0');
    return { local, remote };
  });
}

function number(text: string, side: 'local' | 'remote'): number {
  const parsing = `error parsing ${side} port '${text}': strconv.ParseUint: parsing ${JSON.stringify(text)}`;
  if (!/^\d+$/.test(text)) throw new CommandError(`${parsing}: invalid syntax`);
  if (Number(text) > 65535) throw new CommandError(`${parsing}: value out of range`);
  return Number(text);
}

/** `localhost` is both loopback addresses. In order, each once. */
export function addressesOf(given: readonly string[]): readonly string[] {
  const addresses = given.flatMap((address) => {
    if (address === 'localhost') return ['127.0.0.1', '::1'];
    if (!/^\d+(\.\d+){3}$/.test(address) && !/^[0-9a-f:]*:[0-9a-f:.]*$/i.test(address)) {
      throw new CommandError(`${address} is not a valid IP`);
    }
    return [address];
  });
  return [...new Set(addresses)].sort();
}
