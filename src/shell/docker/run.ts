// docker run and create: a new container from an image, which is pulled when it is not there.
import { DockerError } from '../../api/docker.ts';
import { type DockerCall, type DockerCommand, DockerCommandError, option } from './command.ts';
import { requestOf, requestOptions } from './container-request.ts';
import { follow } from './follow.ts';
import { pullImage } from './transfer.ts';

const options = [option.flag('detach', 'Run container in background and print container ID', 'd'), ...requestOptions];

const notSimulated =
  'attach blkio-weight cap-add cap-drop cgroup-parent cgroupns cidfile cpu-period cpu-quota cpu-shares cpuset-cpus cpuset-mems device disable-content-trust dns dns-option dns-search domainname expose gpus group-add init ip ip6 ipc isolation label-file link link-local-ip log-driver log-opt mac-address memory-reservation memory-swap oom-kill-disable pid pids-limit platform privileged quiet read-only runtime security-opt shm-size sig-proxy stop-signal stop-timeout storage-opt sysctl ulimit userns uts volume-driver volumes-from'.split(
    ' ',
  );

export const run: DockerCommand = {
  name: 'run',
  operands: 'IMAGE [COMMAND] [ARG...]',
  about: 'Create and run a new container from an image',
  min: 1,
  operandsEnd: true,
  options,
  notSimulated,
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
