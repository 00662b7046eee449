// The page's side of the worker: starts a session in it, and gives ports to it.
import type { DesktopRequest, FetchedPage } from '../api/desktop.ts';
import type { KubePort } from '../api/ports.ts';
import type {
  DescribedObject,
  PageMessage,
  TerminalInput,
  TerminalOutput,
  WireEffect,
  WireStep,
  WireTrace,
  WorkerMessage,
  WorldChoice,
} from './messages.ts';
import { type RemoteFiles, remoteFiles } from './remote-files.ts';
import { RemoteKubePort } from './remote-kube-port.ts';

export type { RemoteFiles };

export interface SessionListener {
  onReady(ready: { readonly server: string; readonly now: number; readonly restored: boolean }): void;
  onLeaders(leaders: Readonly<Record<string, string>>): void;
  onClock(clock: { readonly now: number; readonly speed: number }): void;
  onSteps(steps: readonly WireStep[]): void;
  /** A program asks for a window beside the terminal. */
  onOpen(request: DesktopRequest): void;
  /** A line of a terminal has run. */
  onRan(line: string, exitCode: number): void;
  /** A mistake of ours; the world goes on if it can. */
  onFault(message: string): void;
}

/** A session that runs in a worker. */
export interface RemoteSession {
  readonly kube: KubePort;
  pause(): void;
  resume(): void;
  setSpeed(speed: number): void;
  /** The page may be gone soon. */
  save(): void;
  /** What a share link carries. Rejects with a sentence. */
  share(): Promise<string>;
  /** What a step of the trace has brought about so far. */
  trace(step: number): Promise<WireTrace>;
  /** What kubectl describe says of an object. */
  describe(object: DescribedObject): Promise<string>;
  /** What a step of the trace asked and changed. */
  effect(step: number): Promise<WireEffect>;
  /** What a browser on the learner's machine gets from an address. */
  fetchPage(url: string): Promise<FetchedPage>;
  /** Each terminal has a number of its own. */
  openTerminal(number: number, listen: (message: TerminalOutput) => void): RemoteTerminal;
  /** The learner's files; `onEdit` hears of one that a program wants to have opened. One at a time. */
  openFiles(onEdit: (path: string) => void): RemoteFiles;
  close(): void;
}

export interface RemoteTerminal {
  send(message: TerminalInput): void;
  close(): void;
}

export function openSession(world: WorldChoice, listener: SessionListener): RemoteSession {
  const worker = new Worker(new URL('./session-worker.ts', import.meta.url), { type: 'module', name: 'tabernetes' });
  const send = (message: PageMessage, transfer: readonly Transferable[] = []): void =>
    worker.postMessage(message, [...transfer]);
  const kube = new RemoteKubePort(send);
  const traces = new Answers<WireTrace>();
  const effects = new Answers<WireEffect>();
  const shares = new Answers<{ readonly text: string } | { readonly message: string }>();
  const pages = new Answers<FetchedPage>();
  const descriptions = new Answers<string>();
  worker.onmessage = ({ data }: MessageEvent<WorkerMessage>) => {
    switch (data.kind) {
      case 'ready':
        kube.server = data.server;
        return listener.onReady(data);
      case 'leaders':
        return listener.onLeaders(data.leaders);
      case 'clock':
        return listener.onClock(data);
      case 'steps':
        return listener.onSteps(data.steps);
      case 'trace':
        return traces.take(data.id, data.trace);
      case 'shared':
      case 'unshared':
        return shares.take(data.id, data);
      case 'effect':
        return effects.take(data.id, data.effect);
      case 'fetched':
        return pages.take(data.id, data.page);
      case 'open':
        return listener.onOpen(data.request);
      case 'ran':
        return listener.onRan(data.line, data.exitCode);
      case 'description':
        return descriptions.take(data.id, data.text);
      case 'fault':
        return listener.onFault(data.message);
      default:
        return kube.answered(data);
    }
  };
  worker.onerror = ({ message }) => listener.onFault(message);
  send({ kind: 'start', world });
  return {
    kube,
    pause: () => send({ kind: 'pause' }),
    resume: () => send({ kind: 'resume' }),
    setSpeed: (speed) => send({ kind: 'speed', speed }),
    save: () => send({ kind: 'save' }),
    share: async () => {
      const answer = await shares.next((id) => send({ kind: 'share', id }));
      if ('message' in answer) throw new Error(answer.message);
      return answer.text;
    },
    trace: (step) => traces.next((id) => send({ kind: 'trace', id, step })),
    describe: (object) => descriptions.next((id) => send({ kind: 'describe', id, object })),
    effect: (step) => effects.next((id) => send({ kind: 'effect', id, step })),
    fetchPage: (url) => pages.next((id) => send({ kind: 'fetch', id, url })),
    openTerminal: (number, listen) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }: MessageEvent<TerminalOutput>) => listen(data);
      send({ kind: 'terminal', number, port: port2 }, [port2]);
      const tell = (message: TerminalInput): void => port1.postMessage(message);
      return {
        send: tell,
        close: () => {
          tell({ kind: 'close' });
          port1.close();
        },
      };
    },
    openFiles: (onEdit) => {
      const { port1, port2 } = new MessageChannel();
      send({ kind: 'files', port: port2 }, [port2]);
      return remoteFiles(port1, onEdit);
    },
    close: () => worker.terminate(),
  };
}

/** Questions on the main line that wait for their answers, by number. */
class Answers<T> {
  private last = 0;
  private readonly waiting = new Map<number, (answer: T) => void>();

  next(ask: (id: number) => void): Promise<T> {
    const id = ++this.last;
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      ask(id);
    });
  }

  take(id: number, answer: T): void {
    this.waiting.get(id)?.(answer);
    this.waiting.delete(id);
  }
}
