import { describe, expect, test } from 'vitest';
import { FileTree } from '../../base/files.ts';
import { formatYaml } from '../print/yaml.ts';
import { buildKustomization } from './build.ts';

function build(files: Readonly<Record<string, string>>): string {
  const tree = new FileTree(() => 0);
  for (const [path, text] of Object.entries(files)) tree.writeFile(`/work/${path}`, text, { parents: true });
  const process = { machine: { id: 'learner', hostname: 'laptop', files: tree }, cwd: '/work' };
  return buildKustomization(process, '.').map(formatYaml).join('---\n');
}

describe('a kustomization', () => {
  test('lays names, labels, images, replicas and patches over its base; references follow', () => {
    const files = {
      'kustomization.yaml': `namespace: team
namePrefix: dev-
resources: [base]
labels: [{pairs: {env: dev}, includeSelectors: true}]
commonAnnotations: {note: x}
images: [{name: nginx, newTag: "1.28"}]
replicas: [{name: web, count: 3}]
patches:
- target: {kind: Deployment}
  patch: '[{"op":"add","path":"/spec/paused","value":true}]'
`,
      'base/kustomization.yaml': `resources: [dep.yaml, svc.yaml]
configMapGenerator:
- name: conf
  literals: [a=1, b=2]
`,
      'base/dep.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: c
        image: nginx:1.27
        envFrom: [{configMapRef: {name: conf}}]
`,
      'base/svc.yaml': `apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
`,
    };
    expect(build(files)).toBe(`apiVersion: v1
data:
  a: "1"
  b: "2"
kind: ConfigMap
metadata:
  annotations:
    note: x
  labels:
    env: dev
  name: dev-conf-7gdc49gk6d
  namespace: team
---
apiVersion: v1
kind: Service
metadata:
  annotations:
    note: x
  labels:
    env: dev
  name: dev-web
  namespace: team
spec:
  ports:
  - port: 80
  selector:
    app: web
    env: dev
---
apiVersion: apps/v1
kind: Deployment
metadata:
  annotations:
    note: x
  labels:
    env: dev
  name: dev-web
  namespace: team
spec:
  paused: true
  replicas: 3
  selector:
    matchLabels:
      app: web
      env: dev
  template:
    metadata:
      annotations:
        note: x
      labels:
        app: web
        env: dev
    spec:
      containers:
      - envFrom:
        - configMapRef:
            name: dev-conf-7gdc49gk6d
        image: nginx:1.28
        name: c
`);
  });

  test('names secrets by their content', () => {
    const files = { 'kustomization.yaml': 'secretGenerator:\n- name: s\n  literals: [u=amy]\n' };
    expect(build(files)).toMatchInlineSnapshot(`
      "apiVersion: v1
      data:
        u: YW15
      kind: Secret
      metadata:
        name: s-mk646647gt
      type: Opaque
      "
    `);
  });

  test.each([
    ['nothing at all', {}, 'must build at directory: not a valid directory'],
    ['no kustomization', { 'a.yaml': 'a: 1' }, "unable to find one of 'kustomization.yaml'"],
    [
      'a field that is not supported',
      { 'kustomization.yaml': 'helmCharts: []' },
      'field "helmCharts" is not supported',
    ],
    ['a missing resource', { 'kustomization.yaml': 'resources: [a.yaml]' }, 'open /work/a.yaml: no such file'],
  ])('with %s is refused', (_, files, message) => {
    expect(() => build(files)).toThrow(message);
  });
});
