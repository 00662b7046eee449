// minikube config and profile: what `minikube start` takes when it is not told otherwise, kept in ~/.minikube.
import type { Process } from '../../api/program.ts';
import { isObject } from '../../base/json.ts';
import { type MinikubeCall, type MinikubeCommand, MinikubeExit } from './command.ts';

/** What can be set: options of start, and the profile. */
const settable = ['cpus', 'driver', 'kubernetes-version', 'memory', 'nodes', 'profile'] as const;

const restartHint = 'These changes will take effect upon a minikube delete and then a minikube start';

export function readConfig(process: Process): ReadonlyMap<string, string> {
  const { files } = process.machine;
  const place = placeOf(process);
  if (!files.exists(place)) return new Map();
  try {
    const value: unknown = JSON.parse(files.readText(place));
    return new Map(isObject(value) ? Object.entries(value).map(([name, held]) => [name, String(held)]) : []);
  } catch {
    return new Map(); // changed by hand into something else: minikube starts anew
  }
}

export const configSet: MinikubeCommand = {
  name: 'config set',
  about: 'Sets an individual value in a minikube config file',
  options: [],
  async run(call) {
    const [name, value] = call.options.operands;
    if (name === undefined || value === undefined)
      throw new MinikubeExit(
        '\n❌  Exiting due to MK_USAGE: not enough arguments. usage: minikube config set PROPERTY_NAME PROPERTY_VALUE',
        14,
      );
    check(name, 'set');
    write(call.process, new Map([...readConfig(call.process), [name, value]]));
    if (name !== 'profile') await call.say('❗', restartHint);
    return 0;
  },
};

export const configGet: MinikubeCommand = {
  name: 'config get',
  about: 'Gets the value of PROPERTY_NAME from the minikube config file',
  options: [],
  async run(call) {
    const [name = ''] = call.options.operands;
    const value = readConfig(call.process).get(name);
    if (value === undefined) throw new MinikubeExit('\nError: specified key could not be found in config', 1);
    await call.out(`${value}\n`);
    return 0;
  },
};

export const configUnset: MinikubeCommand = {
  name: 'config unset',
  about: 'Unsets an individual value in a minikube config file',
  options: [],
  async run(call) {
    const [name = ''] = call.options.operands;
    check(name, 'unset');
    write(call.process, new Map([...readConfig(call.process)].filter(([known]) => known !== name)));
    return 0;
  },
};

export const configView: MinikubeCommand = {
  name: 'config view',
  about: 'Display values currently set in the minikube config file',
  options: [],
  async run(call) {
    for (const [name, value] of [...readConfig(call.process)].sort()) await call.out(`- ${name}: ${value}\n`);
    return 0;
  },
};

export const profile: MinikubeCommand = {
  name: 'profile',
  about: 'Get or list the current profiles (clusters)',
  options: [],
  async run(call) {
    const [name] = call.options.operands;
    if (name === undefined) {
      await call.out(`${call.profile}\n`);
      return 0;
    }
    if (!(await call.clusters.list()).some((cluster) => cluster.name === name))
      throw new MinikubeExit(
        `🤷  Profile "${name}" not found. Run "minikube profile list" to view all profiles.\n👉  To start a cluster, run: "minikube start -p ${name}"`,
        85,
      );
    write(call.process, new Map([...readConfig(call.process), ['profile', name]]));
    await call.say('✅', `minikube profile was successfully set to ${name}`);
    return 0;
  },
};

function check(name: string, verb: string): void {
  if (settable.some((known) => known === name)) return;
  throw new MinikubeExit(
    `\n❌  Exiting due to MK_CONFIG_${verb.toUpperCase()}: the simulator has no property '${name}'; it has: ${settable.join(', ')}`,
    10,
  );
}

function write({ machine, env }: Process, config: ReadonlyMap<string, string>): void {
  const text = JSON.stringify(Object.fromEntries(config), undefined, 4);
  machine.files.writeFile(placeOf({ env }), `${text}\n`, { parents: true });
}

function placeOf({ env }: Pick<MinikubeCall['process'], 'env'>): string {
  return `${env.get('HOME') ?? '/root'}/.minikube/config/config.json`;
}
