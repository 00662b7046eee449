// Traps: commands that run when a signal arrives or the shell ends.
import type { Signal } from '../../api/program.ts';
import { parseSignal } from '../process/signals.ts';
import type { Frame, ShellState } from './shell-state.ts';
import { Unwind } from './unwind.ts';

/** Sets (or, with undefined, resets) what happens on EXIT or a signal. False for an unknown name. */
export function setTrap(shell: ShellState, name: string, command: string | undefined): boolean {
  if (name === 'EXIT' || name === '0') {
    if (command === undefined) shell.traps.delete('EXIT');
    else shell.traps.set('EXIT', command);
    return true;
  }
  if (name === 'ERR' || name === 'DEBUG' || name === 'RETURN') return name !== 'DEBUG' && command === undefined;
  const signal = parseSignal(name);
  if (!signal) return false;
  shell.stopTraps.get(signal)?.();
  shell.stopTraps.delete(signal);
  if (command === undefined) shell.traps.delete(signal);
  else {
    shell.traps.set(signal, command);
    const arrived = () => {
      if (command !== '') shell.signalArrived(signal);
    };
    shell.stopTraps.set(signal, shell.process.onSignal(signal, arrived));
  }
  return true;
}

/** Runs the commands of the signals that have arrived; Ctrl-C without one ends an interactive shell's line. */
export async function runPendingTraps(shell: ShellState, frame: Frame): Promise<void> {
  for (let signal: Signal | undefined = shell.pendingSignals.shift(); signal; signal = shell.pendingSignals.shift()) {
    const command = shell.traps.get(signal);
    if (command === undefined && signal === 'SIGINT') throw new Unwind('interrupt', 130);
    if (!command) continue;
    const { status } = shell;
    await shell.evaluator.text(shell, command, { io: frame.io, tested: false, last: false });
    shell.status = status;
  }
}
