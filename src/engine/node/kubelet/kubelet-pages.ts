// What a kubelet tells of itself over HTTP: its metrics, its configuration, its flags.
import type { KubeletAnswer } from '../../../api/kubelet.ts';
import { separators, zPage } from '../../../api/zpages.ts';
import { metricsText, metricsType } from '../../../base/metrics-text.ts';
import { goVersion, startTime } from '../../../base/process-metrics.ts';
import { meterText } from '../../client/meter-families.ts';
import { containerFamilies } from './container-families.ts';
import type { HttpPathParts } from './http-path-parts.ts';
import { kubeletConfiguration } from './kubelet-configuration.ts';
import { kubeletFamilies, probeFamilies } from './kubelet-families.ts';
import { measure } from './measurements.ts';

const commandLine = new Map([
  ['bootstrap-kubeconfig', '/etc/kubernetes/bootstrap-kubelet.conf'],
  ['config', '/var/lib/kubelet/config.yaml'],
  ['kubeconfig', '/etc/kubernetes/kubelet.conf'],
]);

/** What is at a path; undefined: it is none of these. */
export function kubeletPage(parts: HttpPathParts, path: string): KubeletAnswer | undefined {
  const { kubelet, runtime, node, now, meter } = parts;
  const startedAt = kubelet.startedAt;
  const measured = { kubelet, runtime, node, startedAt, now };
  switch (path) {
    case '/metrics': {
      const metered = {
        meter,
        host: parts.server(),
        flags: new Map<string, string>(),
        memoryBytes: 88e6,
        queueName: () => undefined,
      };
      return metrics(meterText(metered, kubeletFamilies(measured)));
    }
    case '/metrics/cadvisor':
      return metrics(metricsText(containerFamilies(measure(parts), runtime, parts.cores)));
    case '/metrics/probes':
      return metrics(metricsText([...probeFamilies(measured), startTime('[ALPHA] ', startedAt)]));
    case '/metrics/slis':
      return metrics(metricsText([startTime('[ALPHA] ', startedAt)]));
    case '/configz':
      return { status: 200, body: { kubeletconfig: kubeletConfiguration(kubelet.settings, kubelet.clusterDns) } };
    case '/statusz':
    case '/flagz': {
      const facts = {
        component: 'kubelet',
        startedAt,
        now,
        goVersion,
        paths: ['/configz', '/debug', '/flagz', '/healthz', '/metrics', '/statusz'],
        flags: commandLine,
        separator: separators[0],
      };
      const page = zPage(path === '/statusz' ? 'Statusz' : 'Flagz', facts, undefined);
      return page.kind === 'text' ? { status: 200, body: page.text } : undefined;
    }
    default:
      return undefined;
  }
}

function metrics(body: string): KubeletAnswer {
  return { status: 200, body, type: metricsType() };
}
