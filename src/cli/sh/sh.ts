// `tabernetes sh`: a cluster and a shell in one, at full virtual speed.
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { type Session, startSession } from '../../driver/session.ts';
import * as host from '../../host.ts';
import { reportFault } from '../report-fault.ts';
import { worldChoice, worldFlags, worldFlagsHelp } from '../world-options.ts';
import { runSteps } from './steps.ts';

const help = `tabernetes sh [FILE]: a simulated cluster and a shell in one

  FILE                  a script to run; without it standard input, or a prompt on a terminal
  --json                read {"steps":[{"cmd":…}]} on standard input, write it back with results
${worldFlagsHelp}
`;

/** When a headless world begins: the same bytes every time. */
const startsAt = Date.UTC(2026, 0, 1, 9, 0, 0);

export async function sh(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { ...worldFlags, json: { type: 'boolean', default: false } },
  });
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const interactive = positionals.length === 0 && !values.json && process.stdin.isTTY;
  const session = await startSession({ ...worldChoice(values), host, onFault: reportFault, startsAt, interactive });
  if (values.json) {
    process.stdout.write(`${JSON.stringify(await runSteps(session, await text(process.stdin)), null, 1)}\n`);
    return 0;
  }
  const [file] = positionals;
  const code = interactive ? await prompt(session) : await script(session, file);
  process.exit(code); // the simulated world keeps nothing open, but standard input may
}

async function script(session: Session, file: string | undefined): Promise<number> {
  const source = file === undefined ? await text(process.stdin) : readFileSync(file, 'utf8');
  const shell = await session.driver.runUntil(session.shell());
  shell.onOutput((stream, bytes) => void (stream === 1 ? process.stdout : process.stderr).write(bytes));
  return session.driver.runUntil(session.input({ kind: 'line', text: source }));
}

async function prompt(session: Session): Promise<number> {
  const shell = await session.driver.runUntil(session.shell());
  shell.onOutput((stream, bytes) => void (stream === 1 ? process.stdout : process.stderr).write(bytes));
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  lines.on('SIGINT', () => shell.interrupt());
  let code = 0;
  let pending = '';
  for (lines.setPrompt('$ '), lines.prompt(); ; lines.setPrompt(pending ? '> ' : '$ '), lines.prompt()) {
    const line = await new Promise<string | undefined>((resolve) =>
      lines.once('line', resolve).once('close', () => resolve(undefined)),
    );
    if (line === undefined) return code;
    pending += `${line}\n`;
    if (!shell.isComplete(pending)) continue;
    const whole = pending;
    pending = '';
    code = await session.driver.runUntil(session.input({ kind: 'line', text: whole }));
    if (shell.exited !== undefined) return shell.exited;
  }
}
