// The line to the page around an embedded playground: does what it asks for, and tells it what happens here.
import { type FrameMessage, type HostMessage, hostMessage, marked } from '../../embed/messages.ts';
import { onLine } from '../state/desktop.ts';
import { openDraft } from '../state/editor-store.ts';
import { embedding } from '../state/embedding.ts';
import { useLessonPlace } from '../state/lesson-place.ts';
import { useSession } from '../state/session-store.ts';
import { firstTerminal, putIntoPrompt, shownTerminal } from '../state/terminal-access.ts';
import { preferredTheme, useView } from '../state/view-store.ts';
import { quietTerminal } from './quiet-terminal.ts';

/** Opens it, to the one origin that was named in this page's address. */
export function openHostLink(): void {
  const origin = embedding?.origin;
  if (origin === undefined) return;
  const tell = (message: FrameMessage): void => parent.postMessage(marked(message), origin);
  addEventListener('message', (event) => {
    const message = event.source === parent && event.origin === origin ? hostMessage(event.data) : undefined;
    if (message) obey(message, tell);
  });
  onLine((line, exitCode) => tell({ kind: 'ran', line, exitCode }));
  useLessonPlace.subscribe(({ progress }) => progress && tell({ kind: 'progress', progress }));
  void ready().then(() => tell({ kind: 'ready' }));
}

function obey(message: HostMessage, tell: (answer: FrameMessage) => void): void {
  switch (message.kind) {
    case 'run': {
      const { id, command } = message;
      (shownTerminal() ?? quietTerminal())
        .run(command)
        .then((result) => tell({ kind: 'answered', id, result }))
        .catch((error: unknown) =>
          tell({ kind: 'refused', id, message: error instanceof Error ? error.message : String(error) }),
        );
      return;
    }
    case 'insert':
      putIntoPrompt(message.command);
      return;
    case 'load':
      openDraft(message.text);
      return;
    case 'theme': {
      const { theme } = message;
      useView.getState().setTheme(theme === 'auto' ? preferredTheme() : theme);
    }
  }
}

/** There is a cluster, and where the terminal was asked for, it has a prompt. */
async function ready(): Promise<void> {
  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (useSession.getState().session) resolve();
    };
    useSession.subscribe(look);
    look();
  });
  if (embedding?.panes.includes('terminal')) await firstTerminal;
}
