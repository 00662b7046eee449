// Jobs: background commands, and waiting for those in the foreground.
import type { Signal } from '../../api/program.ts';
import type { HostedChild } from '../process/process-host.ts';
import { describeSignal, signalNumber } from '../process/signals.ts';
import { type Frame, type Job, type ShellState, writerOf } from './shell-state.ts';
import { Unwind } from './unwind.ts';

/** `children`: all of a pipeline; the last one's exit code is the job's. */
export function addJob(shell: ShellState, text: string, children: readonly HostedChild[]): Job {
  const number = Math.max(0, ...shell.jobs.map((job) => job.number)) + 1;
  const child = children.at(-1);
  if (!child) throw new Error('a job has processes');
  const job: Job = { number, text, child, children, status: undefined, suspended: false, touched: ++shell.jobsTouched };
  shell.jobs.push(job);
  void child.wait().then((status) => {
    job.status = status;
  });
  return job;
}

export function isStopped({ status, children }: Job): boolean {
  return status === undefined && children.some(({ halt }) => halt.isStopped);
}

export interface Foreground {
  readonly children: readonly HostedChild[];
  /** The job that it is already; Ctrl-Z makes one otherwise. */
  readonly job?: Job;
}

/**
 * The exit codes, in order. An interactive shell gives up the rest of its line when Ctrl-C ended one of them, and
 * leaves a job that Ctrl-Z stopped.
 */
export async function waitForeground(
  shell: ShellState,
  { children, job }: Foreground,
  frame: Frame,
): Promise<readonly number[]> {
  const { terminal } = shell.process;
  const before = terminal?.foreground;
  shell.foreground = shell.interactive ? children[0]?.group : undefined;
  if (terminal && shell.interactive) terminal.foreground = shell.foreground;
  const ended = Promise.all(children.map((child) => child.outcome()));
  const outcomes = await (shell.interactive ? Promise.race([ended, stopped(children)]) : ended);
  shell.foreground = undefined;
  if (terminal && shell.interactive) terminal.foreground = before;
  shell.process.step();
  if (!outcomes) return [await suspend(shell, { children, ...(job && { job }) }, frame)];
  if (job) forgetJob(shell, job);
  if (shell.interactive && outcomes.some(({ signal }) => signal === 'SIGINT')) throw new Unwind('interrupt', 130);
  const signal = outcomes.at(-1)?.signal;
  if (signal && isWorthTelling(signal) && shell.interactive)
    await writerOf(frame.io, 2).write(`${describeSignal(signal)}\n`);
  return outcomes.map(({ code }) => code);
}

function stopped(children: readonly HostedChild[]): Promise<undefined> {
  return new Promise((resolve) => {
    const stops = children.map(({ halt }) =>
      halt.listen(() => {
        for (const stop of stops) stop();
        resolve(undefined);
      }),
    );
    if (children.some(({ halt }) => halt.isStopped)) resolve(undefined);
  });
}

/** What is stopped in the foreground becomes a job, and a loop around it ends. */
async function suspend(shell: ShellState, { children, job: known }: Foreground, frame: Frame): Promise<number> {
  const job = known ?? addJob(shell, shell.itemText, children);
  job.suspended = true;
  job.touched = ++shell.jobsTouched;
  await writerOf(frame.io, 2).write(`\n${describeJob(shell, job)}`);
  const status = 128 + signalNumber('SIGTSTP');
  if (shell.loopDepth > 0) throw new Unwind('break', status, shell.loopDepth);
  return status;
}

function isWorthTelling(signal: Signal): boolean {
  return signal !== 'SIGINT' && signal !== 'SIGPIPE';
}

/** What `jobs` prints about one. `%+` is the current job, `%-` the one before it. */
export function describeJob(shell: ShellState, job: Job): string {
  const [current, previous] = byRank(shell);
  const mark = job === current ? '+' : job === previous ? '-' : ' ';
  const state = isStopped(job)
    ? describeSignal('SIGTSTP')
    : job.status === undefined
      ? 'Running'
      : job.status === 0
        ? 'Done'
        : `Exit ${job.status}`;
  const killed = job.status !== undefined && job.status > 128 ? killedBy(job.status) : undefined;
  const text = job.status === undefined && !isStopped(job) ? `${job.text} &` : job.text;
  return `[${job.number}]${mark}  ${(killed ?? state).padEnd(24)}${text}\n`;
}

/** The current job first: the one stopped last, or else started last. */
export function byRank({ jobs }: ShellState): readonly Job[] {
  return [...jobs].sort((a, b) => Number(b.suspended) - Number(a.suspended) || b.touched - a.touched);
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
  if (rest === '' || rest === '%' || rest === '+') return byRank(shell)[0];
  if (rest === '-') return byRank(shell)[1] ?? byRank(shell)[0];
  return shell.jobs.find((job) => String(job.number) === rest || job.text.startsWith(rest));
}
