// `kubectl cluster-info`: where the control plane and the cluster's own services are.
import { listAt, objectsAt, textAt } from '../../base/fields.ts';
import { isObject, type JsonObject } from '../../base/json.ts';
import type { Command } from '../command.ts';
import { findResources } from '../resource/builder.ts';
import { dump } from './cluster-info/dump.ts';

export const clusterInfo: Command = {
  use: 'cluster-info [flags]',
  long: `Display addresses of the control plane and of services with the label kubernetes.io/cluster-service=true.
To debug a cluster further, use 'kubectl cluster-info dump'.`,
  example: '# Print the address of the control plane and cluster services\nkubectl cluster-info',
  subcommands: [dump],
  run: async (context) => {
    try {
      const result = await findResources(context, {
        args: ['services'],
        labelSelector: 'kubernetes.io/cluster-service=true',
        ns: context.flags.string('namespace') || 'kube-system',
        flatten: false,
      });
      for (const { object } of await result.infos()) {
        const { server } = context.client();
        context.out(`Kubernetes control plane is running at ${server}\n`);
        for (const service of objectsAt(object, 'items')) context.out(serviceLine(service, server));
      }
    } finally {
      context.out("\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n");
    }
  },
};

function serviceLine(service: JsonObject, server: string): string {
  const [ingress] = listAt(service, 'status.loadBalancer.ingress');
  const ports = objectsAt(service, 'spec.ports');
  const name = textAt(service, 'metadata.name');
  const labels = isObject(service.metadata) && isObject(service.metadata.labels) ? service.metadata.labels : {};
  const title = String(labels['kubernetes.io/name'] ?? '') || name;
  if (ingress !== undefined) {
    const host = textAt(ingress, 'ip') || textAt(ingress, 'hostname');
    return `${title} is running at ${ports.map((port) => `http://${host}:${port.port} `).join('')}\n`;
  }
  const [port] = ports;
  const portName = String(port?.name ?? '');
  const secure = port && (portName === 'https' || port.port === 443);
  const target = !port ? name : secure ? `https:${name}:${portName}` : portName ? `${name}:${portName}` : name;
  return `${title} is running at ${server}/api/v1/namespaces/${textAt(service, 'metadata.namespace')}/services/${target}/proxy\n`;
}
