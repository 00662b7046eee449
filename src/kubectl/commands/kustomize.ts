// `kubectl kustomize`: prints what a kustomization makes, or writes it into a file or a folder.
import { FileError, normalizePath } from '../../base/files.ts';
import type { JsonObject } from '../../base/json.ts';
import type { Command } from '../command.ts';
import type { Context } from '../context.ts';
import { CommandError } from '../errors.ts';
import { flag } from '../flags.ts';
import { klogLine } from '../klog.ts';
import { buildKustomization } from '../kustomize/build.ts';
import { effectiveNamespace, idOf, isClusterScoped } from '../kustomize/resource-id.ts';
import { formatYaml } from '../print/yaml.ts';

export const kustomize: Command = {
  use: 'kustomize DIR [flags]',
  long: `Build a set of objects from the 'kustomization.yaml' of a directory and print them.

 DIR is the path of a directory that holds a 'kustomization.yaml'. Without it the current directory is built.`,
  example: `# The current directory
kubectl kustomize

# Another one
kubectl kustomize /home/config/production`,
  flags: [
    flag.bool('as-current-user', "Run functions in containers with the caller's user and group."),
    flag.bool('enable-alpha-plugins', 'Let plugins of your own run.'),
    flag.bool('enable-helm', 'Let Helm charts be inflated.'),
    flag.bool('enable-managedby-label', 'Label everything as managed by kustomize.', {
      deprecated:
        'The flag `enable-managedby-label` has been deprecated. Use the `managedByLabel` option in the `buildMetadata` field instead.',
    }),
    flag.stringArray('env', 'Environment variables for functions; may be repeated.', { shorthand: 'e' }),
    flag.stringArray(
      'helm-api-versions',
      'API versions that charts find in Capabilities.APIVersions; may be repeated.',
    ),
    flag.string('helm-command', 'The helm program.', { default: 'helm' }),
    flag.bool('helm-debug', 'Let helm tell more.'),
    flag.string('helm-kube-version', 'The Kubernetes version that charts find in Capabilities.KubeVersion.'),
    flag.string('load-restrictor', 'LoadRestrictionsNone: files may lie outside of the directory.', {
      default: 'LoadRestrictionsRootOnly',
      completes: { kind: 'words', words: ['LoadRestrictionsNone', 'LoadRestrictionsRootOnly'] },
    }),
    flag.stringArray('mount', 'Storage that functions may read; may be repeated.'),
    flag.bool('network', 'Let functions that ask for it use the network.'),
    flag.string('network-name', 'The docker network of functions.', { default: 'bridge' }),
    flag.string('output', 'Write into this file, or into a file for each object of this directory.', {
      shorthand: 'o',
    }),
    flag.string('reorder', 'The order of the objects: legacy or none.', {
      default: 'legacy',
      deprecated: "use the new 'sortOptions' field in kustomization.yaml instead.",
    }),
  ],
  run: runKustomize,
};

/** Flags for what a build here does not run: functions in containers, plugins, Helm. */
const unsupported = [
  'as-current-user',
  'enable-alpha-plugins',
  'env',
  'helm-api-versions',
  'helm-command',
  'helm-debug',
  'helm-kube-version',
  'mount',
  'network',
  'network-name',
];

async function runKustomize(context: Context): Promise<void> {
  const { args, flags, process } = context;
  if (args.length > 1) throw new CommandError('specify one path to kustomization.yaml');
  const restrictor = oneOf(context, 'load-restrictor', ['LoadRestrictionsRootOnly', 'LoadRestrictionsNone']);
  const reorder = oneOf(context, 'reorder', ['legacy', 'none']);
  for (const name of unsupported)
    if (flags.changed(name))
      throw new CommandError(`--${name} is not supported: functions, plugins and Helm do not run here`);
  const objects = buildKustomization(process, args[0] ?? '.', {
    unrestricted: restrictor === 'LoadRestrictionsNone',
    helm: flags.bool('enable-helm'),
    reorder: reorder === 'none' ? 'none' : 'legacy',
    managedByLabel: flags.bool('enable-managedby-label'),
    warn: (line) => context.err(`${line}\n`),
    log: (line) => context.err(klogLine(process, 'I', 'log.go:244', line)),
  });
  const path = flags.string('output');
  if (path === '') context.out(objects.map(formatYaml).join('---\n'));
  else write(context, normalizePath(path, process.cwd), objects);
}

function oneOf({ flags }: Context, name: string, values: readonly string[]): string {
  const value = flags.string(name);
  if (value === '' || values.includes(value)) return value;
  throw new CommandError(`illegal flag value --${name} ${value}; legal values: [${values.join(' ')}]`);
}

function write({ process }: Context, path: string, objects: readonly JsonObject[]): void {
  const { files } = process.machine;
  const isFolder = files.exists(path) && files.stat(path).kind === 'directory';
  const ids = objects.map(idOf).filter((id) => !isClusterScoped(id));
  const severalNamespaces = new Set(ids.map(effectiveNamespace)).size > 1;
  try {
    if (!isFolder) files.writeFile(path, objects.map(formatYaml).join('---\n'));
    else
      for (const object of objects)
        files.writeFile(`${path}/${fileName(object, severalNamespaces)}`, formatYaml(object));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new CommandError(`open ${path}: ${error.message.toLowerCase()}`);
  }
}

function fileName(object: JsonObject, withNamespace: boolean): string {
  const id = idOf(object);
  const ns = withNamespace && !isClusterScoped(id) ? [effectiveNamespace(id)] : [];
  return `${[...ns, id.group, id.version, id.kind, id.name].filter(Boolean).join('_').toLowerCase()}.yaml`;
}
