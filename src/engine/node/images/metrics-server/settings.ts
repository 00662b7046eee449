// What metrics-server's flags say.
export interface Settings {
  readonly port: number;
  readonly resolutionMs: number;
  readonly insecure: boolean;
  readonly addressTypes: readonly string[];
  readonly usesNodePort: boolean;
  readonly kubeletPort: number;
  readonly requestTimeoutMs: number;
  readonly userAgent: string;
}

const addressTypes = 'Hostname,InternalDNS,InternalIP,ExternalDNS,ExternalIP';

/** A text: why it does not start. Flags that change nothing here are known all the same. */
export function readSettings(argv: readonly string[]): Settings | string {
  const flags = new Map<string, string>();
  for (const word of argv.slice(1)) {
    const [, name, value = 'true'] = /^--([a-z-]+)(?:=(.*))?$/.exec(word) ?? [];
    if (name === undefined || !known.has(name)) return `unknown flag: ${word.split('=')[0]}`;
    flags.set(name, value);
  }
  const resolutionMs = durationMs(flags.get('metric-resolution') ?? '60s');
  const requestTimeoutMs = durationMs(flags.get('kubelet-request-timeout') ?? '10s');
  if (!(resolutionMs >= 10_000))
    return `metric-resolution should be a time duration at least 10s, but value ${flags.get('metric-resolution')} provided`;
  return {
    port: Number(flags.get('secure-port') ?? 443),
    resolutionMs,
    insecure: flags.get('kubelet-insecure-tls') === 'true',
    addressTypes: (flags.get('kubelet-preferred-address-types') ?? addressTypes).split(','),
    usesNodePort: flags.get('kubelet-use-node-status-port') === 'true',
    kubeletPort: Number(flags.get('kubelet-port') ?? 10250),
    requestTimeoutMs,
    userAgent: 'metrics-server/v0.8.0 (linux/amd64)',
  };
}

const known = new Set([
  'secure-port',
  'metric-resolution',
  'kubelet-insecure-tls',
  'kubelet-preferred-address-types',
  'kubelet-use-node-status-port',
  'kubelet-port',
  'kubelet-request-timeout',
  'cert-dir',
  'v',
  'requestheader-allowed-names',
  'tls-min-version',
  'tls-cipher-suites',
]);

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Go's durations of one or more parts: `1m30s`. */
function durationMs(text: string): number {
  if (!/^(\d+(\.\d+)?(ms|[smh]))+$/.test(text)) return Number.NaN;
  let total = 0;
  for (const [, amount, unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)(ms|[smh])/g))
    total += Number(amount) * (unitMs[unit] ?? 0);
  return total;
}
