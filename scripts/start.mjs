// `npm start` on a bare clone: installs, builds, serves a cluster and says where.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
if (!existsSync(join(root, 'node_modules/vite'))) {
  const { status } = spawnSync('npm', ['install', '--no-save'], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], { cwd: root, stdio: 'inherit' });
process.argv.splice(2, process.argv.length, 'serve', ...process.argv.slice(2));
await import('../dist/cli/tabernetes.mjs');
