// minikube tunnel: gives services of type LoadBalancer an external address for as long as it runs. With Docker Desktop
// that is this machine's own, and each of their ports leads to the service.
import type { LocalCluster } from '../../api/clusters.ts';
import type { Service } from '../../api/generated/types.ts';
import { type MinikubeCall, type MinikubeCommand, needRunning } from './command.ts';
import { listServices, setIngress } from './services.ts';
import { untilEnded } from './until-ended.ts';

const lookMs = 2000;
const externalIp = '127.0.0.1';
const privilegedPorts = 1024;

/** By `namespace/name`. */
type Opened = Map<string, { readonly service: Service; readonly closes: readonly (() => void)[] }>;

export const tunnel: MinikubeCommand = {
  name: 'tunnel',
  about: 'Connect to LoadBalancer services',
  options: [{ name: 'cleanup', short: 'c', kind: 'switch', about: 'Call with cleanup=true to remove old tunnels' }],
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
      const now = (await stillRunning(call)) ? await balancers(call, cluster) : [];
      const keys = new Set(now.map(keyOf));
      for (const [key, { closes }] of [...opened]) {
        if (keys.has(key)) continue;
        for (const close of closes) close();
        opened.delete(key);
      }
      for (const service of now)
        if (!opened.has(keyOf(service))) opened.set(keyOf(service), await open(call, cluster, service));
      await call.process.clock.sleep(lookMs, ending).catch(() => {});
    }
    for (const { service, closes } of opened.values()) {
      for (const close of closes) close();
      await call.say('✋', `Stopped tunnel for service ${service.metadata?.name ?? ''}.`);
    }
    if (await stillRunning(call))
      for (const service of await balancers(call, cluster))
        if (opened.has(keyOf(service))) await setIngress(call, cluster, { service, ip: undefined });
    return 0;
  },
};

async function open(
  call: MinikubeCall,
  cluster: LocalCluster,
  service: Service,
): Promise<{ readonly service: Service; readonly closes: readonly (() => void)[] }> {
  const { metadata, spec } = service;
  const name = metadata?.name ?? '';
  const ports = (spec?.ports ?? []).map(({ port }) => port);
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
    const made = await call.clusters.openTunnel(cluster.name, { port, to: { ip: spec?.clusterIP ?? '', port } });
    if (made) closes.push(() => made.close());
    else
      await call.error(`❌  error starting tunnel: listen tcp ${externalIp}:${port}: bind: address already in use\n`);
  }
  if (closes.length > 0) await setIngress(call, cluster, { service, ip: externalIp });
  return { service, closes };
}

async function stillRunning(call: MinikubeCall): Promise<boolean> {
  return (await call.clusters.list()).some(({ name, running }) => name === call.profile && running);
}

async function balancers(call: MinikubeCall, cluster: LocalCluster): Promise<readonly Service[]> {
  return (await listServices(call, cluster)).filter(({ spec }) => spec?.type === 'LoadBalancer');
}

function keyOf({ metadata }: Service): string {
  return `${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`;
}
