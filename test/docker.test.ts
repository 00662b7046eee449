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

  test.each(['SHELL ["/bin/ash"]', 'MAINTAINER amy', 'ONBUILD RUN true'])(
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

test("networks, volumes and files: a walk through a container's life", async () => {
  const { line } = await recordedSession({ profile: 'minikube' });
  await line('docker pull -q nginx:1.27; docker pull -q busybox:1.36');
  const said: string[] = [];
  const say = async (text: string): Promise<void> => {
    said.push(`$ ${text}`, (await line(text)).replace(/\b[0-9a-f]{64}\b/g, 'ID').trimEnd());
  };
  for (const text of walk.trim().split('\n')) await say(text);
  expect(said.filter((text) => text !== '').join('\n')).toMatchInlineSnapshot(`
    "$ docker network create shop
    ID
    $ docker run -d --name web --network shop -p 8080:80 nginx:1.27
    ID
    $ docker run --rm --network shop busybox:1.36 wget -qO- web | grep title
    <title>Welcome to nginx!</title>
    $ docker run --rm busybox:1.36 wget -T 2 -qO- web
    wget: bad address 'web'
    $ docker run --rm busybox:1.36 wget -T 2 -qO- $(docker inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' web)
    wget: download timed out
    $ docker run -d --name other nginx:1.27
    ID
    $ docker network connect shop other; docker exec other curl -s web | grep title
    <title>Welcome to nginx!</title>
    $ docker network rm shop | sed 's/id:"[0-9a-f]*"//g'
    Error response from daemon: error while removing network: network shop has active endpoints (name:"web" id:"b0d71acddc44", name:"other" id:"131e107f7c87")
    $ docker network disconnect shop other; docker exec other curl -sS -m 2 web
    curl: (6) Could not resolve host: web
    $ docker run --rm -v data:/data busybox:1.36 sh -c 'echo hello > /data/file'
    $ docker run --rm --mount type=volume,source=data,target=/in,readonly busybox:1.36 sh -c 'cat /in/file; touch /in/x'
    hello
    touch: /in/x: Read-only file system
    $ docker run --rm -v data:/usr/share/nginx/html nginx:1.27 ls /usr/share/nginx/html
    file
    $ docker volume ls
    DRIVER   VOLUME NAME
    local    data
    $ mkdir site; echo mine > site/index.html
    $ docker run -d --name site -p 8081:80 -v ./site:/usr/share/nginx/html:ro nginx:1.27; curl -s localhost:8081
    ID
    mine
    $ echo changed > site/index.html; curl -s localhost:8081
    changed
    $ docker run --mount type=bind,source=/nowhere,target=/x busybox:1.36 true
    docker: Error response from daemon: invalid mount config for type "bind": bind source path does not exist: /nowhere

    Run 'docker run --help' for more information
    $ docker cp site/index.html web:/usr/share/nginx/html/; curl -s localhost:8080
    Successfully copied 2.05kB to web:/usr/share/nginx/html/
    changed
    $ docker cp web:/etc/nginx/conf.d/default.conf .; head -1 default.conf
    Successfully copied 2.05kB to /home/learner
    server {
    $ docker cp web:/nope .
    Error response from daemon: Could not find the file /nope in container web
    $ docker diff web
    C /usr
    C /usr/share
    C /usr/share/nginx
    C /usr/share/nginx/html
    C /usr/share/nginx/html/index.html
    $ docker commit web my-web:1; docker run -d --name mine -p 8082:80 my-web:1; curl -s localhost:8082
    sha256:ID
    ID
    changed
    $ docker save my-web:1 > my.tar; docker rm -f mine; docker rmi -f my-web:1; docker load < my.tar
    mine
    Untagged: my-web:1
    Deleted: sha256:ID
    Loaded image: my-web:1
    $ docker stop web; docker start web; curl -s localhost:8080; docker logs web | grep -c GET
    web
    web
    changed
    4
    $ docker pause web; curl -s -m 2 localhost:8080; echo $?; docker exec web ls; docker unpause web; curl -s localhost:8080
    web
    28
    Error response from daemon: container web is paused, unpause the container before exec
    web
    changed
    $ docker rename web shop-web; docker port shop-web 80; docker rename shop-web other
    0.0.0.0:8080
    [::]:8080
    Error response from daemon: Error when allocating new name: Conflict. The container name "/other" is already in use by container "ID". You have to remove (or rename) that container to be able to reuse that name.
    $ docker run -d --name flaky --restart on-failure:2 busybox:1.36 sh -c 'sleep 1; exit 3'
    ID
    $ sleep 10; docker inspect -f '{{.State.Status}} {{.RestartCount}}' flaky; docker wait flaky
    exited 2
    3
    $ docker run -d --name checked --health-cmd 'test -f /ok' --health-interval 2s --health-retries 2 busybox:1.36 sleep 1000
    ID
    $ sleep 5; docker ps --filter name=checked --format '{{.Status}}'; docker exec checked touch /ok; sleep 3; docker ps --filter health=healthy --format '{{.Names}} {{.Status}}'
    Up 5 seconds (unhealthy)
    checked Up 8 seconds (healthy)
    $ docker ps --format 'table {{.Names}}\\t{{upper .Image}}'; docker ps --format '{{.Nope}}'
    NAMES      IMAGE
    checked    BUSYBOX:1.36
    site       NGINX:1.27
    other      NGINX:1.27
    shop-web   NGINX:1.27
    failed to execute template: template: :1:2: executing "" at <.Nope>: can't evaluate field Nope in type *formatter.ContainerContext
    $ docker inspect -f '{{range $name, $net := .NetworkSettings.Networks}}{{$name}} {{len $net.IPAddress}}{{end}} {{json .State.Running}} {{join .Config.Cmd "+"}}' checked
    bridge 10 true 1000
    $ docker inspect -f '{{.State.Nope}}' checked; docker volume ls --format 'table {{.Name}}\\t{{.Scope}}'
    template parsing error: template: :1:8: executing "" at <.State.Nope>: map has no entry for key "Nope"
    VOLUME NAME   SCOPE
    data          local
    $ docker volume rm data; docker volume rm data; docker volume rm -f data
    data
    Error response from daemon: get data: no such volume
    data
    $ docker rm -f $(docker ps -aq) > /dev/null; docker system prune -f
    Deleted Networks:
    shop

    Total reclaimed space: 0B
    $ docker run --restart sometimes nginx:1.27
    docker: Error response from daemon: invalid restart policy: unknown policy 'sometimes'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'

    Run 'docker run --help' for more information
    $ docker compose up
    docker: the simulator's docker does not have 'docker compose up'
    $ docker volume frobnicate
    docker: unknown command: docker volume frobnicate

    Run 'docker volume --help' for more information
    $ docker run --privileged nginx:1.27
    docker: the simulator's docker does not have 'docker run --privileged'"
  `);
});

/** Names on a network of one's own, volumes, bind mounts, copies, commits, restarts, health, and what is refused. */
const walk = `
docker network create shop
docker run -d --name web --network shop -p 8080:80 nginx:1.27
docker run --rm --network shop busybox:1.36 wget -qO- web | grep title
docker run --rm busybox:1.36 wget -T 2 -qO- web
docker run --rm busybox:1.36 wget -T 2 -qO- $(docker inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' web)
docker run -d --name other nginx:1.27
docker network connect shop other; docker exec other curl -s web | grep title
docker network rm shop | sed 's/id:"[0-9a-f]*"//g'
docker network disconnect shop other; docker exec other curl -sS -m 2 web
docker run --rm -v data:/data busybox:1.36 sh -c 'echo hello > /data/file'
docker run --rm --mount type=volume,source=data,target=/in,readonly busybox:1.36 sh -c 'cat /in/file; touch /in/x'
docker run --rm -v data:/usr/share/nginx/html nginx:1.27 ls /usr/share/nginx/html
docker volume ls
mkdir site; echo mine > site/index.html
docker run -d --name site -p 8081:80 -v ./site:/usr/share/nginx/html:ro nginx:1.27; curl -s localhost:8081
echo changed > site/index.html; curl -s localhost:8081
docker run --mount type=bind,source=/nowhere,target=/x busybox:1.36 true
docker cp site/index.html web:/usr/share/nginx/html/; curl -s localhost:8080
docker cp web:/etc/nginx/conf.d/default.conf .; head -1 default.conf
docker cp web:/nope .
docker diff web
docker commit web my-web:1; docker run -d --name mine -p 8082:80 my-web:1; curl -s localhost:8082
docker save my-web:1 > my.tar; docker rm -f mine; docker rmi -f my-web:1; docker load < my.tar
docker stop web; docker start web; curl -s localhost:8080; docker logs web | grep -c GET
docker pause web; curl -s -m 2 localhost:8080; echo $?; docker exec web ls; docker unpause web; curl -s localhost:8080
docker rename web shop-web; docker port shop-web 80; docker rename shop-web other
docker run -d --name flaky --restart on-failure:2 busybox:1.36 sh -c 'sleep 1; exit 3'
sleep 10; docker inspect -f '{{.State.Status}} {{.RestartCount}}' flaky; docker wait flaky
docker run -d --name checked --health-cmd 'test -f /ok' --health-interval 2s --health-retries 2 busybox:1.36 sleep 1000
sleep 5; docker ps --filter name=checked --format '{{.Status}}'; docker exec checked touch /ok; sleep 3; docker ps --filter health=healthy --format '{{.Names}} {{.Status}}'
docker ps --format 'table {{.Names}}\\t{{upper .Image}}'; docker ps --format '{{.Nope}}'
docker inspect -f '{{range $name, $net := .NetworkSettings.Networks}}{{$name}} {{len $net.IPAddress}}{{end}} {{json .State.Running}} {{join .Config.Cmd "+"}}' checked
docker inspect -f '{{.State.Nope}}' checked; docker volume ls --format 'table {{.Name}}\\t{{.Scope}}'
docker volume rm data; docker volume rm data; docker volume rm -f data
docker rm -f $(docker ps -aq) > /dev/null; docker system prune -f
docker run --restart sometimes nginx:1.27
docker compose up
docker volume frobnicate
docker run --privileged nginx:1.27
`;
