// Label keys become selectors, old annotations fields, and fields that are off nothing, when a pod is made.
import { expect, test } from 'vitest';
import { refusalOf, storedObject } from './testing/refusal.ts';

const pod = (spec: string, annotations = '{}') =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: p, labels: {color: blue}, annotations: ${annotations}}\nspec: {containers: [{name: c, image: a}], ${spec}}`;
const spread = (selector: string) =>
  `topologySpreadConstraints: [{maxSkew: 1, topologyKey: t, whenUnsatisfiable: DoNotSchedule, matchLabelKeys: [color, none], labelSelector: ${selector}}]`;
const term = 'topologyKey: t, labelSelector: {}, matchLabelKeys: [color]';

test('a pod spreads among those that have its own values', () => {
  expect(storedObject(pod(spread('{matchLabels: {app: a}}'))).spec).toMatchObject({
    topologySpreadConstraints: [
      { labelSelector: { matchExpressions: [{ key: 'color', operator: 'In', values: ['blue'] }] } },
    ],
  });
});

test('keys that are to differ are excluded', () => {
  const affinity = `affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: t, labelSelector: {}, mismatchLabelKeys: [color]}]}}`;
  expect(storedObject(pod(affinity)).spec).toMatchObject({
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { labelSelector: { matchExpressions: [{ key: 'color', operator: 'NotIn', values: ['blue'] }] } },
        ],
      },
    },
  });
});

test.each([
  [
    spread('{matchLabels: {color: red}}'),
    'spec.topologySpreadConstraints[0][0]: Invalid value: "color": exists in both matchLabelKeys and labelSelector',
  ],
  [
    `affinity: {podAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, podAffinityTerm: {${term.replace('{}', '{matchLabels: {color: red}}')}}}]}}`,
    'spec.affinity.podAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm[0]: Invalid value: "color": exists in both matchLabelKeys and labelSelector',
  ],
])('{%s} is refused', (spec, refusal) => {
  expect(refusalOf(pod(spec))).toBe(refusal);
});

test.each([
  ['localhost/mine', { type: 'Localhost', localhostProfile: 'mine' }, 'fine'],
  ['runtime/default', { type: 'RuntimeDefault' }, 'fine'],
  [
    'mine',
    undefined,
    'metadata.annotations[container.apparmor.security.beta.kubernetes.io/c]: Invalid value: "mine": invalid AppArmor profile name: "mine"',
  ],
])('an AppArmor annotation %s is the profile %j: %s', (annotation, appArmorProfile, refusal) => {
  const yaml = pod('', `{container.apparmor.security.beta.kubernetes.io/c: ${annotation}}`);
  const { spec } = storedObject(yaml) as { spec: { containers: readonly { securityContext?: object }[] } };
  expect(spec.containers[0]?.securityContext).toEqual(appArmorProfile && { appArmorProfile });
  expect(refusalOf(yaml)).toBe(refusal);
});

test('fields whose gates are off are dropped', () => {
  const bundle = 'volumes: [{name: v, projected: {sources: [{clusterTrustBundle: {name: b, path: p}}]}}]';
  const { spec } = storedObject(pod(`schedulingGroup: {podGroupName: g}, ${bundle}`));
  expect(spec).not.toHaveProperty('schedulingGroup');
  expect(spec).toMatchObject({ volumes: [{ projected: { sources: [{}] } }] });
});
