// minikube tunnel: gives services of type LoadBalancer their cluster address as external one, and a route to it, for as
// long as it runs.
import type { LocalCluster } from '../../api/clusters.ts';
import type { Service } from '../../api/generated/types.ts';
import type { Cancellation } from '../../api/ports.ts';
import { type MinikubeCall, type MinikubeCommand, needRunning } from './command.ts';
import { listServices, setIngress } from './services.ts';

const lookMs = 2000;

export const tunnel: MinikubeCommand = {
  name: 'tunnel',
  about: 'Connect to LoadBalancer services',
  options: [{ name: 'cleanup', short: 'c', kind: 'switch', about: 'Call with cleanup=true to remove old tunnels' }],
  async run(call) {
    const cluster = await needRunning(call);
    const ending = untilEnded(call);
    const given = new Map<string, Service>();
    let close = (): void => {};
    let shown = '';
    while (!ending.cancelled) {
      const now = (await stillRunning(call)) ? await balancers(call, cluster) : [];
      for (const service of now)
        if (!hasIngress(service)) await setIngress(call, cluster, { service, ip: service.spec?.clusterIP });
      const names = now.map(({ metadata }) => metadata?.name ?? '').join(', ');
      if (names !== shown || shown === '') {
        for (const service of now) given.set(`${service.metadata?.namespace}/${service.metadata?.name}`, service);
        close();
        close = await call.clusters.openTunnel(cluster.name, addressesOf(now));
        await call.out(statusText(cluster, names));
        shown = names === '' ? ' ' : names;
      }
      await call.process.clock.sleep(lookMs, ending).catch(() => {});
    }
    close();
    if (await stillRunning(call))
      for (const service of await balancers(call, cluster))
        if (given.has(`${service.metadata?.namespace}/${service.metadata?.name}`))
          await setIngress(call, cluster, { service, ip: undefined });
    return 0;
  },
};

async function stillRunning(call: MinikubeCall): Promise<boolean> {
  return (await call.clusters.list()).some(({ name, running }) => name === call.profile && running);
}

async function balancers(call: MinikubeCall, cluster: LocalCluster): Promise<readonly Service[]> {
  return (await listServices(call, cluster)).filter(({ spec }) => spec?.type === 'LoadBalancer');
}

function hasIngress({ status }: Service): boolean {
  return (status?.loadBalancer?.ingress?.length ?? 0) > 0;
}

function addressesOf(services: readonly Service[]): readonly { readonly ip: string; readonly port: number }[] {
  return services.flatMap(({ spec }) => (spec?.ports ?? []).map(({ port }) => ({ ip: spec?.clusterIP ?? '', port })));
}

function statusText({ name, nodes }: LocalCluster, services: string): string {
  const errors = ['minikube', 'router', 'loadbalancer emulator'].map((part) => `\t\t${part}: no errors\n`).join('');
  return `Status:\t\n\tmachine: ${name}\n\tpid: 4242\n\troute: 10.96.0.0/12 -> ${nodes[0]?.ip ?? ''}\n\tminikube: Running\n\tservices: [${services}]\n    errors: \n${errors}`;
}

/** Cancelled by Ctrl-C, a signal, or the end of the terminal. */
function untilEnded({ process }: MinikubeCall): Cancellation {
  const listeners = new Set<() => void>();
  let over = false;
  const end = (): void => {
    over = true;
    for (const run of listeners) run();
    listeners.clear();
  };
  process.onSignal('SIGINT', end);
  process.onSignal('SIGTERM', end);
  process.cancel.onCancel(end);
  return {
    get cancelled() {
      return over;
    },
    onCancel(run) {
      if (over) run();
      else listeners.add(run);
      return () => listeners.delete(run);
    },
  };
}
