// The Kubernetes API of a cluster in a worker: requests on the main line, each stream on a port of its own.
import {
  type Cancellation,
  ConnectionError,
  type KubeBody,
  type KubeChannels,
  type KubePort,
  type KubeReply,
  type KubeRequest,
  type KubeStream,
} from '../api/ports.ts';
import type { PageMessage, StreamInput, StreamOutput, WorkerMessage } from './messages.ts';

interface Waiting {
  resolve(reply: KubeReply): void;
  reject(error: Error): void;
}

export class RemoteKubePort implements KubePort {
  server = '';
  private next = 1;
  private readonly waiting = new Map<number, Waiting>();

  constructor(private readonly send: (message: PageMessage, transfer?: readonly Transferable[]) => void) {}

  /** Takes an answer that has come on the main line. */
  answered(message: WorkerMessage & { readonly kind: 'reply' | 'refused' }): void {
    const { id } = message;
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (message.kind === 'reply') waiting?.resolve(message.reply);
    else waiting?.reject(errorOf(message));
  }

  request(request: KubeRequest, cancel?: Cancellation): Promise<KubeReply> {
    const id = this.next++;
    return new Promise<KubeReply>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.send({ kind: 'request', id, request });
      cancel?.onCancel(() => this.send({ kind: 'cancel', id }));
    });
  }

  stream(request: KubeRequest, cancel?: Cancellation): Promise<KubeStream> {
    const { port1, port2 } = new MessageChannel();
    this.send({ kind: 'stream', request, port: port2 }, [port2]);
    const stream = new PortStream(port1);
    cancel?.onCancel(() => stream.close());
    return stream.opened;
  }

  /** Left out: exec, attach and port-forward run in the worker's own kubectl. */
  async connect(): Promise<KubeChannels> {
    throw new ConnectionError('exec, attach and port-forward are not carried to the page');
  }
}

class PortStream implements KubeStream {
  status = 0;
  headers: Readonly<Record<string, string>> = {};
  readonly opened: Promise<KubeStream>;
  private closed = false;
  private readonly readers: { resolve(body: KubeBody | undefined): void; reject(error: Error): void }[] = [];

  constructor(private readonly port: MessagePort) {
    this.opened = new Promise((resolve, reject) => {
      port.onmessage = ({ data }: MessageEvent<StreamOutput>) => {
        if (data.kind === 'piece') this.readers.shift()?.resolve(data.body);
        else if (data.kind === 'head') {
          this.status = data.status;
          this.headers = data.headers;
          resolve(this);
        } else {
          const error = errorOf(data);
          reject(error);
          for (const reader of this.readers.splice(0)) reader.reject(error);
        }
      };
    });
  }

  read(): Promise<KubeBody | undefined> {
    if (this.closed) return Promise.resolve(undefined);
    return new Promise((resolve, reject) => {
      this.readers.push({ resolve, reject });
      this.tell({ kind: 'read' });
    });
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.tell({ kind: 'close' });
    this.port.close();
    for (const reader of this.readers.splice(0)) reader.resolve(undefined);
  }

  private tell(message: StreamInput): void {
    this.port.postMessage(message);
  }
}

function errorOf({ message, connection }: { readonly message: string; readonly connection: boolean }): Error {
  return connection ? new ConnectionError(message) : new Error(message);
}
