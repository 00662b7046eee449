// What a word of a kubectl command line can become: kubectl's own answer, asked for without a process of the machine.
import type { KubePort } from '../api/ports.ts';
import { BrokenPipe, CannotExecute, type Machine, type Process } from '../api/program.ts';
import { decodeUtf8 } from '../base/bytes.ts';

export interface KubectlPlace {
  readonly machine: Machine;
  readonly cwd: string;
  readonly env: ReadonlyMap<string, string>;
  readonly kube: KubePort;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
}

export interface KubectlCandidates {
  readonly words: readonly string[];
  /** Files are completed where there are no words. */
  readonly files: boolean;
  /** Only files with these endings. */
  readonly endings: readonly string[];
  readonly blank: boolean;
}

/** `words`: what stands behind `kubectl`, the last of them the one to complete. */
export async function kubectlCandidates(place: KubectlPlace, words: readonly string[]): Promise<KubectlCandidates> {
  const { runKubectl } = await import('../kubectl/run.ts');
  const answer: string[] = [];
  // What is found out for a Tab is not written down: files change by what is run alone.
  const argv = ['kubectl', '__completeNoDesc', '--cache-dir=/dev/null', ...words];
  await runKubectl(processAt(place, argv, answer), { loadCode: (load) => load(), connect: () => place.kube });
  const lines = answer.join('').trimEnd().split('\n');
  const directive = Number(/^:(\d+)$/.exec(lines.at(-1) ?? '')?.[1] ?? 0);
  const found = lines.slice(0, -1);
  const byEnding = (directive & 8) !== 0;
  return {
    words: byEnding ? [] : found,
    files: (directive & 4) === 0,
    endings: byEnding ? found : [],
    blank: (directive & 2) === 0,
  };
}

/** A process that reads and asks, and changes nothing. */
function processAt({ machine, cwd, env, now }: KubectlPlace, argv: readonly string[], answer: string[]): Process {
  const never = () => () => {};
  return {
    pid: 0,
    argv,
    env: new Map(env),
    cwd,
    user: { name: 'learner', uid: 1000 },
    machine,
    stdin: { read: async () => undefined },
    stdout: {
      write: async (data) => {
        answer.push(typeof data === 'string' ? data : decodeUtf8(data));
      },
    },
    stderr: { write: async () => {} },
    terminal: undefined,
    clock: { now, sleep: () => Promise.reject(new BrokenPipe()) },
    network: {
      dial: () => Promise.reject(new BrokenPipe()),
      listen: () => Promise.reject(new BrokenPipe()),
      resolve: () => Promise.reject(new BrokenPipe()),
    },
    cancel: { cancelled: false, onCancel: never },
    onSignal: never,
    spawn: ({ argv: [program = ''] }) => Promise.reject(new CannotExecute('notFound', program)),
    use: never,
    step: () => {},
  };
}
