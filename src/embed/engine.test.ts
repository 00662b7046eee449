// The cluster without a page, as a script of somebody else uses it.
import { expect, test } from 'vitest';
import { startCluster } from './engine.ts';

test('commands run one after the other on a cluster that begins Ready', async () => {
  const cluster = await startCluster({ seed: 7 });
  await cluster.writeFile('/home/learner/web.yaml', '{apiVersion: v1, kind: ConfigMap, metadata: {name: web}}');
  expect(await cluster.run('kubectl apply -f web.yaml')).toEqual({
    stdout: 'configmap/web created\n',
    stderr: '',
    exitCode: 0,
  });
  const before = cluster.now;
  await cluster.sleep(5000);
  expect(cluster.now - before).toBe(5000);
  const { status } = await cluster.request({ method: 'GET', path: '/api/v1/namespaces/default/configmaps/web' });
  expect(status).toBe(200);
  expect((await cluster.run('kubectl get pod none')).stderr).toContain('pods "none" not found');
});

test('a profile that does not exist is refused by name', async () => {
  await expect(startCluster({ profile: '9-node' })).rejects.toThrow('there is no profile "9-node": use one of 3-node');
});
