// A gRPC probe: asks a container's health service once. Models pkg/probe/grpc.
import type { NetworkHost } from '../../../api/network.ts';
import { concatBytes } from '../../../base/bytes.ts';
import { goDuration } from '../../../base/go-duration.ts';
import { encodeHealthQuestion, type HealthAnswer, readHealthAnswer } from '../../../base/grpc-health.ts';
import type { Scope } from '../../sim/scope.ts';
import { perform, type Work } from '../../sim/work.ts';

/** Who is asked, from where. */
interface GrpcTarget {
  readonly scope: Scope;
  readonly host: NetworkHost;
  readonly podIp: string;
}

interface Outcome {
  readonly ok: boolean;
  readonly output: string;
}

/** A client that cannot connect tries again until its time is over; so it does with who does not speak gRPC. */
export function* checkGrpc(
  action: { readonly port: number; readonly service?: string | undefined },
  timeoutMs: number,
  { scope, host, podIp }: GrpcTarget,
): Work<Outcome> {
  const { port, service = '' } = action;
  const within = goDuration(timeoutMs);
  return yield* perform<Outcome>((settle) => {
    let over = false;
    let connected = false;
    let close = (): void => {};
    const finish = (output: string): void => {
      if (over) return;
      over = true;
      stopTimer();
      stopDial();
      close();
      settle.value({ ok: output === '', output });
    };
    const stopTimer = scope.schedule(timeoutMs, () => {
      const late = `timeout: failed to connect service "${podIp}:${port}" within ${within}: context deadline exceeded`;
      finish(connected ? `timeout: health rpc did not complete within ${within}` : late);
    });
    const stopDial = host.dial(
      { host: podIp, port, timeoutMs, quiet: true },
      {
        failed() {}, // until the time is over
        connected(socket) {
          let seen: Uint8Array = new Uint8Array();
          close = () => socket.close();
          if (over) return close();
          connected = true;
          socket.onData((bytes) => {
            seen = concatBytes([seen, bytes]);
            const answer = readHealthAnswer(seen);
            if (answer === 'other') connected = false;
            else if (answer) finish(outputOf(answer));
          });
          socket.onClose(() => {
            connected = false;
          });
          socket.send(encodeHealthQuestion(service));
        },
      },
    );
    return () => {
      over = true;
      stopTimer();
      stopDial();
      close();
    };
  });
}

/** Empty: healthy. */
function outputOf(answer: HealthAnswer): string {
  if ('status' in answer)
    return answer.status === 'SERVING' ? '' : `service unhealthy (responded with "${answer.status}")`;
  if (answer.code === 'Unimplemented')
    return `error: this server does not implement the grpc health protocol (grpc.health.v1.Health): ${answer.message}`;
  return `error: health rpc probe failed: rpc error: code = ${answer.code} desc = ${answer.message}`;
}
