// Runs one command: simple commands, and the compound ones (if, loops, case, functions, groups, [[ ]], (( ))).
import { breathe } from '../process/process-host.ts';
import type { Command, Compound, Script } from '../syntax/ast.ts';
import { evaluateArithmetic } from './arithmetic.ts';
import { expandPattern, expandText, expandWords } from './expand.ts';
import { forkShell } from './fork-shell.ts';
import { waitForeground } from './jobs.ts';
import { arithmeticVariables } from './lookup.ts';
import { compilePattern, matchesPattern } from './pattern.ts';
import { redirect } from './redirect.ts';
import { runSimple } from './run-simple.ts';
import { complain, type Frame, type ShellState } from './shell-state.ts';
import { evaluateTest } from './test-command.ts';
import { ExpansionError, Unwind } from './unwind.ts';

type Of<Kind extends Compound['kind']> = Extract<Compound, { kind: Kind }>;

export async function runCommand(shell: ShellState, command: Command, frame: Frame): Promise<number> {
  if (command.kind === 'simple') return runSimple(shell, command, frame);
  const io = await redirect(shell, command.redirections, frame);
  return runCompound(shell, command, { ...frame, io });
}

async function runCompound(shell: ShellState, command: Compound, frame: Frame): Promise<number> {
  const once: Frame = { ...frame, last: false };
  switch (command.kind) {
    case 'group':
      return shell.evaluator.script(shell, command.body, frame);
    case 'subshell':
      return runSubshell(shell, command.body, frame);
    case 'if':
      return runIf(shell, command, once);
    case 'loop':
      return loop(shell, () => runWhile(shell, command, once));
    case 'for':
      return loop(shell, () => runFor(shell, command, once));
    case 'cFor':
      return loop(shell, () => runArithmeticFor(shell, command, once));
    case 'case':
      return runCase(shell, command, once);
    case 'function':
      shell.functions.set(command.name, { body: command.body, text: command.text });
      return 0;
    case 'arithmetic':
      return (await arithmetic(shell, command.expression, once)) === 0n ? 1 : 0;
    case 'test':
      return evaluateTest(shell, command.words, once);
  }
}

async function runSubshell(shell: ShellState, body: Script, frame: Frame): Promise<number> {
  const run = (inner: ShellState, innerFrame: Frame) =>
    inner.evaluator.script(inner, body, { ...innerFrame, tested: frame.tested });
  const child = await forkShell(shell, frame.io, run, shell.interactive ? { group: 'new' } : {});
  const [status = 0] = await waitForeground(shell, { children: [child] }, frame);
  return status;
}

async function runIf(shell: ShellState, { branches, otherwise }: Of<'if'>, frame: Frame): Promise<number> {
  for (const { condition, body } of branches)
    if ((await shell.evaluator.script(shell, condition, { ...frame, tested: true })) === 0)
      return shell.evaluator.script(shell, body, frame);
  return otherwise ? shell.evaluator.script(shell, otherwise, frame) : 0;
}

/** Counts the depth of loops, so that `break` outside of one is told apart. */
async function loop(shell: ShellState, run: () => Promise<number>): Promise<number> {
  shell.loopDepth++;
  try {
    return await run();
  } finally {
    shell.loopDepth--;
  }
}

/** Runs a loop's body once; `ended` when `break` (or `continue` of an outer loop) leaves the loop. */
async function runBody(shell: ShellState, body: Script, frame: Frame): Promise<{ status: number; ended: boolean }> {
  try {
    return { status: await shell.evaluator.script(shell, body, frame), ended: false };
  } catch (error) {
    if (!(error instanceof Unwind) || (error.kind !== 'break' && error.kind !== 'continue')) throw error;
    shell.status = 0;
    if (error.count > 1 && shell.loopDepth > 1) throw new Unwind(error.kind, 0, error.count - 1);
    return { status: 0, ended: error.kind === 'break' };
  }
}

async function runWhile(shell: ShellState, { condition, body, until }: Of<'loop'>, frame: Frame): Promise<number> {
  let status = 0;
  for (;;) {
    shell.process.step();
    await breathe(shell.process);
    const test = await runBody(shell, condition, { ...frame, tested: true });
    if (test.ended || (test.status === 0) === until) return status;
    const done = await runBody(shell, body, frame);
    status = done.status;
    if (done.ended) return status;
  }
}

async function runFor(shell: ShellState, { name, words, body }: Of<'for'>, frame: Frame): Promise<number> {
  let status = 0;
  const values = words === undefined ? shell.positional : await expandWords(shell, words, frame);
  for (const value of values) {
    shell.variables.set(name, value);
    const done = await runBody(shell, body, frame);
    status = done.status;
    if (done.ended) break;
  }
  return status;
}

async function runArithmeticFor(shell: ShellState, { clauses, body }: Of<'cFor'>, frame: Frame): Promise<number> {
  const [start, condition, next] = clauses;
  let status = 0;
  if (start) await arithmetic(shell, start, frame);
  for (;;) {
    shell.process.step();
    await breathe(shell.process);
    const source = condition ? await expandText(shell, condition, frame) : '';
    if (source.trim() !== '' && evaluateArithmetic(source, arithmeticVariables(shell)) === 0n) return status;
    const done = await runBody(shell, body, frame);
    status = done.status;
    if (done.ended) return status;
    if (next) await arithmetic(shell, next, frame);
  }
}

async function arithmetic(
  shell: ShellState,
  expression: Of<'arithmetic'>['expression'],
  frame: Frame,
): Promise<bigint> {
  try {
    return evaluateArithmetic(await expandText(shell, expression, frame), arithmeticVariables(shell));
  } catch (error) {
    if (!(error instanceof ExpansionError)) throw error;
    await complain(shell, frame, `((: ${error.message}`);
    return 0n;
  }
}

async function runCase(shell: ShellState, { word, arms }: Of<'case'>, frame: Frame): Promise<number> {
  const text = await expandText(shell, word, frame);
  let status = 0;
  let falling = false;
  for (const arm of arms) {
    if (!falling && !(await matchesAny(shell, { arm, text, frame }))) continue;
    status = await shell.evaluator.script(shell, arm.body, frame);
    if (arm.end === ';;') return status;
    falling = arm.end === ';&';
  }
  return status;
}

interface ArmTest {
  readonly arm: Of<'case'>['arms'][number];
  readonly text: string;
  readonly frame: Frame;
}

async function matchesAny(shell: ShellState, { arm, text, frame }: ArmTest): Promise<boolean> {
  for (const pattern of arm.patterns)
    if (matchesPattern(compilePattern(await expandPattern(shell, pattern, frame)), text)) return true;
  return false;
}
