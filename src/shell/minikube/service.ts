// minikube service: the URL at which a service's node port answers.
import type { LocalCluster } from '../../api/clusters.ts';
import type { Service } from '../../api/generated/types.ts';
import { drawTable, type MinikubeCall, type MinikubeCommand, MinikubeExit, needRunning } from './command.ts';
import { listServices } from './services.ts';
import { ended } from './until-ended.ts';

const titles = ['NAMESPACE', 'NAME', 'TARGET PORT', 'URL'];

export const service: MinikubeCommand = {
  name: 'service',
  about: 'Returns a URL to connect to a service',
  options: [
    {
      name: 'url',
      kind: 'switch',
      about: 'Display the Kubernetes service URL in the CLI instead of opening it in the default browser',
    },
    { name: 'namespace', short: 'n', kind: 'text', about: 'The service namespace' },
    { name: 'all', kind: 'switch', about: 'Forwards all services in a namespace' },
  ],
  async run(call) {
    const cluster = await needRunning(call);
    const all = await listServices(call, cluster);
    const [name] = call.options.operands;
    if (name === 'list') {
      await call.out(
        drawTable(
          titles,
          all.map((each) => row(each, cluster)),
        ),
      );
      return 0;
    }
    const ns = call.options.text('namespace') ?? 'default';
    if (name === undefined && !call.options.has('all'))
      throw new MinikubeExit('\n❌  Exiting due to MK_USAGE: You must specify a service name', 14);
    const chosen = all.filter(
      ({ metadata }) => metadata?.namespace === ns && (name === undefined || metadata.name === name),
    );
    if (chosen.length === 0)
      throw new MinikubeExit(
        `\n❌  Exiting due to SVC_NOT_FOUND: Service '${name}' was not found in '${ns}' namespace.\nYou may select another namespace by using 'minikube service ${name} -n <namespace>'. Or list out all the services using 'minikube service list'`,
        115,
      );
    const ways: Way[] = [];
    for (const each of chosen) ways.push(...(await open(call, cluster, each)));
    await tell(call, ways);
    // A script that nobody could stop goes on; its tunnels stay until the cluster stops.
    if (ways.length === 0 || !call.process.terminal) return 0;
    await ended(call.process);
    for (const { close } of ways) close();
    return 0;
  },
};

/** A service's port on this machine, for as long as it is open. */
interface Way {
  readonly namespace: string;
  readonly name: string;
  readonly url: string;
  close(): void;
}

const needsTerminal = 'Because you are using a Docker driver on linux, the terminal needs to be open to run it.';

async function open(call: MinikubeCall, cluster: LocalCluster, each: Service): Promise<readonly Way[]> {
  const { namespace = '', name = '' } = each.metadata ?? {};
  const ports = (each.spec?.ports ?? []).flatMap(({ nodePort }) => (nodePort === undefined ? [] : [nodePort]));
  if (!call.options.has('url')) await call.out(drawTable(titles, [row(each, cluster)]));
  if (ports.length === 0) {
    await call.say('😿', `service ${namespace}/${name} has no node port`);
    return [];
  }
  if (!(await hasEndpoints(call, cluster, each)))
    throw new MinikubeExit(
      `\n❌  Exiting due to SVC_UNREACHABLE: service not available: no running pod for service ${name} found`,
      119,
    );
  if (!call.options.has('url')) await call.say('🏃', `Starting tunnel for service ${name}.`);
  const ways: Way[] = [];
  for (const port of ports) {
    const to = { ip: cluster.nodes[0]?.ip ?? '', port };
    const made = await call.clusters.openTunnel(cluster.name, { port: undefined, to });
    if (made) ways.push({ namespace, name, url: `http://127.0.0.1:${made.port}`, close: () => made.close() });
  }
  return ways;
}

async function tell(call: MinikubeCall, ways: readonly Way[]): Promise<void> {
  if (ways.length === 0) return;
  if (call.options.has('url')) for (const { url } of ways) await call.out(`${url}\n`);
  else {
    const rows = ways.map(({ namespace, name, url }) => [namespace, name, '', url]);
    await call.out(drawTable(titles, rows));
    for (const { namespace, name, url } of ways) {
      await call.say('🎉', `Opening service ${namespace}/${name} in default browser...`);
      call.desktop.open({ kind: 'browser', url });
    }
  }
  await call.error(`❗  ${needsTerminal}\n`);
}

async function hasEndpoints(call: MinikubeCall, cluster: LocalCluster, { metadata }: Service): Promise<boolean> {
  const path = `/apis/discovery.k8s.io/v1/namespaces/${metadata?.namespace ?? ''}/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3D${metadata?.name ?? ''}`;
  const { body } = await call.kube(cluster.server).request({ method: 'GET', path });
  return body.kind === 'json' && JSON.stringify(body.value).includes('"ready":true');
}

function row(each: Service, cluster: LocalCluster): readonly string[] {
  const ports = each.spec?.ports ?? [];
  const urls = urlsOf(each, cluster);
  const shown = ports.map(({ name, port }) => (name === undefined ? String(port) : `${name}/${port}`)).join(' ');
  const target = urls.length > 0 ? shown : 'No node port';
  return [each.metadata?.namespace ?? '', each.metadata?.name ?? '', target, urls.join(' ')];
}

function urlsOf({ spec }: Service, { nodes }: LocalCluster): readonly string[] {
  return (spec?.ports ?? []).flatMap(({ nodePort }) =>
    nodePort === undefined ? [] : [`http://${nodes[0]?.ip ?? ''}:${nodePort}`],
  );
}
