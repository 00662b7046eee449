// The exit codes of containers that a signal ended.
import type { Signal } from '../../../api/program.ts';

/** 128 + the signal's number. */
export const signalCodes: Readonly<Record<Signal, number>> = {
  SIGHUP: 129,
  SIGINT: 130,
  SIGQUIT: 131,
  SIGKILL: 137,
  SIGUSR1: 138,
  SIGPIPE: 141,
  SIGTERM: 143,
  SIGUSR2: 140,
  SIGWINCH: 156,
  SIGCONT: 146,
  SIGSTOP: 147,
  SIGTSTP: 148,
};
