// docker: finds the subcommand, reads its options, and words what goes wrong.
import { DockerError, type DockerPort, DockerUnavailable } from '../../api/docker.ts';
import type { Process, Program } from '../../api/program.ts';
import { describeOptions, OptionError, readOptions } from '../text/long-options.ts';
import { type DockerCommand, DockerCommandError } from './command.ts';
import { commands } from './commands.ts';
import { type Group, groups } from './groups.ts';

export const dockerVersion = '28.5.1';

/** What docker has and the simulator has not: said by name, not taken for a mistake of the learner's. */
const notSimulated = new Set(
  'attach buildx builder compose config context events export import manifest node plugin secret service stack swarm trust update'.split(
    ' ',
  ),
);

/** `at`: the daemon that `DOCKER_HOST` leads to. */
export function docker(port: () => DockerPort, at: (host: string) => DockerPort | undefined): Program {
  return async (process) => {
    const words = process.argv.slice(1);
    const [first = '', second = ''] = words;
    if (first === '' || first === '--help' || first === 'help') return help(process);
    if (first === '--version' || first === '-v') {
      await process.stdout.write(`Docker version ${dockerVersion}, build e180ab8\n`);
      return 0;
    }
    const group = Object.hasOwn(groups, first) ? groups[first] : undefined;
    const isHelp = second === '' || second === '--help' || second === 'help';
    if (group && isHelp) return groupHelp(process, first, group);
    const name = group ? (Object.hasOwn(group.commands, second) ? (group.commands[second] ?? '') : '') : first;
    const command = commands.find((each) => each.name === name || each.aliases?.includes(name));
    const host = process.env.get('DOCKER_HOST');
    const daemon = host ? at(host) : port();
    if (command && daemon) return call({ process, port: daemon, command, words: words.slice(group ? 2 : 1) });
    if (command) {
      await process.stderr.write(`Cannot connect to the Docker daemon at ${host}. Is the docker daemon running?\n`);
      return 1;
    }
    if (notSimulated.has(first)) {
      const asked = words.slice(0, second.startsWith('-') ? 1 : 2).join(' ');
      await process.stderr.write(`docker: the simulator's docker does not have 'docker ${asked}'\n`);
      return 1;
    }
    const [asked, where] = group ? [`${first} ${second}`, ` ${first}`] : [first, ''];
    await process.stderr.write(
      `docker: unknown command: docker ${asked}\n\nRun 'docker${where} --help' for more information\n`,
    );
    return 1;
  };
}

interface Called {
  readonly process: Process;
  readonly port: DockerPort;
  readonly command: DockerCommand;
  readonly words: readonly string[];
}

async function call(called: Called): Promise<number> {
  const { process, port, command } = called;
  const runs = command.name === 'run' || command.name === 'create';
  const fail = async (text: string, status: number): Promise<number> => {
    await process.stderr.write(text);
    return status;
  };
  const hint = `\n\nRun 'docker ${command.name} --help' for more information\n`;
  try {
    const own = called.words[0] === '--help';
    if (own) return await describe(process, command);
    const options = readOptions(called.words, command.options, { operandsEnd: command.operandsEnd ?? false });
    const problem = countProblem(command, options.operands.length);
    if (problem !== undefined)
      return await fail(
        `docker: 'docker ${command.name}' ${problem}\n\nUsage:  ${usage(command)}${hint}`,
        runs ? 125 : 1,
      );
    return await command.run({
      process,
      docker: port,
      options,
      out: (text) => process.stdout.write(text),
      error: (text) => process.stderr.write(text),
    });
  } catch (error) {
    const unknown = error instanceof OptionError ? /^unknown flag: --(.*)$/.exec(error.message)?.[1] : undefined;
    if (unknown !== undefined && command.notSimulated?.includes(unknown))
      return fail(`docker: the simulator's docker does not have 'docker ${command.name} --${unknown}'\n`, 125);
    if (error instanceof OptionError) return fail(`${error.message}\n\nUsage:  ${usage(command)}${hint}`, 125);
    if (error instanceof DockerUnavailable) {
      const text = 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?';
      return fail(
        runs ? `docker: ${text}${hint}` : `${command.name === 'build' ? 'ERROR: ' : ''}${text}\n`,
        runs ? 125 : 1,
      );
    }
    if (error instanceof DockerError)
      return fail(
        `${runs ? 'docker: ' : ''}Error response from daemon: ${error.message}${runs ? hint : '\n'}`,
        runs ? 125 : 1,
      );
    if (error instanceof DockerCommandError) return fail(`${error.message}\n`, error.status);
    throw error;
  }
}

function countProblem({ min, max }: DockerCommand, count: number): string | undefined {
  const plural = (number: number): string => `${number} argument${number === 1 ? '' : 's'}`;
  if (max === min && count !== min) return min === 0 ? 'accepts no arguments' : `requires ${plural(min)}`;
  if (count < min) return `requires at least ${plural(min)}`;
  if (max !== undefined && count > max) return `requires at most ${plural(max)}`;
  return undefined;
}

function usage({ name, operands, options }: DockerCommand): string {
  return `docker ${name}${options.length > 0 ? ' [OPTIONS]' : ''}${operands === '' ? '' : ` ${operands}`}`;
}

async function describe(process: Process, command: DockerCommand): Promise<number> {
  const options = command.options.length > 0 ? `\nOptions:\n${describeOptions(command.options)}` : '';
  await process.stdout.write(`Usage:  ${usage(command)}\n\n${command.about}\n${options}`);
  return 0;
}

async function help(process: Process): Promise<number> {
  const plain = commands.filter(({ name }) => !name.includes(' '));
  const parts = [
    `Management Commands:\n${listOf(Object.entries(groups).map(([name, { about }]) => [name, about]))}`,
    `Commands:\n${listOf(plain.map(({ name, about }) => [name, about]))}`,
  ];
  await process.stdout.write(
    `Usage:  docker [OPTIONS] COMMAND\n\nBuilds images and runs containers\n\n${parts.join('\n')}\nRun 'docker COMMAND --help' for more information on a command.\n`,
  );
  return 0;
}

async function groupHelp(process: Process, name: string, group: Group): Promise<number> {
  const rows = Object.entries(group.commands)
    .filter(([each]) => !/^(list|remove|ps)$/.test(each))
    .map(([each, command]) => [each, commands.find((known) => known.name === command)?.about ?? ''] as const);
  await process.stdout.write(
    `Usage:  docker ${name} COMMAND\n\n${group.about}\n\nCommands:\n${listOf(rows)}\nRun 'docker ${name} COMMAND --help' for more information on a command.\n`,
  );
  return 0;
}

function listOf(rows: readonly (readonly [name: string, about: string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  const sorted = [...rows].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([name, about]) => `  ${name.padEnd(width)}${about}\n`).join('');
}
