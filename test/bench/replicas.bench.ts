// A Deployment from apply until every pod runs, on ten nodes: CPU time, ours and the rival's in one run.
import { deployments } from '../../src/api/generated/resources.ts';
import { engineWorld } from '../support/world.ts';
import { cpuMs, rivalReplicas } from './rival.ts';

const nodes = 10;

/** CPU milliseconds until `replicas` pods are ready; also what booting the world took. `pulled`: the nodes have the image. */
function ourReplicas(
  replicas: number,
  pulled = false,
): {
  readonly bootMs: number;
  readonly cpuMs: number;
  readonly virtualMs: number;
} {
  const start = cpuMs();
  const { simulation, client, run } = engineWorld({ workers: nodes });
  const bootMs = cpuMs() - start;
  if (pulled) rollOut('warm', nodes * 3);
  const begun = cpuMs();
  const virtual = simulation.now;
  rollOut('bench', replicas);
  return { bootMs, cpuMs: cpuMs() - begun, virtualMs: simulation.now - virtual };

  function rollOut(name: string, count: number): void {
    const labels = { app: name };
    const template = {
      metadata: { labels },
      spec: { containers: [{ name: 'c', image: 'registry.k8s.io/pause:3.9' }] },
    };
    const spec = { replicas: count, selector: { matchLabels: labels }, template };
    run(
      client.create(deployments, {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name, namespace: 'default' },
        spec,
      }),
    );
    const deadline = simulation.now + 600_000;
    for (let ready = 0; ready < count; ) {
      simulation.runFor(200);
      ready = run(client.get(deployments, { namespace: 'default', name })).status?.readyReplicas ?? 0;
      if (simulation.now > deadline) throw new Error(`only ${ready} of ${count} became ready`);
    }
  }
}

const round = (ms: number): string => `${ms.toFixed(0)} ms`;
for (let i = 0; i < 3; i++) ourReplicas(1000); // warms the process up
for (const replicas of [100, 1000]) {
  const pulled = ourReplicas(replicas, true);
  console.log(
    `${replicas} replicas on ${nodes} nodes that have the image: ours ${round(pulled.cpuMs)} CPU (virtual ${round(pulled.virtualMs)})`,
  );
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
