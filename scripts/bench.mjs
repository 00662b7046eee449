// `npm run bench [-- NAME ARGS…]`: builds the benchmarks of test/bench and runs one, or all one after the other.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = (...args) => {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
};

const [name, ...rest] = process.argv.slice(2);
run('scripts/build.mjs');
run('node_modules/vite/bin/vite.js', 'build', '--config', 'vite.bench.config.ts', '--logLevel', 'warn');
for (const file of readdirSync(join(root, 'dist/bench')).filter((one) => one.endsWith('.bench.mjs'))) {
  if (name !== undefined && !file.startsWith(`${name}.`)) continue;
  console.log(`# ${file.replace('.bench.mjs', '')}`);
  run('--max-old-space-size=8192', join(root, 'dist/bench', file), ...rest);
}
