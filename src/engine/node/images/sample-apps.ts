// The small web applications of tutorials: they say who they are.
import { busyboxPrograms } from './busybox-programs.ts';
import { defineImage, type ImageDefinition } from './define-image.ts';
import { flagOf, text, webServer } from './web-server.ts';

export const bootcamp = defineImage({
  names: ['gcr.io/google-samples/kubernetes-bootcamp', 'docker.io/jocatalin/kubernetes-bootcamp'],
  sizeBytes: 83_336_204,
  usage: { idleMillicores: 0.1, memoryMebibytes: 28 },
  command: ['/bin/sh', '-c', 'node server.js'],
  programs: { ...busyboxPrograms, '/usr/bin/curl': 'curl' },
  natives: {
    '/bin/sh': webServer({
      port: () => 8080,
      begin: ({ stdout, scope }) =>
        stdout(`Kubernetes Bootcamp App Started At: ${new Date(Math.floor(scope.now)).toISOString()} | Running On:  `),
      answer: (_, { hostname, imageName }) =>
        text(`Hello Kubernetes bootcamp! | Running on: ${hostname} | v=${/:v?(\d+)/.exec(imageName)?.[1] ?? '1'}\n`),
    }),
  },
});

const helloApp = defineImage({
  names: ['gcr.io/google-samples/hello-app', 'us-docker.pkg.dev/google-samples/containers/gke/hello-app'],
  sizeBytes: 14_402_211,
  usage: { idleMillicores: 0.1, memoryMebibytes: 4 },
  entrypoint: ['/hello-app'],
  natives: {
    '/hello-app': webServer({
      port: ({ env }) => Number(env.get('PORT') ?? 8080),
      begin: ({ stderr }) => stderr('Server listening on port 8080\n'),
      answer: (_, { hostname, imageName }) =>
        text(`Hello, world!\nVersion: ${/:(\d+)/.exec(imageName)?.[1] ?? '1'}.0.0\nHostname: ${hostname}\n`),
    }),
  },
});

const httpEcho = defineImage({
  names: ['docker.io/hashicorp/http-echo'],
  sizeBytes: 3_187_402,
  usage: { idleMillicores: 0.1, memoryMebibytes: 3 },
  entrypoint: ['/http-echo'],
  command: ['-listen=:5678', '-text=hello-world'],
  user: { name: 'nonroot', uid: 65532, gid: 65532 },
  natives: {
    '/http-echo': webServer({
      port: ({ argv }) => Number((flagOf(argv, 'listen') ?? ':5678').split(':').at(-1)),
      answer: (_, { argv }) => text(`${flagOf(argv, 'text') ?? 'hello-world'}\n`),
    }),
  },
});

const whoami = defineImage({
  names: ['docker.io/traefik/whoami', 'docker.io/containous/whoami'],
  sizeBytes: 2_828_130,
  usage: { idleMillicores: 0.1, memoryMebibytes: 4 },
  entrypoint: ['/whoami'],
  natives: {
    '/whoami': webServer({
      port: ({ argv, env }) => Number(flagOf(argv, 'port') ?? env.get('WHOAMI_PORT_NUMBER') ?? 80),
      answer: ({ method, target, headers }, { hostname, network }) => {
        const lines = [`Hostname: ${hostname}`, 'IP: 127.0.0.1', ...network.ips.map((ip) => `IP: ${ip}`)];
        for (const [name, value] of headers) lines.push(`${name}: ${value}`);
        return text(`${[...lines.slice(0, 3), `${method} ${target} HTTP/1.1`, ...lines.slice(3)].join('\n')}\n`);
      },
    }),
  },
});

export const sampleApps: readonly ImageDefinition[] = [bootcamp, helloApp, httpEcho, whoami];
