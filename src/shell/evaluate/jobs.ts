// Jobs: background commands, and waiting for those in the foreground.
import type { Signal } from '../../api/program.ts';
import type { HostedChild } from '../process/process-host.ts';
import { describeSignal } from '../process/signals.ts';
import { type Frame, type Job, type ShellState, writerOf } from './shell-state.ts';
import { Unwind } from './unwind.ts';

export function addJob(shell: ShellState, text: string, child: HostedChild): Job {
  const number = Math.max(0, ...shell.jobs.map((job) => job.number)) + 1;
  const job: Job = { number, text, child, status: undefined };
  shell.jobs.push(job);
  void child.wait().then((status) => {
    job.status = status;
  });
  return job;
}

/** The exit codes, in order. An interactive shell gives up the rest of its line when Ctrl-C ended one of them. */
export async function waitForeground(
  shell: ShellState,
  children: readonly HostedChild[],
  frame: Frame,
): Promise<readonly number[]> {
  const { terminal } = shell.process;
  const before = terminal?.foreground;
  shell.foreground = shell.interactive ? children[0]?.group : undefined;
  if (terminal && shell.interactive) terminal.foreground = shell.foreground;
  const outcomes = await Promise.all(children.map((child) => child.outcome()));
  shell.foreground = undefined;
  if (terminal && shell.interactive) terminal.foreground = before;
  shell.process.step();
  if (shell.interactive && outcomes.some(({ signal }) => signal === 'SIGINT')) throw new Unwind('interrupt', 130);
  const signal = outcomes.at(-1)?.signal;
  if (signal && isWorthTelling(signal) && shell.interactive)
    await writerOf(frame.io, 2).write(`${describeSignal(signal)}\n`);
  return outcomes.map(({ code }) => code);
}

function isWorthTelling(signal: Signal): boolean {
  return signal !== 'SIGINT' && signal !== 'SIGPIPE';
}

/** What `jobs` prints about one. `%+` is the latest job. */
export function describeJob(shell: ShellState, job: Job): string {
  const mark = job === shell.jobs.at(-1) ? '+' : job === shell.jobs.at(-2) ? '-' : ' ';
  const state = job.status === undefined ? 'Running' : job.status === 0 ? 'Done' : `Exit ${job.status}`;
  const killed = job.status !== undefined && job.status > 128 ? killedBy(job.status) : undefined;
  const text = job.status === undefined ? `${job.text} &` : job.text;
  return `[${job.number}]${mark}  ${(killed ?? state).padEnd(24)}${text}\n`;
}

function killedBy(status: number): string | undefined {
  const names: Readonly<Record<number, Signal>> = { 129: 'SIGHUP', 130: 'SIGINT', 137: 'SIGKILL', 143: 'SIGTERM' };
  const signal = names[status];
  return signal && describeSignal(signal);
}

/** Tells about jobs that have ended since, and forgets them; an interactive shell does it before each prompt. */
export function takeEndedJobs(shell: ShellState): string {
  const ended = shell.jobs.filter((job) => job.status !== undefined);
  const text = ended.map((job) => describeJob(shell, job)).join('');
  for (const job of ended) forgetJob(shell, job);
  return text;
}

export function forgetJob(shell: ShellState, job: Job): void {
  const at = shell.jobs.indexOf(job);
  if (at !== -1) shell.jobs.splice(at, 1);
}

/** `%1`, `%%`, `%+`, `%-`, `%name` or a pid. */
export function findJob(shell: ShellState, text: string): Job | undefined {
  if (!text.startsWith('%')) return shell.jobs.find((job) => String(job.child.pid) === text);
  const rest = text.slice(1);
  if (rest === '' || rest === '%' || rest === '+') return shell.jobs.at(-1);
  if (rest === '-') return shell.jobs.at(-2) ?? shell.jobs.at(-1);
  return shell.jobs.find((job) => String(job.number) === rest || job.text.startsWith(rest));
}
