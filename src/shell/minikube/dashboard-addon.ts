// The dashboard addon's objects: its own workloads; its pages are not simulated.
import type { JsonObject } from '../../base/json.ts';

export const dashboardImages = [
  'docker.io/kubernetesui/dashboard:v2.7.0',
  'docker.io/kubernetesui/metrics-scraper:v1.0.8',
];

const namespace = 'kubernetes-dashboard';

export function dashboardObjects(): readonly JsonObject[] {
  const [dashboard = '', scraper = ''] = dashboardImages;
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    ...workload('kubernetes-dashboard', { image: dashboard, port: 9090, servicePort: 80 }),
    ...workload('dashboard-metrics-scraper', { image: scraper, port: 8000, servicePort: 8000 }),
  ];
}

function workload(
  name: string,
  { image, port, servicePort }: { readonly image: string; readonly port: number; readonly servicePort: number },
): readonly JsonObject[] {
  const labels = { 'k8s-app': name };
  const metadata = { name, namespace, labels };
  const containers = [{ name, image, ports: [{ containerPort: port }] }];
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: labels, ports: [{ port: servicePort, targetPort: port }] },
    },
  ];
}
