// ssh: a shell, or one command, on a machine of the cluster. Keys and passwords are taken for granted.
import type { ClustersPort } from '../../api/clusters.ts';
import type { Program } from '../../api/program.ts';
import { follow } from '../docker/follow.ts';

/** Options that take a value. */
const valued = 'BbcDEeFIiJLlmOopQRSWw';
/** What acts: a terminal or none, no input. */
const acting = 'tTn';
/** Keys, hosts and users are taken for granted, and there is one way to a machine: these have nothing to choose. */
const idle = 'iloFpqvxXYaAkKCc46';

export function ssh(clusters: () => ClustersPort): Program {
  return async (process) => {
    const words = process.argv.slice(1);
    const given = new Set<string>();
    let at = 0;
    for (; words[at]?.startsWith('-'); at++) {
      const word = words[at] ?? '';
      for (let i = 1; i < word.length; i++) {
        const letter = word.charAt(i);
        if (!(acting + idle).includes(letter)) {
          const known = valued.includes(letter) || 'fgGMNsVy'.includes(letter);
          const problem = known ? `option -${letter} is not supported here` : `unknown option -- ${letter}`;
          await process.stderr.write(`ssh: ${problem}\n`);
          return 255;
        }
        given.add(letter);
        if (!valued.includes(letter)) continue;
        if (i === word.length - 1) at++;
        break;
      }
    }
    const [target, ...command] = words.slice(at);
    if (target === undefined) {
      await process.stderr.write('usage: ssh [options] destination [command [argument ...]]\n');
      return 255;
    }
    const node = target.slice(target.indexOf('@') + 1);
    const argv = command.length > 0 ? ['/bin/bash', '-c', command.join(' ')] : ['/bin/bash'];
    const wantsTerminal = !given.has('T') && (command.length === 0 || given.has('t'));
    const tty = wantsTerminal && process.terminal !== undefined;
    const attached = await clusters().exec(undefined, { node, argv, stdin: true, tty });
    if (!attached) {
      await process.stderr.write(`ssh: Could not resolve hostname ${node}: Name or service not known\n`);
      return 255;
    }
    const code = await follow(process, attached, {
      input: !given.has('n') && (command.length === 0 || tty),
      terminal: tty,
      onSignal: 'send',
    });
    if (tty) await process.stderr.write(`Connection to ${node} closed.\n`);
    return code;
  };
}
