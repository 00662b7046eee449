// What docker network and docker volume have in common: objects that have a name, are shown and are removed.
import { type DockerCall, type DockerCommand, forEachOperand, option } from './command.ts';
import { formatOption, inspectEach } from './inspect.ts';

export interface DockerObjects<Item> {
  /** As the command line has it: `network`. */
  readonly noun: string;
  all(call: DockerCall): Promise<readonly Item[]>;
  isNamed(item: Item, name: string): boolean;
  shown(item: Item): object;
  /** What the daemon says of a name that it does not know. */
  missing(name: string): string;
  remove(call: DockerCall, name: string): Promise<void>;
}

/** `docker NOUN inspect` and `docker NOUN rm`. */
export function objectCommands<Item>(objects: DockerObjects<Item>): readonly [DockerCommand, DockerCommand] {
  const { noun } = objects;
  const operands = `${noun.toUpperCase()} [${noun.toUpperCase()}...]`;
  const inspect: DockerCommand = {
    name: `${noun} inspect`,
    operands,
    about: `Display detailed information on one or more ${noun}s`,
    min: 1,
    options: [formatOption],
    async run(call) {
      const all = await objects.all(call);
      return inspectEach(call, async (name) => {
        const item = all.find((each) => objects.isNamed(each, name));
        return item ? objects.shown(item) : objects.missing(name);
      });
    },
  };
  const remove: DockerCommand = {
    name: `${noun} rm`,
    aliases: [`${noun} remove`],
    operands,
    about: `Remove one or more ${noun}s`,
    min: 1,
    options: [option.flag('force', `Do not error if the ${noun} does not exist`, 'f')],
    async run(call) {
      const all = await objects.all(call);
      return forEachOperand(call, async (name) => {
        const isThere = all.some((item) => objects.isNamed(item, name));
        if (isThere || !call.options.has('force')) await objects.remove(call, name);
        await call.out(`${name}\n`);
      });
    },
  };
  return [inspect, remove];
}
