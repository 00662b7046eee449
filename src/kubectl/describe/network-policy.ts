// Describes network policies.
import { at, numberAt, objectAt, objectsAt, textAt, textsAt } from '../../base/fields.ts';
import type { JsonObject } from '../../base/json.ts';
import { describer } from './describer.ts';
import type { DescriptionWriter } from './description-writer.ts';
import { goTime } from './go-time.ts';
import { formatLabelSelector, selectorText } from './label-selector.ts';
import { writeMetadataMaps } from './metadata.ts';

export const networkPolicyDescriber = describer({
  group: 'networking.k8s.io',
  kind: 'NetworkPolicy',
  resource: ['/apis/networking.k8s.io/v1', 'networkpolicies'],
  events: false,
  write: (w, policy) => {
    w.field(0, 'Name', textAt(policy, 'metadata.name'));
    w.field(0, 'Namespace', textAt(policy, 'metadata.namespace'));
    w.field(0, 'Created on', goTime(textAt(policy, 'metadata.creationTimestamp')));
    writeMetadataMaps(w, policy);
    w.line(0, 'Spec:');
    const selector = selectorText(at(policy, 'spec.podSelector'));
    const everything = '<none> (Allowing the specific traffic to all pods in this namespace)';
    w.line(1, `PodSelector:     ${selector === '' ? everything : selector}`);
    for (const direction of directions) writeDirection(w, policy, direction);
    const types = textsAt(policy, 'spec.policyTypes');
    w.line(1, `Policy Types: ${types.join(', ') || '<none>'}`);
  },
});

const directions = [
  { type: 'Ingress', word: 'ingress', peers: 'from', label: 'From', side: 'source' },
  { type: 'Egress', word: 'egress', peers: 'to', label: 'To', side: 'destination' },
] as const;

const indent = '    ';

function writeDirection(w: DescriptionWriter, policy: JsonObject, direction: (typeof directions)[number]): void {
  if (!textsAt(policy, 'spec.policyTypes').includes(direction.type)) {
    w.line(1, `Not affecting ${direction.word} traffic`);
    return;
  }
  w.line(1, `Allowing ${direction.word} traffic:`);
  const rules = objectsAt(policy, `spec.${direction.word}`);
  if (rules.length === 0) {
    w.line(0, `${indent}<none> (Selected pods are isolated for ${direction.word} connectivity)`);
  }
  for (const [i, rule] of rules.entries()) {
    if (i > 0) w.line(0, `${indent}----------`);
    const ports = objectsAt(rule, 'ports');
    if (ports.length === 0) w.line(0, `${indent}To Port: <any> (traffic allowed to all ports)`);
    for (const port of ports) w.line(0, `${indent}${portText(port)}`);
    const peers = objectsAt(rule, direction.peers);
    if (peers.length === 0) {
      w.line(0, `${indent}${direction.label}: <any> (traffic not restricted by ${direction.side})`);
    }
    for (const peer of peers) {
      w.line(0, `${indent}${direction.label}:`);
      writePeer(w, peer);
    }
  }
}

function portText(port: JsonObject): string {
  const protocol = textAt(port, 'protocol') || 'TCP';
  const start = at(port, 'port');
  const end = numberAt(port, 'endPort');
  const first = start === undefined ? '<nil>' : String(start);
  return end === undefined ? `To Port: ${first}/${protocol}` : `To Port Range: ${first}-${end}/${protocol}`;
}

function writePeer(w: DescriptionWriter, peer: JsonObject): void {
  const namespaces = objectAt(peer, 'namespaceSelector');
  const pods = objectAt(peer, 'podSelector');
  const block = objectAt(peer, 'ipBlock');
  if (namespaces) w.line(1, `${indent}NamespaceSelector: ${formatLabelSelector(namespaces)}`);
  if (pods) w.line(1, `${indent}PodSelector: ${formatLabelSelector(pods)}`);
  if (!block || namespaces || pods) return;
  w.line(1, `${indent}IPBlock:`);
  w.line(2, `${indent}CIDR: ${textAt(block, 'cidr')}`);
  w.line(2, `${indent}Except: ${textsAt(block, 'except').join(', ')}`);
}
