// What the API server itself keeps in kube-system: how extension servers know clients, and since when tokens are tracked.
import { formatTime } from '../../../base/time.ts';

export interface SystemFacts {
  /** PEM of who signs client certificates. */
  readonly clientCa: string;
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: number;
}

export function systemConfigMaps({ clientCa, nowMs }: SystemFacts): readonly object[] {
  const list = (...values: readonly string[]): string => JSON.stringify(values);
  return [
    configMap('extension-apiserver-authentication', {
      'client-ca-file': clientCa,
      'requestheader-allowed-names': list('front-proxy-client'),
      'requestheader-client-ca-file': clientCa,
      'requestheader-extra-headers-prefix': list('X-Remote-Extra-'),
      'requestheader-group-headers': list('X-Remote-Group'),
      'requestheader-username-headers': list('X-Remote-User'),
    }),
    configMap('kube-apiserver-legacy-service-account-token-tracking', {
      since: formatTime(nowMs).slice(0, 10),
    }),
  ];
}

function configMap(name: string, data: Readonly<Record<string, string>>): object {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'kube-system' }, data };
}
