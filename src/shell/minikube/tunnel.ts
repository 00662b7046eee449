// minikube tunnel: gives services of type LoadBalancer an external address for as long as it runs. With Docker Desktop
// that is this machine's own, and each of their ports leads to the service.
import type { LocalCluster } from '../../api/clusters.ts';
import type { Service } from '../../api/generated/types.ts';
import { type MinikubeCall, type MinikubeCommand, needRunning } from './command.ts';
import { listIngresses, listServices, setIngress } from './services.ts';
import { untilEnded } from './until-ended.ts';

const lookMs = 2000;
const externalIp = '127.0.0.1';
const privilegedPorts = 1024;
const ingressPorts = [80, 443];

/** What a tunnel leads to: a service of type LoadBalancer, or an Ingress, which the cluster's first machine serves. */
interface Target {
  /** `Service/namespace/name`. */
  readonly key: string;
  readonly name: string;
  readonly ports: readonly number[];
  /** Where its ports are reached from the cluster's first machine. */
  readonly ip: string;
  /** Has its address in its status. */
  readonly service: Service | undefined;
}

type Opened = Map<string, { readonly target: Target; readonly closes: readonly (() => void)[] }>;

export const tunnel: MinikubeCommand = {
  name: 'tunnel',
  about: 'Connect to LoadBalancer services',
  options: [
    // Routes that a tunnel left behind are other drivers' matter: those of Docker Desktop end with the process.
    { name: 'cleanup', short: 'c', kind: 'switch', about: 'Call with cleanup=true to remove old tunnels', idle: true },
  ],
  async run(call) {
    const cluster = await needRunning(call);
    const ending = untilEnded(call.process);
    const opened: Opened = new Map();
    await call.say('✅', 'Tunnel successfully started\n');
    await call.say(
      '📌',
      'NOTE: Please do not close this terminal as this process must stay alive for the tunnel to be accessible ...\n',
    );
    while (!ending.cancelled) {
      const now = (await stillRunning(call)) ? await targets(call, cluster) : [];
      const keys = new Set(now.map(({ key }) => key));
      for (const [key, { closes }] of [...opened]) {
        if (keys.has(key)) continue;
        for (const close of closes) close();
        opened.delete(key);
      }
      for (const target of now) if (!opened.has(target.key)) opened.set(target.key, await open(call, cluster, target));
      await call.process.clock.sleep(lookMs, ending).catch(() => {});
    }
    for (const { target, closes } of opened.values()) {
      for (const close of closes) close();
      await call.say('✋', `Stopped tunnel for service ${target.name}.`);
    }
    if (await stillRunning(call))
      for (const { key, service } of await targets(call, cluster))
        if (service && opened.has(key)) await setIngress(call, cluster, { service, ip: undefined });
    return 0;
  },
};

async function open(
  call: MinikubeCall,
  cluster: LocalCluster,
  target: Target,
): Promise<{ readonly target: Target; readonly closes: readonly (() => void)[] }> {
  const { name, ports, ip, service } = target;
  const privileged = ports.filter((port) => port < privilegedPorts);
  if (privileged.length > 0) {
    await call.say(
      '❗',
      `The service/ingress ${name} requires privileged ports to be exposed: [${privileged.join(' ')}]`,
    );
    await call.say('🔑', 'sudo permission will be asked for it.');
  }
  await call.say('🏃', `Starting tunnel for service ${name}.`);
  const closes: (() => void)[] = [];
  for (const port of ports) {
    const made = await call.clusters.openTunnel(cluster.name, { port, to: { ip, port } });
    if (made) closes.push(() => made.close());
    else
      await call.error(`❌  error starting tunnel: listen tcp ${externalIp}:${port}: bind: address already in use\n`);
  }
  if (service && closes.length > 0) await setIngress(call, cluster, { service, ip: externalIp });
  return { target, closes };
}

async function stillRunning(call: MinikubeCall): Promise<boolean> {
  return (await call.clusters.list()).some(({ name, running }) => name === call.profile && running);
}

async function targets(call: MinikubeCall, cluster: LocalCluster): Promise<readonly Target[]> {
  const services = (await listServices(call, cluster)).filter(({ spec }) => spec?.type === 'LoadBalancer');
  const ingresses = await listIngresses(call, cluster);
  const [first] = ingresses;
  return [
    ...services.map((service) => ({
      key: `Service/${service.metadata?.namespace ?? ''}/${service.metadata?.name ?? ''}`,
      name: service.metadata?.name ?? '',
      ports: (service.spec?.ports ?? []).map(({ port }) => port),
      ip: service.spec?.clusterIP ?? '',
      service,
    })),
    // All Ingresses share the machine's two ports: one tunnel is enough.
    ...(first
      ? [
          {
            key: 'Ingress',
            name: first.metadata?.name ?? '',
            ports: ingressPorts,
            ip: cluster.nodes[0]?.ip ?? '',
            service: undefined,
          },
        ]
      : []),
  ];
}
