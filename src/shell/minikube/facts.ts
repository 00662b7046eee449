// minikube status, ip, version, profile list, update-context, kubectl and logs: what there is, and ways to it.
import {
  drawTable,
  kubernetesVersion,
  type MinikubeCommand,
  MinikubeExit,
  minikubeVersion,
  needCluster,
  needRunning,
  runKubectl,
} from './command.ts';
import { writeContext } from './kubeconfig.ts';

export const status: MinikubeCommand = {
  name: 'status',
  about: 'Gets the status of a local Kubernetes cluster',
  options: [],
  async run(call) {
    const { nodes, running } = await needCluster(call);
    const state = (up: boolean): string => (up ? 'Running' : 'Stopped');
    let code = 0;
    for (const { name, controlPlane, running: up, kubelet, apiServer } of nodes) {
      const type = controlPlane ? 'Control Plane' : 'Worker';
      const configured = `kubeconfig: ${running ? 'Configured' : 'Stopped'}\n`;
      const rest = controlPlane ? `apiserver: ${state(apiServer)}\n${configured}` : '';
      await call.out(`${name}\ntype: ${type}\nhost: ${state(up)}\nkubelet: ${state(kubelet)}\n${rest}\n`);
      code |= (up ? 0 : 1) | (apiServer || !controlPlane ? 0 : 2) | (kubelet ? 0 : 4);
    }
    return code;
  },
};

export const ip: MinikubeCommand = {
  name: 'ip',
  about: 'Retrieves the IP address of the specified node',
  options: [{ name: 'node', short: 'n', kind: 'text', about: 'The node to get IP' }],
  async run(call) {
    const { nodes } = await needRunning(call);
    const wanted = call.options.text('node');
    const node = nodes.find(({ name }, at) => (wanted === undefined ? at === 0 : name === wanted));
    if (!node)
      throw new MinikubeExit(
        `❌  Exiting due to GUEST_NODE_RETRIEVE: retrieving node: Could not find node ${wanted ?? ''}`,
        80,
      );
    await call.out(`${node.ip}\n`);
    return 0;
  },
};

export const version: MinikubeCommand = {
  name: 'version',
  about: 'Print the version of minikube',
  options: [{ name: 'short', kind: 'switch', about: 'Print just the version number' }],
  async run(call) {
    await call.out(
      call.options.has('short')
        ? `${minikubeVersion}\n`
        : `minikube version: ${minikubeVersion}\ncommit: simulated (Kubernetes ${kubernetesVersion})\n`,
    );
    return 0;
  },
};

export const profileList: MinikubeCommand = {
  name: 'profile list',
  about: 'Lists all minikube profiles',
  options: [],
  async run(call) {
    const all = await call.clusters.list();
    if (all.length === 0)
      throw new MinikubeExit(
        "\n🤹  Exiting due to MK_USAGE_NO_PROFILE: No minikube profile was found.\n💡  Suggestion: You can create one using 'minikube start'.",
        14,
      );
    const titles = [
      'PROFILE',
      'DRIVER',
      'RUNTIME',
      'IP',
      'VERSION',
      'STATUS',
      'NODES',
      'ACTIVE PROFILE',
      'ACTIVE KUBECONTEXT',
    ];
    const context = currentContext(call.process);
    const rows = all.map(({ name, nodes, version: number, running }) => [
      name,
      'docker',
      'containerd',
      nodes[0]?.ip ?? '',
      number,
      running ? 'OK' : 'Stopped',
      String(nodes.length),
      name === call.profile ? '*' : '',
      name === context ? '*' : '',
    ]);
    await call.out(drawTable(titles, rows));
    return 0;
  },
};

export const updateContext: MinikubeCommand = {
  name: 'update-context',
  about: 'Update kubeconfig in case of an IP or port change',
  options: [],
  async run(call) {
    const cluster = await needRunning(call);
    await writeContext(call.process, cluster);
    await call.say('🎉', `"${cluster.name}" context has been updated to point to ${cluster.nodes[0]?.ip ?? ''}:8443`);
    await call.say('💗', `Current context is "${cluster.name}"`);
    return 0;
  },
};

export const kubectl: MinikubeCommand = {
  name: 'kubectl',
  about: 'Run a kubectl binary matching the cluster version',
  options: [],
  operandsEnd: true,
  run: (call) =>
    runKubectl(
      call.process,
      ['--context', call.profile, ...call.options.operands.filter((word, at) => at > 0 || word !== '--')],
      { shown: true },
    ),
};

export const logs: MinikubeCommand = {
  name: 'logs',
  about: 'Returns logs to debug a local Kubernetes cluster',
  options: [],
  async run(call) {
    await needRunning(call);
    await call.out('\n==> container status <==\n');
    await runKubectl(call.process, ['--context', call.profile, 'get', 'pods', '-A', '-o', 'wide'], { shown: true });
    await call.out('\n==> describe nodes <==\n');
    await runKubectl(call.process, ['--context', call.profile, 'describe', 'nodes'], { shown: true });
    await call.out('\n==> kubelet, containerd, dmesg <==\nthe simulator keeps no logs of these\n');
    return 0;
  },
};

function currentContext(process: Parameters<typeof writeContext>[0]): string | undefined {
  const place = `${process.env.get('HOME') ?? '/root'}/.kube/config`;
  const { files } = process.machine;
  return files.exists(place) ? /^current-context: "?([^"\n]+)"?$/m.exec(files.readText(place))?.[1] : undefined;
}
