// Runs scripts: lists, and-or lists, background jobs and pipelines. The other half of it is run-command.ts.

import { createPipe, type Pipe } from '../process/pipe.ts';
import { ForkFailed, type HostedChild } from '../process/process-host.ts';
import type { Command, Item, Pipeline, Script, SyntaxProblem } from '../syntax/ast.ts';
import { parseScript } from '../syntax/parser.ts';
import { forkShell } from './fork-shell.ts';
import { addJob, waitForeground } from './jobs.ts';
import { runCommand } from './run-command.ts';
import { runWords } from './run-simple.ts';
import { complain, type Evaluator, type Frame, type Io, type ShellState, writerOf } from './shell-state.ts';
import { runPendingTraps } from './traps.ts';
import { RedirectionError, Unwind } from './unwind.ts';

const pipelineSteps = 50;

export const evaluator: Evaluator = { script: runScript, text: runText, words: runWords, command: runCommand };

async function runText(shell: ShellState, text: string, frame: Frame): Promise<number> {
  const { script, problem } = parseScript(text, { aliases: shell.aliases });
  const status = await runScript(shell, script, problem ? { ...frame, last: false } : frame);
  if (!problem) return script.items.length === 0 ? 0 : status;
  shell.status = 2;
  await writerOf(frame.io, 2).write(describeProblem(shell, problem, text));
  return 2;
}

/** What the shell says about a syntax error. */
export function describeProblem(shell: ShellState, problem: SyntaxProblem, text: string): string {
  const isBash = shell.dialect === 'bash';
  shell.line = problem.line;
  const prefix =
    shell.commandText && isBash && !shell.interactive
      ? `${shell.name}: -c: line ${problem.line}: `
      : shell.messagePrefix;
  if (problem.kind === 'other') return `${prefix}${problem.detail}\n`;
  if (!isBash) {
    const expecting = problem.expected ? ` (expecting "${problem.expected}")` : '';
    const capital = shell.dialect === 'dash' ? 'Syntax error' : 'syntax error';
    if (problem.kind === 'unterminated')
      return `${prefix}${capital}: ${problem.detail === '`' ? 'EOF in backquote substitution' : 'unterminated quoted string'}\n`;
    const what = problem.kind === 'endOfFile' ? 'end of file unexpected' : `"${problem.detail}" unexpected`;
    if (shell.dialect === 'dash')
      return `${prefix}${capital}: ${problem.kind === 'endOfFile' ? 'end of file' : `"${problem.detail}"`} unexpected${expecting}\n`;
    return `${prefix}${capital}: unexpected ${what.replace(' unexpected', '')}${expecting}\n`;
  }
  if (problem.kind === 'unterminated')
    return `${prefix}unexpected EOF while looking for matching \`${problem.detail}'\n`;
  if (problem.kind === 'endOfFile') return `${prefix}syntax error: unexpected end of file\n`;
  const message = `${prefix}syntax error near unexpected token \`${problem.detail}'\n`;
  const source = text.split('\n')[problem.line - 1] ?? '';
  return shell.interactive ? message : `${message}${prefix}\`${source}'\n`;
}

async function runScript(shell: ShellState, script: Script, frame: Frame): Promise<number> {
  let status = 0;
  for (const [i, item] of script.items.entries()) {
    const last = frame.last && i === script.items.length - 1;
    status = item.background ? await startJob(shell, item, frame) : await runItem(shell, item, { ...frame, last });
  }
  return status;
}

async function runItem(shell: ShellState, { first, rest, text }: Item, frame: Frame): Promise<number> {
  shell.itemText = text;
  if (rest.length === 0) return runPipeline(shell, first, frame);
  const tested: Frame = { ...frame, tested: true, last: false };
  let status = await runPipeline(shell, first, tested);
  for (const [i, { operator, pipeline }] of rest.entries()) {
    if ((operator === '&&') !== (status === 0)) continue;
    status = await runPipeline(shell, pipeline, i === rest.length - 1 ? { ...frame, last: false } : tested);
  }
  return status;
}

/** `command &`: runs beside the shell with no input of its own. */
async function startJob(shell: ShellState, item: Item, frame: Frame): Promise<number> {
  const io = new Map(frame.io);
  if (!shell.interactive && io.get(0)?.reader === shell.process.stdin) io.set(0, {});
  const run = (inner: ShellState, innerFrame: Frame) => runItem(inner, item, innerFrame);
  const child = await forkShell(shell, io, run, shell.interactive ? { group: 'new' } : {});
  const job = addJob(shell, item.text, [child]);
  shell.lastBackground = child.pid;
  if (shell.interactive) await writerOf(frame.io, 2).write(`[${job.number}] ${child.pid}\n`);
  return succeed(shell);
}

function succeed(shell: ShellState): number {
  shell.status = 0;
  return 0;
}

async function runPipeline(shell: ShellState, pipeline: Pipeline, frame: Frame): Promise<number> {
  if (!pipeline.timed) return runUntimed(shell, pipeline, frame);
  const { clock } = shell.process;
  const began = clock.now();
  const status = await runUntimed(shell, pipeline, { ...frame, last: false });
  const seconds = (clock.now() - began) / 1000;
  const real = `${Math.floor(seconds / 60)}m${(seconds % 60).toFixed(3)}s`;
  await writerOf(frame.io, 2).write(`\nreal\t${real}\nuser\t0m0.000s\nsys\t0m0.000s\n`);
  return status;
}

async function runUntimed(shell: ShellState, { negated, commands }: Pipeline, frame: Frame): Promise<number> {
  shell.process.step(pipelineSteps);
  await runPendingTraps(shell, frame);
  const [only] = commands;
  const inner: Frame = negated ? { ...frame, tested: true, last: false } : frame;
  let status =
    commands.length === 1 && only ? await runOne(shell, only, inner) : await runPiped(shell, commands, inner);
  if (negated) status = status === 0 ? 1 : 0;
  shell.status = status;
  await runPendingTraps(shell, frame);
  const failed = status !== 0 && !frame.tested && !negated;
  if (failed && shell.options.has('errexit') && !(only && commands.length === 1 && isSilent(only)))
    throw new Unwind('exit', status);
  return status;
}

/** Compound commands in whose parts `set -e` has had its say already. */
function isSilent(command: Command): boolean {
  return ['if', 'loop', 'for', 'cFor', 'case', 'group'].includes(command.kind);
}

async function runOne(shell: ShellState, command: Command, frame: Frame): Promise<number> {
  let status: number;
  try {
    status = await runCommand(shell, command, frame);
  } catch (error) {
    if (!(error instanceof RedirectionError) && !(error instanceof ForkFailed)) throw error;
    await complain(shell, frame, error.message);
    status = error instanceof ForkFailed ? 254 : shell.dialect === 'dash' ? 2 : 1;
  }
  shell.pipeStatus = [status];
  for (const run of shell.afterCommand.splice(0)) await run();
  return status;
}

/** `a | b | c`: each command a subshell, joined by pipes. */
async function runPiped(shell: ShellState, commands: readonly Command[], frame: Frame): Promise<number> {
  const children: HostedChild[] = [];
  let input: Pipe | undefined;
  let group: number | 'new' | undefined = shell.interactive ? 'new' : undefined;
  try {
    for (const [i, command] of commands.entries()) {
      const output = i === commands.length - 1 ? undefined : createPipe();
      const io: Io = new Map(frame.io);
      if (input) io.set(0, { reader: input.reader });
      if (output) io.set(1, { writer: output.writer });
      const run = (inner: ShellState, innerFrame: Frame) =>
        runOne(inner, command, { ...innerFrame, tested: frame.tested });
      const child = await forkShell(shell, io, run, group === undefined ? {} : { group });
      children.push(child);
      if (group === 'new') group = child.group;
      input?.reader.release();
      output?.writer.release();
      input = output;
    }
  } catch (error) {
    input?.reader.release();
    throw error;
  }
  const statuses = await waitForeground(shell, { children }, frame);
  shell.pipeStatus = statuses;
  const last = statuses.at(-1) ?? 0;
  if (!shell.options.has('pipefail')) return last;
  return statuses.findLast((status) => status !== 0) ?? 0;
}
