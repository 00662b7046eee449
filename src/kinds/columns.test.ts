// What `kubectl get -o wide` shows of objects, as the server words it.
import { expect, test } from 'vitest';
import type { StoredObject } from './kind.ts';
import { kinds } from './kinds.ts';
import { storedObject } from './testing/refusal.ts';

const created = '2026-01-01T00:00:00Z';
const nowMs = Date.parse('2026-01-01T00:05:30Z');

/** `NAME=cell` of each column. */
function shownOf(yaml: string, status?: object): string {
  const stored = storedObject(yaml);
  const object: StoredObject = {
    ...stored,
    metadata: { ...stored.metadata, creationTimestamp: created },
    ...(status && { status }),
  };
  const kind = kinds.find((one) => one.kind === object.kind);
  return (kind?.columns ?? []).map((column) => `${column.name}=${column.cell(object, nowMs)}`).join(' ');
}

test('a binding shows by what it selects its parameters', () => {
  const yaml =
    'apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicyBinding\nmetadata: {name: b}\nspec: {policyName: p, validationActions: [Deny], paramRef: {parameterNotFoundAction: Deny, selector: {matchLabels: {c: d, a: b}, matchExpressions: [{key: k, operator: In, values: [v, w]}, {key: l, operator: Exists}]}}}';
  expect(shownOf(yaml)).toBe(
    'Name=b PolicyName=p ParamRef=&LabelSelector{MatchLabels:map[string]string{a: b,c: d,},MatchExpressions:[]LabelSelectorRequirement{LabelSelectorRequirement{Key:k,Operator:In,Values:[v w],},LabelSelectorRequirement{Key:l,Operator:Exists,Values:[],},},} Age=5m30s',
  );
});

test('a pod that crashes shows why, and when it last did', () => {
  const yaml = 'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {nodeName: w, containers: [{name: c, image: a}]}';
  const containerStatuses = [
    {
      name: 'c',
      restartCount: 3,
      ready: false,
      state: { waiting: { reason: 'CrashLoopBackOff' } },
      lastState: { terminated: { exitCode: 1, finishedAt: '2026-01-01T00:05:00Z' } },
    },
  ];
  expect(shownOf(yaml, { phase: 'Running', podIPs: [{ ip: '10.0.0.1' }], containerStatuses })).toMatchInlineSnapshot(
    `"Name=p Ready=0/1 Status=CrashLoopBackOff Restarts=3 (30s ago) Age=5m30s IP=10.0.0.1 Node=w Nominated Node=<none> Readiness Gates=<none>"`,
  );
});

test('init containers that are not done show how many are', () => {
  const yaml =
    'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {initContainers: [{name: i, image: a}, {name: j, image: a}], containers: [{name: c, image: a}]}';
  const initContainerStatuses = [
    { name: 'i', restartCount: 0, ready: true, state: { terminated: { exitCode: 0 } } },
    { name: 'j', restartCount: 0, ready: false, state: { running: {} } },
  ];
  expect(shownOf(yaml, { phase: 'Pending', initContainerStatuses })).toContain('Ready=0/1 Status=Init:1/2 Restarts=0');
});

test.each([
  [
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec: {replicas: 3, selector: {matchLabels: {app: a}}, template: {spec: {containers: [{name: c, image: nginx}]}}}',
    'Name=d Ready=0/3 Up-to-date=0 Available=0 Age=5m30s Containers=c Images=nginx Selector=app=a',
  ],
  [
    'apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {type: LoadBalancer, clusterIPs: [10.0.0.1], ports: [{port: 80, nodePort: 30080}]}',
    'Name=s Type=LoadBalancer Cluster-IP=10.0.0.1 External-IP=<pending> Port(s)=80:30080/TCP Age=5m30s Selector=<none>',
  ],
  [
    'apiVersion: v1\nkind: Node\nmetadata: {name: node-1, labels: {node-role.kubernetes.io/control-plane: ""}}\nspec: {unschedulable: true}',
    'Name=node-1 Status=Unknown,SchedulingDisabled Roles=control-plane Age=5m30s Version= Internal-IP=<none> External-IP=<none> OS-Image=<unknown> Kernel-Version=<unknown> Container-Runtime=<unknown>',
  ],
  [
    'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: i}\nspec: {tls: [{}], rules: [{host: a}, {host: b}, {host: c}, {host: d}]}',
    'Name=i Class=<none> Hosts=a,b,c + 1 more... Address= Ports=80, 443 Age=5m30s',
  ],
  [
    'apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: h}\nspec: {maxReplicas: 4, scaleTargetRef: {kind: Deployment, name: d}}',
    'Name=h Reference=Deployment/d Targets=cpu: <unknown>/80% MinPods=1 MaxPods=4 Replicas=0 Age=5m30s',
  ],
  ['apiVersion: v1\nkind: LimitRange\nmetadata: {name: l}', 'Name=l Created At=2026-01-01T00:00:00Z'],
])('%s', (yaml, shown) => {
  expect(shownOf(yaml)).toBe(shown);
});
