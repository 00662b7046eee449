// Makes what a clone does not carry: the schema's generated files and the command line program in dist/.
// Runs after `npm install` (npm's prepare) and before tests; does nothing that is already up to date.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

function run(args) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) process.exit(status ?? 1);
}

/** The newest change below a folder, in milliseconds. */
function newest(path) {
  const stats = statSync(path);
  if (!stats.isDirectory()) return path.endsWith('.test.ts') ? 0 : stats.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

run([join(root, 'scripts/generate-schema.mjs')]);
const built = join(root, 'dist/cli/tabernetes.mjs');
const sources = ['src', 'package.json', 'vite.cli.config.ts'].map((path) => newest(join(root, path)));
if (!existsSync(built) || statSync(built).mtimeMs < Math.max(...sources)) {
  run([join(root, 'node_modules/vite/bin/vite.js'), 'build', '--config', 'vite.cli.config.ts', '--logLevel', 'warn']);
}
