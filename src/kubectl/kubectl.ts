// kubectl as a program of the simulated machine.
import type { Program } from '../api/program.ts';
import type { KubectlOptions } from './context.ts';
import { runKubectl } from './run.ts';

export type { ConnectionSettings } from './config/client-config.ts';
export type { KubectlOptions } from './context.ts';
export { loadAllCommands } from './load-command.ts';

/** `connect` gives the port of the cluster that a kubeconfig names. */
export function kubectl(options: KubectlOptions): Program {
  return (process) => runKubectl(process, options);
}
