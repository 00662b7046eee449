// What the simulated machines can run: the shell's programs and kubectl.
import type { KubePort } from '../api/ports.ts';
import type { Program, ProgramTable } from '../api/program.ts';
import { type ConnectionSettings, kubectl } from '../kubectl/kubectl.ts';
import { programFiles as shellFiles, programTable as shellPrograms } from '../shell/programs/programs.ts';
import type { ProgramFile } from './learner-machine.ts';

/** `connect` leads from a kubeconfig's server to its port. */
export function programTable(connect: (settings: ConnectionSettings) => KubePort): ProgramTable {
  return new Map<string, Program>([...shellPrograms, ['kubectl', kubectl({ connect })]]);
}

export const programFiles: readonly ProgramFile[] = [
  ...shellProgramFiles,
  { path: '/usr/local/bin/kubectl', program: 'kubectl' },
];
