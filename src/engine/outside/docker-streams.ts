// What a container of the docker daemon says and is told: its log from some point on, and programs beside its first.
import { DockerError } from '../../api/docker.ts';
import type { HostedEvents, HostedHandle } from '../../api/program.ts';
import { concatBytes, encodeUtf8 } from '../../base/bytes.ts';
import type { Container } from '../node/runtime/container.ts';
import { formatNanoTime, type LogLine } from '../node/runtime/container-log.ts';

export interface LogRequest {
  /** Default: ends with what there is. */
  readonly follow?: boolean;
  readonly tail?: number | undefined;
  readonly timestamps?: boolean;
  /** Follows the run that began then, with its input. */
  readonly since?: number;
}

type Handle = Omit<HostedHandle, 'resize'>;

export function attachLog(container: Container, events: HostedEvents, request: LogRequest): Handle {
  const send = (line: LogLine): void => {
    const bytes = request.timestamps
      ? concatBytes([encodeUtf8(`${formatNanoTime(line.at)} `), line.bytes])
      : line.bytes;
    events.output(line.stream, bytes);
  };
  for (const line of container.log.select(
    { follow: false, previous: false, timestamps: false, tailLines: request.tail, sinceTime: request.since },
    0,
  ))
    send(line);
  const goesOn = (request.follow || request.since !== undefined) && container.state === 'running';
  let stop = (): void => {};
  if (goesOn) {
    const unfollow = container.log.follow(send, () => {});
    const forget = container.onExit(() => events.exited(container.exitCode));
    stop = () => {
      unfollow();
      forget();
    };
  } else events.exited(request.since === undefined ? 0 : container.exitCode);
  return {
    input: (bytes) => container.input(bytes),
    inputEnded: () => container.inputEnded(),
    signal(signal) {
      if (request.since === undefined) {
        stop();
        events.exited(130);
      } else container.signal(signal);
    },
  };
}

export function startExec(
  container: Container,
  name: string,
  options: { readonly argv: readonly string[]; readonly stdin: boolean; readonly tty: boolean },
  events: HostedEvents,
): Handle {
  if (container.state !== 'running') throw new DockerError(`container ${name} is not running`);
  const found = container.find(options.argv[0] ?? '');
  if (found.kind === 'missing') {
    const text = `OCI runtime exec failed: exec failed: unable to start container process: ${found.problem}\n`;
    events.output(2, encodeUtf8(text));
    events.exited(/permission denied|is a directory/.test(found.problem) ? 126 : 127);
    return { input() {}, inputEnded() {}, signal() {} };
  }
  const { argv, stdin, tty } = options;
  return container.exec({ argv, stdin, terminal: tty ? { columns: 80, rows: 24 } : undefined }, events);
}
