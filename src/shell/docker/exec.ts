// docker exec: one more program in a running container.
import { type DockerCommand, DockerCommandError, option } from './command.ts';
import { follow } from './follow.ts';

export const exec: DockerCommand = {
  name: 'exec',
  operands: 'CONTAINER COMMAND [ARG...]',
  about: 'Execute a command in a running container',
  min: 2,
  operandsEnd: true,
  options: [
    option.flag('interactive', 'Keep STDIN open even if not attached', 'i'),
    option.flag('tty', 'Allocate a pseudo-TTY', 't'),
    option.flag('detach', 'Detached mode: run command in the background', 'd'),
  ],
  async run({ docker, options, process }) {
    const [name = '', ...argv] = options.operands;
    const stdin = options.has('interactive');
    const tty = options.has('tty');
    if (stdin && tty && !process.terminal) throw new DockerCommandError('the input device is not a TTY');
    const attached = await docker.exec(name, { argv, stdin, tty });
    if (options.has('detach')) return 0;
    return follow(process, attached, { input: stdin, terminal: stdin && tty, onSignal: 'send' });
  },
};
