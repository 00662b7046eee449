// Runs a shell to its end: exit, errors that end it, and the EXIT trap.
import { StepsSpent } from '../process/running-process.ts';
import { complain, type ShellState } from './shell-state.ts';
import { ExpansionError, Unwind } from './unwind.ts';

export async function runToEnd(shell: ShellState, run: () => Promise<number>): Promise<number> {
  const status = await guarded(shell, run);
  const trap = shell.traps.get('EXIT');
  shell.traps.delete('EXIT');
  if (!trap) return status;
  shell.status = status;
  const frame = { io: shell.io, tested: false, last: false };
  let trapStatus: number | undefined;
  await guarded(shell, async () => {
    try {
      return await shell.evaluator.text(shell, trap, frame);
    } catch (error) {
      if (error instanceof Unwind && error.kind === 'exit') trapStatus = error.status;
      throw error;
    }
  });
  return trapStatus ?? status;
}

async function guarded(shell: ShellState, run: () => Promise<number>): Promise<number> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof Unwind) return error.status;
    if (error instanceof ExpansionError) {
      await complain(shell, shell, error.message);
      return error.status;
    }
    if (error instanceof StepsSpent) {
      await complain(shell, shell, error.message);
      return 152;
    }
    throw error;
  }
}
