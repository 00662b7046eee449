// The shells as programs, whose code is loaded when one is first run.
import type { LoadCode, Program } from '../../api/program.ts';
import type { Dialect } from '../evaluate/shell-state.ts';
import { lateProgram } from './late-program.ts';

export function lateShell(loadCode: LoadCode, dialect: Dialect): Program {
  return lateProgram(loadCode, async () => (await loadShells()).shellProgram(dialect));
}

export function loadShells(): Promise<typeof import('./shells.ts')> {
  return import('./shells.ts');
}
