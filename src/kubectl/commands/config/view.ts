// `kubectl config view`: the merged kubeconfig, secrets left out unless asked for.
import { encodeBase64 } from '../../../base/bytes.ts';
import { normalizePath } from '../../../base/files.ts';
import type { Command } from '../../command.ts';
import type { Kubeconfig, KubeconfigEntry } from '../../config/kubeconfig.ts';
import { kubeconfigObject } from '../../config/store.ts';
import type { Context } from '../../context.ts';
import { CommandError } from '../../errors.ts';
import { flag } from '../../flags.ts';
import { objectFormats, objectPrinter, printFlags } from '../../print/printer.ts';
import { storeOf } from './shared.ts';

export const view: Command = {
  use: 'view [flags]',
  short: 'Display merged kubeconfig settings or a specified kubeconfig file',
  long: 'Display merged kubeconfig settings or a specified kubeconfig file.\n\n With --output jsonpath={...} you extract one value.',
  example: `# Merged kubeconfig settings
kubectl config view

# With certificate data and secrets
kubectl config view --raw

# The password of the user e2e
kubectl config view -o jsonpath='{.users[?(@.name == "e2e")].user.password}'`,
  flags: [
    ...printFlags(objectFormats, 'yaml'),
    flag.bool('flatten', 'Put the contents of certificate files into the output, so that it stands alone'),
    flag.bool('merge', 'Merge the full hierarchy of kubeconfig files', { default: 'true' }),
    flag.bool('minify', 'Leave out what the current context does not use'),
    flag.bool('raw', 'Show certificate data and secrets'),
  ],
  run: async (context) => {
    if (context.args.length > 0) throw context.usageError(`unexpected arguments: [${context.args.join(' ')}]`);
    if (!context.flags.bool('merge') && context.flags.string('kubeconfig') === '')
      throw new CommandError('if merge==false a precise file must be specified');
    let config = storeOf(context).merged();
    const chosen = context.flags.string('context');
    if (chosen) config = { ...config, currentContext: chosen };
    if (context.flags.bool('minify')) config = minify(config);
    if (context.flags.bool('flatten')) config = flatten(context, config);
    else if (!context.flags.bool('raw')) config = redact(config);
    context.out(objectPrinter(context, { typed: true }).print(kubeconfigObject(config)));
  },
};

function minify(config: Kubeconfig): Kubeconfig {
  if (config.currentContext === '') throw new CommandError('current-context must exist in order to minify');
  const entry = config.contexts.get(config.currentContext);
  if (!entry) throw new CommandError(`cannot locate context ${config.currentContext}`);
  const only = (entries: ReadonlyMap<string, KubeconfigEntry>, name: unknown, what: string) => {
    if (typeof name !== 'string' || name === '') return new Map<string, KubeconfigEntry>();
    const held = entries.get(name);
    if (!held) throw new CommandError(`cannot locate ${what} ${name}`);
    return new Map([[name, held]]);
  };
  return {
    ...config,
    contexts: new Map([[config.currentContext, entry]]),
    clusters: only(config.clusters, entry.cluster, 'cluster'),
    users: only(config.users, entry.user, 'user'),
  };
}

function flatten(context: Context, config: Kubeconfig): Kubeconfig {
  const embed = (entry: KubeconfigEntry) => {
    let result = entry;
    for (const key of ['certificate-authority', 'client-certificate', 'client-key']) {
      const path = result[key];
      if (typeof path !== 'string' || path === '') continue;
      const { [key]: _, ...rest } = result;
      const bytes = context.process.machine.files.readFile(normalizePath(path, context.process.cwd));
      result = { ...rest, [`${key}-data`]: encodeBase64(bytes) };
    }
    return result;
  };
  return mapEntries(config, embed);
}

function redact(config: Kubeconfig): Kubeconfig {
  const secrets: Readonly<Record<string, string>> = { token: 'REDACTED', password: 'REDACTED' };
  return mapEntries(config, (entry) =>
    Object.fromEntries(
      Object.entries(entry).map(([key, value]) => {
        if (value === '' || value === null) return [key, value];
        if (key.endsWith('-data')) return [key, 'DATA+OMITTED'];
        return [key, Object.hasOwn(secrets, key) ? (secrets[key] ?? value) : value];
      }),
    ),
  );
}

function mapEntries(config: Kubeconfig, change: (entry: KubeconfigEntry) => KubeconfigEntry): Kubeconfig {
  const each = (entries: ReadonlyMap<string, KubeconfigEntry>) =>
    new Map([...entries].map(([name, entry]) => [name, change(entry)]));
  return { ...config, clusters: each(config.clusters), users: each(config.users) };
}
