// jobs, fg, bg, wait, kill.

import { byRank, describeJob, findJob, forgetJob, isStopped, takeEndedJobs, waitForeground } from '../evaluate/jobs.ts';
import type { Job } from '../evaluate/shell-state.ts';
import { runPendingTraps } from '../evaluate/traps.ts';
import { hostOf } from '../process/process-host.ts';
import { parseSignal, signalNumber, signalOfExitCode, signals } from '../process/signals.ts';
import { type Builtin, type BuiltinCall, print, refuse } from './builtin.ts';

export const jobs: Builtin = async (call) => {
  const { shell, args } = call;
  for (const job of shell.jobs) {
    const line = args[0] === '-p' ? `${job.child.pid}\n` : describeJob(shell, job);
    await print(call, args[0] === '-l' ? line.replace(/^(\[\d+\].) +/, `$1 ${job.child.pid} `) : line);
  }
  takeEndedJobs(shell);
  return 0;
};

export const foreground: Builtin = async (call) => {
  const { shell, args, frame } = call;
  const job = findJob(shell, args[0] ?? '%%');
  if (!job) return refuse(call, `${args[0] ?? 'current'}: no such job`);
  await print(call, `${job.text}\n`);
  job.suspended = false;
  resume(call, job);
  const statuses = await waitForeground(shell, { children: job.children, job }, frame);
  return statuses.at(-1) ?? 0;
};

export const background: Builtin = async (call) => {
  const job = findJob(call.shell, call.args[0] ?? '%%');
  if (!job) return refuse(call, `${call.args[0] ?? 'current'}: no such job`);
  if (!isStopped(job)) return refuse(call, `job ${job.number} already in background`, 0);
  const mark = job === byRank(call.shell)[0] ? '+' : '-';
  await print(call, `[${job.number}]${mark} ${job.text} &\n`);
  job.suspended = false;
  resume(call, job);
  return 0;
};

function resume({ shell }: BuiltinCall, { child }: Job): void {
  hostOf(shell.process)?.signalGroup(child.group, 'SIGCONT');
}

export const wait: Builtin = async (call) => {
  const { shell, args } = call;
  if (args[0] === '-n') {
    const ended = await waitOrTrap(call, Promise.race(shell.jobs.map((job) => job.child.wait().then(() => job))));
    if (!ended || typeof ended === 'number') return ended ?? 127;
    forgetJob(shell, ended);
    return ended.status ?? 0;
  }
  if (args.length === 0) {
    const all = await waitOrTrap(call, Promise.all(shell.jobs.map((job) => job.child.wait())));
    if (typeof all === 'number') return all;
    takeEndedJobs(shell);
    return 0;
  }
  let status = 0;
  for (const arg of args) {
    const job = findJob(shell, arg);
    if (!job) {
      status = arg.startsWith('%')
        ? await refuse(call, `${arg}: no such job`, 127)
        : await refuse(call, `pid ${arg} is not a child of this shell`, 127);
      continue;
    }
    const ended = await waitOrTrap(
      call,
      job.child.wait().then((code) => ({ code })),
    );
    if (typeof ended === 'number') return ended;
    status = ended.code;
    forgetJob(shell, job);
  }
  return status;
};

/** The result, or the exit code when a signal with a trap ended the wait. */
async function waitOrTrap<T>({ shell, frame }: BuiltinCall, result: Promise<T>): Promise<T | number> {
  const done = await shell.orSignal(result.then((value) => ({ value })));
  if (done) return done.value;
  const [signal] = shell.pendingSignals;
  await runPendingTraps(shell, frame);
  return signal ? 128 + signalNumber(signal) : 0;
}

export const kill: Builtin = async (call) => {
  const { shell, args } = call;
  if (args[0] === '-l' || args[0] === '-L') return listSignals(call, args.slice(1));
  let name = 'TERM';
  let targets = args;
  const [first = '', second] = args;
  if (first === '-s' || first === '-n') {
    name = second ?? '';
    targets = args.slice(2);
  } else if (/^-[A-Za-z0-9]+$/.test(first)) {
    name = first.slice(1);
    targets = args.slice(1);
  }
  const signal = name === '0' ? undefined : parseSignal(name);
  if (!signal && name !== '0') return refuse(call, `${name}: invalid signal specification`);
  if (targets[0] === '--') targets = targets.slice(1);
  if (targets.length === 0)
    return refuse(call, 'usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]', 2);
  const host = hostOf(shell.process);
  let status = 0;
  for (const target of targets) {
    const job = target.startsWith('%') ? findJob(shell, target) : undefined;
    const pid = target.startsWith('%') ? job && (shell.interactive ? -job.child.group : job.child.pid) : Number(target);
    if (pid === undefined) status = await refuse(call, `${target}: no such job`);
    else if (!Number.isInteger(pid)) status = await refuse(call, `${target}: arguments must be process or job IDs`);
    else if (pid < 0 && signal) {
      host?.signalGroup(-pid, signal);
      // A stopped job goes on, so that it can end.
      if (job && (signal === 'SIGTERM' || signal === 'SIGHUP')) resume(call, job);
    } else if (signal ? !host?.signal(pid, signal) : !host?.processes().some((process) => process.pid === pid))
      status = await refuse({ ...call, name: 'kill' }, `(${pid}) - No such process`);
  }
  return status;
};

async function listSignals(call: BuiltinCall, codes: readonly string[]): Promise<number> {
  if (codes.length === 0)
    await print(call, `${signals.map((signal) => `${signalNumber(signal)}) ${signal}`).join('\n')}\n`);
  for (const code of codes) {
    const signal = parseSignal(code) ?? signalOfExitCode(Number(code));
    if (!signal) return refuse(call, `${code}: invalid signal specification`);
    await print(call, `${/^\d+$/.test(code) ? signal.slice(3) : signalNumber(signal)}\n`);
  }
  return 0;
}
