// docker run and create: a new container from an image, which is pulled when it is not there.
import { type ContainerRequest, DockerError, type PublishedPort } from '../../api/docker.ts';
import { type DockerCall, type DockerCommand, DockerCommandError, option } from './command.ts';
import { follow } from './follow.ts';
import { pullImage } from './transfer.ts';

const options = [
  option.flag('detach', 'Run container in background and print container ID', 'd'),
  option.list('publish', "Publish a container's port(s) to the host", 'p'),
  option.flag('publish-all', 'Publish all exposed ports to random ports', 'P'),
  option.list('env', 'Set environment variables', 'e'),
  option.list('env-file', 'Read in a file of environment variables'),
  option.text('name', 'Assign a name to the container'),
  option.flag('rm', 'Automatically remove the container when it exits'),
  option.flag('interactive', 'Keep STDIN open even if not attached', 'i'),
  option.flag('tty', 'Allocate a pseudo-TTY', 't'),
  option.text('entrypoint', 'Overwrite the default ENTRYPOINT of the image'),
  option.text('workdir', 'Working directory inside the container', 'w'),
  option.text('user', 'Username or UID (format: "<name|uid>[:<group|gid>]")', 'u'),
  option.text('hostname', 'Container host name', 'h'),
  option.text('pull', 'Pull image before running ("always", "missing", "never")'),
];

export const run: DockerCommand = {
  name: 'run',
  operands: 'IMAGE [COMMAND] [ARG...]',
  about: 'Create and run a new container from an image',
  min: 1,
  operandsEnd: true,
  options,
  async run(call) {
    const id = await create_(call);
    const interactive = call.options.has('interactive');
    if (call.options.has('detach')) {
      await start(call, id, false);
      await call.out(`${id}\n`);
      return 0;
    }
    const attached = await start(call, id, true);
    if (!attached) return 125;
    return follow(call.process, attached, {
      input: interactive,
      terminal: interactive && call.options.has('tty'),
      onSignal: 'send',
    });
  },
};

export const create: DockerCommand = {
  ...run,
  name: 'create',
  about: 'Create a new container',
  options: options.filter(({ name }) => name !== 'detach'),
  async run(call) {
    await call.out(`${await create_(call)}\n`);
    return 0;
  },
};

/** What the runtime cannot start exits with its codes: 126, 127. */
async function start(call: DockerCall, id: string, attach: boolean) {
  try {
    return await call.docker.start(id, attach);
  } catch (error) {
    if (!(error instanceof DockerError)) throw error;
    const status = /permission denied|is a directory/.test(error.message)
      ? 126
      : /not found|no such file/.test(error.message)
        ? 127
        : 125;
    throw new DockerCommandError(
      `docker: Error response from daemon: ${error.message}\n\nRun 'docker run --help' for more information`,
      status,
    );
  }
}

async function create_(call: DockerCall): Promise<string> {
  const { docker, options: given } = call;
  const [image = ''] = given.operands;
  const policy = given.text('pull') ?? 'missing';
  const known = await docker.findImage(image);
  if (policy === 'always' || (!known && policy === 'missing')) {
    if (!known)
      await call.error(
        `Unable to find image '${/[:@]/.test(image.slice(image.lastIndexOf('/') + 1)) ? image : `${image}:latest`}' locally\n`,
      );
    const lines: string[] = [];
    await pullImage(call, image, async (text) => void lines.push(text));
    await call.error(
      lines
        .filter((line) => !line.startsWith('Using default'))
        .join('')
        .replace(/docker\.io\/\S+\n$/, ''),
    );
  }
  return docker.create(requestOf(call, image));
}

function requestOf({ options: given, process }: DockerCall, image: string): ContainerRequest {
  const entrypoint = given.text('entrypoint');
  const fromFiles = given.list('env-file').flatMap((name) =>
    process.machine.files
      .readText(name.startsWith('/') ? name : `${process.cwd}/${name}`)
      .split('\n')
      .filter((line) => line.trim() !== '' && !line.startsWith('#')),
  );
  const env = [...fromFiles, ...given.list('env')].flatMap((pair) => {
    if (pair.includes('=')) return [pair];
    const value = process.env.get(pair);
    return value === undefined ? [] : [`${pair}=${value}`];
  });
  const tty = given.has('tty');
  if (tty && given.has('interactive') && !process.terminal && !given.has('detach'))
    throw new DockerCommandError('the input device is not a TTY', 1);
  return {
    image,
    name: given.text('name'),
    entrypoint: entrypoint === undefined ? undefined : [entrypoint],
    command: given.operands.slice(1),
    env,
    workingDir: given.text('workdir'),
    user: given.text('user'),
    hostname: given.text('hostname'),
    ports: given.list('publish').map(publishedPort),
    publishAll: given.has('publish-all'),
    stdin: given.has('interactive'),
    tty,
    removeOnExit: given.has('rm'),
  };
}

/** `8080:80`, `80`, `127.0.0.1:8080:80/tcp`. */
function publishedPort(text: string): PublishedPort {
  const parts = text.replace(/\/tcp$/, '').split(':');
  const [containerText = '', hostText = '0', ip = '0.0.0.0'] = parts.reverse();
  const containerPort = Number(containerText);
  const hostPort = Number(hostText || '0');
  const fine = (port: number): boolean => Number.isInteger(port) && port >= 0 && port < 65_536;
  if (!/^\d+$/.test(containerText) || !fine(containerPort) || containerPort === 0)
    throw new DockerCommandError(
      `docker: invalid containerPort: ${containerText}\n\nRun 'docker run --help' for more information`,
      125,
    );
  if (!fine(hostPort))
    throw new DockerCommandError(
      `docker: invalid hostPort: ${hostText}\n\nRun 'docker run --help' for more information`,
      125,
    );
  return { hostIp: ip, hostPort, containerPort };
}
