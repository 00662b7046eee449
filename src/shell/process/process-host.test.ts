// Processes of a machine: PID 1, signals, pipes, limits.
import { describe, expect, test } from 'vitest';
import type { Signal } from '../../api/program.ts';
import { FileTree } from '../../base/files.ts';
import { installPrograms, loadAllTools, shellPrograms } from '../programs/programs.ts';
import { VirtualClock } from '../testing/test-machine.ts';
import { createPipe } from './pipe.ts';
import { createProcessHost } from './process-host.ts';

await loadAllTools(); // what loads while a test runs would take time
const programs = shellPrograms((load) => load());
const idle = () => new Promise<void>((resolve) => setImmediate(resolve));
const network = {
  dial: () => Promise.reject(new Error('unused')),
  resolve: async () => [],
  listen: () => Promise.reject(new Error('unused')),
};

/** A container that runs a command as PID 1, and what it wrote. */
async function container(...argv: string[]) {
  const clock = new VirtualClock();
  const files = new FileTree(() => clock.now());
  installPrograms(files, 'busybox');
  files.makeDirectory('/tmp');
  const machine = { id: 'container/1', hostname: 'pod', files };
  const host = createProcessHost({ machine, programs, clock, network, init: true });
  let output = '';
  const writer = {
    write: async (data: string | Uint8Array) => {
      output += typeof data === 'string' ? data : String.fromCharCode(...data);
    },
  };
  const stdin = { read: async () => undefined };
  const child = await host.start({ argv, env: new Map(), cwd: '/', stdin, stdout: writer, stderr: writer });
  let status: number | undefined;
  void child.wait().then((code) => {
    status = code;
  });
  const settle = async (ms: number) => {
    const until = clock.now() + ms;
    void clock.sleep(ms);
    for (await idle(); clock.now() < until; await idle()) if (!clock.advance()) break;
    await idle();
    return { output, status, running: host.processes().map(({ pid, argv: words }) => `${pid} ${words.join(' ')}`) };
  };
  return { child, settle };
}

describe('a container’s PID 1', () => {
  test('a program takes the place of the sh that starts it', async () => {
    const { settle } = await container('sh', '-c', 'sleep 3600');
    expect(await settle(10)).toEqual({ output: '', status: undefined, running: ['1 sleep 3600'] });
  });

  test.each<[string, Signal, number | undefined]>([
    // not handled: passes by
    ['sleep 3600', 'SIGTERM', undefined],
    ['while true; do sleep 1; done', 'SIGTERM', undefined],
    // handled by a trap
    ["trap 'exit 3' TERM; while true; do sleep 1; done", 'SIGTERM', 3],
    // from outside nothing withstands SIGKILL
    ['sleep 3600', 'SIGKILL', 137],
  ])('%s on %s ends with %s', async (script, signal, status) => {
    const { child, settle } = await container('sh', '-c', script);
    await settle(500);
    child.signal(signal);
    expect((await settle(1500)).status).toBe(status);
  });

  test('nothing inside can kill it, and its end ends all others', async () => {
    const { settle } = await container('sh', '-c', 'sleep 100 & sh -c "kill -9 1"; echo alive; exit 5');
    expect(await settle(2000)).toEqual({ output: 'alive\n', status: 5, running: [] });
  });

  test('a command that is not there cannot be started', async () => {
    await expect(container('nope')).rejects.toThrow('nope: not found');
  });
});

test('a pipe holds back its writer, and tells it when nobody reads any more', async () => {
  const { reader, writer } = createPipe();
  let written = 0;
  const writing = (async () => {
    for (; ; written++) await writer.write('x'.repeat(32 * 1024));
  })();
  await idle();
  expect(written).toBe(2);
  await reader.read();
  await idle();
  expect(written).toBe(3);
  reader.release();
  await expect(writing).rejects.toThrow();
});
