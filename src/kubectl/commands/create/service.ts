// `kubectl create service clusterip|nodeport|loadbalancer|externalname`
import { dns1123Subdomain, portName, portNumber } from '../../../api/names.ts';
import type { JsonObject } from '../../../base/json.ts';
import type { Command } from '../../command.ts';
import type { Context } from '../../context.ts';
import { CommandError } from '../../errors.ts';
import { type Flag, flag } from '../../flags.ts';
import { generatorCommand } from './generator.ts';

type ServiceType = 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName';

export const createService: Command = {
  use: 'service [flags]',
  aliases: ['svc'],
  short: 'Create a service using a specified subcommand',
  subcommands: [
    serviceCommand({
      type: 'ClusterIP',
      use: 'clusterip NAME [--tcp=<port>:<targetPort>] [--dry-run=server|client|none]',
      short: 'Create a ClusterIP service',
      example: `# A ClusterIP service
kubectl create service clusterip my-cs --tcp=5678:8080

# A headless one
kubectl create service clusterip my-cs --clusterip="None"`,
      flags: [flag.string('clusterip', "The service's own ClusterIP, or 'None' for a headless service.")],
    }),
    serviceCommand({
      type: 'ExternalName',
      use: 'externalname NAME --external-name external.name [--dry-run=server|client|none]',
      short: 'Create an ExternalName service',
      example:
        '# A name for something outside of the cluster\nkubectl create service externalname my-ns --external-name bar.com',
      flags: [flag.string('external-name', 'External name of service', { required: true })],
    }),
    serviceCommand({
      type: 'LoadBalancer',
      use: 'loadbalancer NAME [--tcp=port:targetPort] [--dry-run=server|client|none]',
      short: 'Create a LoadBalancer service',
      example: '# A LoadBalancer service\nkubectl create service loadbalancer my-lbs --tcp=5678:8080',
      flags: [],
    }),
    serviceCommand({
      type: 'NodePort',
      use: 'nodeport NAME [--tcp=port:targetPort] [--dry-run=server|client|none]',
      short: 'Create a NodePort service',
      example: '# A NodePort service\nkubectl create service nodeport my-ns --tcp=5678:8080',
      flags: [flag.int('node-port', 'Port of the service on each node.')],
    }),
  ],
};

interface ServiceSpec {
  readonly type: ServiceType;
  readonly use: string;
  readonly short: string;
  readonly example: string;
  readonly flags: readonly Flag[];
}

function serviceCommand({ type, use, short, example, flags }: ServiceSpec): Command {
  return generatorCommand({
    use,
    short,
    example,
    flags: [flag.stringSlice('tcp', "Port pairs, each '<port>:<targetPort>'."), ...flags],
    resource: { group: '', version: 'v1', resource: 'services' },
    failure: `failed to create ${type} service: `,
    build: (context, name) => buildService(context, { name, type }),
  });
}

function buildService(
  { flags }: Context,
  { name, type }: { readonly name: string; readonly type: ServiceType },
): JsonObject {
  const clusterIp = flags.has('clusterip') ? flags.string('clusterip') : '';
  const externalName = flags.has('external-name') ? flags.string('external-name') : '';
  const nodePort = flags.has('node-port') ? flags.number('node-port') : 0;
  const pairs = flags.strings('tcp');
  if (clusterIp !== 'None' && pairs.length === 0 && type !== 'ExternalName') {
    throw new CommandError('at least one tcp port specifier must be provided');
  }
  if (type === 'ExternalName' && dns1123Subdomain(externalName).length > 0) {
    throw new CommandError(`invalid service external name ${externalName}`);
  }
  const ports = pairs.map((pair) => {
    const { port, targetPort } = parsePorts(pair);
    const fields = { name: pair.replaceAll(':', '-'), protocol: 'TCP', port, targetPort };
    return nodePort === 0 ? fields : { ...fields, nodePort };
  });
  return {
    kind: 'Service',
    apiVersion: 'v1',
    metadata: { name, labels: { app: name } },
    spec: {
      ...(ports.length > 0 ? { ports } : {}),
      selector: { app: name },
      ...(clusterIp === '' ? {} : { clusterIP: clusterIp }),
      type,
      ...(externalName === '' ? {} : { externalName }),
    },
    status: { loadBalancer: {} },
  };
}

/** `80`, `80:8080`, `80:http` */
export function parsePorts(pair: string): { readonly port: number; readonly targetPort: number | string } {
  const [first = '', target] = pair.split(':');
  const port = parsePort(first);
  if (target === undefined) return { port, targetPort: port };
  if (!/^[+-]?\d+$/.test(target)) {
    const problems = portName(target);
    if (problems.length > 0) throw new CommandError(problems.join(','));
    return { port, targetPort: target };
  }
  const problems = portNumber(Number(target));
  if (problems.length > 0) throw new CommandError(problems.join(','));
  return { port, targetPort: Number(target) };
}

function parsePort(text: string): number {
  if (!/^\d+$/.test(text)) {
    throw new CommandError(`strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  const port = Number(text);
  if (port > 65535) throw new CommandError(`strconv.ParseUint: parsing ${JSON.stringify(text)}: value out of range`);
  return port;
}
