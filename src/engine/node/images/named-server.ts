// The server of an image that has no file of its own: answers on its declared ports with a page that names it.
import { httpListener } from '../../../base/http.ts';
import type { NativeProgram } from './define-image.ts';

export function namedServer(image: string): NativeProgram {
  return (context) => {
    for (const port of new Set(context.ports))
      context.network.listen(
        port,
        httpListener((request, reply) =>
          reply({
            status: 200,
            headers: { 'content-type': 'text/plain; charset=utf-8' },
            body: `${image}\nHostname: ${context.hostname}\n${request.method} ${request.target}\n`,
          }),
        ),
      );
    return {
      signal(signal) {
        if (signal === 'SIGTERM' || signal === 'SIGINT' || signal === 'SIGQUIT') context.exit(0);
      },
    };
  };
}
