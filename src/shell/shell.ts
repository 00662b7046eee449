// A shell: runs text with variables, functions, jobs and a directory that persist from call to call.
import type { Process } from '../api/program.ts';
import { late } from '../base/late.ts';
import type { CompletionRule } from './builtins/completion-rule.ts';
import { takeEndedJobs } from './evaluate/jobs.ts';
import { runToEnd } from './evaluate/run-to-end.ts';
import { complain, type Dialect, type Evaluator, ShellState } from './evaluate/shell-state.ts';
import { ExpansionError, Unwind } from './evaluate/unwind.ts';
import { hostOf } from './process/process-host.ts';
import { StepsSpent } from './process/running-process.ts';

/** A shell can open, and show its prompt, before it can run anything. */
const code = late('shell', async () => ({
  ...(await import('./evaluate/evaluate.ts')),
  ...(await import('./syntax/parser.ts')),
}));

const evaluator: Evaluator = {
  script: (...given) => code().evaluator.script(...given),
  text: (...given) => code().evaluator.text(...given),
  words: (...given) => code().evaluator.words(...given),
  command: (...given) => code().evaluator.command(...given),
};

export interface ShellOptions {
  readonly process: Process;
  readonly dialect?: Dialect;
  /** $0 and the beginning of messages. Default: the dialect's name. */
  readonly name?: string;
  readonly positional?: readonly string[];
  /** A person types: messages without line numbers, Ctrl-C ends the line, jobs are told about. */
  readonly interactive?: boolean;
  /** Each text counts as one of `bash -c`: syntax errors say so. */
  readonly commandText?: boolean;
}

export class Shell {
  private readonly state: ShellState;
  /** Set once `exit` has run. */
  exited: number | undefined;

  constructor(options: ShellOptions) {
    const dialect = options.dialect ?? 'bash';
    const name = options.name ?? (dialect === 'bash' ? 'bash' : 'sh');
    this.state = new ShellState({
      process: options.process,
      dialect,
      evaluator,
      name,
      positional: options.positional ?? [],
      interactive: options.interactive ?? false,
    });
    this.state.commandText = options.commandText ?? false;
    importEnvironment(this.state);
    if (!options.interactive) return;
    options.process.onSignal('SIGINT', () => this.state.signalArrived('SIGINT'));
    options.process.onSignal('SIGTSTP', () => {}); // it stops its jobs, not itself
  }

  get cwd(): string {
    return this.state.process.cwd;
  }
  get status(): number {
    return this.state.status;
  }
  variable(name: string): string | undefined {
    return this.state.variables.text(name);
  }

  /** Runs a command line or script in the shell itself; resolves with its exit code. */
  async run(text: string): Promise<number> {
    const { state } = this;
    const frame = { io: state.io, tested: false, last: false };
    state.callDepth = 0;
    state.linesSinceWarning++;
    state.loopDepth = 0;
    try {
      state.status = await state.evaluator.text(state, text, frame);
    } catch (error) {
      state.status = await this.unwound(error);
    }
    return state.status;
  }

  private async unwound(error: unknown): Promise<number> {
    const { state } = this;
    if (error instanceof ExpansionError || error instanceof StepsSpent) {
      await complain(state, state, error.message);
      if (error instanceof StepsSpent) return 152;
      return state.interactive ? 1 : error.status;
    }
    if (!(error instanceof Unwind)) throw error;
    if (error.kind === 'exit') this.exited = await runToEnd(state, async () => error.status);
    return error.status;
  }

  /** The words that a command's name stands for. */
  aliasOf(name: string): string | undefined {
    return this.state.aliases.get(name);
  }

  /** What `complete` said of a command. */
  completionOf(name: string): CompletionRule | undefined {
    return this.state.completions.get(name);
  }

  /** The variables that its programs get. */
  environment(): ReadonlyMap<string, string> {
    return this.state.variables.exported();
  }

  /** Whether a text is a whole command, or a terminal should ask for more lines. */
  isComplete(text: string): boolean {
    return !code().parseScript(text, { aliases: this.state.aliases }).incomplete;
  }

  /** Ctrl-C: to the foreground job, or to the shell's own loop or wait. */
  interrupt(): void {
    const { foreground, process } = this.state;
    const host = hostOf(process);
    if (foreground !== undefined) host?.signalGroup(foreground, 'SIGINT');
    else host?.signal(process.pid, 'SIGINT');
  }

  /** What to print before the prompt: jobs that have ended. */
  endedJobs(): string {
    return takeEndedJobs(this.state);
  }

  /** Runs the EXIT trap; the terminal is closing, or the script is over. */
  async close(): Promise<number> {
    this.exited ??= await runToEnd(this.state, async () => this.state.status);
    return this.exited;
  }

  /** For programs that run scripts: the state to evaluate in. */
  get inner(): ShellState {
    return this.state;
  }
}

const notImported = new Set(['IFS', 'PS4', 'OPTIND']);

function importEnvironment(state: ShellState): void {
  const { process, variables } = state;
  for (const [name, text] of process.env) {
    if (notImported.has(name) || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) continue;
    variables.set(name, text);
    variables.mark(name, { exported: true });
  }
  variables.set('PWD', process.cwd);
  variables.mark('PWD', { exported: true });
  if (variables.text('PATH') === undefined)
    variables.set('PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin');
  variables.set('IFS', ' \t\n');
  variables.set('OPTIND', '1');
  variables.dynamic = dynamicVariables(state);
}

function dynamicVariables(state: ShellState): ReadonlyMap<string, () => string> {
  const { process } = state;
  const started = process.clock.now();
  let seed = (process.pid * 2654435761) >>> 0;
  const common: [string, () => string][] = [
    ['LINENO', () => String(state.line)],
    [
      'PPID',
      () =>
        String(
          hostOf(process)
            ?.processes()
            .find(({ pid }) => pid === process.pid)?.parentPid ?? 0,
        ),
    ],
  ];
  if (state.dialect === 'dash') return new Map(common);
  return new Map([
    ...common,
    [
      'RANDOM',
      () => {
        seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
        return String((seed >>> 16) & 0x7fff);
      },
    ],
    ['SECONDS', () => String(Math.floor((process.clock.now() - started) / 1000))],
    ['HOSTNAME', () => process.machine.hostname],
    ...(state.dialect === 'bash' ? bashVariables(state) : []),
  ]);
}

function bashVariables(state: ShellState): [string, () => string][] {
  const { process } = state;
  return [
    ['EPOCHSECONDS', () => String(Math.floor(process.clock.now() / 1000))],
    ['UID', () => String(process.user.uid)],
    ['EUID', () => String(process.user.uid)],
    ['BASHPID', () => String(process.pid)],
    ['BASH_VERSION', () => '5.2.21(1)-release'],
  ];
}
