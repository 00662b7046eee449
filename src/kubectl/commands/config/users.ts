// `kubectl config …-credentials`, `get-users`, `delete-user`.
import type { Command } from '../../command.ts';
import { CommandError } from '../../errors.ts';
import { setCredentials } from './set-credentials.ts';
import { nameList, storeOf } from './shared.ts';

const getUsers: Command = {
  use: 'get-users [flags]',
  short: 'Display users defined in the kubeconfig',
  example: '# List the users that kubectl knows about\nkubectl config get-users',
  run: async (context) => context.out(nameList(storeOf(context).merged().users.keys())),
};

const deleteUser: Command = {
  use: 'delete-user NAME',
  completes: { kind: 'kubeconfig', of: 'users' },
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

export const userCommands: readonly Command[] = [getUsers, deleteUser, setCredentials];
