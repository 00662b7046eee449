// The same Deployment in @ngrok/webernetes, the nearest rival on npm: CPU time from apply until every pod runs.
import process from 'node:process';
import { Cluster } from '@ngrok/webernetes';

/** Milliseconds of CPU (user and system) of this process. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

export async function rivalReplicas(
  replicas: number,
  nodes: number,
): Promise<{ readonly cpuMs: number; readonly wallMs: number }> {
  const cluster = new Cluster({ nodes });
  await cluster.init();
  const labels = { app: 'bench' };
  const [cpuBefore, wallBefore] = [cpuMs(), performance.now()];
  await cluster.apply([
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'bench', namespace: 'default' },
      spec: {
        replicas,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'registry.k8s.io/pause:3.9' }] } },
      },
    },
  ]);
  for (let running = 0; running < replicas; ) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const pods = await cluster.api.corev1.listNamespacedPod({ namespace: 'default', labelSelector: 'app=bench' });
    running = pods.items.filter((pod) => pod.status?.phase === 'Running').length;
    if (performance.now() - wallBefore > 300_000) throw new Error(`gave up at ${running} of ${replicas} pods`);
  }
  const result = { cpuMs: cpuMs() - cpuBefore, wallMs: performance.now() - wallBefore };
  await cluster.close();
  return result;
}
