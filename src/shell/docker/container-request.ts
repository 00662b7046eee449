// What `docker run` and `docker create` are asked for, read from their options.
import type { ContainerRequest, DockerMount, HealthCheck, PublishedPort, RestartPolicy } from '../../api/docker.ts';
import { normalizePath } from '../../base/files.ts';
import { readGoDuration } from '../../base/go-duration.ts';
import { type DockerCall, DockerCommandError, labelsOf, option } from './command.ts';
import { readMount, readVolume } from './mounts.ts';

export const requestOptions = [
  option.list('publish', "Publish a container's port(s) to the host", 'p'),
  option.flag('publish-all', 'Publish all exposed ports to random ports', 'P'),
  option.list('env', 'Set environment variables', 'e'),
  option.list('env-file', 'Read in a file of environment variables'),
  option.text('name', 'Assign a name to the container'),
  option.flag('rm', 'Automatically remove the container and its associated anonymous volumes when it exits'),
  option.flag('interactive', 'Keep STDIN open even if not attached', 'i'),
  option.flag('tty', 'Allocate a pseudo-TTY', 't'),
  option.text('entrypoint', 'Overwrite the default ENTRYPOINT of the image'),
  option.text('workdir', 'Working directory inside the container', 'w'),
  option.text('user', 'Username or UID (format: <name|uid>[:<group|gid>])', 'u'),
  option.text('hostname', 'Container host name', 'h'),
  option.text('pull', 'Pull image before running ("always", "missing", "never")'),
  option.list('volume', 'Bind mount a volume', 'v'),
  option.list('mount', 'Attach a filesystem mount to the container'),
  option.list('tmpfs', 'Mount a tmpfs directory'),
  option.text('network', 'Connect a container to a network'),
  option.text('net', 'Connect a container to a network'),
  option.list('network-alias', 'Add network-scoped alias for the container'),
  option.list('add-host', 'Add a custom host-to-IP mapping (host:ip)'),
  option.list('label', 'Set meta data on a container', 'l'),
  option.text('restart', 'Restart policy to apply when a container exits (default "no")'),
  option.text('memory', 'Memory limit', 'm'),
  option.text('cpus', 'Number of CPUs'),
  option.text('health-cmd', 'Command to run to check health'),
  option.text('health-interval', 'Time between running the check (ms|s|m|h) (default 0s)'),
  option.text('health-timeout', 'Maximum time to allow one check to run (ms|s|m|h) (default 0s)'),
  option.text('health-start-period', 'Start period for the container to initialize (ms|s|m|h) (default 0s)'),
  option.text('health-retries', 'Consecutive failures needed to report unhealthy'),
  option.flag('no-healthcheck', 'Disable any container-specified HEALTHCHECK'),
];

export function requestOf(call: DockerCall, image: string): ContainerRequest {
  const { options: given, process } = call;
  const entrypoint = given.text('entrypoint');
  const tty = given.has('tty');
  if (tty && given.has('interactive') && !process.terminal && !given.has('detach'))
    throw new DockerCommandError('the input device is not a TTY', 1);
  return {
    image,
    name: given.text('name'),
    entrypoint: entrypoint === undefined ? undefined : entrypoint === '' ? [] : [entrypoint],
    command: given.operands.slice(1),
    env: environment(call),
    workingDir: given.text('workdir'),
    user: given.text('user'),
    hostname: given.text('hostname'),
    ports: given.list('publish').map(publishedPort),
    publishAll: given.has('publish-all'),
    stdin: given.has('interactive'),
    tty,
    removeOnExit: given.has('rm'),
    network: given.text('network') ?? given.text('net') ?? 'bridge',
    aliases: given.list('network-alias'),
    mounts: mounts(call),
    labels: labelsOf(given.list('label')),
    restart: restartPolicy(given.text('restart') ?? 'no', given.has('rm')),
    health: health(call),
    extraHosts: given.list('add-host').map(extraHost),
    memoryBytes: bytes(given.text('memory')),
    cpus: cpus(given.text('cpus')),
  };
}

/** Ends with docker's own words for an option that cannot be read. */
function wrong(message: string): never {
  throw new DockerCommandError(`docker: ${message}\n\nRun 'docker run --help' for more information`, 125);
}

function environment({ options: given, process }: DockerCall): readonly string[] {
  const fromFiles = given.list('env-file').flatMap((name) => {
    const { files } = process.machine;
    const path = normalizePath(name, process.cwd);
    if (!files.exists(path)) wrong(`open ${name}: no such file or directory`);
    const lines = files.readText(path).split('\n');
    return lines.filter((line) => line.trim() !== '' && !line.startsWith('#'));
  });
  return [...fromFiles, ...given.list('env')].flatMap((pair) => {
    if (pair.includes('=')) return [pair];
    const value = process.env.get(pair);
    return value === undefined ? [] : [`${pair}=${value}`];
  });
}

function mounts({ options: given, process }: DockerCall): readonly DockerMount[] {
  const where = { cwd: process.cwd, fail: wrong };
  return [
    ...given.list('volume').map((text) => readVolume(text, where)),
    ...given.list('mount').map((text) => readMount(text, where)),
    ...given
      .list('tmpfs')
      .map(
        (text) => ({ kind: 'tmpfs', source: undefined, target: text.split(':')[0] ?? '', readOnly: false }) as const,
      ),
  ];
}

function restartPolicy(text: string, removes: boolean): RestartPolicy {
  const [name = '', retries] = text.split(':');
  if (name !== 'no' && name !== 'always' && name !== 'unless-stopped' && name !== 'on-failure')
    throw new DockerCommandError(
      `docker: Error response from daemon: invalid restart policy: unknown policy '${name}'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'\n\nRun 'docker run --help' for more information`,
      125,
    );
  if (retries !== undefined && !/^\d+$/.test(retries))
    wrong('invalid restart policy format: maximum retry count must be an integer');
  if (retries !== undefined && name !== 'on-failure')
    throw new DockerCommandError(
      "docker: Error response from daemon: invalid restart policy: maximum retry count can only be used with 'on-failure'\n\nRun 'docker run --help' for more information",
      125,
    );
  if (removes && name !== 'no') wrong('conflicting options: cannot specify both --restart and --rm');
  return { name, retriesMax: Number(retries ?? 0) };
}

function health({ options: given }: DockerCall): Partial<HealthCheck> | undefined {
  if (given.has('no-healthcheck')) return { test: ['NONE'] };
  const command = given.text('health-cmd');
  const duration = (name: string): number | undefined => {
    const text = given.text(name);
    const ms = text === undefined ? undefined : readGoDuration(text);
    if (text !== undefined && ms === undefined)
      throw new DockerCommandError(
        `invalid argument "${text}" for "--${name}" flag: time: invalid duration "${text}"\n\nUsage:  docker run [OPTIONS] IMAGE [COMMAND] [ARG...]\n\nRun 'docker run --help' for more information`,
        125,
      );
    return ms;
  };
  const [intervalMs, timeoutMs, startPeriodMs] = ['interval', 'timeout', 'start-period'].map((name) =>
    duration(`health-${name}`),
  );
  const retries = given.text('health-retries');
  const check = {
    ...(command === undefined ? {} : { test: ['CMD-SHELL', command] }),
    ...(intervalMs === undefined ? {} : { intervalMs }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(startPeriodMs === undefined ? {} : { startPeriodMs }),
    ...(retries === undefined ? {} : { retries: Number(retries) }),
  };
  return Object.keys(check).length > 0 ? check : undefined;
}

function extraHost(text: string): readonly [string, string] {
  const [, name, ip] = /^([^:=]+)[:=](.+)$/.exec(text) ?? [];
  if (name === undefined || ip === undefined) return wrong(`bad format for add-host: "${text}"`);
  return [name, ip];
}

const unitBytes: Readonly<Record<string, number>> = { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };
const memoryMin = 6 * 1024 ** 2;

function bytes(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, amount, unit = 'b'] = /^(\d+(?:\.\d+)?)([bkmg])?b?$/i.exec(text) ?? [];
  if (amount === undefined)
    throw new DockerCommandError(
      `invalid argument "${text}" for "-m, --memory" flag: invalid size: '${text}'\n\nUsage:  docker run [OPTIONS] IMAGE [COMMAND] [ARG...]\n\nRun 'docker run --help' for more information`,
      125,
    );
  const value = Math.floor(Number(amount) * (unitBytes[unit.toLowerCase()] ?? 1));
  if (value < memoryMin)
    throw new DockerCommandError(
      "docker: Error response from daemon: Minimum memory limit allowed is 6MB\n\nRun 'docker run --help' for more information",
      125,
    );
  return value;
}

function cpus(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!(value > 0))
    throw new DockerCommandError(
      `invalid argument "${text}" for "--cpus" flag: failed to parse ${text} as a rational number\n\nUsage:  docker run [OPTIONS] IMAGE [COMMAND] [ARG...]\n\nRun 'docker run --help' for more information`,
      125,
    );
  return value;
}

/** `8080:80`, `80`, `127.0.0.1:8080:80/tcp`. */
function publishedPort(text: string): PublishedPort {
  const parts = text.replace(/\/tcp$/, '').split(':');
  const [containerText = '', hostText = '0', ip = '0.0.0.0'] = parts.reverse();
  if (containerText.endsWith('/udp')) wrong(`the simulator publishes TCP ports alone: ${text}`);
  const containerPort = Number(containerText);
  const hostPort = Number(hostText || '0');
  const fine = (port: number): boolean => Number.isInteger(port) && port >= 0 && port < 65_536;
  if (!/^\d+$/.test(containerText) || !fine(containerPort) || containerPort === 0)
    wrong(`invalid containerPort: ${containerText}`);
  if (!fine(hostPort)) wrong(`invalid hostPort: ${hostText}`);
  return { hostIp: ip, hostPort, containerPort };
}
