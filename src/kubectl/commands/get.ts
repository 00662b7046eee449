// `kubectl get`: objects as tables, JSON, YAML, names, templates; listed or watched.
import type { Command } from '../command.ts';
import type { Context } from '../context.ts';
import { CommandError } from '../errors.ts';
import { flag, subresources } from '../flags.ts';
import { printFlags } from '../print/printer.ts';
import { fileChoice, fileFlags, isFileChoiceEmpty } from '../resource/files.ts';
import { getFormats, isHumanReadable } from './get/formats.ts';
import { getObjects } from './get/objects.ts';
import { rawGet } from './get/raw.ts';
import { getTable } from './get/table.ts';
import { getWatch } from './get/watch.ts';

const usageFormats = getFormats.join('|');

export const get: Command = {
  use: `get [(-o|--output=)${usageFormats}] (TYPE[.VERSION][.GROUP] [NAME | -l label] | TYPE[.VERSION][.GROUP]/NAME ...) [flags]`,
  completes: { kind: 'resources' },
  long: `Display one or many resources.

 Prints a table of what matters most about the resources. A label selector (--selector) narrows the list. Without a namespace of your own you see the current one's.

 With 'template' as output format and a Go template in --template, you choose the fields to print.

Use "kubectl api-resources" for a complete list of supported resources.`,
  example: `# List all pods
kubectl get pods

# List all pods with more columns (node names among them)
kubectl get pods -o wide

# List one deployment
kubectl get deployment web

# List deployments as JSON, in version v1 of the API group apps
kubectl get deployments.v1.apps -o json

# List what a file names
kubectl get -f pod.yaml -o json

# Print one field of a pod
kubectl get -o template pod/web-pod-13je7 --template={{.status.phase}}

# Columns of your own
kubectl get pod test-pod -o custom-columns=CONTAINER:.spec.containers[0].name,IMAGE:.spec.containers[0].image

# Several types, or several objects of several types
kubectl get rc,services
kubectl get rc/web service/frontend pods/web-pod-13je7

# All pods of all namespaces
kubectl get pods --all-namespaces`,
  flags: [
    ...printFlags(getFormats).map((one) =>
      one.name === 'output' ? ({ ...one, completes: { kind: 'words', words: getFormats } } as const) : one,
    ),
    ...fileFlags('to get from a server'),
    flag.bool('no-headers', 'Print no headers (default and custom-columns formats).'),
    flag.stringSlice('label-columns', 'Labels to show as columns, comma separated or repeated. Case matters.', {
      shorthand: 'L',
    }),
    flag.bool('show-kind', 'Print the resource type with each name.'),
    flag.bool('show-labels', 'Print all labels as the last column.'),
    flag.string(
      'sort-by',
      "Sort by this field, a JSONPath expression ('{.metadata.name}'); the field is a number or a text.",
    ),
    flag.string('raw', 'Raw URI to request from the server, over the connection of the kubeconfig.'),
    flag.bool('watch', 'After listing, watch for changes.', { shorthand: 'w' }),
    flag.bool('watch-only', 'Watch for changes without listing first.'),
    flag.bool('output-watch-events', 'Print watch events. Objects that are there already come as ADDED first.'),
    flag.int64('chunk-size', 'Ask for large lists in pieces of this size. 0 turns it off.', { default: '500' }),
    flag.bool('ignore-not-found', 'Be silent about named objects that do not exist.'),
    flag.string('selector', "Label selector: '=', '==', '!=', 'in', 'notin' (-l key1=value1,key2 in (value2)).", {
      shorthand: 'l',
    }),
    flag.string(
      'field-selector',
      "Field selector: '=', '==', '!=' (--field-selector key1=value1,key2=value2). Each type supports a few fields.",
    ),
    flag.bool('all-namespaces', 'List the objects of all namespaces, whatever --namespace says.', { shorthand: 'A' }),
    flag.bool('server-print', 'Let the server make the table. Works with extension APIs and custom resources.', {
      default: 'true',
    }),
    flag.string('subresource', 'Get this subresource of the object.', { completes: subresources }),
  ],
  run: async (context) => {
    check(context);
    const { flags } = context;
    if (flags.string('raw')) return rawGet(context);
    if (flags.bool('watch') || flags.bool('watch-only')) return getWatch(context);
    return isHumanReadable(context) ? getTable(context) : getObjects(context);
  },
};

function check(context: Context): void {
  const { flags, args } = context;
  const output = flags.string('output');
  const watching = flags.bool('watch') || flags.bool('watch-only');
  if (flags.string('raw')) {
    if (args.length > 0) throw new CommandError('arguments may not be passed when --raw is specified');
    if (watching || flags.string('selector'))
      throw new CommandError(
        '--raw may not be specified with other flags that filter the server request or alter the output',
      );
    if (output) throw new CommandError('--raw and --output are mutually exclusive');
    return;
  }
  if (watching && flags.string('sort-by')) {
    const which = flags.bool('watch')
      ? '--watch requested, --sort-by will be ignored for watch events received'
      : '--watch-only requested, --sort-by will be ignored';
    context.err(`warning: ${which}\n`);
  }
  if (!watching && args.length === 0 && isFileChoiceEmpty(fileChoice(flags))) {
    context.err(
      'You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.\n\n',
    );
    throw context.usageError(
      'Required resource not specified.\nUse "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).',
    );
  }
  if (flags.bool('show-labels') && output !== '' && output !== 'wide')
    throw new CommandError(`--show-labels option cannot be used with ${output} printer`);
  if (flags.bool('output-watch-events') && !watching)
    throw new CommandError('--output-watch-events option can only be used with --watch or --watch-only');
}
