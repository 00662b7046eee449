// `npm start` on a bare clone: installs and builds what is missing, serves the page on loopback and says where.
// Words on the command line go to the server: `npm start -- --port 9000`.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));

function must(program, args) {
  const { status } = spawnSync(program, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

const vite = join(root, 'node_modules/vite/bin/vite.js');
if (!existsSync(vite)) must('npm', ['install', '--no-save']);
must(process.execPath, [join(root, 'scripts/generate-schema.mjs')]);
must(process.execPath, [vite, 'build', '--logLevel', 'error']);

const { preview } = await import('vite'); // not there before the install
const { values } = parseArgs({
  options: { port: { type: 'string', default: '4173' }, host: { type: 'string', default: '127.0.0.1' } },
});
const server = await preview({ root, preview: { host: values.host, port: Number(values.port) } });
const url = server.resolvedUrls?.local[0] ?? server.resolvedUrls?.network[0];
process.stdout.write(`Tabernetes is at ${url}\nCtrl-C stops it.\n`);
