// The learner's JavaScript really runs: on the learner's machine, in images that are built of it, the same every time.
import { describe, expect, test } from 'vitest';
import { recordedSession } from './support/session.ts';

describe('node', () => {
  test.each([
    ["node -p '[1, {a: 2}]'", '[ 1, { a: 2 } ]\n'],
    ["node -e 'setTimeout(() => console.log(process.uptime() >= 60), 60000)'", 'true\n'],
    ["node -e 'process.exit(3)'; echo $?", '3\n'],
    // mistakes, and scripts that never end
    ["node -e 'null.x' 2>&1 | head -n 1", "TypeError: cannot read property 'x' of null\n"],
    [
      "node -e 'for (;;);' 2>&1 | head -n 1",
      'RangeError: the simulator stops a script that works so long without waiting\n',
    ],
    // nothing of the host is in reach
    [
      "node -p 'typeof fetch + typeof host + typeof WebAssembly + typeof Deno'",
      'functionundefinedundefinedundefined\n',
    ],
  ])('%s', async (command, printed) => {
    const { line } = await recordedSession({ profile: 'minikube' });
    expect(await line(command)).toBe(printed);
  });

  test('chance and time are the simulation’s', async () => {
    const command = "node -p 'Math.random() + new Date().toISOString()'";
    const runs = [await recordedSession({ profile: 'minikube' }), await recordedSession({ profile: 'minikube' })];
    const [first, second] = [await runs[0]?.line(command), await runs[1]?.line(command)];
    expect(first).toMatch(/^0\.\d+2026-01-01T09:00/);
    expect(first).toBe(second);
  });
});

test('a changed script changes what its image answers', async () => {
  const { line } = await recordedSession({ profile: 'minikube' });
  await line('cd sample-nodejs-app; docker build -q -t app .; docker run -d -p 8181:8181 --name one app; sleep 1');
  expect(await line('curl -s localhost:8181')).toContain('Hello from a container!');
  await line("sed -i 's/Hello from a container/Hello again/' server.js; docker rm -f one");
  await line('docker build -q -t app .; docker run -d -p 8181:8181 --name two app; sleep 1');
  expect(await line('curl -s localhost:8181')).toContain('Hello again');
  expect(await line('docker stop two; docker ps -a --format "{{.Status}}"')).toMatch(/two\nExited \(0\)/);
});
