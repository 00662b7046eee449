// minikube: finds the subcommand, reads its options, and words what goes wrong.
import type { Process, Program } from '../../api/program.ts';
import { describeOptions, OptionError, type OptionSpec, readOptions } from '../text/long-options.ts';
import { type MinikubeCall, type MinikubeCommand, MinikubeExit, type MinikubePorts } from './command.ts';
import { commands } from './commands.ts';
import { readConfig } from './config.ts';

/** What minikube has and the simulator has not: said by name, not taken for a mistake of the learner's. */
const notSimulated = new Set('cache completion license options podman-env ssh-host'.split(' '));

const profileOption: OptionSpec = { name: 'profile', short: 'p', kind: 'text', about: "The cluster's name" };

export function minikube(ports: MinikubePorts): Program {
  return async (process) => {
    const words = process.argv.slice(1);
    const at = words.findIndex((word, i) => !word.startsWith('-') && !/^(-p|--profile)$/.test(words[i - 1] ?? ''));
    const name = words[at] ?? '';
    const both = `${name} ${words[at + 1] ?? ''}`;
    if (at < 0 || name === 'help') return help(process);
    const command = commands.find((each) => each.name === both) ?? commands.find((each) => each.name === name);
    if (!command && notSimulated.has(name)) {
      await process.stderr.write(`minikube: the simulator's minikube does not have 'minikube ${name}'\n`);
      return 1;
    }
    if (!command) {
      await process.stderr.write(`Error: unknown command "${name}" for "minikube"\nRun 'minikube --help' for usage.\n`);
      return 1;
    }
    const taken = command.name.includes(' ') ? 2 : 1;
    return call({ process, ports, command, words: [...words.slice(0, at), ...words.slice(at + taken)] });
  };
}

async function call(called: {
  readonly process: Process;
  readonly ports: MinikubePorts;
  readonly command: MinikubeCommand;
  readonly words: readonly string[];
}): Promise<number> {
  const { process, ports, command } = called;
  if (called.words[0] === '--help' || called.words[0] === '-h') {
    const all = [...command.options, profileOption];
    await process.stdout.write(
      `${command.about}\n\nOptions:\n${describeOptions(all)}\nUsage:\n  minikube ${command.name} [options]\n`,
    );
    return 0;
  }
  try {
    const specs = [...command.options, profileOption];
    const options = readOptions(called.words, specs, { operandsEnd: command.operandsEnd ?? false });
    const out = (text: string): Promise<void> => process.stdout.write(text);
    const made: MinikubeCall = {
      process,
      docker: ports.docker(),
      clusters: ports.clusters(),
      desktop: ports.desktop,
      kube: (server) => ports.kube(server),
      options,
      profile: options.text('profile') ?? readConfig(process).get('profile') ?? 'minikube',
      say: (sign, text) => out(`${sign}  ${text}\n`),
      out,
      error: (text) => process.stderr.write(text),
    };
    return await command.run(made);
  } catch (error) {
    if (error instanceof OptionError) {
      await process.stderr.write(`Error: ${error.message}\nSee 'minikube ${command.name} --help' for usage.\n`);
      return 1;
    }
    if (!(error instanceof MinikubeExit)) throw error;
    await process.stderr.write(`${error.message}\n`);
    return error.status;
  }
}

async function help(process: Process): Promise<number> {
  const width = Math.max(...commands.map(({ name }) => name.length)) + 3;
  const lines = commands.map(({ name, about }) => `  ${name.padEnd(width)}${about}\n`);
  await process.stdout.write(
    `minikube runs Kubernetes clusters on this machine.\n\nCommands:\n${lines.join('')}\nUse "minikube <command> --help" for more information about a given command.\n`,
  );
  return 0;
}
