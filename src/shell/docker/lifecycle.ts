// docker start, stop, restart, kill, pause, unpause, wait, rename, rm and rmi: what is done to containers and images, one
// after the other.
import type { DockerPort } from '../../api/docker.ts';
import type { Signal } from '../../api/program.ts';
import { type DockerCall, type DockerCommand, DockerCommandError, forEachOperand, option } from './command.ts';
import { follow } from './follow.ts';

const defaultStopSeconds = 10;
const signals: readonly Signal[] = [
  'SIGHUP',
  'SIGINT',
  'SIGQUIT',
  'SIGKILL',
  'SIGTERM',
  'SIGUSR1',
  'SIGUSR2',
  'SIGWINCH',
  'SIGPIPE',
];
const signalNumbers: Readonly<Record<string, Signal>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  9: 'SIGKILL',
  15: 'SIGTERM',
};

/** A command that does one thing to each of the containers that it names, and says the name of each that it did it to. */
function forEachContainer(
  command: Pick<DockerCommand, 'name' | 'about'> & Partial<Pick<DockerCommand, 'options'>>,
  act: (docker: DockerPort, name: string, call: DockerCall) => Promise<unknown>,
): DockerCommand {
  return {
    operands: 'CONTAINER [CONTAINER...]',
    min: 1,
    options: [],
    ...command,
    run: (call) =>
      forEachOperand(call, async (name) => {
        await act(call.docker, name, call);
        await call.out(`${name}\n`);
      }),
  };
}

const stopOptions = [
  option.text('timeout', 'Seconds to wait before killing the container', 't'),
  option.text('time', 'Seconds to wait before killing the container (deprecated: use --timeout)'),
  option.text('signal', 'Signal to send to the container', 's'),
];

const simpleStart = forEachContainer({ name: 'start', about: 'Start one or more stopped containers' }, (docker, name) =>
  docker.start(name, false),
);

export const start: DockerCommand = {
  ...simpleStart,
  options: [
    option.flag('attach', 'Attach STDOUT/STDERR and forward signals', 'a'),
    option.flag('interactive', "Attach container's STDIN", 'i'),
  ],
  async run(call) {
    const { docker, options, process } = call;
    const [first = ''] = options.operands;
    if (!options.has('attach') && !options.has('interactive')) return simpleStart.run(call);
    const attached = await docker.start(first, true);
    return attached ? follow(process, attached, { input: options.has('interactive'), onSignal: 'send' }) : 1;
  },
};

export const stop = forEachContainer(
  { name: 'stop', about: 'Stop one or more running containers', options: stopOptions },
  (docker, name, call) => docker.stop(name, stopSignal(call), secondsOf(call) * 1000),
);

export const restart = forEachContainer(
  { name: 'restart', about: 'Restart one or more containers', options: stopOptions },
  async (docker, name, call) => {
    await docker.stop(name, stopSignal(call), secondsOf(call) * 1000);
    await docker.start(name, false);
  },
);

export const kill = forEachContainer(
  {
    name: 'kill',
    about: 'Kill one or more running containers',
    options: [option.text('signal', 'Signal to send to the container', 's')],
  },
  (docker, name, call) => docker.kill(name, stopSignal(call) ?? 'SIGKILL'),
);

export const pause = forEachContainer(
  { name: 'pause', about: 'Pause all processes within one or more containers' },
  (docker, name) => docker.pause(name, true),
);

export const unpause = forEachContainer(
  { name: 'unpause', about: 'Unpause all processes within one or more containers' },
  (docker, name) => docker.pause(name, false),
);

export const rm = forEachContainer(
  {
    name: 'rm',
    about: 'Remove one or more containers',
    options: [
      option.flag('force', 'Force the removal of a running container (uses SIGKILL)', 'f'),
      option.flag('volumes', 'Remove anonymous volumes associated with the container', 'v'),
    ],
  },
  (docker, name, { options }) => docker.remove(name, { force: options.has('force'), volumes: options.has('volumes') }),
);

export const wait: DockerCommand = {
  name: 'wait',
  operands: 'CONTAINER [CONTAINER...]',
  about: 'Block until one or more containers stop, then print their exit codes',
  min: 1,
  options: [],
  run: (call) => forEachOperand(call, async (name) => call.out(`${await call.docker.wait(name)}\n`)),
};

export const rename: DockerCommand = {
  name: 'rename',
  operands: 'CONTAINER NEW_NAME',
  about: 'Rename a container',
  min: 2,
  max: 2,
  options: [],
  async run({ docker, options }) {
    const [from = '', to = ''] = options.operands;
    await docker.rename(from, to);
    return 0;
  },
};

export const rmi: DockerCommand = {
  name: 'rmi',
  operands: 'IMAGE [IMAGE...]',
  about: 'Remove one or more images',
  min: 1,
  options: [option.flag('force', 'Force removal of the image', 'f')],
  run: (call) =>
    forEachOperand(call, async (name) => {
      for (const line of await call.docker.removeImage(name, call.options.has('force'))) await call.out(`${line}\n`);
    }),
};

function secondsOf({ options }: DockerCall): number {
  const text = options.text('timeout') ?? options.text('time') ?? String(defaultStopSeconds);
  if (!/^-?\d+$/.test(text))
    throw new DockerCommandError(
      `invalid argument "${text}" for "-t, --timeout" flag: strconv.ParseInt: parsing "${text}": invalid syntax`,
      125,
    );
  return Number(text);
}

/** By name, with SIG or without, or by number. */
function stopSignal({ options }: DockerCall): Signal | undefined {
  const text = options.text('signal');
  if (text === undefined) return undefined;
  const name = signalNumbers[text] ?? (text.startsWith('SIG') ? text : `SIG${text}`);
  const signal = signals.find((each) => each === name);
  if (!signal) throw new DockerCommandError(`Error response from daemon: invalid signal: ${text}`);
  return signal;
}
