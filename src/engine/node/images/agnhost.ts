// agnhost: the test image of Kubernetes; its netexec, pause, serve-hostname, liveness, webhook and gRPC servers.

import { conversionWebhook } from './agnhost-conversion.ts';
import { grpcHealthChecking } from './agnhost-grpc.ts';
import { admissionWebhook } from './agnhost-webhook.ts';
import { busyboxPrograms } from './busybox-programs.ts';
import { defineImage, type NativeProgram, untilStopped } from './define-image.ts';
import { goStress } from './stress.ts';
import { flagOf, text, webServer } from './web-server.ts';

const netexec = webServer({
  port: ({ argv }) => Number(flagOf(argv, 'http-port') ?? 8080),
  begin: ({ stderr, argv }) => stderr(`Started HTTP server on port ${flagOf(argv, 'http-port') ?? 8080}\n`),
  answer: ({ target }, { hostname, scope }) => {
    const [path = '/', query = ''] = target.split('?');
    if (path === '/hostname' || path === '/hostName') return text(hostname);
    if (path === '/healthz') return text('');
    if (path === '/echo') return text(decodeURIComponent(/(?:^|&)msg=([^&]*)/.exec(query)?.[1] ?? ''));
    return text(`NOW: ${new Date(Math.floor(scope.now)).toISOString()}`);
  },
});

const serveHostname = webServer({
  port: ({ argv }) => Number(flagOf(argv, 'port') ?? 9376),
  answer: (_, { hostname }) => text(hostname),
});

/** Healthy for ten seconds, then not: the example of the documentation on probes. */
const liveness: NativeProgram = (context) => {
  const begun = context.scope.now;
  const healthyMs = 10_000;
  return webServer({
    port: () => 8080,
    answer: (_, { scope }) => {
      const age = scope.now - begun;
      return age > healthyMs ? text(`error: ${age / 1000}`, 500) : text('ok');
    },
  })(context);
};

const servers: ReadonlyMap<string, NativeProgram> = new Map([
  ['netexec', netexec],
  ['serve-hostname', serveHostname],
  ['liveness', liveness],
  ['webhook', admissionWebhook],
  ['crd-conversion-webhook', conversionWebhook],
  ['stress', goStress],
  ['grpc-health-checking', grpcHealthChecking],
  ['pause', (context) => untilStopped(context)],
]);

export const agnhost = defineImage({
  names: ['registry.k8s.io/e2e-test-images/agnhost', 'k8s.gcr.io/e2e-test-images/agnhost'],
  sizeBytes: 53_327_861,
  usage: { idleMillicores: 0, memoryMebibytes: 5 },
  entrypoint: ['/agnhost'],
  command: ['pause'],
  programs: { ...busyboxPrograms, '/usr/bin/curl': 'curl' },
  natives: {
    '/agnhost': (context) => {
      const [, name = ''] = context.argv;
      const server = servers.get(name);
      if (server) return server(context);
      context.stderr(`Error: unknown command "${name}" for "app"\nRun 'app --help' for usage.\n`);
      context.exit(1);
      return { signal() {} };
    },
  },
});
