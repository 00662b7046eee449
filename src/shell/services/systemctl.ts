// systemctl, service and sudo, as far as the docker daemon goes.
import type { DockerPort } from '../../api/docker.ts';
import { CannotExecute, type Process, type Program } from '../../api/program.ts';

const units = ['docker', 'docker.service', 'docker.socket'];

export function systemctl(docker: () => DockerPort): Program {
  return async (process) => {
    const [verb = '', ...names] = process.argv.slice(1).filter((word) => !word.startsWith('-'));
    for (const name of names) {
      if (units.includes(name)) continue;
      await process.stderr.write(`Failed to ${verb} ${name}.service: Unit ${name}.service not found.\n`);
      return 5;
    }
    return control(process, docker(), verb);
  };
}

export function service(docker: () => DockerPort): Program {
  return async (process) => {
    const [, name = '', verb = ''] = process.argv;
    if (name === 'docker') return control(process, docker(), verb);
    await process.stderr.write(`${name}: unrecognized service\n`);
    return 1;
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

async function control(process: Process, docker: DockerPort, verb: string): Promise<number> {
  const isUp = await docker.ping().then(
    () => true,
    () => false,
  );
  switch (verb) {
    case 'start':
      await docker.power(true);
      return 0;
    case 'stop':
      await docker.power(false);
      return 0;
    case 'restart':
      await docker.power(false);
      await docker.power(true);
      return 0;
    case 'is-active':
      await process.stdout.write(isUp ? 'active\n' : 'inactive\n');
      return isUp ? 0 : 3;
    case 'enable':
    case 'disable':
    case 'is-enabled':
      if (verb === 'is-enabled') await process.stdout.write('enabled\n');
      return 0;
    case 'status': {
      const state = isUp ? 'active (running)' : 'inactive (dead)';
      await process.stdout.write(
        `${isUp ? '●' : '○'} docker.service - Docker Application Container Engine\n     Loaded: loaded (/lib/systemd/system/docker.service; enabled; preset: enabled)\n     Active: ${state}\n`,
      );
      return isUp ? 0 : 3;
    }
    default:
      await process.stderr.write(`the simulator does not know the verb '${verb}' here\n`);
      return 1;
  }
}
