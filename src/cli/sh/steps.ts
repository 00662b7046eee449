// The `--json` form of `tabernetes sh`: a list of command lines in, the same list with what each printed out.
import type { Session } from '../../driver/session.ts';

interface Step {
  readonly cmd: string;
}

interface StepResult extends Step {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

export async function runSteps(session: Session, source: string): Promise<{ readonly steps: readonly StepResult[] }> {
  const { steps } = parse(source);
  const done: StepResult[] = [];
  for (const step of steps) done.push({ ...step, ...(await runStep(session, step.cmd)) });
  return { steps: done };
}

/** One command line, or `@sleep SECONDS`, `@power-off NODE`, `@power-on NODE`. */
async function runStep(session: Session, line: string): Promise<Omit<StepResult, 'cmd'>> {
  const quietly = { stdout: '', stderr: '', exitCode: 0 };
  const directive = /^@(\S+)\s*(\S*)$/.exec(line.trim());
  if (!directive) {
    const shell = await session.driver.runUntil(session.shell());
    const captured = shell.capture(() => session.input({ kind: 'line', text: line }));
    return session.driver.runUntil(captured);
  }
  const [, name, operand = ''] = directive;
  if (name === 'sleep' && Number(operand) >= 0) await session.driver.runFor(Number(operand) * 1000);
  else if (name === 'power-off' || name === 'power-on') {
    await session.driver.runUntil(session.input({ kind: 'power', node: operand, on: name === 'power-on' }));
  } else return { stdout: '', stderr: `tabernetes: unknown directive ${line}\n`, exitCode: 2 };
  return quietly;
}

function parse(source: string): { readonly steps: readonly Step[] } {
  const value: unknown = JSON.parse(source);
  if (typeof value !== 'object' || value === null || !('steps' in value) || !Array.isArray(value.steps)) {
    throw new Error('standard input must be {"steps":[{"cmd":"…"}]}');
  }
  const steps: readonly unknown[] = value.steps;
  return {
    steps: steps.map((step) => {
      if (typeof step !== 'object' || step === null || !('cmd' in step) || typeof step.cmd !== 'string') {
        throw new Error('every step must have a "cmd"');
      }
      return { ...step, cmd: step.cmd };
    }),
  };
}
