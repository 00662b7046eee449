// docker login and logout: accounts at registries, kept in ~/.docker/config.json.
import { decodeUtf8 } from '../../base/bytes.ts';
import { readAll } from '../text/line-reader.ts';
import { type DockerCall, type DockerCommand, DockerCommandError, option } from './command.ts';
import { configFile, readAccounts, writeAccounts } from './config-file.ts';

export const login: DockerCommand = {
  name: 'login',
  operands: '[SERVER]',
  about: 'Authenticate to a registry',
  min: 0,
  max: 1,
  options: [
    option.text('username', 'Username', 'u'),
    option.text('password', 'Password or Personal Access Token (PAT)', 'p'),
    option.flag('password-stdin', 'Take the Password or Personal Access Token (PAT) from stdin'),
  ],
  async run(call) {
    const { options, process, docker, out } = call;
    const registry = (options.operands[0] ?? 'docker.io')
      .replace(/^https?:\/\//, '')
      .replace(/^(index\.docker\.io.*|registry-1\.docker\.io)$/, 'docker.io');
    const given = await credentials(call, registry);
    if (!(await docker.login(registry, given.user, given.password))) {
      const at = registry === 'docker.io' ? 'https://registry-1.docker.io/v2/' : `https://${registry}/v2/`;
      throw new DockerCommandError(
        `Error response from daemon: Get "${at}": unauthorized: incorrect username or password`,
      );
    }
    const accounts = readAccounts(process);
    accounts.set(registry, given);
    writeAccounts(process, accounts);
    await call.error(
      `\nWARNING! Your credentials are stored unencrypted in '${configFile(process)}'.\nConfigure a credential helper to remove this warning. See\nhttps://docs.docker.com/go/credential-store/\n\n`,
    );
    await out('Login Succeeded\n');
    return 0;
  },
};

async function credentials(call: DockerCall, registry: string) {
  const { options, process } = call;
  const user = options.text('username');
  const known = readAccounts(process).get(registry);
  if (user === undefined && known && !options.isSet('password')) {
    await call.out('Authenticating with existing credentials...\n');
    return known;
  }
  if (options.has('password-stdin')) {
    if (user === undefined) throw new DockerCommandError('the --password-stdin option requires --username to be set');
    const password = decodeUtf8(await readAll(process.stdin)).replace(/\r?\n$/, '');
    if (password === '') throw new DockerCommandError('Error: Password Required');
    return { user, password };
  }
  const password = options.text('password');
  if (user !== undefined && password !== undefined) {
    await call.error('WARNING! Using --password via the CLI is insecure. Use --password-stdin.\n');
    return { user, password };
  }
  if (!process.terminal)
    throw new DockerCommandError('Error: Cannot perform an interactive login from a non TTY device');
  if (user === undefined && registry === 'docker.io')
    await call.out(
      "Log in with your Docker ID or email address to push and pull images from Docker Hub. If you don't have a Docker ID, head over to https://hub.docker.com/ to create one.\n\n",
    );
  const name = user ?? (await ask(call, 'Username: '));
  if (name === '') throw new DockerCommandError('Error: username is required');
  const secret = password ?? (await ask(call, 'Password: '));
  if (secret === '') throw new DockerCommandError('Error: password is required');
  return { user: name, password: secret };
}

/** A line from the terminal. */
async function ask({ process }: DockerCall, prompt: string): Promise<string> {
  await process.stdout.write(prompt);
  let line = '';
  for (let bytes = await process.stdin.read(); bytes; bytes = await process.stdin.read()) {
    line += decodeUtf8(bytes);
    if (/[\r\n]/.test(line)) break;
  }
  await process.stdout.write('\n');
  return line.split(/[\r\n]/)[0] ?? '';
}

export const logout: DockerCommand = {
  name: 'logout',
  operands: '[SERVER]',
  about: 'Log out from a registry',
  min: 0,
  max: 1,
  options: [],
  async run({ options, process, out }) {
    const registry = options.operands[0] ?? 'docker.io';
    const accounts = readAccounts(process);
    const shown = registry === 'docker.io' ? 'https://index.docker.io/v1/' : registry;
    if (!accounts.delete(registry)) {
      await out(`Not logged in to ${shown}\n`);
      return 0;
    }
    writeAccounts(process, accounts);
    await out(`Removing login credentials for ${shown}\n`);
    return 0;
  },
};
