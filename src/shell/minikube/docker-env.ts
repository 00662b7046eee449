// minikube docker-env: variables that make docker speak to the cluster's own daemon, so that what it builds is there for
// pods without a registry.
import { type MinikubeCommand, needRunning } from './command.ts';

const names = ['DOCKER_HOST', 'MINIKUBE_ACTIVE_DOCKERD'];

export const dockerEnv: MinikubeCommand = {
  name: 'docker-env',
  about: "Provides instructions to point your terminal's docker-cli to the Docker Engine inside minikube",
  options: [
    { name: 'unset', short: 'u', kind: 'switch', about: 'Unset variables instead of setting them' },
    { name: 'shell', kind: 'text', about: 'Force environment to be configured for a specified shell' },
    { name: 'output', short: 'o', kind: 'text', about: "One of 'text', 'yaml' or 'json'" },
    { name: 'ssh-host', kind: 'switch', about: 'Use SSH connection instead of HTTPS (port 2376)' },
    { name: 'ssh-add', kind: 'switch', about: 'Add SSH identity key to SSH authentication agent' },
  ],
  async run(call) {
    if (call.options.has('unset')) {
      await call.out(names.map((name) => `unset ${name};\n`).join(''));
      return 0;
    }
    const { name, sshPort } = await needRunning(call);
    const values = { DOCKER_HOST: `ssh://docker@127.0.0.1:${sshPort}`, MINIKUBE_ACTIVE_DOCKERD: name };
    await call.error(
      '❗  Using the docker-env command with the containerd runtime is a highly experimental feature, please provide feedback or contribute to make it better\n',
    );
    const form = call.options.text('output');
    if (form === 'json') await call.out(`${JSON.stringify(values)}\n`);
    else if (form === 'yaml')
      await call.out(
        Object.entries(values)
          .map(([key, value]) => `${key}: ${value}\n`)
          .join(''),
      );
    else {
      const lines = Object.entries(values).map(([key, value]) => `export ${key}="${value}"\n`);
      await call.out(
        `${lines.join('')}\n# To point your shell to minikube's docker-daemon, run:\n# eval $(minikube -p ${name} docker-env --ssh-host --ssh-add)\n`,
      );
    }
    return 0;
  },
};
