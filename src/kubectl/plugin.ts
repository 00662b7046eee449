// Plugins: `kubectl foo bar` runs the longest of kubectl-foo-bar, kubectl-foo that $PATH has.
import type { Process } from '../api/program.ts';
import { normalizePath } from '../base/files.ts';
import { isExecutable } from './plugin-path.ts';

interface Plugin {
  readonly path: string;
  readonly args: readonly string[];
}

/** `wordsMin`: how many words its name must at least have. */
export function findPlugin(process: Process, argv: readonly string[], wordsMin = 1): Plugin | undefined {
  const firstFlag = argv.findIndex((arg) => arg.startsWith('-'));
  const words = (firstFlag < 0 ? argv : argv.slice(0, firstFlag)).map((word) => word.replaceAll('-', '_'));
  const directories = (process.env.get('PATH') ?? '').split(':').filter(Boolean);
  for (let count = words.length; count >= wordsMin; count--) {
    const name = `kubectl-${words.slice(0, count).join('-')}`;
    const directory = directories.find((one) => isExecutable(process, normalizePath(`${one}/${name}`, process.cwd)));
    if (directory) return { path: `${directory}/${name}`, args: argv.slice(count) };
  }
  return undefined;
}

export async function runPlugin(process: Process, plugin: Plugin): Promise<number> {
  const { env, cwd, stdin, stdout, stderr, terminal } = process;
  const child = await process.spawn({ argv: [plugin.path, ...plugin.args], env, cwd, stdin, stdout, stderr, terminal });
  return child.wait();
}
