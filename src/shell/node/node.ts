// node: runs a script until nothing is left that could call it again. The script's engine knows only what this machine
// gives it: files, time, the network.
import type { Process, Program } from '../../api/program.ts';
import { decodeUtf8 } from '../../base/bytes.ts';
import { type LoadScriptEngine, ScriptError } from './script-engine.ts';
import { ScriptMachine } from './script-machine.ts';

export const nodeVersion = 'v20.19.5';

export function node(load: LoadScriptEngine): Program {
  return async (process) => {
    const [, first = '', ...rest] = process.argv;
    if (first === '--version' || first === '-v') {
      await process.stdout.write(`${nodeVersion}\n`);
      return 0;
    }
    if (/^(-e|--eval|-p|--print)$/.test(first)) {
      const [code = '', ...args] = rest;
      const text = /^(-p|--print)$/.test(first) ? `console.log(${code}\n)` : code;
      return run(process, load, { text, file: `${process.cwd}/[eval]`, args });
    }
    if (first.startsWith('-') && first !== '-') {
      await process.stderr.write(`node: bad option: ${first}: the simulator's node does not know it\n`);
      return 9;
    }
    if (first === '' || first === '-') {
      if (process.terminal) {
        await process.stderr.write('node: the simulator has no interactive node; run a file or node -e CODE\n');
        return 1;
      }
      return run(process, load, { text: await readAll(process), file: `${process.cwd}/[stdin]`, args: rest });
    }
    return run(process, load, { file: first, args: rest });
  };
}

interface Script {
  /** Undefined: the file's. */
  readonly text?: string;
  readonly file: string;
  readonly args: readonly string[];
}

async function run(process: Process, load: LoadScriptEngine, { text, file, args }: Script): Promise<number> {
  const machine = new ScriptMachine(process, nodeVersion);
  const engine = await load(machine);
  try {
    const main = text === undefined ? machine.resolveMain(file) : file;
    await machine.run(engine, { main, text: text ?? machine.source(main), args });
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    if (machine.exitCode === undefined) {
      machine.print(2, `${uncaught(process, error)}\n\nNode.js ${nodeVersion}\n`);
      machine.exitCode = 1;
    }
  } finally {
    engine.close();
    await machine.end();
  }
  return machine.exitCode ?? 0;
}

/** Where it was thrown, then what and by whom. */
function uncaught({ machine }: Process, { message, trace }: ScriptError): string {
  const lines = trace.split('\n').filter((line) => line !== '' && !line.includes('node:internal'));
  const [, file = '', line = ''] = /\((\/[^:]+):(\d+)/.exec(lines[0] ?? '') ?? [];
  const text =
    file !== '' && machine.files.exists(file) ? machine.files.readText(file).split('\n')[Number(line) - 1] : undefined;
  const place = text === undefined ? '' : `${file}:${line}\n${text}\n^\n\n`;
  return `${place}${[message, ...lines].join('\n')}`;
}

async function readAll(process: Process): Promise<string> {
  let text = '';
  for (let bytes = await process.stdin.read(); bytes; bytes = await process.stdin.read()) text += decodeUtf8(bytes);
  return text;
}
