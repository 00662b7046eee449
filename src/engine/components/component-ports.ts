// All that is behind the ports of Kubernetes' own processes.
export { componentListener } from './component-port.ts';
export { dnsHealthListener, dnsMetricsListener } from './dns-listener.ts';
export { proxyHealthListener, proxyMetricsListener } from './proxy-listener.ts';
