// systemctl, service and sudo, as far as docker goes on the learner's machine and the kubelet on a cluster's.
import type { ClustersPort } from '../../api/clusters.ts';
import type { DockerPort } from '../../api/docker.ts';
import { CannotExecute, type Process, type Program } from '../../api/program.ts';

export interface ServicePorts {
  docker(): DockerPort;
  clusters(): ClustersPort;
}

/** A service that systemd looks after. */
interface Unit {
  readonly name: string;
  readonly about: string;
  runs(): Promise<boolean>;
  power(on: boolean): Promise<void>;
}

export function systemctl(ports: ServicePorts): Program {
  return async (process) => {
    const [verb = '', ...names] = process.argv.slice(1).filter((word) => !word.startsWith('-'));
    const unit = unitOf(process, ports);
    for (const name of names) {
      if (name.replace(/\.(service|socket)$/, '') === unit.name) continue;
      const isStatus = verb === 'status';
      const text = isStatus
        ? `Unit ${name}.service could not be found.`
        : `Failed to ${verb} ${name}.service: Unit ${name}.service not found.`;
      await process.stderr.write(`${text}\n`);
      return isStatus ? 4 : 5;
    }
    return control(process, unit, verb);
  };
}

export function service(ports: ServicePorts): Program {
  return async (process) => {
    const [, name = '', verb = ''] = process.argv;
    const unit = unitOf(process, ports);
    if (name === unit.name) return control(process, unit, verb);
    await process.stderr.write(`${name}: unrecognized service\n`);
    return 1;
  };
}

/** The machine's own: the kubelet on a cluster's node, docker elsewhere. */
function unitOf({ machine }: Process, { docker, clusters }: ServicePorts): Unit {
  const node = /^node\/(.+)$/.exec(machine.id)?.[1];
  if (node !== undefined)
    return {
      name: 'kubelet',
      about: 'kubelet: The Kubernetes Node Agent',
      runs: async () => (await clusters().kubeletRuns(node)) ?? false,
      power: (on) => clusters().setKubelet(node, on),
    };
  const answers = async (): Promise<boolean> => {
    await docker().ping();
    return true;
  };
  return {
    name: 'docker',
    about: 'Docker Application Container Engine',
    runs: () => answers().catch(() => false),
    power: (on) => docker().power(on),
  };
}

/** Runs a program; everybody may do everything here. */
export const sudo: Program = async (process) => {
  const argv = process.argv.slice(1).filter((word, at) => at > 0 || !/^-[EHn]$/.test(word));
  try {
    const { env, cwd, stdin, stdout, stderr, terminal } = process;
    const child = await process.spawn({ argv, env, cwd, stdin, stdout, stderr, terminal });
    return await child.wait();
  } catch (error) {
    if (!(error instanceof CannotExecute)) throw error;
    await process.stderr.write(`sudo: ${argv[0] ?? ''}: command not found\n`);
    return 1;
  }
};

async function control(process: Process, unit: Unit, verb: string): Promise<number> {
  const isUp = await unit.runs();
  switch (verb) {
    case 'start':
      await unit.power(true);
      return 0;
    case 'stop':
      await unit.power(false);
      return 0;
    case 'restart':
      await unit.power(false);
      await unit.power(true);
      return 0;
    case 'is-active':
      await process.stdout.write(isUp ? 'active\n' : 'inactive\n');
      return isUp ? 0 : 3;
    case 'daemon-reload':
    case 'enable':
    case 'disable':
    case 'is-enabled':
      if (verb === 'is-enabled') await process.stdout.write('enabled\n');
      return 0;
    case 'status': {
      const state = isUp ? 'active (running)' : 'inactive (dead)';
      await process.stdout.write(
        `${isUp ? '●' : '○'} ${unit.name}.service - ${unit.about}\n     Loaded: loaded (/lib/systemd/system/${unit.name}.service; enabled; preset: enabled)\n     Active: ${state}\n`,
      );
      return isUp ? 0 : 3;
    }
    default:
      await process.stderr.write(`the simulator does not know the verb '${verb}' here\n`);
      return 1;
  }
}
