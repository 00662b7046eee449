// Priority and fairness: which flow a request belongs to, and what becomes of those of a level without seats.
import { expect, test } from 'vitest';
import { parseYaml } from '../../../api/yaml.ts';
import { isObject } from '../../../base/json.ts';
import { testCluster } from '../../testing/cluster.ts';

const user = { name: 'admin', groups: ['system:masters'] };

function create(cluster: ReturnType<typeof testCluster>, resource: string, yaml: string): void {
  const { value } = parseYaml(yaml);
  const body = isObject(value) ? value : {};
  const at = { group: 'flowcontrol.apiserver.k8s.io', version: 'v1', resource, user, userAgent: 'test' };
  cluster.apiServer.perform({ ...at, verb: 'create', body }, () => {});
}

const level = (response: string): string => `
apiVersion: flowcontrol.apiserver.k8s.io/v1
kind: PriorityLevelConfiguration
metadata: {name: jail}
spec: {type: Limited, limited: {nominalConcurrencyShares: 0, limitResponse: ${response}}}`;

const schema = `
apiVersion: flowcontrol.apiserver.k8s.io/v1
kind: FlowSchema
metadata: {name: bob}
spec:
  matchingPrecedence: 50
  priorityLevelConfiguration: {name: jail}
  rules:
  - subjects: [{kind: User, user: {name: bob}}]
    resourceRules: [{verbs: [list], apiGroups: [""], resources: [pods], namespaces: [default]}]`;

function answers(cluster: ReturnType<typeof testCluster>, path: string, headers: Readonly<Record<string, string>>) {
  const told: { status?: number; flow?: string | undefined; text: string } = { text: '' };
  const names = new Map(
    cluster.apiServer.fairness.levels().map(([{ metadata }]) => [metadata?.uid ?? '', metadata?.name ?? '']),
  );
  cluster.apiServer.http(
    { method: 'GET', path, headers },
    {
      head(status, replied) {
        told.status = status;
        told.flow = names.get(replied['x-kubernetes-pf-prioritylevel-uid'] ?? '');
      },
      body(piece) {
        if (piece.kind === 'text') told.text += piece.text;
      },
      end() {},
    },
  );
  return told;
}

test('a flow is told by its user, verb, resource and namespace; paths have flows of their own', () => {
  const cluster = testCluster();
  create(cluster, 'prioritylevelconfigurations', level('{type: Reject}'));
  create(cluster, 'flowschemas', schema);
  const as = (name: string, ...groups: readonly string[]) => ({
    'impersonate-user': name,
    'impersonate-group': groups.join('\n'),
  });
  const pods = '/api/v1/namespaces/default/pods';
  const rows = [
    [pods, as('bob')],
    [`${pods}/web`, as('bob')],
    ['/api/v1/namespaces/other/pods', as('bob')],
    [pods, as('system:node:n', 'system:nodes')],
    ['/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases', as('system:node:n', 'system:nodes')],
    [pods, as('system:serviceaccount:kube-system:x', 'system:serviceaccounts')],
    ['/livez', as('anybody')],
    [pods, as('root', 'system:masters')],
  ] as const;
  expect(
    rows.map(([path, headers]) => answers(cluster, path, headers)).map(({ status, flow }) => `${status} ${flow}`),
  ).toMatchInlineSnapshot(`
    [
      "429 jail",
      "403 global-default",
      "403 global-default",
      "403 system",
      "403 node-high",
      "403 workload-high",
      "200 exempt",
      "200 exempt",
    ]
  `);
  expect(answers(cluster, pods, as('bob')).text).toBe('Too many requests, please try again later.\n');
});

test('a level that queues and has no seats lets requests wait in vain', () => {
  const cluster = testCluster();
  create(
    cluster,
    'prioritylevelconfigurations',
    level('{type: Queue, queuing: {queues: 4, handSize: 1, queueLengthLimit: 5}}'),
  );
  create(cluster, 'flowschemas', schema);
  const told = answers(cluster, '/api/v1/namespaces/default/pods', { 'impersonate-user': 'bob' });
  cluster.run(14_000);
  expect(told.status).toBe(undefined);
  cluster.run(2_000);
  expect(told.status).toBe(429);
  const dump = answers(cluster, '/debug/api_priority_and_fairness/dump_priority_levels', {}).text;
  expect(dump.split('\n').filter((line) => line.startsWith('jail'))).toMatchInlineSnapshot(`
    [
      "jail,              0,            true,   false,       0,               0,                 0,                  0,                1,                0",
    ]
  `);
});

test('a schema whose priority level is not there says so, and again when it is', () => {
  const cluster = testCluster();
  create(cluster, 'flowschemas', schema);
  cluster.run(10);
  const condition = (): string => {
    const stored = cluster.apiServer.lookup('flowschemas.flowcontrol.apiserver.k8s.io', undefined, 'bob');
    return JSON.stringify(stored.status);
  };
  expect(condition()).toContain('"NotFound"');
  create(cluster, 'prioritylevelconfigurations', level('{type: Reject}'));
  cluster.run(10);
  expect(condition()).toContain('object named \\"jail\\" and it exists');
});
