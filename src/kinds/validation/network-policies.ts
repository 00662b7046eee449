// NetworkPolicies.
import { type FieldError, forbidden, invalid, notSupported, required } from '../../api/field-error.ts';
import type { IPBlock, NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '../../api/generated/types.ts';
import { portNumber } from '../../api/names.ts';
import { parseIpRange, rangeHas } from '../../base/ip-address.ts';
import { complain, portNumberOrName, require } from './checks.ts';
import { validateCidr } from './ip-address.ts';
import { validateSelector } from './labels.ts';

/** Adds what is wrong with network policy. Ranges that the old one had are let be. */
export function validateNetworkPolicy({ spec }: NetworkPolicy, errors: FieldError[], old?: NetworkPolicy): void {
  if (!spec) return;
  const known = rangesOf(old);
  validateSelector(errors, 'spec.podSelector', spec.podSelector);
  for (const [i, { ports = [], from = [] }] of (spec.ingress ?? []).entries())
    validateTraffic(errors, `spec.ingress[${i}]`, { ports, peers: from, name: 'from', known });
  for (const [i, { ports = [], to = [] }] of (spec.egress ?? []).entries())
    validateTraffic(errors, `spec.egress[${i}]`, { ports, peers: to, name: 'to', known });
  const types = spec.policyTypes ?? [];
  if (types.length > 2)
    return void errors.push(invalid('spec.policyTypes', types, 'may not specify more than two policyTypes'));
  for (const [i, type] of types.entries())
    if (type !== 'Ingress' && type !== 'Egress')
      errors.push(notSupported(`spec.policyTypes[${i}]`, type, ['Ingress', 'Egress']));
}

function rangesOf(policy: NetworkPolicy | undefined): ReadonlySet<string> {
  const { ingress = [], egress = [] } = policy?.spec ?? {};
  const peers = [...ingress.flatMap(({ from = [] }) => from), ...egress.flatMap(({ to = [] }) => to)];
  return new Set(peers.flatMap(({ ipBlock }) => [ipBlock?.cidr ?? '', ...(ipBlock?.except ?? [])]));
}

function validateTraffic(
  errors: FieldError[],
  field: string,
  given: {
    readonly ports: readonly NetworkPolicyPort[];
    readonly peers: readonly NetworkPolicyPeer[];
    readonly name: string;
    readonly known: ReadonlySet<string>;
  },
): void {
  for (const [i, port] of given.ports.entries()) validatePolicyPort(errors, `${field}.ports[${i}]`, port);
  for (const [i, peer] of given.peers.entries())
    validatePeer(errors, `${field}.${given.name}[${i}]`, { ...peer, known: given.known });
}

function validatePolicyPort(errors: FieldError[], field: string, { port, endPort, protocol }: NetworkPolicyPort): void {
  const protocols = ['TCP', 'UDP', 'SCTP'];
  if (protocol !== undefined && !protocols.includes(protocol))
    errors.push(notSupported(`${field}.protocol`, protocol, protocols));
  const place = `${field}.endPort`;
  if (typeof port === 'number') {
    portNumberOrName(errors, `${field}.port`, port);
    if (endPort === undefined) return;
    if (endPort < port) errors.push(invalid(place, port, 'must be greater than or equal to `port`'));
    complain(errors, place, endPort, portNumber(endPort));
  } else {
    const what = port === undefined ? 'not specified' : 'non-numeric';
    if (endPort !== undefined) errors.push(invalid(place, endPort, `may not be specified when \`port\` is ${what}`));
    if (port !== undefined) portNumberOrName(errors, `${field}.port`, port);
  }
}

function validatePeer(
  errors: FieldError[],
  field: string,
  given: NetworkPolicyPeer & { readonly known: ReadonlySet<string> },
): void {
  const { podSelector, namespaceSelector, ipBlock, known } = given;
  validateSelector(errors, `${field}.podSelector`, podSelector);
  validateSelector(errors, `${field}.namespaceSelector`, namespaceSelector);
  if (ipBlock) validateBlock(errors, `${field}.ipBlock`, { ...ipBlock, known });
  if (!podSelector && !namespaceSelector && !ipBlock) errors.push(required(field, 'must specify a peer'));
  else if (ipBlock && (podSelector || namespaceSelector))
    errors.push(forbidden(field, 'may not specify both ipBlock and another peer'));
}

function validateBlock(
  errors: FieldError[],
  field: string,
  { cidr, except = [], known }: IPBlock & { readonly known: ReadonlySet<string> },
): void {
  if (!require(errors, `${field}.cidr`, cidr)) return;
  if (!known.has(cidr)) validateCidr(errors, `${field}.cidr`, cidr);
  const outer = parseIpRange(cidr, { loose: true });
  if (!outer) return;
  for (const [i, range] of except.entries()) {
    const place = `${field}.except[${i}]`;
    if (!known.has(range)) validateCidr(errors, place, range);
    const inner = parseIpRange(range, { loose: true });
    if (inner && (inner.length <= outer.length || !rangeHas(outer, inner.address)))
      errors.push(invalid(place, range, 'must be a strict subset of `cidr`'));
  }
}
