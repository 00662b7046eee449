// What the real kubectl keeps open against `tabernetes serve`: commands with input or a terminal, and forwarded ports,
// over WebSockets as it does now and over SPDY as it did before.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from './support/real-kubectl.ts';
import { root, type Served, serve } from './support/serve.ts';

const kubectl = join(root, 'node_modules/.cache/real/kubectl');

let served: Served;
beforeAll(async () => {
  served = await serve('--speed', '20', '--tls-port', '0');
  await run(served, 'run web --image=nginx');
  await run(served, 'run reader --image=busybox --stdin -- cat');
  await run(served, 'wait --for=condition=Ready pod/web pod/reader --timeout=60s');
});
afterAll(() => served.stop());

const ways = [
  ['WebSockets', {}],
  ['SPDY', { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: 'false', KUBECTL_PORT_FORWARD_WEBSOCKETS: 'false' }],
] as const;

function start(args: readonly string[], settings: object) {
  const env = { HOME: served.folder, KUBECONFIG: served.kubeconfig, PATH: process.env.PATH, ...settings };
  return spawn(args[0] ?? '', args.slice(1), { env, stdio: ['pipe', 'pipe', 'pipe'] });
}

async function finished(args: readonly string[], settings: object, input: string): Promise<string> {
  const child = start(args, settings);
  child.stdin.end(input);
  const code = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return `${output}${errors.replace(/^(?=.)/gm, '! ')}exit code ${await code}`;
}

describe.each(ways)('over %s', (_name, settings) => {
  test('a command takes input and tells how it ended', async () => {
    const script = 'read a; echo out $a; echo err >&2; exit 3';
    expect(await finished([kubectl, 'exec', '-i', 'web', '--', 'sh', '-c', script], settings, 'word\n')).toBe(
      'out word\n! err\n! command terminated with exit code 3\nexit code 3',
    );
  });

  test('a terminal is one to the program', async () => {
    const command = `${kubectl} exec -it web -- sh -c 'test -t 0 && echo terminal; read a; echo "<$a>"'`;
    const shown = await finished(['script', '-qec', command, '/dev/null'], settings, 'typed\n');
    expect(shown.replaceAll('\r', '')).toMatch(/terminal\n(typed\n)?<typed>\n/);
  });

  test('attaching leads to what runs already', async () => {
    expect(
      await finished([kubectl, 'attach', '-i', 'reader', '--pod-running-timeout=10s'], settings, 'a line\n'),
    ).toContain('a line\n');
    await run(served, 'wait --for=condition=Ready pod/reader --timeout=60s');
  });

  test('a port is forwarded for one connection after the other, and what fails is said', async () => {
    const child = start([kubectl, 'port-forward', 'pod/web', ':80', ':81'], settings);
    const ports = new Map<string, string>();
    for await (const line of createInterface({ input: child.stdout })) {
      const [, local = '', remote = ''] = /127\.0\.0\.1:(\d+) -> (\d+)/.exec(line) ?? [];
      if (local) ports.set(remote, local);
      if (ports.size === 2) break;
    }
    const get = (path: string) => fetch(`http://127.0.0.1:${ports.get('80')}${path}`);
    expect(await (await get('/')).text()).toContain('Welcome to nginx!');
    expect((await Promise.all(['/', '/nowhere', '/'].map(get))).map(({ status }) => status)).toEqual([200, 404, 200]);
    const errors = text(child.stderr);
    await expect(fetch(`http://127.0.0.1:${ports.get('81')}/`)).rejects.toThrow();
    expect(await errors).toMatch(/error forwarding port 81 to pod [0-9a-f]{64}.*connection refused/);
    child.kill('SIGKILL');
  });
});
