// `kubectl config …-context(s)`.
import type { Command } from '../../command.ts';
import type { KubeconfigEntry } from '../../config/kubeconfig.ts';
import type { Context } from '../../context.ts';
import { CommandError, ManyErrors } from '../../errors.ts';
import { flag } from '../../flags.ts';
import { commandHelp } from '../../help.ts';
import { formatTable } from '../../print/table-writer.ts';
import { checkCount, storeOf } from './shared.ts';

const currentContext: Command = {
  use: 'current-context [flags]',
  short: 'Display the current-context',
  example: '# Display the current-context\nkubectl config current-context',
  run: async (context) => {
    const { currentContext } = storeOf(context).merged();
    if (currentContext === '') throw new CommandError('current-context is not set');
    context.out(`${currentContext}\n`);
  },
};

const getContexts: Command = {
  use: 'get-contexts [(-o|--output=)name)]',
  short: 'Describe one or many contexts',
  long: 'Display one or many contexts from the kubeconfig file.',
  example: '# All contexts\nkubectl config get-contexts\n\n# One context\nkubectl config get-contexts my-context',
  flags: [
    flag.bool('no-headers', 'Print no headers.'),
    flag.string('output', "Output format. One of: ('', name).", { shorthand: 'o' }),
  ],
  run: async (context) => {
    const output = context.flags.string('output');
    if (output !== '' && output !== 'name')
      throw new CommandError(
        `--output ${output} is not available in kubectl config get-contexts; resetting to default output format`,
      );
    const { contexts, currentContext } = storeOf(context).merged();
    const names = context.args.length > 0 ? context.args : [...contexts.keys()].sort();
    const known = names.filter((name) => contexts.has(name));
    if (output === 'name') context.out(known.map((name) => `${name}\n`).join(''));
    else {
      const header = context.flags.bool('no-headers') ? [] : [['CURRENT', 'NAME', 'CLUSTER', 'AUTHINFO', 'NAMESPACE']];
      const rows = known.map((name) => contextRow(name, contexts.get(name) ?? {}, name === currentContext));
      context.out(formatTable([...header, ...rows]));
    }
    const missing = names.filter((name) => !contexts.has(name));
    ManyErrors.throwAll(missing.map((name) => new CommandError(`context ${name} not found`)));
  },
};

function contextRow(name: string, entry: KubeconfigEntry, current: boolean): readonly string[] {
  return [
    current ? '*' : '',
    name,
    String(entry.cluster ?? ''),
    String(entry.user ?? ''),
    String(entry.namespace ?? ''),
  ];
}

const useContext: Command = {
  use: 'use-context CONTEXT_NAME',
  completes: { kind: 'kubeconfig', of: 'contexts' },
  aliases: ['use'],
  short: 'Set the current-context in a kubeconfig file',
  example: '# Use the context of minikube\nkubectl config use-context minikube',
  run: async (context) => {
    checkCount(context, useContext, 1);
    const [name = ''] = context.args;
    const store = storeOf(context);
    if (name === '') throw new CommandError('empty context names are not allowed');
    if (!store.merged().contexts.has(name))
      throw new CommandError(`no context exists with the name: ${JSON.stringify(name)}`);
    store.setCurrentContext(name);
    context.out(`Switched to context ${JSON.stringify(name)}.\n`);
  },
};

const setContext: Command = {
  use: 'set-context [NAME | --current] [--cluster=cluster_nickname] [--user=user_nickname] [--namespace=namespace]',
  completes: { kind: 'kubeconfig', of: 'contexts' },
  short: 'Set a context entry in kubeconfig',
  long: 'Set a context entry in kubeconfig.\n\n Fields that are not named keep their values.',
  example: '# Set the user of the context gce, leaving the rest\nkubectl config set-context gce --user=cluster-admin',
  flags: [
    flag.bool('current', 'Modify the current context'),
    flag.string('cluster', 'cluster for the context entry in kubeconfig'),
    flag.string('user', 'user for the context entry in kubeconfig'),
    flag.string('namespace', 'namespace for the context entry in kubeconfig', {
      shorthand: 'n',
      completes: { kind: 'names', of: 'namespaces' },
    }),
  ],
  run: async (context) => {
    const current = context.flags.bool('current');
    if (context.args.length > 1) checkCount(context, setContext, 1);
    const [given = ''] = context.args;
    if (given !== '' && current) throw new CommandError('you cannot specify both a context name and --current');
    if (given === '' && !current) throw new CommandError('you must specify a non-empty context name or --current');
    const store = storeOf(context);
    const merged = store.merged();
    const name = current ? merged.currentContext : given;
    if (name === '') throw new CommandError('no current context is set');
    const old = merged.contexts.get(name);
    const changed = Object.fromEntries(
      ['cluster', 'user', 'namespace'].flatMap((key) =>
        context.flags.changed(key) ? [[key, context.flags.string(key)]] : [],
      ),
    );
    store.setEntry('contexts', name, { ...old, ...changed });
    context.out(`Context ${JSON.stringify(name)} ${old ? 'modified' : 'created'}.\n`);
  },
};

const deleteContext: Command = {
  use: 'delete-context NAME',
  completes: { kind: 'kubeconfig', of: 'contexts' },
  short: 'Delete the specified context from the kubeconfig',
  example: '# Delete the context of the minikube cluster\nkubectl config delete-context minikube',
  run: async (context) => {
    const name = onlyName(context, deleteContext);
    if (name === undefined) return;
    const store = storeOf(context);
    const { contexts, currentContext: current } = store.merged();
    const file = store.defaultPath();
    if (!contexts.has(name)) throw new CommandError(`cannot delete context ${name}, not in ${file}`);
    if (current === name)
      context.err(
        'warning: this removed your active context, use "kubectl config use-context" to select a different one\n',
      );
    store.removeEntry('contexts', name);
    context.out(`deleted context ${name} from ${file}\n`);
  },
};

const renameContext: Command = {
  use: 'rename-context CONTEXT_NAME NEW_NAME',
  completes: { kind: 'kubeconfig', of: 'contexts' },
  short: 'Rename a context from the kubeconfig file',
  long: 'Renames a context from the kubeconfig file.\n\n A current context of that name is renamed too.',
  example: '# Rename a context\nkubectl config rename-context old-name new-name',
  run: async (context) => {
    checkCount(context, renameContext, 2);
    const [old = '', renamed = ''] = context.args;
    if (renamed === '') throw new CommandError('You must specify a new non-empty context name');
    const store = storeOf(context);
    const { contexts, currentContext: current } = store.merged();
    const file = store.defaultPath();
    const entry = contexts.get(old);
    if (!entry) throw new CommandError(`cannot rename the context ${JSON.stringify(old)}, it's not in ${file}`);
    if (contexts.has(renamed))
      throw new CommandError(
        `cannot rename the context ${JSON.stringify(old)}, the context ${JSON.stringify(renamed)} already exists in ${file}`,
      );
    store.setEntry('contexts', renamed, entry);
    store.removeEntry('contexts', old);
    if (current === old) store.setCurrentContext(renamed);
    context.out(`Context ${JSON.stringify(old)} renamed to ${JSON.stringify(renamed)}.\n`);
  },
};

/** The one argument; with another number help is shown and nothing done. */
export function onlyName(context: Context, command: Command): string | undefined {
  const [name, ...more] = context.args;
  if (name !== undefined && more.length === 0) return name;
  context.out(commandHelp(command, context.path, context.process.terminal));
  return undefined;
}

export const contextCommands: readonly Command[] = [
  currentContext,
  getContexts,
  useContext,
  setContext,
  deleteContext,
  renameContext,
];
