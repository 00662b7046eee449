// A terminal without a screen, for commands of the page around a playground that shows none.
import { useSession } from '../state/session-store.ts';
import { type Screen, TerminalSession } from '../terminal/terminal-session.ts';

/** The last number that the worker knows; those on the screen count from 0. */
const number = 15;

let made: TerminalSession | undefined;

export function quietTerminal(): Pick<TerminalSession, 'run'> {
  const { session } = useSession.getState();
  if (!session) return { run: () => Promise.reject(new Error('the cluster is not there yet')) };
  if (made) return made;
  const screen: Screen = {
    columns: 120,
    rows: 40,
    write: () => {},
    started: () => {},
    clear: () => {},
    exited: () => {
      remote.close();
      made = undefined;
    },
  };
  const remote = session.openTerminal(number, (message) => terminal.take(message));
  const terminal = new TerminalSession(screen, remote.send, { history: [], save: () => {} });
  made = terminal;
  return terminal;
}
