// `kubectl expose`
import { entriesAt, numberAt, objectAt, objectsAt, textAt, textsAt } from '../../base/fields.ts';
import type { JsonObject } from '../../base/json.ts';
import { recordCause } from '../change-cause.ts';
import { dryRunFlag, dryRunOf, fieldManagerFlag, recordFlag, saveConfigFlag, writeQuery } from '../change-flags.ts';
import { resourcePath } from '../client/url.ts';
import type { Command } from '../command.ts';
import type { Context } from '../context.ts';
import { CommandError } from '../errors.ts';
import { flag } from '../flags.ts';
import { withLastApplied } from '../last-applied.ts';
import { overrideFlags, withOverrides } from '../overrides.ts';
import { printFlags } from '../print/printer.ts';
import { findResources } from '../resource/builder.ts';
import { fileChoice, fileFlags } from '../resource/files.ts';
import type { LoadedInfo } from '../resource/info.ts';
import { resultPrinter } from '../result-printer.ts';

export const expose: Command = {
  use: 'expose (-f FILENAME | TYPE NAME) [--port=port] [--protocol=TCP|UDP|SCTP] [--target-port=number-or-name] [--name=name] [--external-ip=external-ip-of-service] [--type=type]',
  completes: { kind: 'resources', types: ['pod', 'service', 'replicationcontroller', 'deployment', 'replicaset'] },
  long: 'Expose a resource as a new Kubernetes service: a pod, service, replication controller, replica set or deployment.',
  example: `# A deployment on port 80, its containers on 8000
kubectl expose deployment nginx --port=80 --target-port=8000

# A pod
kubectl expose pod valid-pod --port=444 --name=frontend`,
  flags: [
    recordFlag,
    ...printFlags(),
    saveConfigFlag,
    dryRunFlag,
    fieldManagerFlag('kubectl-expose'),
    ...fileFlags('identifying the resource to expose a service'),
    flag.string('cluster-ip', "The service's ClusterIP; 'None' makes it headless."),
    flag.string('external-ip', 'A further address that the service accepts.'),
    flag.string('labels', 'Labels of the service.', { shorthand: 'l' }),
    flag.string('load-balancer-ip', 'Address for the load balancer.'),
    flag.string('name', 'The name of the new object.'),
    ...overrideFlags,
    flag.string('port', "The service's port; the resource's where absent."),
    flag.string('protocol', "The service's protocol. Default: TCP."),
    flag.string('selector', "The service's selector; the resource's where absent."),
    flag.string('session-affinity', "'None' or 'ClientIP'."),
    flag.string('target-port', "Name or number of the containers' port."),
    flag.string('type', 'ClusterIP, NodePort, LoadBalancer, or ExternalName. Default: ClusterIP.'),
  ],
  run: runExpose,
};

async function runExpose(context: Context): Promise<void> {
  const { flags, args } = context;
  const dryRun = dryRunOf(context);
  const print = resultPrinter(context, dryRun, { typed: dryRun === 'client' });
  const found = await findResources(context, { args, files: fileChoice(flags), continueOnError: true });
  await found.visit(async (info) => {
    const made = serviceOf(context, { ...info, object: info.object ?? {} });
    const service = recordCause(context, withOverrides(context, made));
    const namespace = context.namespace();
    if (dryRun === 'client') {
      const metadata = { ...objectAt(service, 'metadata'), ...(namespace.explicit ? { namespace: namespace.ns } : {}) };
      return print({ ...service, metadata }, 'exposed');
    }
    const sent = flags.bool('save-config') ? withLastApplied(service) : service;
    const created = await context.client().object({
      method: 'POST',
      path: resourcePath({ group: '', version: 'v1', resource: 'services' }, { ns: namespace.ns }),
      query: writeQuery({ dryRun, fieldManager: flags.string('field-manager') }),
      body: sent,
      about: { resource: 'services' },
    });
    print(created, 'exposed');
  });
}

const exposable = ['ReplicationController', 'Service', 'Pod', 'Deployment', 'ReplicaSet'];

function serviceOf(context: Context, info: LoadedInfo): JsonObject {
  const { flags } = context;
  const { group, kind } = info.resource;
  if (!exposable.includes(kind)) {
    throw new CommandError(`cannot expose a ${group === '' ? kind : `${kind}.${group}`}`);
  }
  const selector = flags.string('selector') === '' ? selectorOf(info) : parseLabels(flags.string('selector'));
  const ports = portsOf(context, info);
  const labels =
    flags.string('labels') === ''
      ? Object.fromEntries(entriesAt(info.object, 'metadata.labels'))
      : parseLabels(flags.string('labels'));
  const [externalIp, type, clusterIp] = [flags.string('external-ip'), flags.string('type'), flags.string('cluster-ip')];
  const affinity = flags.string('session-affinity');
  if (!['', 'None', 'ClientIP'].includes(affinity)) throw new CommandError(`unknown session affinity: ${affinity}`);
  const balancer = type === 'LoadBalancer' ? flags.string('load-balancer-ip') : '';
  return {
    kind: 'Service',
    apiVersion: 'v1',
    metadata: {
      name: flags.string('name') || info.name.slice(0, 63),
      ...(Object.keys(labels).length > 0 ? { labels } : {}),
    },
    spec: {
      ...(ports.length > 0 ? { ports } : {}),
      selector,
      ...(clusterIp === '' ? {} : { clusterIP: clusterIp }),
      ...(type === '' ? {} : { type }),
      ...(externalIp === '' ? {} : { externalIPs: [externalIp] }),
      ...(affinity === '' ? {} : { sessionAffinity: affinity }),
      ...(balancer === '' ? {} : { loadBalancerIP: balancer }),
    },
    status: { loadBalancer: {} },
  };
}

function selectorOf(info: LoadedInfo): JsonObject {
  const failure = "couldn't retrieve selectors via --selector flag or introspection: ";
  const { object } = info;
  if (['Deployment', 'ReplicaSet'].includes(info.resource.kind)) {
    const labels = objectAt(object, 'spec.selector.matchLabels') ?? {};
    const kind = info.resource.kind === 'Deployment' ? 'deployment' : 'replicaset';
    if (Object.keys(labels).length === 0)
      throw new CommandError(`${failure}invalid ${kind}: no selectors, therefore cannot be exposed`);
    const expressions = objectsAt(object, 'spec.selector.matchExpressions');
    if (expressions.length > 0) {
      throw new CommandError(
        `${failure}couldn't convert expressions - "[${expressions.map(expressionText).join(' ')}]" to map-based selector format`,
      );
    }
    return labels;
  }
  const isPod = info.resource.kind === 'Pod';
  const labels = objectAt(object, isPod ? 'metadata.labels' : 'spec.selector') ?? {};
  if (Object.keys(labels).length > 0) return labels;
  const what = isPod ? 'the pod has no labels and cannot be exposed' : 'the service has no pod selector set';
  throw new CommandError(`${failure}${what}`);
}

function expressionText(expression: JsonObject): string {
  const values = textsAt(expression, 'values').join(' ');
  return `{Key:${textAt(expression, 'key')} Operator:${textAt(expression, 'operator')} Values:[${values}]}`;
}

interface ExposedPort {
  readonly port: string;
  readonly protocol: string;
}

/** The ports of the containers (or of the service) that is exposed. */
function foundPorts(info: LoadedInfo): readonly ExposedPort[] {
  const kind = info.resource.kind;
  const protocolOf = (port: JsonObject) => textAt(port, 'protocol') || 'TCP';
  if (kind === 'Service') {
    return objectsAt(info.object, 'spec.ports').map((port) => ({
      port: String(numberAt(port, 'port') ?? 0),
      protocol: protocolOf(port),
    }));
  }
  const spec = objectAt(info.object, kind === 'Pod' ? 'spec' : 'spec.template.spec') ?? {};
  return objectsAt(spec, 'containers')
    .flatMap((container) => objectsAt(container, 'ports'))
    .map((port) => ({ port: String(numberAt(port, 'containerPort') ?? 0), protocol: protocolOf(port) }));
}

function portsOf({ flags }: Context, info: LoadedInfo): readonly JsonObject[] {
  const found = foundPorts(info);
  const written = flags.string('port');
  const wanted = written === '' ? [...new Set(found.map(({ port }) => port))] : written.split(',');
  if (wanted.length === 0 && flags.string('cluster-ip') !== 'None') {
    throw new CommandError("couldn't find port via --port flag or introspection");
  }
  const ports: JsonObject[] = [];
  for (const [i, text] of wanted.entries()) {
    if (!/^[+-]?\d+$/.test(text)) {
      throw new CommandError(`strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
    }
    const port = Number(text);
    const chosen = flags.string('protocol');
    const known = [...new Set(found.filter((item) => item.port === text).map((item) => item.protocol))];
    const protocols = chosen !== '' ? [chosen] : known.length > 0 ? known : ['TCP'];
    const target = flags.string('target-port');
    const targetPort = target === '' ? port : /^[+-]?\d+$/.test(target) ? Number(target) : target;
    for (const protocol of protocols) {
      const many = protocols.length > 1;
      const name = many ? `port-${i + 1}-${protocol.toLowerCase()}` : wanted.length > 1 ? `port-${i + 1}` : '';
      ports.push({ ...(name === '' ? {} : { name }), protocol, port, targetPort });
    }
  }
  return ports;
}

/** `a=1,b=2` */
export function parseLabels(text: string): JsonObject {
  const labels: Record<string, string> = {};
  for (const pair of text.split(',')) {
    const [key = '', value, ...more] = pair.split('=');
    if (value === undefined || more.length > 0) throw new CommandError(`unexpected label spec: ${pair}`);
    if (key === '') throw new CommandError('unexpected empty label key');
    labels[key] = value;
  }
  return labels;
}
