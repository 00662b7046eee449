// /metrics/resources of the scheduler: what each pod asks for, as the scheduler reckons with it.
import { pods } from '../../api/generated/resources.ts';
import type { Pod } from '../../api/generated/types.ts';
import { parseQuantity } from '../../api/quantity.ts';
import { gauge, labelText, type MetricFamily, metricsText, type Series } from '../../base/metrics-text.ts';
import { podAmounts } from '../../kinds/pod-amounts.ts';
import type { InformerFactory } from '../client/informer.ts';

export function podResourceText(informers: InformerFactory | undefined): string {
  const running = [...(informers?.known(pods)?.list() ?? [])].filter(
    ({ status }) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed',
  );
  const family = (kind: 'request' | 'limit'): MetricFamily =>
    gauge(
      `kube_pod_resource_${kind}`,
      `[STABLE] What pods ${kind === 'request' ? 'request' : 'are limited to'}, as scheduler and kubelet reckon with it, by resource and its unit if it has one.`,
      running.flatMap((pod) => seriesOf(pod, kind)),
    );
  const text = metricsText([family('limit'), family('request')]);
  return text === '\n' ? '' : text;
}

function seriesOf({ metadata, spec }: Pod, kind: 'request' | 'limit'): readonly Series[] {
  if (!spec) return [];
  const amounts = Object.entries(podAmounts(spec, `${kind}s`)).sort(([a], [b]) => (a < b ? -1 : 1));
  return amounts.flatMap(([resource, amount]) => {
    const value = parseQuantity(amount).toNumber();
    const labels = {
      namespace: metadata?.namespace ?? '',
      node: spec.nodeName ?? '',
      pod: metadata?.name ?? '',
      priority: spec.priority ?? '',
      resource,
      scheduler: spec.schedulerName ?? '',
      unit: unitOf(resource),
    };
    return value === 0 ? [] : [{ labels: labelText(labels), value }];
  });
}

function unitOf(resource: string): string {
  if (resource === 'cpu') return 'cores';
  if (resource === 'memory' || resource === 'storage' || resource === 'ephemeral-storage') return 'bytes';
  if (resource.startsWith('attachable-volumes-')) return 'integer';
  return resource.startsWith('hugepages-') ? 'bytes' : '';
}
