// minikube node list and add.
import { kicbaseVersion, type MinikubeCommand, needCluster, needRunning } from './command.ts';

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
    const { name, nodes, version } = await needRunning(call);
    const made = `${name}-m${String(nodes.length + 1).padStart(2, '0')}`;
    const role = call.options.has('control-plane') ? 'control-plane' : 'worker';
    const roles = role === 'worker' ? '[worker]' : '[control-plane worker]';
    await call.say('😄', `Adding node ${made.slice(name.length + 1)} to cluster ${name} as ${roles}`);
    await call.say('👍', `Starting "${made}" ${role} node in "${name}" cluster`);
    await call.say('🚜', `Pulling base image ${kicbaseVersion} ...`);
    await call.say('🔥', 'Creating docker container (CPUs=2, Memory=3072MB) ...');
    await call.process.clock.sleep(6300, call.process.cancel);
    await call.clusters.addNode(name, role === 'control-plane');
    await call.say('📦', `Preparing Kubernetes ${version} on containerd 2.1.4 ...`);
    await call.say('🔎', 'Verifying Kubernetes components...');
    await call.clusters.ready(name, 360_000);
    await call.say('🏄', `Successfully added ${made.slice(name.length + 1)} to ${name}!`);
    return 0;
  },
};
