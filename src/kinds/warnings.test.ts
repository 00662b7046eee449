// What the server warns of, kind by kind.
import { expect, test } from 'vitest';
import { warningsOf } from './testing/refusal.ts';

const made = (apiVersion: string, kind: string, rest: string) =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: x}\n${rest}`;
const port = 'ports: [{port: 80}]';

test.each([
  [made('v1', 'Service', `spec: {${port}}`), []],
  [
    made('v1', 'Service', `spec: {${port}, externalIPs: [1.2.3.4], externalName: a.b}`),
    [
      'spec.externalIPs is deprecated and may no longer be implemented in some clusters',
      'spec.externalName is ignored when spec.type is not "ExternalName"',
    ],
  ],
  [
    made('v1', 'Service', `spec: {${port}, clusterIP: None, sessionAffinity: ClientIP, loadBalancerIP: 1.2.3.4}`),
    ['spec.loadBalancerIP is ignored for headless services', 'spec.SessionAffinity is ignored for headless services'],
  ],
  [
    made('v1', 'Service', `spec: {${port}, trafficDistribution: PreferClose}`),
    ['spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"'],
  ],
  [
    made('v1', 'PersistentVolume', 'spec: {persistentVolumeReclaimPolicy: Recycle}'),
    [
      'spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.',
    ],
  ],
  [
    made('v1', 'PersistentVolumeClaim', 'spec: {resources: {requests: {storage: 100m}}}'),
    ['spec.resources.requests[storage]: fractional byte value "100m" is invalid, must be an integer'],
  ],
  [
    made('v1', 'ResourceQuota', 'spec: {hard: {requests.cpu: 2, limits.cpu: 1, memory: 2Gi, limits.memory: 1Gi}}'),
    [
      'ResourceQuota requests.cpu (2) should be less than limits.cpu (1)',
      'ResourceQuota memory (2Gi) should be less than limits.memory (1Gi)',
    ],
  ],
  [
    made('v1', 'Secret', 'type: kubernetes.io/tls\nstringData: {tls.crt: a, tls.key: b}'),
    ['tls: failed to find any PEM data in certificate input'],
  ],
  [
    made('apps/v1', 'StatefulSet', 'spec: {revisionHistoryLimit: -1}').replace('name: x', 'name: a.b'),
    ['spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended'],
  ],
  [
    made('v1', 'Pod', 'spec: {containers: []}').replace('name: x', 'name: a.b'),
    [
      "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]",
    ],
  ],
  [
    made('v1', 'Pod', 'spec: {topologySpreadConstraints: [{topologyKey: beta.kubernetes.io/os}]}'),
    [
      'spec.topologySpreadConstraints[0].topologyKey: beta.kubernetes.io/os is deprecated since v1.14; use "kubernetes.io/os" instead',
      'spec.topologySpreadConstraints[0].labelSelector: a null labelSelector results in matching no pod',
    ],
  ],
  [
    made(
      'v1',
      'Pod',
      'spec: {volumes: [{name: v, configMap: {name: m, items: [{key: a, path: p}, {key: b, path: p/q}]}}], dnsConfig: {nameservers: ["2001:DB8::1"]}}',
    ),
    [
      'volume "v" (ConfigMap "m"): overlapping paths: "p/q" with "p"',
      'spec.dnsConfig.nameservers[0]: IPv6 address "2001:DB8::1" should be in RFC 5952 canonical format ("2001:db8::1")',
    ],
  ],
  [
    made(
      'apps/v1',
      'Deployment',
      'spec: {template: {spec: {containers: [{name: c, ports: [{containerPort: 1, hostIP: 1.2.3.4}]}]}}}',
    ),
    [
      'spec.template.spec.containers[0].ports[0]: hostIP set without hostPort: {Name: HostPort:0 ContainerPort:1 Protocol:TCP HostIP:1.2.3.4}',
    ],
  ],
  [
    'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: i, annotations: {kubernetes.io/ingress.class: nginx}}\nspec: {}',
    ['annotation "kubernetes.io/ingress.class" is deprecated, please use \'spec.ingressClassName\' instead'],
  ],
])('%s', (yaml, warnings) => {
  expect(warningsOf(yaml)).toEqual(warnings);
});
