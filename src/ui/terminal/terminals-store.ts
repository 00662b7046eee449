// The open terminals: which there are, and which one shows. They live here and not in a component, so that they stay as
// they are when panes fold and layouts change.
import { create } from 'zustand';
import { keep, kept } from '../state/kept-with-world.ts';
import { useSession } from '../state/session-store.ts';
import { setTerminal } from '../state/terminal-access.ts';
import { openTerminal, type TerminalView } from './terminal-view.ts';

export interface OpenTerminal {
  readonly number: number;
  readonly view: TerminalView;
}

export interface Terminals {
  readonly open: readonly OpenTerminal[];
  readonly shown: OpenTerminal | undefined;
  /** Whether the search field shows. */
  readonly finding: boolean;
}

/** As many as fit into a row of tabs. */
export const terminalsMax = 8;

export const useTerminals = create<Terminals>(() => ({ open: [], shown: undefined, finding: false }));

let session: ReturnType<typeof useSession.getState>['session'];
let nextNumber = 0;

/** Opens a terminal, once there is a session. */
export function addTerminal(before?: string): void {
  const { open } = useTerminals.getState();
  const { session: current } = useSession.getState();
  if (!current || open.length >= terminalsMax) return;
  const number = nextNumber++;
  const choice = { number, session: current, before };
  const view = openTerminal(choice, {
    exited: () => closeTerminal(number),
    find: () => useTerminals.setState({ finding: true }),
  });
  const added = { number, view };
  useTerminals.setState({ open: [...open, added] });
  showTerminal(added);
}

export function showTerminal(shown: OpenTerminal): void {
  useTerminals.setState({ shown });
  const { view } = shown;
  setTerminal({
    type: (keys) => view.type(keys),
    run: (line) => view.run(line),
    focus: () => view.terminal.focus(),
    add: () => addTerminal(),
    find: () => useTerminals.setState({ finding: true }),
  });
}

/** There is always one: the last that closes makes way for a new one. */
export function closeTerminal(number: number): void {
  const { open, shown } = useTerminals.getState();
  const left = open.filter((one) => one.number !== number);
  open.find((one) => one.number === number)?.view.close();
  useTerminals.setState({ open: left });
  const next = left.at(-1);
  if (!next) addTerminal();
  else if (shown?.number === number) showTerminal(next);
}

/** Opens the first terminal of a session; those of one before it are gone with it. */
export function followSession(): () => void {
  const follow = (): void => {
    const { session: current } = useSession.getState();
    if (current === session) return;
    session = current;
    for (const { view } of useTerminals.getState().open) view.close();
    useTerminals.setState({ open: [], shown: undefined });
    nextNumber = 0;
    void openFirst();
  };
  follow();
  const unfollow = useSession.subscribe(follow);
  const hidden = (): void => {
    if (document.visibilityState === 'hidden') keepScreens();
  };
  addEventListener('visibilitychange', hidden);
  const timer = setInterval(keepScreens, keepEveryMs);
  return () => {
    unfollow();
    removeEventListener('visibilitychange', hidden);
    clearInterval(timer);
  };
}

const keepEveryMs = 5000;
/** Of each screen, as text with escape sequences: the end. */
const charactersMax = 400_000;
let lastScreens: readonly string[] = [];

/** Those of the last visit, or one. */
async function openFirst(): Promise<void> {
  const { restored, worldKey } = useSession.getState();
  const screens = restored && worldKey !== undefined ? ((await kept('screens', worldKey)) ?? []) : [];
  for (const screen of screens.slice(0, terminalsMax)) addTerminal(screen);
  if (screens.length === 0) addTerminal();
}

function keepScreens(): void {
  const { worldKey } = useSession.getState();
  const { open } = useTerminals.getState();
  if (worldKey === undefined || open.length === 0) return;
  const screens = open.map(({ view }) => view.text().slice(-charactersMax));
  if (screens.join() === lastScreens.join()) return;
  lastScreens = screens;
  void keep('screens', worldKey, screens);
}
