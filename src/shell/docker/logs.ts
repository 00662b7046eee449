// docker logs: what a container has said.
import { type DockerCommand, DockerCommandError, option } from './command.ts';
import { follow } from './follow.ts';

export const logs: DockerCommand = {
  name: 'logs',
  operands: 'CONTAINER',
  about: 'Fetch the logs of a container',
  min: 1,
  max: 1,
  options: [
    option.flag('follow', 'Follow log output', 'f'),
    option.text('tail', 'Number of lines to show from the end of the logs', 'n'),
    option.flag('timestamps', 'Show timestamps', 't'),
  ],
  async run({ docker, options, process }) {
    const [name = ''] = options.operands;
    const tail = options.text('tail') ?? 'all';
    if (tail !== 'all' && !/^\d+$/.test(tail)) throw new DockerCommandError(`invalid value for "tail": ${tail}`);
    const attached = await docker.logs(name, {
      follow: options.has('follow'),
      tail: tail === 'all' ? undefined : Number(tail),
      timestamps: options.has('timestamps'),
    });
    const code = await follow(process, attached, { input: false, onSignal: 'leave' });
    return code === 130 ? 130 : 0;
  },
};
