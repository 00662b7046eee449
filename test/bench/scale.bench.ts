// How large a cluster gets: 5,000 nodes registered, 10,000 pods scheduled. CPU time and memory.
import { deployments, nodes, pods } from '../../src/api/generated/resources.ts';
import { engineWorld } from '../support/world.ts';
import { cpuMs } from './rival.ts';

const [nodeCount = 5000, podCount = 10_000] = process.argv.slice(2).map(Number);

function report(what: string, since: number): number {
  const now = cpuMs();
  const { heapUsed, rss } = process.memoryUsage();
  console.log(
    `${what}: ${((now - since) / 1000).toFixed(1)} s CPU, heap ${(heapUsed / 2 ** 20).toFixed(0)} MiB, resident ${(rss / 2 ** 20).toFixed(0)} MiB`,
  );
  return now;
}

let mark = cpuMs();
const { simulation, client, run } = engineWorld({ workers: nodeCount });
mark = report(`${run(client.list(nodes)).items.length} nodes registered and Ready`, mark);
const labels = { app: 'bench' };
run(
  client.create(deployments, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'bench', namespace: 'default' },
    spec: {
      replicas: podCount,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'registry.k8s.io/pause:3.9' }] } },
    },
  }),
);
for (let bound = 0; bound < podCount; ) {
  simulation.runFor(1000);
  bound = run(client.list(pods)).items.filter((pod) => pod.spec?.nodeName).length;
}
mark = report(`${podCount} pods scheduled (virtual time included: heartbeats, leases)`, mark);
for (let running = 0; running < podCount; ) {
  simulation.runFor(1000);
  running = run(client.list(pods)).items.filter((pod) => pod.status?.phase === 'Running').length;
}
report(`${podCount} pods running`, mark);
process.exit(0);
