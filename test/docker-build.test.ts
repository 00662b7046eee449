// docker build: what buildkit shows, what it keeps, and what it warns of.
import { expect, test } from 'vitest';
import { recordedSession } from './support/session.ts';

test('a build of several stages with arguments, and the same again from the cache', async () => {
  const { line } = await recordedSession({ profile: 'minikube' });
  const dockerfile = [
    'ARG VERSION=1.36',
    'FROM busybox:$VERSION AS make',
    'ARG WHO=nobody',
    'WORKDIR /src',
    'COPY greeting.txt .',
    'RUN echo "$(cat greeting.txt), $WHO" > page',
    'FROM nginx:1.27 as serve',
    'ENV API_TOKEN none',
    'COPY --from=make /src/page /usr/share/nginx/html/index.html',
    'HEALTHCHECK --interval=5s CMD curl -fs localhost || exit 1',
    'VOLUME /data',
    'CMD nginx -g "daemon off;"',
  ];
  await line('mkdir app; cd app; echo Hello > greeting.txt; echo secret > .env; echo .env > .dockerignore');
  await line(`cat > Dockerfile <<'END'\n${dockerfile.join('\n')}\nEND`);
  const build = 'docker build --build-arg WHO=amy -t app:v1 .';
  const shown = (text: string): string => text.replace(/sha256:[0-9a-f]{64}/g, 'sha256:ID').replace(/\d+\.\d{3}/g, 'T');
  expect(shown(await line(build))).toMatchInlineSnapshot(`
    "#0 building with "default" instance using docker driver

    #1 [internal] load build definition from Dockerfile
    #1 transferring dockerfile: 342B done
    #1 DONE 0.0s

    #2 [internal] load metadata for docker.io/library/busybox:1.36
    #2 DONE 0.9s

    #3 [internal] load metadata for docker.io/library/nginx:1.27
    #3 DONE 0.9s

    #4 [internal] load .dockerignore
    #4 transferring context: 2B done
    #4 DONE 0.0s

    #5 [make 1/4] FROM docker.io/library/busybox:1.36@sha256:ID
    #5 DONE 2.4s

    #6 [internal] load build context
    #6 transferring context: 413B done
    #6 DONE 0.1s

    #7 [make 2/4] WORKDIR /src
    #7 DONE 0.0s

    #8 [make 3/4] COPY greeting.txt .
    #8 DONE 0.1s

    #9 [make 4/4] RUN echo "$(cat greeting.txt), $WHO" > page
    #9 DONE 0.2s

    #10 [serve 1/2] FROM docker.io/library/nginx:1.27@sha256:ID
    #10 DONE 2.4s

    #11 [serve 2/2] COPY --from=make /src/page /usr/share/nginx/html/index.html
    #11 DONE 0.1s

    #12 exporting to image
    #12 exporting layers done
    #12 writing image sha256:ID done
    #12 naming to docker.io/library/app:v1 done
    #12 DONE 0.1s

     4 warnings found (use docker --debug to expand):
     - FromAsCasing: 'as' and 'FROM' keywords' casing do not match (line 7)
     - LegacyKeyValueFormat: "ENV key=value" should be used instead of legacy "ENV key value" format (line 8)
     - SecretsUsedInArgOrEnv: Do not use ARG or ENV instructions for sensitive data (ENV "API_TOKEN") (line 8)
     - JSONArgsRecommended: JSON arguments recommended for CMD to prevent unintended behavior related to OS signals (line 12)
    "
  `);
  expect((await line(build)).match(/CACHED/g)).toHaveLength(6);
  expect(await line('docker history app:v1 | head -6 | cut -c 41-')).toMatchInlineSnapshot(`
    "CREATED BY                                      SIZE     COMMENT
    CMD ["/bin/sh" "-c" "nginx -g \\"daemon off;\\…   0B       buildkit.dockerfile.v0
    VOLUME [/data]                                  0B       buildkit.dockerfile.v0
    HEALTHCHECK --interval=5s CMD curl -fs local…   0B       buildkit.dockerfile.v0
    COPY --from=make /src/page /usr/share/nginx/…   11B      buildkit.dockerfile.v0
    ENV API_TOKEN none                              0B       buildkit.dockerfile.v0
    "
  `);
  await line('docker run -d --name app -p 8080:80 app:v1; sleep 7');
  expect(await line('curl -s localhost:8080; docker ps --format "{{.Status}}"; docker volume ls -q | wc -l')).toBe(
    'Hello, amy\nUp 7 seconds (healthy)\n1\n',
  );
  expect(await line('docker build -q --target make -t made . > /dev/null; docker run --rm made cat page')).toBe(
    'Hello, nobody\n',
  );
  expect(await line('docker rm -f -v app; docker volume ls -q | wc -l')).toBe('app\n0\n');
});
