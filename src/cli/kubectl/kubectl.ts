// `tabernetes kubectl`: our kubectl on the real machine, against a server over HTTP.
import process from 'node:process';
import { kubectl } from '../../kubectl/kubectl.ts';
import { lazyKubePort } from '../real/lazy-kube-port.ts';
import { realProcess } from '../real/real-process.ts';

export async function realKubectl(args: readonly string[]): Promise<number> {
  const run = kubectl({ loadCode: (load) => load(), connect: (settings) => lazyKubePort(settings) });
  const code = await run(realProcess(['kubectl', ...args]));
  process.exit(code); // standard input may still be open, and nobody waits for it
}
