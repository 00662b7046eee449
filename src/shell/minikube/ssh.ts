// minikube ssh: a shell, or one program, on a machine of the cluster.
import { follow } from '../docker/follow.ts';
import { type MinikubeCommand, needRunning } from './command.ts';

export const ssh: MinikubeCommand = {
  name: 'ssh',
  about: 'Log into the minikube environment (for debugging)',
  options: [{ name: 'node', short: 'n', kind: 'text', about: 'The node to ssh into' }],
  operandsEnd: true,
  async run(call) {
    const { name, nodes } = await needRunning(call);
    const node = call.options.text('node') ?? nodes[0]?.name ?? name;
    const words = call.options.operands;
    const argv = words.length > 0 ? ['/bin/bash', '-c', words.join(' ')] : ['/bin/bash'];
    const tty = words.length === 0 && call.process.terminal !== undefined;
    const attached = await call.clusters.exec(name, { node, argv, stdin: words.length === 0, tty });
    if (!attached) throw new Error(`${node} does not run`);
    return follow(call.process, attached, { input: words.length === 0, terminal: tty, onSignal: 'send' });
  },
};
