// The worker's side of a terminal: runs lines in a shell of the session, sends what they print, and completes words.
import type { Session } from '../driver/session.ts';
import type { TerminalInput, TerminalOutput } from './messages.ts';
import { suggest } from './suggest.ts';

export async function serveTerminal(session: Session, terminal: number, port: MessagePort): Promise<void> {
  const tell = (message: TerminalOutput): void => port.postMessage(message);
  const shell = await session.shell(terminal);
  shell.onOutput((_stream, bytes) => tell({ kind: 'output', bytes }));
  let heard = 0;
  const prompt = (exitCode: number): void => {
    if (shell.exited !== undefined) tell({ kind: 'exited', exitCode: shell.exited });
    else {
      const { cwd } = shell;
      tell({ kind: 'prompt', cwd, exitCode, notice: shell.endedJobs(), unread: shell.takeUnread(), heard });
    }
  };
  const run = (text: string): void => {
    session
      .input({ kind: 'line', text, terminal }, (step) => tell({ kind: 'started', step }))
      .then(prompt, (error: unknown) => {
        tell({ kind: 'output', bytes: new TextEncoder().encode(`bash: internal error: ${String(error)}\r\n`) });
        prompt(1);
      });
  };
  port.onmessage = ({ data }: MessageEvent<TerminalInput>) => {
    switch (data.kind) {
      case 'line':
        run(data.text);
        return;
      case 'keys':
        void session.input({ ...data, terminal }, () => {
          if (shell.isRunning) heard++;
        });
        return;
      case 'resize':
        void session.input({ ...data, terminal });
        return;
      case 'close':
        void session.input({ kind: 'hangup', terminal });
        port.close();
        return;
      case 'check':
        void session
          .whenWhole(() => shell.isComplete(data.text))
          .then((complete) => tell({ kind: 'complete', complete }));
        return;
      case 'suggest': {
        const { id, text } = data;
        const { machine, kubePort: kube } = session;
        const sources = { machine, cwd: shell.cwd, kube, shell: shell.words, now: () => session.driver.simulation.now };
        suggest(text, sources)
          .catch(() => ({ from: text.length, words: [] })) // a cluster that does not answer has no names to offer
          .then((candidates) => tell({ kind: 'candidates', id, candidates }));
      }
    }
  };
  prompt(0);
}
