// `kubectl config …-credentials`, `get-users`, `delete-user`.
import { encodeBase64 } from '../../../base/bytes.ts';
import { normalizePath } from '../../../base/files.ts';
import type { JsonValue } from '../../../base/json.ts';
import type { Command } from '../../command.ts';
import type { Context } from '../../context.ts';
import { CommandError } from '../../errors.ts';
import { flag } from '../../flags.ts';
import { checkCount, nameList, storeOf } from './shared.ts';

const getUsers: Command = {
  use: 'get-users [flags]',
  short: 'Display users defined in the kubeconfig',
  example: '# List the users that kubectl knows about\nkubectl config get-users',
  run: async (context) => context.out(nameList(storeOf(context).merged().users.keys())),
};

const deleteUser: Command = {
  use: 'delete-user NAME',
  short: 'Delete the specified user from the kubeconfig',
  example: '# Delete the minikube user\nkubectl config delete-user minikube',
  run: async (context) => {
    const [name, ...more] = context.args;
    if (name === undefined || more.length > 0) throw context.usageError('user to delete is required');
    const store = storeOf(context);
    const file = store.defaultPath();
    if (!store.merged().users.has(name)) throw new CommandError(`cannot delete user ${name}, not in ${file}`);
    store.removeEntry('users', name);
    context.out(`deleted user ${name} from ${file}\n`);
  },
};

const setCredentials: Command = {
  use: 'set-credentials NAME [--client-certificate=path/to/certfile] [--client-key=path/to/keyfile] [--token=bearer_token] [--username=basic_user] [--password=basic_password] [--auth-provider=provider_name] [--auth-provider-arg=key=value] [--exec-command=exec_command] [--exec-api-version=exec_api_version] [--exec-arg=arg] [--exec-env=key=value]',
  short: 'Set a user entry in kubeconfig',
  long: 'Set a user entry in kubeconfig.\n\n Fields that are not named keep their values. A token and a name with password exclude each other.',
  example:
    '# Set the client key of the user cluster-admin\nkubectl config set-credentials cluster-admin --client-key=~/.kube/admin.key',
  flags: [
    flag.string('client-certificate', 'Path to client-certificate file for the user entry in kubeconfig'),
    flag.string('client-key', 'Path to client-key file for the user entry in kubeconfig'),
    flag.string('token', 'token for the user entry in kubeconfig'),
    flag.string('username', 'username for the user entry in kubeconfig'),
    flag.string('password', 'password for the user entry in kubeconfig'),
    flag.bool('embed-certs', 'Embed client cert/key for the user entry in kubeconfig'),
    flag.string('auth-provider', 'Auth provider for the user entry in kubeconfig'),
    flag.string('exec-command', 'Command for the exec credential plugin for the user entry in kubeconfig'),
  ],
  run: async (context) => {
    if (context.args.length !== 1) checkCount(context, setCredentials, 1);
    const [name = ''] = context.args;
    const { flags } = context;
    if (name === '') throw new CommandError('you must specify a non-empty user name');
    if (flags.changed('auth-provider') || flags.changed('exec-command'))
      throw new CommandError('auth providers and exec credential plugins are not supported by this kubectl');
    const methods = [
      ...(flags.string('token') ? ['token'] : []),
      ...(flags.string('username') || flags.string('password') ? ['username/password'] : []),
    ];
    if (methods.length > 1)
      throw new CommandError(
        `you cannot specify more than one authentication method at the same time: ${methods.join(', ')}`,
      );
    const store = storeOf(context);
    const entry: Record<string, JsonValue> = { ...store.merged().users.get(name) };
    for (const key of ['client-certificate', 'client-key']) setFile(context, entry, key);
    for (const key of ['token', 'username', 'password']) if (flags.changed(key)) entry[key] = flags.string(key);
    if (flags.string('token')) {
      delete entry.username;
      delete entry.password;
    } else if (methods.length > 0) delete entry.token;
    store.setEntry('users', name, entry);
    context.out(`User ${JSON.stringify(name)} set.\n`);
  },
};

function setFile(context: Context, entry: Record<string, JsonValue>, key: string): void {
  const written = context.flags.string(key);
  if (written === '') return;
  const path = normalizePath(written, context.process.cwd);
  if (!context.flags.bool('embed-certs')) {
    entry[key] = path;
    delete entry[`${key}-data`];
    return;
  }
  const { files } = context.process.machine;
  if (!files.exists(path))
    throw new CommandError(`could not stat ${key} file ${path}: stat ${path}: no such file or directory`);
  entry[`${key}-data`] = encodeBase64(files.readFile(path));
  delete entry[key];
}

export const userCommands: readonly Command[] = [getUsers, deleteUser, setCredentials];
