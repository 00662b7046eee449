// `npm run page`: installs and builds what is missing, builds the page into dist/page and serves it on loopback.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

function must(program, args) {
  const { status } = spawnSync(program, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

const vite = join(root, 'node_modules/vite/bin/vite.js');
if (!existsSync(vite)) must('npm', ['ci']);
must(process.execPath, [join(root, 'scripts/generate-schema.mjs')]);
must(process.execPath, [vite, 'build', '--logLevel', 'warn']);
must(process.execPath, [vite, 'preview', '--host', '127.0.0.1', ...process.argv.slice(2)]);
