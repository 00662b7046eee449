// `kubectl cluster-info dump`: nodes, then each namespace's objects and its pods' logs, to the terminal or into files.
import { objectsAt, textAt } from '../../../base/fields.ts';
import { normalizePath } from '../../../base/files.ts';
import type { JsonObject } from '../../../base/json.ts';
import { resourcePath } from '../../client/url.ts';
import type { Command } from '../../command.ts';
import type { Context } from '../../context.ts';
import { StatusError } from '../../errors.ts';
import { flag } from '../../flags.ts';
import { podRunningTimeout } from '../../pod-target.ts';
import { objectFormats, objectPrinter, printFlags } from '../../print/printer.ts';

/** In upstream's order, with the names of their files. */
const dumped = [
  ['', 'events', 'events'],
  ['', 'replicationcontrollers', 'replication-controllers'],
  ['', 'services', 'services'],
  ['apps', 'daemonsets', 'daemonsets'],
  ['apps', 'deployments', 'deployments'],
  ['apps', 'replicasets', 'replicasets'],
  ['', 'pods', 'pods'],
] as const;

export const dump: Command = {
  use: 'dump [flags]',
  short: 'Dump relevant information for debugging and diagnosis',
  long: `Print what is needed to find out what is wrong with a cluster: its nodes, the objects of some namespaces, and the logs of
all their pods. With --output-directory, each goes into a file of its own. Namespaces are kube-system and the current
one unless --namespaces or --all-namespaces says otherwise.`,
  example: `# To the terminal
kubectl cluster-info dump

# Into files
kubectl cluster-info dump --output-directory=/path/to/cluster-state`,
  flags: [
    ...printFlags(objectFormats, 'json'),
    flag.string('output-directory', "Directory for files; empty or '-' prints to the terminal."),
    flag.stringSlice('namespaces', 'Namespaces to dump, separated by commas.'),
    flag.bool('all-namespaces', 'Dump all namespaces; --namespaces does not count then.', { shorthand: 'A' }),
    flag.duration('pod-running-timeout', 'How long to wait until a pod is running', {
      default: '20s',
      idle: 'only pods that are there are asked for their logs, as they are',
    }),
  ],
  run: runDump,
};

async function runDump(context: Context): Promise<void> {
  podRunningTimeout(context);
  const to = target(context);
  to.object('nodes', await list(context, '', 'nodes'));
  for (const ns of await namespaces(context)) {
    for (const [group, resource, file] of dumped) {
      const objects = await list(context, group, resource, ns);
      to.object(`${ns}/${file}`, objects);
      if (resource !== 'pods') continue;
      for (const pod of objectsAt(objects, 'items'))
        to.text(`${ns}/${textAt(pod, 'metadata.name')}/logs`, await logsOf(context, ns, pod));
    }
  }
  const place = context.flags.string('output-directory');
  if (place !== '' && place !== '-') context.out(`Cluster info dumped to ${place}\n`);
}

/** Where things go: the terminal, or files below a directory. */
function target(context: Context): {
  object(name: string, object: JsonObject): void;
  text(name: string, text: string): void;
} {
  const { flags, process } = context;
  const format = flags.string('output');
  const printer = objectPrinter(context, { typed: true });
  const place = flags.string('output-directory');
  const extension = format === 'json' ? '.json' : format === 'yaml' ? '.yaml' : '.txt';
  const write = (name: string, text: string): void => {
    if (place === '' || place === '-') context.out(text);
    else process.machine.files.writeFile(normalizePath(`${place}/${name}`, process.cwd), text, { parents: true });
  };
  return {
    object: (name, object) => write(`${name}${extension}`, printer.print(object)),
    text: (name, text) => write(`${name}.txt`, text),
  };
}

async function namespaces(context: Context): Promise<readonly string[]> {
  const { flags } = context;
  if (flags.bool('all-namespaces'))
    return objectsAt(await list(context, '', 'namespaces'), 'items').map((each) => textAt(each, 'metadata.name'));
  const chosen = flags.strings('namespaces');
  return chosen.length > 0 ? chosen : ['kube-system', context.namespace().ns];
}

function list(context: Context, group: string, resource: string, ns?: string): Promise<JsonObject> {
  const path = resourcePath({ group, version: 'v1', resource }, ns === undefined ? {} : { ns });
  return context.client().object({ path, about: { resource } });
}

async function logsOf(context: Context, ns: string, pod: JsonObject): Promise<string> {
  const name = textAt(pod, 'metadata.name');
  const path = `${resourcePath({ group: '', version: 'v1', resource: 'pods' }, { ns, name })}/log`;
  let text = '';
  for (const container of [...objectsAt(pod, 'spec.initContainers'), ...objectsAt(pod, 'spec.containers')]) {
    const own = textAt(container, 'name');
    text += `==== START logs for container ${own} of pod ${ns}/${name} ====\n`;
    try {
      text += await context.client().text({ path, query: { container: own } });
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      text += `Request log error: ${error.message}\n`;
    }
    text += `==== END logs for container ${own} of pod ${ns}/${name} ====\n`;
  }
  return text;
}
