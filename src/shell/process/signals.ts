// Signals: their numbers and names, as `kill -l` has them.
import type { Signal } from '../../api/program.ts';

const numbers: Readonly<Record<Signal, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGUSR2: 12,
  SIGPIPE: 13,
  SIGTERM: 15,
  SIGCONT: 18,
  SIGSTOP: 19,
  SIGTSTP: 20,
  SIGWINCH: 28,
};

/** What the shell says about a job that a signal ended. */
const descriptions: Readonly<Record<Signal, string>> = {
  SIGHUP: 'Hangup',
  SIGINT: 'Interrupt',
  SIGQUIT: 'Quit',
  SIGKILL: 'Killed',
  SIGUSR1: 'User defined signal 1',
  SIGUSR2: 'User defined signal 2',
  SIGPIPE: 'Broken pipe',
  SIGTERM: 'Terminated',
  SIGCONT: 'Continued',
  SIGSTOP: 'Stopped (signal)',
  SIGTSTP: 'Stopped',
  SIGWINCH: 'Window changed',
};

export const signals: readonly Signal[] = [
  'SIGHUP',
  'SIGINT',
  'SIGQUIT',
  'SIGKILL',
  'SIGUSR1',
  'SIGUSR2',
  'SIGPIPE',
  'SIGTERM',
  'SIGCONT',
  'SIGSTOP',
  'SIGTSTP',
  'SIGWINCH',
];

export function signalNumber(signal: Signal): number {
  return numbers[signal];
}

export function describeSignal(signal: Signal): string {
  return descriptions[signal];
}

/** `TERM`, `SIGTERM`, `sigterm` or `15`; undefined for what is no signal (or one that the simulator does not have). */
export function parseSignal(text: string): Signal | undefined {
  const name = text.toUpperCase().replace(/^SIG/, '');
  return signals.find((signal) => signal === `SIG${name}` || String(numbers[signal]) === text);
}

/** The signal that an exit code above 128 tells of. */
export function signalOfExitCode(code: number): Signal | undefined {
  return signals.find((signal) => numbers[signal] + 128 === code);
}
