// ssh: a shell, or one command, on a machine of the cluster. Keys and passwords are taken for granted.
import type { ClustersPort } from '../../api/clusters.ts';
import type { Program } from '../../api/program.ts';
import { follow } from '../docker/follow.ts';

/** Options that take a value. */
const valued = /^-[bcDEeFIiJLlmOopQRSWw]$/;

export function ssh(clusters: () => ClustersPort): Program {
  return async (process) => {
    const words = process.argv.slice(1);
    let at = 0;
    while (words[at]?.startsWith('-')) at += valued.test(words[at] ?? '') ? 2 : 1;
    const [target, ...command] = words.slice(at);
    if (target === undefined) {
      await process.stderr.write('usage: ssh [options] destination [command [argument ...]]\n');
      return 255;
    }
    const node = target.slice(target.indexOf('@') + 1);
    const argv = command.length > 0 ? ['/bin/bash', '-c', command.join(' ')] : ['/bin/bash'];
    const tty = command.length === 0 && process.terminal !== undefined;
    const attached = await clusters().exec(undefined, { node, argv, stdin: true, tty });
    if (!attached) {
      await process.stderr.write(`ssh: Could not resolve hostname ${node}: Name or service not known\n`);
      return 255;
    }
    const code = await follow(process, attached, { input: command.length === 0, terminal: tty, onSignal: 'send' });
    if (tty) await process.stderr.write(`Connection to ${node} closed.\n`);
    return code;
  };
}
