// The worker's side of a terminal: runs lines in the session's shell, sends what they print, and completes words.
import type { Session } from '../driver/session.ts';
import type { TerminalInput, TerminalOutput } from './messages.ts';
import { suggest } from './suggest.ts';

export async function serveTerminal(session: Session, port: MessagePort): Promise<void> {
  const tell = (message: TerminalOutput): void => port.postMessage(message);
  const shell = await session.shell();
  shell.onOutput((_stream, bytes) => tell({ kind: 'output', bytes }));
  const prompt = (exitCode: number): void =>
    tell({ kind: 'prompt', cwd: shell.cwd, exitCode, notice: shell.endedJobs() });
  port.onmessage = ({ data }: MessageEvent<TerminalInput>) => {
    switch (data.kind) {
      case 'line':
        session
          .input({ kind: 'line', text: data.text }, (step) => tell({ kind: 'started', step }))
          .then(prompt, (error: unknown) => {
            tell({ kind: 'output', bytes: new TextEncoder().encode(`bash: internal error: ${String(error)}\n`) });
            prompt(1);
          });
        return;
      case 'interrupt':
        void session.input({ kind: 'interrupt' });
        return;
      case 'check':
        tell({ kind: 'complete', complete: shell.isComplete(data.text) });
        return;
      case 'suggest': {
        const { id, text } = data;
        const sources = { files: session.machine.files, cwd: shell.cwd, kube: session.kubePort };
        suggest(text, sources)
          .catch(() => ({ from: text.length, words: [] })) // a cluster that does not answer has no names to offer
          .then((candidates) => tell({ kind: 'candidates', id, candidates }));
      }
    }
  };
  prompt(0);
}
