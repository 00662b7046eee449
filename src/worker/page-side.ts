// The page's side of the worker: starts a session in it, and gives ports to it.
import type { KubePort } from '../api/ports.ts';
import type { PageMessage, TerminalInput, TerminalOutput, WireStep, WorkerMessage, WorldChoice } from './messages.ts';
import { RemoteKubePort } from './remote-kube-port.ts';

export interface SessionListener {
  onReady(ready: { readonly server: string; readonly now: number }): void;
  onClock(clock: { readonly now: number; readonly speed: number }): void;
  onSteps(steps: readonly WireStep[]): void;
  /** A mistake of ours; the world goes on if it can. */
  onFault(message: string): void;
}

/** A session that runs in a worker. */
export interface RemoteSession {
  readonly kube: KubePort;
  pause(): void;
  resume(): void;
  setSpeed(speed: number): void;
  openTerminal(listen: (message: TerminalOutput) => void): RemoteTerminal;
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
  worker.onmessage = ({ data }: MessageEvent<WorkerMessage>) => {
    switch (data.kind) {
      case 'ready':
        kube.server = data.server;
        return listener.onReady(data);
      case 'clock':
        return listener.onClock(data);
      case 'steps':
        return listener.onSteps(data.steps);
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
    openTerminal: (listen) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }: MessageEvent<TerminalOutput>) => listen(data);
      send({ kind: 'terminal', port: port2 }, [port2]);
      return { send: (message) => port1.postMessage(message), close: () => port1.close() };
    },
    close: () => worker.terminate(),
  };
}
