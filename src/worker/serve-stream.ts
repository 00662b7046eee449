// The worker's side of a watch or a log: one piece for each read that the page asks for.
import { ConnectionError, type KubePort, type KubeRequest, type KubeStream } from '../api/ports.ts';
import { CancelSource } from '../driver/cancel-source.ts';
import type { StreamInput, StreamOutput } from './messages.ts';

export function serveStream(kube: KubePort, request: KubeRequest, port: MessagePort): void {
  const cancel = new CancelSource();
  const tell = (message: StreamOutput): void => port.postMessage(message);
  const refuse = (error: unknown): void => tell({ kind: 'refused', ...refusal(error) });
  const opened = kube.stream(request, cancel);
  opened.then(({ status, headers }) => tell({ kind: 'head', status, headers })).catch(refuse);
  const readOne = async (stream: KubeStream): Promise<void> => tell({ kind: 'piece', body: await stream.read() });
  port.onmessage = ({ data }: MessageEvent<StreamInput>) => {
    if (data.kind === 'read') opened.then(readOne).catch(refuse);
    else {
      cancel.cancel();
      port.close();
    }
  };
}

/** An error as the page is told of it. */
export function refusal(error: unknown): { readonly message: string; readonly connection: boolean } {
  const message = error instanceof Error ? error.message : String(error);
  return { message, connection: error instanceof ConnectionError };
}
