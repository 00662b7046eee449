// busybox: one program that is many, by the name that it is called by.
import type { LoadCode, Process, Program } from '../../api/program.ts';
import { withArgv } from '../process/process-host.ts';
import { lateProgram } from './late-program.ts';
import { lateShell } from './late-shell.ts';
import { loadTool, tools } from './tools.ts';

const version = 'BusyBox v1.36.1 (2023-05-18 22:34:17 UTC) multi-call binary.';

export function busybox(loadCode: LoadCode): Program {
  const ash = lateShell(loadCode, 'ash');
  const applets = new Map<string, Program>([
    ...tools.map((tool) => [tool.name, lateProgram(loadCode, () => loadTool(tool, 'busybox'))] as const),
    ['sh', ash],
    ['ash', ash],
  ]);
  return (process) => callApplet(applets, process);
}

async function callApplet(applets: ReadonlyMap<string, Program>, process: Process): Promise<number> {
  let name = (process.argv[0] ?? '').replace(/.*\//, '').replace(/^-/, '');
  let called = process;
  if (name === 'busybox') {
    const rest = process.argv.slice(1);
    const [applet] = rest;
    if (applet === undefined || applet.startsWith('--')) {
      await process.stdout.write(
        `${version}\n\nCurrently defined functions:\n\t${[...applets.keys()].sort().join(', ')}\n`,
      );
      return 0;
    }
    name = applet;
    called = withArgv(process, rest);
  }
  const program = applets.get(name);
  if (program) return program(called);
  await process.stderr.write(`${name}: applet not found\n`);
  return 127;
}
