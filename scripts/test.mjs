// `npm test` on a bare clone: installs what is missing, then types, style, and every test, browser included.
// Words on the command line name test files: `npm test -- src/base`.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

function must(program, args) {
  const { status } = spawnSync(program, args, { cwd: root, stdio: 'inherit', env: { ...process.env, NO_COLOR: '1' } });
  if (status !== 0) process.exit(status ?? 1);
}
const node = (path, ...args) => must(process.execPath, [join(root, path), ...args]);

if (!existsSync(join(root, 'node_modules/vitest'))) must('npm', ['install', '--no-save']);
if (!existsSync('/usr/bin/chromium') && process.platform === 'linux') {
  must('apt-get', ['update', '-qq']);
  must('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium']);
}
node('scripts/build.mjs');
node('scripts/real-kubectl.mjs');
node('node_modules/typescript/bin/tsc', '-b');
node('node_modules/@biomejs/biome/bin/biome', 'check', 'src', 'test', 'scripts');
node('node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2));
