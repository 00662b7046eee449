// A program whose code is loaded when it is first run.
import type { LoadCode, Program } from '../../api/program.ts';

export function lateProgram(loadCode: LoadCode, load: () => Promise<Program>): Program {
  let program: Program | undefined;
  return async (process) => {
    program ??= await loadCode(load);
    return program(process);
  };
}
