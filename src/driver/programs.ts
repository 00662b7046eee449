// What the simulated machines can run: the shell's programs and kubectl.
import type { KubePort } from '../api/ports.ts';
import type { Program, ProgramTable } from '../api/program.ts';
import { type ConnectionSettings, kubectl } from '../kubectl/kubectl.ts';
import { programTable as shellPrograms } from '../shell/programs/programs.ts';

/** `connect` leads from a kubeconfig's server to its port. */
export function programTable(connect: (settings: ConnectionSettings) => KubePort): ProgramTable {
  return new Map<string, Program>([...shellPrograms, ['kubectl', kubectl({ connect })]]);
}
