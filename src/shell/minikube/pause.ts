// minikube pause and unpause: hold the control plane and the kubelets, or let them go on.
import { type MinikubeCommand, needRunning, runKubectl } from './command.ts';

const namespaces = ['kube-system', 'kubernetes-dashboard', 'istio-operator'];

export const pause: MinikubeCommand = {
  name: 'pause',
  about: 'Pause Kubernetes',
  options: [],
  async run(call) {
    const { name, nodes } = await needRunning(call);
    const { lines } = await systemContainers(call, name);
    for (const node of nodes) await call.say('⏸️', `Pausing node ${node.name} ... `);
    await call.clusters.pause(name, true);
    await call.say('⏯️', `Paused ${lines} containers in: ${namespaces.join(', ')}`);
    return 0;
  },
};

export const unpause: MinikubeCommand = {
  name: 'unpause',
  about: 'Unpause Kubernetes',
  options: [],
  async run(call) {
    const { name, nodes } = await needRunning(call);
    for (const node of nodes) await call.say('⏸️', `Unpausing node ${node.name} ... `);
    await call.clusters.pause(name, false);
    const { lines } = await systemContainers(call, name);
    await call.say('⏸️', `Unpaused ${lines} containers in: ${namespaces.join(', ')}`);
    return 0;
  },
};

/** How many containers run in the namespaces that are held. */
async function systemContainers(
  call: Parameters<MinikubeCommand['run']>[0],
  context: string,
): Promise<{ readonly lines: number }> {
  let text = '';
  for (const namespace of namespaces)
    await runKubectl(
      call.process,
      ['--context', context, 'get', 'pods', '-n', namespace, '--no-headers', '--ignore-not-found'],
      { heard: (piece) => (text += piece) },
    );
  return { lines: text.split('\n').filter((line) => / Running /.test(line)).length };
}
