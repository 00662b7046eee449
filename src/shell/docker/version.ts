// docker version and info: the client, the daemon, and what the daemon holds.
import { DockerUnavailable } from '../../api/docker.ts';
import type { DockerCommand } from './command.ts';

const number = '28.5.1';
const refused = 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?';

export const version: DockerCommand = {
  name: 'version',
  operands: '',
  about: 'Show the Docker version information',
  min: 0,
  max: 0,
  options: [],
  async run({ docker, out, error }) {
    const built = [
      [' Go version:', 'go1.24.8'],
      [' Git commit:', 'e180ab8'],
      [' Built:', 'Wed Oct  8 12:17:26 2025'],
      [' OS/Arch:', 'linux/amd64'],
    ];
    const rows = [[' Version:', number], [' API version:', '1.51'], ...built, [' Context:', 'default']];
    await out(
      `Client: Docker Engine - Community\n${rows.map(([name = '', value]) => `${name.padEnd(20)}${value}\n`).join('')}`,
    );
    try {
      await docker.ping();
    } catch (problem) {
      if (!(problem instanceof DockerUnavailable)) throw problem;
      await error(`${refused}\n`);
      return 1;
    }
    const server = [
      ['  Version:', number],
      ['  API version:', '1.51 (minimum version 1.24)'],
      ...built.map(([name, value]) => [` ${name}`, value]),
    ];
    await out(
      `\nServer: Docker Engine - Community\n Engine:\n${server.map(([name = '', value]) => `${name.padEnd(20)}${value}\n`).join('')}`,
    );
    return 0;
  },
};

export const info: DockerCommand = {
  name: 'info',
  operands: '',
  about: 'Display system-wide information',
  min: 0,
  max: 0,
  options: [],
  async run({ docker, out, error, process }) {
    await out(
      `Client: Docker Engine - Community\n Version:    ${number}\n Context:    default\n Debug Mode: false\n\nServer:\n`,
    );
    try {
      const containers = await docker.containers();
      const images = await docker.images();
      const running = containers.filter(({ state }) => state === 'running').length;
      await out(
        ` Containers: ${containers.length}\n  Running: ${running}\n  Paused: 0\n  Stopped: ${containers.length - running}\n Images: ${images.length}\n Server Version: ${number}\n Storage Driver: overlay2\n Cgroup Driver: systemd\n Cgroup Version: 2\n Operating System: Debian GNU/Linux 12 (bookworm)\n OSType: linux\n Architecture: x86_64\n CPUs: 8\n Total Memory: 15.5GiB\n Name: ${process.machine.hostname}\n Docker Root Dir: /var/lib/docker\n`,
      );
      return 0;
    } catch (problem) {
      if (!(problem instanceof DockerUnavailable)) throw problem;
      await error(`${refused}\nerrors pretty printing info\n`);
      return 1;
    }
  },
};
