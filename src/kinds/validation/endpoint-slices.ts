// EndpointSlices and Endpoints: the addresses behind a Service.

import { alike } from '../../api/alike.ts';
import { duplicate, invalid, notSupported, required, tooMany } from '../../api/field-error.ts';
import type { Endpoint, EndpointAddress, EndpointSlice, Endpoints } from '../../api/generated/types.ts';
import { dns1123Label, dns1123Subdomain, portNumber, qualifiedName, validLabelValue } from '../../api/names.ts';
import { parseIp } from '../../base/ip-address.ts';
import { complain, type Errors, immutable, oneOf } from './checks.ts';
import { validateCanonicalIp, validateIp } from './ip-address.ts';

const addressTypes = ['FQDN', 'IPv4', 'IPv6'];
const protocols = ['SCTP', 'TCP', 'UDP'];
const most = { ports: 20_000, endpoints: 1000, addresses: 100, hints: 8 };

/** Adds what is wrong with a slice. Endpoints that have not changed are let be. */
export function validateEndpointSlice(slice: EndpointSlice, errors: Errors, old?: EndpointSlice): void {
  const { addressType, ports = [], endpoints = [] } = slice;
  oneOf(errors, 'addressType', addressType, addressTypes);
  if (ports.length > most.ports) errors.push(tooMany('ports', ports.length, most.ports));
  else validatePorts(errors, ports);
  if (!old || !alike(old.endpoints, endpoints)) validateEndpointList(errors, slice, endpoints ?? []);
  if (old) immutable(errors, 'addressType', addressType, old.addressType);
}

/** Adds what is wrong with endpoints. Subsets that have not changed are let be. */
export function validateEndpoints({ subsets = [] }: Endpoints, errors: Errors, old?: Endpoints): void {
  if (old && alike(old.subsets, subsets)) return;
  for (const [i, { addresses = [], notReadyAddresses = [], ports = [] }] of subsets.entries()) {
    const at = `subsets[${i}]`;
    if (addresses.length + notReadyAddresses.length === 0)
      errors.push(required(at, 'must specify `addresses` or `notReadyAddresses`'));
    for (const [j, address] of addresses.entries()) validateAddress(errors, `${at}.addresses[${j}]`, address);
    for (const [j, address] of notReadyAddresses.entries())
      validateAddress(errors, `${at}.notReadyAddresses[${j}]`, address);
    for (const [j, { name = '', port, protocol, appProtocol }] of ports.entries()) {
      const place = `${at}.ports[${j}]`;
      if (name !== '') complain(errors, `${place}.name`, name, dns1123Label(name));
      else if (ports.length > 1) errors.push(required(`${place}.name`));
      complain(errors, `${place}.port`, port ?? 0, portNumber(port ?? 0));
      oneOf(errors, `${place}.protocol`, protocol, protocols);
      if (appProtocol !== undefined) complain(errors, `${place}.appProtocol`, appProtocol, qualifiedName(appProtocol));
    }
  }
}

/** An address of an endpoint is some machine's: not this very one, and not many. */
export function validateEndpointIp(errors: Errors, field: string, text = ''): void {
  const bytes = parseIp(text, { loose: true })?.bytes;
  if (!bytes) return void errors.push(invalid(field, text, 'must be a valid IP address'));
  const [a = 0, b = 0, c = 0] = bytes;
  const four = bytes.length === 4;
  const refuse = (why: string): void => void errors.push(invalid(field, text, why));
  const lead = bytes.slice(0, -1).every((byte) => byte === 0);
  if (bytes.every((byte) => byte === 0)) refuse(`may not be unspecified (${text})`);
  if (four ? a === 127 : lead && bytes.at(-1) === 1) refuse('may not be in the loopback range (127.0.0.0/8, ::1/128)');
  if (four ? a === 169 && b === 254 : a === 0xfe && (b & 0xc0) === 0x80)
    refuse('may not be in the link-local range (169.254.0.0/16, fe80::/10)');
  if (four ? a === 224 && b === 0 && c === 0 : a === 0xff && (b & 0x0f) === 2)
    refuse('may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)');
}

function validateAddress(errors: Errors, field: string, { ip, hostname = '', nodeName }: EndpointAddress): void {
  validateIp(errors, `${field}.ip`, ip);
  if (hostname !== '') complain(errors, `${field}.hostname`, hostname, dns1123Label(hostname));
  if (nodeName !== undefined) complain(errors, `${field}.nodeName`, nodeName, dns1123Subdomain(nodeName));
  validateEndpointIp(errors, `${field}.ip`, ip);
}

function validatePorts(errors: Errors, ports: NonNullable<EndpointSlice['ports']>): void {
  const names = new Set<string>();
  for (const [i, { name = '', protocol, appProtocol }] of ports.entries()) {
    const at = `ports[${i}]`;
    if (name !== '') complain(errors, `${at}.name`, name, dns1123Label(name));
    if (names.has(name)) errors.push(duplicate(`${at}.name`, name));
    names.add(name);
    if (protocol === undefined) errors.push(required(`${at}.protocol`));
    else if (!protocols.includes(protocol)) errors.push(notSupported(`${at}.protocol`, protocol, protocols));
    if (appProtocol !== undefined) complain(errors, `${at}.appProtocol`, appProtocol, qualifiedName(appProtocol));
  }
}

function validateEndpointList(errors: Errors, { addressType }: EndpointSlice, endpoints: readonly Endpoint[]): void {
  if (endpoints.length > most.endpoints)
    return void errors.push(tooMany('endpoints', endpoints.length, most.endpoints));
  for (const [i, { addresses = [], nodeName, hostname, hints }] of endpoints.entries()) {
    const at = `endpoints[${i}]`;
    if (addresses.length === 0) errors.push(required(`${at}.addresses`, 'must contain at least 1 address'));
    else if (addresses.length > most.addresses)
      errors.push(tooMany(`${at}.addresses`, addresses.length, most.addresses));
    for (const [j, address] of addresses.entries())
      validateTyped(errors, `${at}.addresses`, { i: j, address, addressType });
    if (nodeName !== undefined) complain(errors, `${at}.nodeName`, nodeName, dns1123Subdomain(nodeName));
    if (hostname !== undefined) complain(errors, `${at}.hostname`, hostname, dns1123Label(hostname));
    if (hints) validateHints(errors, `${at}.hints`, hints);
  }
}

function validateTyped(
  errors: Errors,
  field: string,
  { i, address, addressType }: { readonly i: number; readonly address: string; readonly addressType: string },
): void {
  const at = `${field}[${i}]`;
  const before = errors.length;
  if (addressType === 'FQDN') validateDomainName(errors, at, address);
  else if (addressType === 'IPv4') validateIp(errors, at, address);
  else if (addressType === 'IPv6') validateCanonicalIp(errors, at, address);
  if (errors.length > before || !addressType.startsWith('IPv')) return;
  const six = address.includes(':');
  if (six !== (addressType === 'IPv6')) errors.push(invalid(field, address, `must be an ${addressType} address`));
  validateEndpointIp(errors, at, address);
}

function validateDomainName(errors: Errors, field: string, name: string): void {
  if (name === '') return void errors.push(required(field));
  const plain = name.replace(/\.$/, '');
  const complaints = dns1123Subdomain(plain);
  const labels = plain.split('.');
  const wrong = labels.find((label) => dns1123Label(label).length > 0);
  if (complaints.length > 0) errors.push(invalid(field, plain, complaints.join(',')));
  else if (labels.length < 2)
    errors.push(invalid(field, plain, 'should be a domain with at least two segments separated by dots'));
  else if (wrong !== undefined) errors.push(invalid(field, wrong, dns1123Label(wrong).join(',')));
}

function validateHints(
  errors: Errors,
  field: string,
  { forZones = [], forNodes = [] }: NonNullable<Endpoint['hints']>,
) {
  const check = (list: string, names: readonly string[], valid: (name: string) => readonly string[]): boolean => {
    if (names.length > most.hints) errors.push(tooMany(`${field}.${list}`, names.length, most.hints));
    else
      for (const [i, name] of names.entries()) {
        const at = `${field}.${list}[${i}].name`;
        if (names.indexOf(name) < i) errors.push(duplicate(at, name));
        complain(errors, at, name, valid(name));
      }
    return names.length <= most.hints;
  };
  const zones = forZones.map(({ name }) => name);
  if (check('forZones', zones, validLabelValue))
    check(
      'forNodes',
      forNodes.map(({ name }) => name),
      dns1123Subdomain,
    );
}
