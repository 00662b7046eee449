// Code that comes after what a world needs to begin: for what users do, and a cluster at rest does not.
//
//   const cel = late('CEL', () => import('cel'));     registered when its module is loaded
//   await loadLateCode();                             before anything comes into the world from outside
//   new (cel().Environment)();                        at once from then on
import { defined } from './assert.ts';

/** Gives the code. To ask before {@link loadLateCode} is done is a mistake of ours. */
export interface Late<Code> {
  (): Code;
  /** Undefined before it is there. */
  readonly loaded: Code | undefined;
}

const loaders: (() => Promise<void>)[] = [];

/** Code that `load` brings. */
export function late<Code>(what: string, load: () => Promise<Code>): Late<Code> {
  let code: Code | undefined;
  loaders.push(async () => {
    code ??= await load();
  });
  const give = (): Code => defined(code, `the code of ${what}`);
  return Object.defineProperty(give, 'loaded', { get: () => code }) as Late<Code>; // edge: a property is added
}

/** Loads all such code, and what that in turn has late; what is there already is not loaded again. */
export async function loadLateCode(): Promise<void> {
  for (let done = 0; done < loaders.length; ) {
    const more = loaders.slice(done);
    done = loaders.length;
    await Promise.all(more.map((load) => load()));
  }
}
