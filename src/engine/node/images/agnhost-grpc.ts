// agnhost grpc-health-checking: answers health checks of one service, and can be told to be unwell.
import type { Socket } from '../../../api/network.ts';
import { goDuration } from '../../../base/go-duration.ts';
import { healthListener } from '../../../base/grpc-health.ts';
import { httpListener } from '../../../base/http.ts';
import { type NativeProgram, untilStopped } from './define-image.ts';
import { goLogTime } from './log-time.ts';
import { flagOf, text } from './web-server.ts';

export const grpcHealthChecking: NativeProgram = (context) => {
  const { argv, network, scope, stderr } = context;
  const begun = scope.now;
  const port = Number(flagOf(argv, 'port') ?? 5000);
  const httpPort = Number(flagOf(argv, 'http-port') ?? 8080);
  const delaySeconds = Number(flagOf(argv, 'delay-unhealthy-sec') ?? -1);
  const served = flagOf(argv, 'service') ?? '';
  let forced: boolean | undefined;
  const log = (words: string): void => stderr(`${goLogTime(scope.now)} ${words}\n`);
  log(`Http server starting to listen on :${httpPort}`);
  network.listen(
    httpPort,
    httpListener<Socket>(({ target }, reply) => {
      const path = target.replace(/\?.*$/, '');
      if (path !== '/make-serving' && path !== '/make-not-serving') return reply(text('404 page not found\n', 404));
      forced = path === '/make-not-serving';
      log(forced ? 'Mark as unhealthy' : 'Mark as healthy');
      reply(text(goDuration(scope.now - begun)));
    }),
  );
  log(`gRpc server starting to listen on :${port}`);
  network.listen(
    port,
    healthListener((service) => {
      log('Serving the Check request for health check');
      if (service !== served) return { code: 'NotFound', message: 'unknown service' };
      const aged = delaySeconds >= 0 && scope.now - begun >= delaySeconds * 1000;
      return { status: forced || aged ? 'NOT_SERVING' : 'SERVING' };
    }),
  );
  return untilStopped(context);
};
