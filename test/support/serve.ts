// Starts `tabernetes serve` as a process of its own, as a user would.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const tabernetes = join(root, 'bin/tabernetes.mjs');

export interface Served {
  readonly url: string;
  readonly kubeconfig: string;
  /** A folder that goes away with the server. */
  readonly folder: string;
  stop(): void;
}

export async function serve(...flags: readonly string[]): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), 'tabernetes-'));
  const kubeconfig = join(folder, 'config');
  const child = spawn(process.execPath, [tabernetes, 'serve', '--port', '0', '--kubeconfig', kubeconfig, ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(text);
      if (found) resolve(found[0]);
    });
    child.once('exit', (code) => reject(new Error(`serve ended with ${code}: ${text}`)));
  });
  return {
    url,
    kubeconfig,
    folder,
    stop: () => {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
