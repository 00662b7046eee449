// A Deployment from apply until every pod runs, on ten nodes: CPU time, ours and the rival's in one run.
import { deployments } from '../../src/api/generated/resources.ts';
import { engineWorld } from '../support/world.ts';
import { cpuMs, rivalReplicas } from './rival.ts';

const nodes = 10;

/** CPU milliseconds until `replicas` pods are ready; also what booting the world took. */
function ourReplicas(replicas: number): {
  readonly bootMs: number;
  readonly cpuMs: number;
  readonly virtualMs: number;
} {
  const start = cpuMs();
  const { simulation, client, run } = engineWorld({ workers: nodes });
  const booted = cpuMs();
  const virtual = simulation.now;
  const labels = { app: 'bench' };
  run(
    client.create(deployments, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'bench', namespace: 'default' },
      spec: {
        replicas,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'registry.k8s.io/pause:3.9' }] } },
      },
    }),
  );
  for (let ready = 0; ready < replicas; ) {
    simulation.runFor(200);
    ready = run(client.get(deployments, { namespace: 'default', name: 'bench' })).status?.readyReplicas ?? 0;
    if (simulation.now - virtual > 600_000) throw new Error(`only ${ready} of ${replicas} became ready`);
  }
  return { bootMs: booted - start, cpuMs: cpuMs() - booted, virtualMs: simulation.now - virtual };
}

const round = (ms: number): string => `${ms.toFixed(0)} ms`;
ourReplicas(200); // warms the process up
for (const replicas of [100, 1000]) {
  const ours = ourReplicas(replicas);
  console.log(
    `${replicas} replicas on ${nodes} nodes: ours ${round(ours.cpuMs)} CPU (boot to Ready ${round(ours.bootMs)}, virtual ${round(ours.virtualMs)})`,
  );
  if (!process.argv.includes('--ours')) {
    const theirs = await rivalReplicas(replicas, nodes);
    console.log(
      `${replicas} replicas on ${nodes} nodes: @ngrok/webernetes ${round(theirs.cpuMs)} CPU, ratio ${(theirs.cpuMs / ours.cpuMs).toFixed(0)}`,
    );
  }
}
process.exit(0);
