// Builds the page for tests.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { Files } from './chromium.ts';

/** The page as `vite build` makes it, or what another configuration makes; by path from the root. */
export function buildPage(config = 'vite.config.ts'): Files {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), 'tabernetes-page-'));
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/vite/bin/vite.js'),
      ...['build', '--config', config, '--outDir', folder, '--emptyOutDir', '--logLevel', 'error'],
    ],
    { cwd: root, encoding: 'utf8', env: { ...process.env, NODE_ENV: 'production' } },
  );
  if (status !== 0) throw new Error(`the page was not built: ${stderr}`);
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: false });
  const built = names.filter((name) => /\.\w+$/.test(name)).map((name) => join(folder, name));
  const found = new Map(built.map((path) => [path.slice(folder.length), readFileSync(path)]));
  rmSync(folder, { recursive: true });
  return found;
}
