// All that is behind the ports of Kubernetes' own processes.
export { componentListener } from './component-port.ts';
