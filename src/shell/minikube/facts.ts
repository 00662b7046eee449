// minikube ip, version, update-check, profile list, update-context, kubectl and logs: what there is, and ways to it.
import type { LocalCluster } from '../../api/clusters.ts';
import {
  drawTable,
  kubernetesVersion,
  type MinikubeCommand,
  MinikubeExit,
  minikubeVersion,
  needRunning,
  runKubectl,
} from './command.ts';
import { writeContext } from './kubeconfig.ts';

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
  options: [
    { name: 'short', kind: 'switch', about: 'Print just the version number' },
    { name: 'output', short: 'o', kind: 'text', about: "One of 'yaml' or 'json'" },
  ],
  async run(call) {
    const commit = `simulated (Kubernetes ${kubernetesVersion})`;
    if (call.options.text('output') === 'json') {
      await call.out(`${JSON.stringify({ commit, minikubeVersion })}\n`);
      return 0;
    }
    await call.out(
      call.options.has('short') ? `${minikubeVersion}\n` : `minikube version: ${minikubeVersion}\ncommit: ${commit}\n`,
    );
    return 0;
  },
};

export const updateCheck: MinikubeCommand = {
  name: 'update-check',
  about: 'Print current and latest version number',
  options: [],
  async run(call) {
    await call.out(`CurrentVersion: ${minikubeVersion}\nLatestVersion: ${minikubeVersion}\n`);
    return 0;
  },
};

export const profileList: MinikubeCommand = {
  name: 'profile list',
  about: 'Lists all minikube profiles',
  options: [
    { name: 'output', short: 'o', kind: 'text', about: "The output format. One of 'json', 'table'" },
    {
      name: 'light',
      short: 'l',
      kind: 'switch',
      about: 'If true, returns list of profiles faster by skipping validating the status of the cluster',
    },
  ],
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
    const isLight = call.options.has('light');
    const stateOf = ({ running, paused }: LocalCluster): string =>
      isLight ? 'Skipped' : !running ? 'Stopped' : paused ? 'Paused' : 'OK';
    if (call.options.text('output') === 'json') {
      const valid = all.map((each) => ({ Name: each.name, Status: stateOf(each), Active: each.name === call.profile }));
      await call.out(`${JSON.stringify({ invalid: [], valid })}\n`);
      return 0;
    }
    const rows = all.map((each) => [
      each.name,
      'docker',
      'containerd',
      each.nodes[0]?.ip ?? '',
      each.version,
      stateOf(each),
      String(each.nodes.length),
      each.name === call.profile ? '*' : '',
      each.name === context ? '*' : '',
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
