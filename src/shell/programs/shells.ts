// sh, bash and ash as programs: -c, scripts, standard input, and lines from a terminal.
import type { Process, Program } from '../../api/program.ts';
import { decodeUtf8 } from '../../base/bytes.ts';
import { FileError, normalizePath } from '../../base/files.ts';
import { applyOptions } from '../builtins/variables.ts';
import { runToEnd } from '../evaluate/run-to-end.ts';
import type { Dialect } from '../evaluate/shell-state.ts';
import { Shell } from '../shell.ts';
import { parseScript } from '../syntax/parser.ts';
import { takeUntil } from '../text/line-reader.ts';

export function shellProgram(dialect: Dialect): Program {
  return (process) => runShell(process, dialect);
}

interface Invocation {
  readonly options: readonly string[];
  readonly command: boolean;
  readonly stdin: boolean;
  readonly interactive: boolean;
  readonly operands: readonly string[];
}

function readInvocation(argv: readonly string[]): Invocation {
  const options: string[] = [];
  let command = false;
  let stdin = false;
  let interactive = false;
  let i = 1;
  for (; /^[-+]./.test(argv[i] ?? ''); i++) {
    const word = argv[i] ?? '';
    if (word === '--') {
      i++;
      break;
    }
    if (word.startsWith('--')) continue; // --login, --norc and their like change nothing here
    const letters = word.slice(1);
    command ||= letters.includes('c');
    stdin ||= letters.includes('s');
    interactive ||= letters.includes('i');
    const others = letters.replace(/[csil]/g, '');
    if (others !== '') options.push(word.charAt(0) + others, ...(others.endsWith('o') ? [argv[++i] ?? ''] : []));
  }
  return { options, command, stdin, interactive, operands: argv.slice(i) };
}

async function runShell(process: Process, dialect: Dialect): Promise<number> {
  const { options, command, stdin, interactive, operands } = readInvocation(process.argv);
  const called = (process.argv[0] ?? 'sh').replace(/^-|.*\//g, '');
  const fromTerminal = !command && operands.length === 0 && (process.terminal !== undefined || interactive);
  const [first, ...rest] = operands;
  const script = command || stdin ? undefined : first;
  const name = command ? (rest[0] ?? called) : (script ?? called);
  const shell = new Shell({
    process,
    dialect,
    name,
    positional: command ? rest.slice(1) : stdin ? operands : rest,
    interactive: fromTerminal,
    commandText: command,
  });
  const applied = applyOptions(shell.inner, options);
  if ('invalid' in applied) {
    await process.stderr.write(`${called}: ${applied.invalid}\n`);
    return 2;
  }
  if (command && first === undefined) {
    await process.stderr.write(`${called}: -c: option requires an argument\n`);
    return 2;
  }
  if (command) return runText(shell, first ?? '');
  if (script !== undefined) return runFile(shell, script, called);
  return fromTerminal ? runTerminal(shell) : runInput(shell);
}

function runText(shell: Shell, text: string): Promise<number> {
  const { inner } = shell;
  return runToEnd(inner, () => inner.evaluator.text(inner, text, { io: inner.io, tested: false, last: true }));
}

/** Line by line: each command runs before the next line has come, and finds its own input after itself. */
function runInput(shell: Shell): Promise<number> {
  const { inner } = shell;
  return runToEnd(inner, async () => {
    let above = '';
    let text = '';
    let status = 0;
    for (;;) {
      const { bytes, complete } = await takeUntil(inner.process.stdin, { delimiter: 10 });
      text += decodeUtf8(bytes);
      const { script, problem, incomplete } = parseScript(text, { aliases: inner.aliases });
      if (complete && incomplete) {
        text += '\n';
        continue;
      }
      const frame = { io: inner.io, tested: false, last: false };
      // The lines above count in what is said of lines.
      if (problem || script.items.length > 0) status = await inner.evaluator.text(inner, above + text, frame);
      if (problem || !complete) return status;
      above += '\n'.repeat(text.split('\n').length);
      text = '';
    }
  });
}

async function runFile(shell: Shell, path: string, called: string): Promise<number> {
  const { process } = shell.inner;
  try {
    return await runText(shell, process.machine.files.readText(normalizePath(path, process.cwd)));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const isBash = shell.inner.dialect === 'bash';
    const message = isBash
      ? `${called}: ${path}: ${error.message}`
      : `${called}: can't open '${path}': ${error.message}`;
    await process.stderr.write(`${message}\n`);
    return error.code === 'ENOENT' ? (isBash ? 127 : 2) : 126;
  }
}

/** Reads commands line by line with a prompt, as `kubectl exec -it … -- sh` shows it. */
async function runTerminal(shell: Shell): Promise<number> {
  const { process } = shell.inner;
  let text = '';
  let waiting = false;
  // Ctrl-C at the prompt gives up what was typed so far.
  process.onSignal('SIGINT', () => {
    if (!waiting) return;
    shell.inner.pendingSignals.length = 0;
    text = '';
    void process.stderr.write(`\n${prompt(shell)}`);
  });
  for (;;) {
    await process.stderr.write(shell.endedJobs() + (text === '' ? prompt(shell) : (shell.variable('PS2') ?? '> ')));
    waiting = true;
    const { bytes, complete } = await takeUntil(process.stdin, { delimiter: 10 });
    waiting = false;
    text += decodeUtf8(bytes);
    if (!complete && text === '') {
      await process.stderr.write(shell.inner.dialect === 'bash' ? 'exit\n' : '\n');
      return shell.close();
    }
    if (complete && !shell.isComplete(text)) {
      text += '\n';
      continue;
    }
    await shell.run(text);
    if (shell.exited !== undefined) return shell.exited;
    if (shell.status === 130) await process.stderr.write('\n');
    text = '';
  }
}

function prompt(shell: Shell): string {
  const { process, dialect } = shell.inner;
  const home = shell.variable('HOME') ?? '/';
  const place = process.cwd === home ? '~' : process.cwd;
  const sign = process.user.uid === 0 ? '#' : '$';
  const { hostname } = process.machine;
  const standard =
    dialect === 'dash'
      ? `${sign} `
      : dialect === 'ash'
        ? `${place} ${sign} `
        : `${process.user.name}@${hostname}:${place}${sign} `;
  const given = shell.variable('PS1');
  if (given === undefined) return standard;
  const codes: Readonly<Record<string, string>> = {
    w: place,
    W: place.split('/').at(-1) || '/',
    u: process.user.name,
    h: hostname,
    $: sign,
    n: '\n',
    '[': '',
    ']': '',
    e: '\x1b',
  };
  return given.replace(/\\([wWuh$n[\]e])/g, (_, code: string) => codes[code] ?? '');
}
