import { expect, test } from 'vitest';
import { emitYaml } from '../../base/yaml-emit.ts';
import { mergeKubeconfigs, parseKubeconfig } from './kubeconfig.ts';
import { kubeconfigObject } from './store.ts';

const first = `
clusters:
- {name: a, cluster: {server: "https://a"}}
contexts:
- {name: one, context: {cluster: a, user: u}}
`;
const second = `
current-context: two
clusters:
- {name: a, cluster: {server: "https://other"}}
- {name: b, cluster: {server: "https://b"}}
users:
- {name: u, user: {token: t}}
`;

test('of several files the first that has an entry wins, and so does the first current context', () => {
  const merged = mergeKubeconfigs([parseKubeconfig(first, 'first'), parseKubeconfig(second, 'second')]);
  expect(emitYaml(kubeconfigObject(merged))).toMatchInlineSnapshot(`
    "apiVersion: v1
    clusters:
    - cluster:
        server: https://a
      name: a
    - cluster:
        server: https://b
      name: b
    contexts:
    - context:
        cluster: a
        user: u
      name: one
    current-context: two
    kind: Config
    users:
    - name: u
      user:
        token: t
    "
  `);
});

test('an empty file is an empty configuration', () => {
  expect(emitYaml(kubeconfigObject(parseKubeconfig('', 'x')))).toBe(
    'apiVersion: v1\nclusters: null\ncontexts: null\ncurrent-context: ""\nkind: Config\nusers: null\n',
  );
});
