// The real kubectl and ours, line by line against one server, each in a namespace of its own: the same output, the
// same exit code.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fold } from './support/fold.ts';
import { root, type Served, serve, tabernetes } from './support/serve.ts';

const realKubectl = join(root, 'node_modules/.cache/real/kubectl');
const lines = readFileSync(new URL('./differential.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));

let served: Served;
beforeAll(async () => {
  served = await serve('--speed', '20');
});
afterAll(() => served.stop());

interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
}

/** Runs a line of bash in which `kubectl` is the given program and $NS the given namespace. */
function run(line: string, program: readonly string[], ns: string): Outcome {
  const plain = program.map((word) => `'${word}'`).join(' ');
  const script = `plain() { ${plain} "$@"; }\nkubectl() { plain -n ${ns} "$@"; }\nmkdir -p '${served.folder}/${ns}'\ncd '${served.folder}/${ns}'\n${line}`;
  const env = {
    PATH: process.env.PATH,
    HOME: served.folder,
    KUBECONFIG: served.kubeconfig,
    NS: ns,
    LANG: 'C.UTF-8',
    TERM: 'dumb',
  };
  const { stdout, stderr, status } = spawnSync('bash', ['-c', script], { env, encoding: 'utf8', timeout: 60_000 });
  const anonymous = (text: string): string => fold(text.replaceAll(ns, '<ns>'));
  return { stdout: anonymous(stdout), stderr: anonymous(stderr), exitCode: status };
}

describe('our kubectl prints what the real one prints', () => {
  test('there are at least 60 lines', () => {
    expect(lines.length).toBeGreaterThanOrEqual(60);
  });

  test.each(lines)('%s', (line) => {
    const real = run(line, [realKubectl], 'team-real');
    const ours = run(line, [process.execPath, tabernetes, 'kubectl'], 'team-ours');
    expect(ours).toEqual(real);
  });
});
