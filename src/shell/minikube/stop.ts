// minikube stop and delete.
import { findCluster, type MinikubeCall, type MinikubeCommand, needCluster, runKubectl } from './command.ts';
import { removeContext } from './kubeconfig.ts';

const stopMs = 10_500;
const deleteMs = 2100;

export const stop: MinikubeCommand = {
  name: 'stop',
  about: 'Stops a running local Kubernetes cluster',
  options: [],
  async run(call) {
    const cluster = await needCluster(call);
    for (const { name } of [...cluster.nodes].reverse()) await powerOff(call, { name, running: cluster.running });
    await call.clusters.stop(cluster.name);
    await runKubectl(call.process, ['config', 'unset', 'current-context']);
    await call.say('🛑', `${cluster.nodes.length} node${cluster.nodes.length === 1 ? '' : 's'} stopped.`);
    return 0;
  },
};

export const deleteCluster: MinikubeCommand = {
  name: 'delete',
  about: 'Deletes a local Kubernetes cluster',
  options: [
    { name: 'all', kind: 'switch', about: 'Set flag to delete all profiles' },
    { name: 'purge', kind: 'switch', about: "Set this flag to delete the '.minikube' folder from your user directory" },
  ],
  async run(call) {
    const { files } = call.process.machine;
    const home = `${call.process.env.get('HOME') ?? '/root'}/.minikube`;
    const own = await findCluster(call);
    const going = call.options.has('all') ? await call.clusters.list() : own ? [own] : [];
    if (!own && !call.options.has('all')) {
      await call.say('🙄', `"${call.profile}" profile does not exist, trying anyways.`);
      await call.say('💀', `Removed all traces of the "${call.profile}" cluster.`);
    }
    for (const { name, nodes } of going) {
      await call.say('🔥', `Deleting "${name}" in docker ...`);
      for (const node of nodes) await call.say('🔥', `Deleting container "${node.name}" ...`);
      await call.process.clock.sleep(deleteMs, call.process.cancel);
      await call.clusters.delete(name);
      for (const node of nodes) await call.say('🔥', `Removing ${home}/machines/${node.name} ...`);
      if (files.exists(`${home}/profiles/${name}`)) files.remove(`${home}/profiles/${name}`, { recursive: true });
      await removeContext(call.process, name);
      await call.say('💀', `Removed all traces of the "${name}" cluster.`);
    }
    if (call.options.has('all')) await call.say('🔥', 'Successfully deleted all profiles');
    if (call.options.has('purge') && files.exists(home)) files.remove(home, { recursive: true });
    return 0;
  },
};

/** Says that a machine goes down, and takes its time. */
export async function powerOff(
  call: MinikubeCall,
  { name, running }: { readonly name: string; readonly running: boolean },
): Promise<void> {
  await call.say('✋', `Stopping node "${name}"  ...`);
  if (!running) return;
  await call.say('🛑', `Powering off "${name}" via SSH ...`);
  await call.process.clock.sleep(stopMs, call.process.cancel);
}
