// Code that comes after what a world needs to begin: for what users do, and a cluster at rest does not.
//
//   const cel = late('CEL', () => import('cel'));     registered when its module is loaded
//   await loadLateCode();                             before anything comes into the world from outside
//   new (cel().Environment)();                        at once from then on
import { defined } from './assert.ts';

const loaders: (() => Promise<void>)[] = [];

/** Gives what `load` brings. To ask before {@link loadLateCode} is done is a mistake of ours. */
export function late<Code>(what: string, load: () => Promise<Code>): () => Code {
  let code: Code | undefined;
  loaders.push(async () => {
    code ??= await load();
  });
  return () => defined(code, `the code of ${what}`);
}

/** Loads all such code; what is there already is not loaded again. */
export async function loadLateCode(): Promise<void> {
  await Promise.all(loaders.map((load) => load()));
}
