// Names for containers that nobody named: two words, as docker picks them.
import type { RandomStream } from '../sim/random.ts';

const left = 'brave clever eager gifted happy keen loving nifty quirky sharp vibrant zen'.split(' ');
const right = 'bell curie darwin euler fermat gauss hopper kepler lovelace noether turing wright'.split(' ');
const triesMax = 100;

export function freeName(random: RandomStream, isTaken: (name: string) => boolean): string {
  let name = '';
  for (let tries = 0; tries < triesMax; tries++) {
    name = `${random.pick(left)}_${random.pick(right)}`;
    if (!isTaken(name)) return name;
  }
  for (let number = 0; ; number++) if (!isTaken(`${name}${number}`)) return `${name}${number}`;
}
