// minikube node list, add, stop, start and delete.
import type { LocalCluster } from '../../api/clusters.ts';
import {
  kicbaseVersion,
  type MinikubeCall,
  type MinikubeCommand,
  MinikubeExit,
  needCluster,
  needRunning,
  runKubectl,
} from './command.ts';
import { powerOff } from './stop.ts';

const readyTimeoutMs = 360_000;
const creationMs = 6300;
const restartMs = 2600;

export const nodeList: MinikubeCommand = {
  name: 'node list',
  about: 'List nodes',
  options: [],
  async run(call) {
    const { nodes } = await needCluster(call);
    await call.out(nodes.map(({ name, ip }) => `${name}\t${ip}\n`).join(''));
    return 0;
  },
};

export const nodeAdd: MinikubeCommand = {
  name: 'node add',
  about: 'Adds a node to the given cluster',
  options: [
    { name: 'control-plane', kind: 'switch', about: 'Make the new node a control-plane' },
    { name: 'worker', kind: 'switch', about: 'Make the new node a worker (default)' },
  ],
  async run(call) {
    const cluster = await needRunning(call);
    const { name, nodes } = cluster;
    const made = `${name}-m${String(nodes.length + 1).padStart(2, '0')}`;
    const role = call.options.has('control-plane') ? 'control-plane' : 'worker';
    const works = !call.options.isSet('worker') || call.options.has('worker');
    if (!works)
      throw new MinikubeExit(
        '\n❌  Exiting due to MK_USAGE: the simulator adds no node that is not a worker: --worker=false is not supported',
        14,
      );
    const roles = role === 'worker' ? '[worker]' : '[control-plane worker]';
    await call.say('😄', `Adding node ${made.slice(name.length + 1)} to cluster ${name} as ${roles}`);
    await bringUp(call, { cluster, node: made, role, isNew: true }, () =>
      call.clusters.addNode(name, role === 'control-plane'),
    );
    await call.say('🏄', `Successfully added ${made.slice(name.length + 1)} to ${name}!`);
    return 0;
  },
};

export const nodeStop: MinikubeCommand = {
  name: 'node stop',
  about: 'Stops a node in a cluster',
  options: [],
  async run(call) {
    const cluster = await needRunning(call);
    const { name, running } = nodeOf(call, cluster, 'stop');
    await powerOff(call, { name, running });
    await call.clusters.powerNode(cluster.name, name, false);
    await call.say('🛑', `Successfully stopped node ${name}`);
    return 0;
  },
};

export const nodeStart: MinikubeCommand = {
  name: 'node start',
  about: 'Starts a node',
  options: [],
  async run(call) {
    const cluster = await needRunning(call);
    const { name, running, controlPlane } = nodeOf(call, cluster, 'start');
    if (running) {
      await call.say('🎉', `${name} is already running`);
      return 0;
    }
    const role = controlPlane ? 'control-plane' : 'worker';
    await bringUp(call, { cluster, node: name, role, isNew: false }, () =>
      call.clusters.powerNode(cluster.name, name, true),
    );
    await call.say('🏄', `Successfully started node ${name}!`);
    return 0;
  },
};

export const nodeDelete: MinikubeCommand = {
  name: 'node delete',
  about: 'Deletes a node from a cluster',
  options: [],
  async run(call) {
    const cluster = await needRunning(call);
    const { name, controlPlane } = nodeOf(call, cluster, 'delete');
    if (controlPlane)
      throw new MinikubeExit(
        `\n❌  Exiting due to GUEST_NODE_DELETE: deleting node: the simulator deletes worker nodes only; "${name}" is a control plane`,
        80,
      );
    await call.say('🔥', `Deleting node ${name} from cluster ${cluster.name}`);
    const context = ['--context', cluster.name];
    await runKubectl(call.process, [
      ...context,
      'drain',
      name,
      '--ignore-daemonsets',
      '--delete-emptydir-data',
      '--force',
    ]);
    await call.say('✋', `Stopping node "${name}"  ...`);
    await call.clusters.removeNode(cluster.name, name);
    await runKubectl(call.process, [...context, 'delete', 'node', name]);
    await call.say('🔥', `Deleting "${name}" in docker ...`);
    await call.say('💀', `Node ${name} was successfully deleted.`);
    return 0;
  },
};

/** Makes a machine's container, or starts it again, and waits until the node is ready. */
async function bringUp(
  call: MinikubeCall,
  what: { readonly cluster: LocalCluster; readonly node: string; readonly role: string; readonly isNew: boolean },
  act: () => Promise<unknown>,
): Promise<void> {
  const { cluster, node, role, isNew } = what;
  await call.say('👍', `Starting "${node}" ${role} node in "${cluster.name}" cluster`);
  await call.say('🚜', `Pulling base image ${kicbaseVersion} ...`);
  if (isNew) await call.say('🔥', 'Creating docker container (CPUs=2, Memory=3072MB) ...');
  else await call.say('🔄', `Restarting existing docker container for "${node}" ...`);
  await call.process.clock.sleep(isNew ? creationMs : restartMs, call.process.cancel);
  await act();
  await call.say('📦', `Preparing Kubernetes ${cluster.version} on containerd 2.1.4 ...`);
  await call.say('🔎', 'Verifying Kubernetes components...');
  await call.clusters.ready(cluster.name, readyTimeoutMs);
}

/** The node that is meant: by its whole name, or by what follows the cluster's (`m02`). */
function nodeOf(call: MinikubeCall, { name, nodes }: LocalCluster, verb: string): LocalCluster['nodes'][number] {
  const [wanted] = call.options.operands;
  if (wanted === undefined)
    throw new MinikubeExit(`\n❌  Exiting due to MK_USAGE: Usage: minikube node ${verb} [name]`, 14);
  const node = nodes.find((each) => each.name === wanted || each.name === `${name}-${wanted}`);
  if (node) return node;
  throw new MinikubeExit(
    `\n❌  Exiting due to GUEST_NODE_RETRIEVE: retrieving node: Could not find node ${wanted}`,
    80,
  );
}
