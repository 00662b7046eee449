// The docker daemon of the learner's machine: what images keep, what containers are, and what is refused by name.
import { describe, expect, test } from 'vitest';
import { recordedSession } from './support/session.ts';

async function built(dockerfile: string, ...lines: readonly string[]): Promise<string> {
  const { line } = await recordedSession({ profile: 'minikube' });
  await line(`mkdir app && cd app && printf '${dockerfile.replaceAll('\n', '\\n')}\\n' > Dockerfile`);
  let printed = '';
  for (const each of lines) printed = await line(each);
  return printed;
}

describe('an image', () => {
  test('keeps every file of its build: bytes, modes, empty directories, links', async () => {
    const shown = await built(
      'FROM busybox:1.36\nRUN mkdir /empty && ln -s /data.bin /link && printf "\\\\377\\\\000" > /data.bin && chmod 600 /data.bin',
      'docker build -q -t app . > /dev/null',
      'docker run --rm app sh -c "ls -d /empty; wc -c < /link; stat -c %a /data.bin; od -An -tx1 /data.bin"',
    );
    expect(shown).toMatchInlineSnapshot(`
      "/empty
      2
      600
      od: applet not found
      "
    `);
  });

  test('says which signal ends it', async () => {
    const shown = await built(
      'FROM nginx:1.27\nSTOPSIGNAL SIGTERM',
      'docker build -q -t app . > /dev/null',
      'docker run -d --name one app > /dev/null; docker stop one; docker ps -a --format "{{.Status}}"',
    );
    expect(shown).toMatch(/^one\nExited \(0\)/);
  });

  test.each(['VOLUME /data', 'HEALTHCHECK NONE', 'MAINTAINER amy', 'ONBUILD RUN true'])(
    'is not built where the simulator would leave something out: %s',
    async (instruction) => {
      const shown = await built(`FROM busybox:1.36\n${instruction}`, 'docker build -t app .');
      expect(shown).toContain(`the simulator does not build with ${instruction.split(' ')[0]}`);
    },
  );
});

describe('a container', () => {
  test.each([
    ['1000', '\n1000\n'],
    ['1000:50', '\n1000\n'],
    ['nobody', '\n65534\n'],
    ['stranger', 'unable to find user stranger: no matching entries in passwd file'],
  ])('runs as --user %s', async (user, shown) => {
    const { line } = await recordedSession({ profile: 'minikube' });
    expect(await line(`docker run --rm --user ${user} busybox:1.36 id -u`)).toContain(shown);
  });

  test('is part of a snapshot, and runs again when it ran', async () => {
    const first = await recordedSession({ profile: 'minikube' });
    await first.line('docker run -d --name web -p 8080:80 nginx:1.27; docker run --name over busybox:1.36 false');
    const snapshot = structuredClone(first.session.snapshot());
    const { line } = await recordedSession({ profile: 'minikube', snapshot });
    expect(await line('docker ps -a --format "{{.Names}} {{.Status}}"')).toMatch(/over Exited \(1\).*\nweb Up/);
    expect(await line('curl -s localhost:8080')).toContain('Welcome to nginx');
  });
});

test.each(['docker network create net', 'docker volume ls', 'docker compose up', 'docker cp a:/x .'])(
  '%s is refused by name',
  async (command) => {
    const { line } = await recordedSession({ profile: 'minikube' });
    expect(await line(command)).toContain(
      `the simulator's docker does not have '${command.split(' ').slice(0, 3).join(' ')}`,
    );
  },
);
