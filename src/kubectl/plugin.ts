// Plugins: `kubectl foo bar` runs the longest of kubectl-foo-bar, kubectl-foo that $PATH has.
import type { Process } from '../api/program.ts';
import { isExecutable } from './plugin-path.ts';

interface Plugin {
  readonly path: string;
  readonly args: readonly string[];
}

export function findPlugin(process: Process, argv: readonly string[]): Plugin | undefined {
  const firstFlag = argv.findIndex((arg) => arg.startsWith('-'));
  const words = (firstFlag < 0 ? argv : argv.slice(0, firstFlag)).map((word) => word.replaceAll('-', '_'));
  const directories = (process.env.get('PATH') ?? '').split(':').filter(Boolean);
  for (let count = words.length; count > 0; count--) {
    const name = `kubectl-${words.slice(0, count).join('-')}`;
    const directory = directories.find((one) => isExecutable(process, `${one}/${name}`));
    if (directory) return { path: `${directory}/${name}`, args: argv.slice(count) };
  }
  return undefined;
}

export async function runPlugin(process: Process, plugin: Plugin): Promise<number> {
  const { env, cwd, stdin, stdout, stderr, terminal } = process;
  const child = await process.spawn({ argv: [plugin.path, ...plugin.args], env, cwd, stdin, stdout, stderr, terminal });
  return child.wait();
}
