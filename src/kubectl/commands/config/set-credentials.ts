// `kubectl config set-credentials`: certificates, token, name and password, or a plugin that gives credentials.
import { objectAt, objectsAt, textAt } from '../../../base/fields.ts';
import type { JsonObject, JsonValue } from '../../../base/json.ts';
import { parsePairs } from '../../argument-pairs.ts';
import type { Command } from '../../command.ts';
import type { Context } from '../../context.ts';
import { CommandError } from '../../errors.ts';
import { flag } from '../../flags.ts';
import { certificateFile, failWithHelp, storeOf } from './shared.ts';

export const setCredentials: Command = {
  use: 'set-credentials NAME [--client-certificate=path/to/certfile] [--client-key=path/to/keyfile] [--token=bearer_token] [--username=basic_user] [--password=basic_password] [--auth-provider=provider_name] [--auth-provider-arg=key=value] [--exec-command=exec_command] [--exec-api-version=exec_api_version] [--exec-arg=arg] [--exec-env=key=value]',
  short: 'Set a user entry in kubeconfig',
  long: 'Set a user entry in kubeconfig.\n\n Fields that are not named keep their values. A token and a name with password exclude each other.',
  example: `# Set the client key of the user cluster-admin
kubectl config set-credentials cluster-admin --client-key=~/.kube/admin.key

# A program that prints credentials
kubectl config set-credentials cluster-admin --exec-command=/path/to/program --exec-api-version=client.authentication.k8s.io/v1 --exec-interactive-mode=Never

# Its environment: one variable more, one less
kubectl config set-credentials cluster-admin --exec-env=key1=val1 --exec-env=key2-`,
  flags: [
    flag.string('client-certificate', 'Path to client-certificate file for the user entry in kubeconfig'),
    flag.string('client-key', 'Path to client-key file for the user entry in kubeconfig'),
    flag.string('token', 'token for the user entry in kubeconfig'),
    flag.string('username', 'username for the user entry in kubeconfig'),
    flag.string('password', 'password for the user entry in kubeconfig'),
    flag.bool('embed-certs', 'Embed client cert/key for the user entry in kubeconfig'),
    flag.string('auth-provider', 'Auth provider for the user entry in kubeconfig'),
    flag.stringSlice('auth-provider-arg', "'key=value' arguments for the auth provider; 'key-' removes one"),
    flag.string('exec-command', 'Command for the exec credential plugin for the user entry in kubeconfig'),
    flag.string('exec-api-version', 'API version of the exec credential plugin for the user entry in kubeconfig'),
    flag.stringSlice('exec-arg', 'New arguments for the exec credential plugin command'),
    flag.stringArray('exec-env', "'key=value' environment for the exec credential plugin; 'key-' removes one"),
    flag.string('exec-interactive-mode', 'Whether the plugin may use standard input: IfAvailable, Never or Always'),
    flag.bool('exec-provide-cluster-info', 'Tell the exec credential plugin about the cluster'),
  ],
  run: runSetCredentials,
};

type Entry = Record<string, JsonValue>;

async function runSetCredentials(context: Context): Promise<void> {
  const { args, flags } = context;
  const [name = ''] = args;
  if (args.length !== 1) failWithHelp(context, setCredentials, `unexpected args: [${args.join(' ')}]`);
  const provider = pairsOf(context, 'auth-provider-arg');
  const env = pairsOf(context, 'exec-env');
  if (name === '') throw new CommandError('you must specify a non-empty user name');
  checkMethods(context);
  const store = storeOf(context);
  const entry: Entry = { ...store.merged().users.get(name) };
  setFiles(context, entry);
  for (const key of ['token', 'username', 'password']) if (flags.changed(key)) entry[key] = flags.string(key);
  setProvider(context, entry, provider);
  setPlugin(context, entry, env);
  if (flags.string('token')) {
    delete entry.username;
    delete entry.password;
  } else if (flags.string('username') || flags.string('password')) delete entry.token;
  store.setEntry('users', name, entry);
  context.out(`User ${JSON.stringify(name)} set.\n`);
}

function pairsOf(context: Context, name: string): ReturnType<typeof parsePairs> {
  try {
    return parsePairs(context.flags.strings(name), name, true);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return failWithHelp(context, setCredentials, error.message);
  }
}

function checkMethods({ flags }: Context): void {
  const methods = [
    ...(flags.string('token') ? ['--token'] : []),
    ...(flags.string('username') || flags.string('password') ? ['--username/--password'] : []),
  ];
  if (methods.length > 1)
    throw new CommandError(
      `you cannot specify more than one authentication method at the same time: ${methods.join(', ')}`,
    );
  if (flags.bool('embed-certs') && flags.string('client-certificate') === '' && flags.string('client-key') === '')
    throw new CommandError('you must specify a --client-certificate or --client-key to embed');
  const mode = flags.string('exec-interactive-mode');
  if (flags.changed('exec-interactive-mode') && !['IfAvailable', 'Never', 'Always'].includes(mode))
    throw new CommandError('invalid interactive mode type, can be only IfAvailable, Never, Always');
}

function setFiles(context: Context, entry: Entry): void {
  for (const key of ['client-certificate', 'client-key']) {
    const file = certificateFile(context, key);
    if (!file) continue;
    delete entry[key];
    delete entry[`${key}-data`];
    Object.assign(entry, file);
  }
}

type Changes = ReturnType<typeof parsePairs>;

function setProvider({ flags }: Context, entry: Entry, { set, remove }: Changes): void {
  const before = objectAt(entry, 'auth-provider');
  const name = flags.changed('auth-provider') ? flags.string('auth-provider') : textAt(before, 'name');
  if (!before && !flags.changed('auth-provider')) return;
  const held = textAt(before, 'name') === name ? objectAt(before, 'config') : undefined;
  const config = Object.fromEntries(Object.entries(held ?? {}).filter(([key]) => !remove.includes(key)));
  entry['auth-provider'] = { config: { ...config, ...Object.fromEntries(set) }, name };
}

/** The other settings count only where there is a command. */
function setPlugin({ flags }: Context, entry: Entry, { set, remove }: Changes): void {
  const before = objectAt(entry, 'exec');
  if (!before && !flags.changed('exec-command')) return;
  const kept = objectsAt(before, 'env').filter((item) => !remove.includes(textAt(item, 'name')));
  const known = new Set(kept.map((item) => textAt(item, 'name')));
  const env: readonly JsonObject[] = [
    ...kept.map((item) => ({ ...item, value: set.get(textAt(item, 'name')) ?? textAt(item, 'value') })),
    ...[...set].filter(([name]) => !known.has(name)).map(([name, value]) => ({ name, value })),
  ];
  const args = flags.strings('exec-arg');
  entry.exec = {
    args: null,
    provideClusterInfo: false,
    ...before,
    ...(flags.changed('exec-command') ? { command: flags.string('exec-command'), args: null } : {}),
    ...(flags.changed('exec-api-version') ? { apiVersion: flags.string('exec-api-version') } : {}),
    ...(args.length > 0 ? { args } : {}),
    ...(flags.changed('exec-interactive-mode') ? { interactiveMode: flags.string('exec-interactive-mode') } : {}),
    ...(flags.changed('exec-provide-cluster-info')
      ? { provideClusterInfo: flags.bool('exec-provide-cluster-info') }
      : {}),
    env: env.length > 0 || remove.length > 0 ? env : null,
  };
}
