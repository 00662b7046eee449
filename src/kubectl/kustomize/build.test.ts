import { describe, expect, test } from 'vitest';
import { objectsAt } from '../../base/fields.ts';
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

  const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {template: {spec: {containers: [{name: a, image: x}, {name: b, image: y}]}}}
`;
  const settings: readonly (readonly [what: string, settings: string, seen: string])[] = [
    [
      'a strategic patch puts its items first',
      'patches: [{target: {kind: Deployment}, patch: "{apiVersion: x, kind: X, metadata: {name: y}, spec: {template: {spec: {containers: [{name: c}, {name: b, image: z}]}}}}"}]',
      'containers: c b=z a=x',
    ],
    [
      'a deleted item goes, a replaced one keeps what it was',
      'patches: [{target: {kind: Deployment}, patch: "{apiVersion: x, kind: X, metadata: {name: y}, spec: {template: {spec: {containers: [{name: a, $patch: delete}]}}}}"}]',
      'containers: b=y',
    ],
    [
      'a replacement copies a field, a delimiter takes and sets a part',
      'replacements: [{source: {kind: Deployment, fieldPath: metadata.name}, targets: [{select: {kind: Deployment}, fieldPaths: ["spec.template.spec.containers.[name=a].image"], options: {delimiter: ":", index: 1}}]}]',
      'containers: a=x:web b=y',
    ],
    [
      'a built-in transformer may be written in the kustomization itself',
      'transformers: ["{apiVersion: builtin, kind: ImageTagTransformer, metadata: {name: t}, imageTag: {name: y, newTag: 2}}"]',
      'containers: a=x b=y:2',
    ],
  ];
  test.each(settings)('%s', (_, text, seen) => {
    const tree = new FileTree(() => 0);
    tree.writeFile('/work/dep.yaml', deployment, { parents: true });
    tree.writeFile('/work/kustomization.yaml', `resources: [dep.yaml]\n${text}\n`, { parents: true });
    const [built] = buildKustomization(
      { machine: { id: 'learner', hostname: 'laptop', files: tree }, cwd: '/work' },
      '.',
    );
    const containers = objectsAt(built, 'spec.template.spec.containers').map(({ name, image }) =>
      image === undefined ? `${name}` : `${name}=${image}`,
    );
    expect(`containers: ${containers.join(' ')}`).toBe(seen);
  });

  test('components change what was gathered before them; variables and references follow', () => {
    const files = {
      'kustomization.yaml': 'resources: [base]\ncomponents: [part]\nsortOptions: {order: fifo}\n',
      'part/kustomization.yaml': `apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
namePrefix: big-
configMapGenerator: [{name: conf, behavior: merge, literals: [b=2]}]
`,
      'base/kustomization.yaml': `resources: [pod.yaml]
configMapGenerator: [{name: conf, literals: [a=1], options: {disableNameSuffixHash: true}}]
vars: [{name: CONF, objref: {apiVersion: v1, kind: ConfigMap, name: conf}}]
`,
      'base/pod.yaml': `apiVersion: v1
kind: Pod
metadata: {name: one}
spec: {containers: [{name: c, args: [$(CONF)], envFrom: [{configMapRef: {name: conf}}]}]}
`,
    };
    expect(build(files)).toMatchInlineSnapshot(`
      "apiVersion: v1
      kind: Pod
      metadata:
        name: big-one
      spec:
        containers:
        - args:
          - big-conf
          envFrom:
          - configMapRef:
              name: big-conf
          name: c
      ---
      apiVersion: v1
      data:
        a: "1"
        b: "2"
      kind: ConfigMap
      metadata:
        name: big-conf
      "
    `);
  });

  test.each([
    ['nothing at all', {}, 'must build at directory: not a valid directory'],
    ['an unknown field', { 'kustomization.yaml': 'a: 1' }, 'invalid Kustomization: json: unknown field "a"'],
    [
      'a field of another type',
      { 'kustomization.yaml': 'patches: [{target: {name: 3}}]' },
      'json: cannot unmarshal number into Go struct field Selector.patches.target.ResId.name of type string',
    ],
    ['a circle', { 'kustomization.yaml': 'resources: [../work]' }, "contains visited root '/work'"],
    [
      'a file elsewhere',
      { 'kustomization.yaml': 'resources: [../o.yaml]', '../o.yaml': '' },
      "is not in or below '/work'",
    ],
    ['no kustomization', { 'a.yaml': 'a: 1' }, "unable to find one of 'kustomization.yaml'"],
    ['a chart', { 'kustomization.yaml': 'helmCharts: [{name: x}]' }, 'must specify --enable-helm'],
    [
      'a missing resource',
      { 'kustomization.yaml': 'resources: [a.yaml]' },
      "accumulating resources from 'a.yaml': evalsymlink failure on '/work/a.yaml' : lstat /work/a.yaml: no such file",
    ],
  ])('with %s is refused', (_, files, message) => {
    expect(() => build(files)).toThrow(message);
  });
});
