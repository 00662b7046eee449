// A native server for images that answer HTTP on one port.
import type { Socket } from '../../../api/network.ts';
import { type HttpReply, type HttpRequest, httpListener } from '../../../base/http.ts';
import type { NativeContext, NativeProgram } from './define-image.ts';
import { untilStopped } from './define-image.ts';

/** `port` and `answer` are asked once the container starts and at each request. */
export function webServer(options: {
  readonly port: (context: NativeContext) => number;
  readonly answer: (request: HttpRequest, context: NativeContext) => HttpReply;
  readonly begin?: (context: NativeContext) => void;
}): NativeProgram {
  return (context) => {
    options.begin?.(context);
    context.network.listen(
      options.port(context),
      httpListener<Socket>((request, reply) => reply(options.answer(request, context))),
    );
    return untilStopped(context);
  };
}

export function text(body: string, status = 200): HttpReply {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}

/** The value of `-name=value`, `--name value` and the like. */
export function flagOf(argv: readonly string[], name: string): string | undefined {
  for (const [i, arg] of argv.entries()) {
    const match = /^--?([\w-]+)(?:=(.*))?$/s.exec(arg);
    if (match?.[1] === name) return match[2] ?? argv[i + 1];
  }
  return undefined;
}
