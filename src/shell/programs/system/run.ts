// Programs that run others or wait: xargs, sleep, timeout, watch, env, time-keeping, test, expr, true, false, kill, which.
import { CannotExecute, type Child, type ChildSpec } from '../../../api/program.ts';
import { decodeUtf8 } from '../../../base/bytes.ts';
import { createPipe } from '../../process/pipe.ts';
import { hostOf } from '../../process/process-host.ts';
import { findExecutable } from '../../process/resolve-program.ts';
import { parseSignal } from '../../process/signals.ts';
import { formatDate } from '../../text/date-format.ts';
import { evaluateTestWords, TestError } from '../../text/file-tests.ts';
import { readAll } from '../../text/line-reader.ts';
import { type Tool, type ToolDefinition, ToolError } from '../tool.ts';

function specOf(tool: Tool, argv: readonly string[], changes: Partial<ChildSpec> = {}): ChildSpec {
  const { env, cwd, stdin, stdout, stderr, terminal } = tool.process;
  return { argv, env, cwd, stdin, stdout, stderr, terminal, ...changes };
}

/** Starts a program, or ends with the exit code and message that fit. */
async function spawn(tool: Tool, spec: ChildSpec): Promise<Child> {
  try {
    return await tool.process.spawn(spec);
  } catch (error) {
    if (!(error instanceof CannotExecute)) throw error;
    const why = error.reason === 'notFound' ? 'No such file or directory' : 'Permission denied';
    const shown = tool.isGnu && tool.name !== 'xargs' ? `'${spec.argv[0]}'` : `${spec.argv[0]}`;
    const message =
      tool.name === 'timeout'
        ? `failed to run command ${shown}: ${why}`
        : tool.isGnu || tool.name === 'xargs'
          ? `${shown}: ${why}`
          : `can't execute '${spec.argv[0]}': ${why}`;
    throw new ToolError(message, error.reason === 'notFound' ? 127 : 126);
  }
}

const units: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };

function parseDuration(tool: Tool, text: string): number {
  const match = /^(\d+\.?\d*|\.\d+)([smhd]?)$/.exec(text);
  if (text === 'infinity' || text === 'inf') return Number.MAX_SAFE_INTEGER;
  if (!match) {
    if (tool.isGnu)
      throw new ToolError(
        `invalid time interval '${text}'\nTry '${tool.name} --help' for more information.`,
        tool.name === 'timeout' ? 125 : 1,
      );
    throw new ToolError(`invalid number '${text}'`);
  }
  return Number(match[1]) * (units[match[2] ?? ''] ?? 1) * 1000;
}

export const sleep: ToolDefinition = {
  name: 'sleep',
  async run(tool) {
    tool.needOperand();
    const ms = tool.operands.reduce((sum, text) => sum + parseDuration(tool, text), 0);
    await tool.process.clock.sleep(ms);
    return 0;
  },
};

export const timeout: ToolDefinition = {
  name: 'timeout',
  short: '+s:k:v',
  long: {
    signal: 's:',
    'kill-after': 'k:',
    foreground: 'foreground',
    'preserve-status': 'preserve-status',
    verbose: 'v',
  },
  idle: { foreground: 'what it starts stays in its own process group here anyway' },
  async run(tool) {
    const [duration, ...argv] = tool.operands;
    if (duration === undefined || argv.length === 0)
      throw new ToolError("missing operand\nTry 'timeout --help' for more information.", 125);
    const ms = parseDuration(tool, duration);
    const signal = parseSignal(tool.value('s') ?? 'TERM');
    if (!signal) throw new ToolError(`${tool.value('s')}: invalid signal`, 125);
    const child = await spawn(tool, specOf(tool, argv));
    const ended = child.wait().then((status) => ({ status }));
    if (ms === 0) return child.wait();
    const first = await Promise.race([ended, tool.process.clock.sleep(ms)]);
    if (first) return first.status;
    const send = async (one: typeof signal) => {
      if (tool.has('v')) await tool.warn(`sending signal ${one.slice(3)} to command '${argv[0]}'`);
      child.signal(one);
    };
    await send(signal);
    const grace = tool.value('k');
    if (grace !== undefined) {
      const second = await Promise.race([ended, tool.process.clock.sleep(parseDuration(tool, grace))]);
      if (!second) await send('SIGKILL');
    }
    const { status } = await ended;
    if (signal === 'SIGKILL' || status === 137) return 137;
    return tool.has('preserve-status') ? status : tool.isGnu ? 124 : 143;
  },
};

export const watch: ToolDefinition = {
  name: 'watch',
  short: '+n:tdx',
  long: { interval: 'n:', 'no-title': 't', differences: 'd', exec: 'x' },
  async run(tool) {
    tool.needOperand();
    const seconds = Number(tool.value('n') ?? 2);
    const command = tool.operands.join(' ');
    const { clock, machine, terminal } = tool.process;
    const argv = tool.has('x') ? tool.operands : ['sh', '-c', command];
    let before: readonly string[] | undefined;
    for (;;) {
      const pipe = createPipe();
      const child = await spawn(
        tool,
        specOf(tool, argv, { stdout: pipe.writer, stderr: pipe.writer, terminal: undefined }),
      );
      pipe.writer.release();
      const text = decodeUtf8(await readAll(pipe.reader));
      pipe.reader.release();
      await child.wait();
      const left = `Every ${seconds.toFixed(1)}s: ${command}`;
      const right = `${machine.hostname}: ${formatDate(clock.now(), '%c')}`;
      const title = tool.has('t')
        ? ''
        : `${left}${right.padStart(Math.max(right.length + 1, (terminal?.columns ?? 80) - left.length))}\n\n`;
      const shown = text.split('\n');
      const marked = tool.has('d') && before ? shown.map((line, at) => differing(line, before?.[at] ?? '')) : shown;
      before = shown;
      const lines = (title + marked.join('\n')).split('\n').slice(0, terminal?.rows ?? 24);
      await tool.out(`\x1b[H\x1b[2J${lines.join('\n')}`);
      await clock.sleep(Math.max(0.1, seconds) * 1000);
    }
  },
};

/** A line with what was another before in reverse colours. */
function differing(line: string, before: string): string {
  return [...line]
    .map((character, at) => (character === before[at] ? character : `\x1b[7m${character}\x1b[27m`))
    .join('');
}

const wordsMax = 100_000;

/** Splits xargs' input: blanks, quotes and backslashes. */
function splitWords(text: string): readonly string[] {
  const words: string[] = [];
  for (const match of text.matchAll(/(?:[^\s'"\\]|\\[\s\S]|'[^'\n]*'|"[^"\n]*")+/g)) {
    words.push(
      match[0].replace(/\\([\s\S])|'([^']*)'|"([^"]*)"/g, (_, a?: string, b?: string, c?: string) => a ?? b ?? c ?? ''),
    );
    if (words.length >= wordsMax) break;
  }
  return words;
}

export const xargs: ToolDefinition = {
  name: 'xargs',
  short: '+n:I:0rd:L:P:t',
  long: { null: '0', 'no-run-if-empty': 'r', 'max-args': 'n:', delimiter: 'd:', 'max-procs': 'P:', verbose: 't' },
  async run(tool) {
    const text = decodeUtf8(await readAll(tool.process.stdin));
    const command = tool.operands.length > 0 ? tool.operands : ['echo'];
    const replace = tool.value('I');
    const delimiter = tool.has('0') ? '\0' : tool.value('d')?.replace('\\n', '\n').replace('\\t', '\t');
    const lines = () =>
      text
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '');
    const items =
      delimiter !== undefined
        ? text
            .replace(new RegExp(`${delimiter}$`), '')
            .split(delimiter)
            .filter((item, i, all) => item !== '' || i < all.length - 1)
        : replace !== undefined || tool.has('L')
          ? lines()
          : splitWords(text);
    const size = replace !== undefined ? 1 : tool.number('n', tool.number('L', wordsMax));
    const batches = Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
      items.slice(i * size, (i + 1) * size),
    );
    if (batches.length === 0 && !tool.has('r') && replace === undefined && tool.isGnu) batches.push([]);
    let status = 0;
    const together = tool.number('P', 1) || batches.length;
    const runBatch = async (batch: readonly string[]) => {
      const words = tool.has('L') ? batch.flatMap(splitWords) : batch;
      const argv =
        replace === undefined
          ? [...command, ...words]
          : command.map((word) => word.replaceAll(replace, words[0] ?? ''));
      if (tool.has('t')) await tool.process.stderr.write(`${argv.join(' ')}\n`);
      const child = await spawn(
        tool,
        specOf(tool, argv, { stdin: { read: async () => undefined }, terminal: undefined }),
      );
      const code = await child.wait();
      if (code === 255) throw new ToolError(`${command[0]}: exited with status 255; aborting`, 124);
      if (code !== 0) status = 123;
    };
    const waiting = batches.values();
    const work = async () => {
      for (const batch of waiting) await runBatch(batch);
    };
    await Promise.all(Array.from({ length: Math.max(1, Math.min(together, batches.length)) }, work));
    return status;
  },
};

export const env: ToolDefinition = {
  name: 'env',
  short: '+iu:0',
  long: { 'ignore-environment': 'i', unset: 'u:', null: '0' },
  async run(tool) {
    const environment = tool.has('i') ? new Map<string, string>() : new Map(tool.process.env);
    for (const name of tool.values('u')) environment.delete(name);
    let first = 0;
    for (; tool.operands[first]?.includes('='); first++) {
      const word = tool.operands[first] ?? '';
      environment.set(word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1));
    }
    const argv = tool.operands.slice(first);
    if (argv.length > 0) return (await spawn(tool, specOf(tool, argv, { env: environment }))).wait();
    for (const [name, value] of environment) await tool.out(`${name}=${value}${tool.has('0') ? '\0' : '\n'}`);
    return 0;
  },
};

export const printenv: ToolDefinition = {
  name: 'printenv',
  async run(tool) {
    if (tool.operands.length === 0) for (const [name, value] of tool.process.env) await tool.out(`${name}=${value}\n`);
    for (const name of tool.operands) {
      const value = tool.process.env.get(name);
      if (value === undefined) tool.status = 1;
      else await tool.out(`${value}\n`);
    }
    return tool.status;
  },
};

export const yesTrue: ToolDefinition = { name: 'true', raw: true, run: async () => 0 };
export const noFalse: ToolDefinition = { name: 'false', raw: true, run: async () => 1 };

async function runTest(tool: Tool): Promise<number> {
  const words = tool.process.argv.slice(1);
  const { process } = tool;
  if (tool.name === '[' && words.at(-1) !== ']') throw new ToolError("missing ']'", 2);
  try {
    const place = { files: tool.files, cwd: process.cwd, isTerminal: () => process.terminal !== undefined };
    return evaluateTestWords(tool.name === '[' ? words.slice(0, -1) : words, place) ? 0 : 1;
  } catch (error) {
    if (error instanceof TestError) throw new ToolError(error.message, 2);
    throw error;
  }
}
export const test: ToolDefinition = { name: 'test', raw: true, run: runTest };
export const bracket: ToolDefinition = { name: '[', raw: true, run: runTest };

export const which: ToolDefinition = {
  name: 'which',
  short: 'a',
  async run(tool) {
    const { env: environment, cwd } = tool.process;
    for (const name of tool.operands) {
      const found = foldersOf(name, tool.has('a') ? environment.get('PATH') : undefined).flatMap((path) => {
        const env = path === undefined ? environment : new Map([['PATH', path]]);
        try {
          return [findExecutable(name, { files: tool.files, env, cwd })];
        } catch (error) {
          if (!(error instanceof CannotExecute)) throw error;
          return [];
        }
      });
      for (const path of new Set(found)) await tool.out(`${path}\n`);
      if (found.length === 0) tool.status = 1;
    }
    return tool.status;
  },
};

/** Where to look, one after the other: all at once where only the first is wanted. */
function foldersOf(name: string, path: string | undefined): readonly (string | undefined)[] {
  return path === undefined || name.includes('/') ? [undefined] : path.split(':');
}

export const kill: ToolDefinition = {
  name: 'kill',
  raw: true,
  async run(tool) {
    const args = tool.process.argv.slice(1);
    const [first = ''] = args;
    const name = first === '-s' ? (args[1] ?? '') : /^-\w+$/.test(first) ? first.slice(1) : 'TERM';
    const signal = parseSignal(name);
    if (!signal) throw new ToolError(`${name}: invalid signal`);
    for (const pid of args.slice(first === '-s' ? 2 : first.startsWith('-') ? 1 : 0))
      if (!hostOf(tool.process)?.signal(Number(pid), signal)) await tool.fail(`(${pid}): No such process`);
    return tool.status;
  },
};
