// The terminal: xterm with our line editor, in the colours of the theme.
import { FitAddon } from '@xterm/addon-fit';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { useEffect, useRef } from 'react';
import { readSaved, save } from '../state/saved.ts';
import { useSession } from '../state/session-store.ts';
import { setTerminal } from '../state/terminal-access.ts';
import { useView } from '../state/view-store.ts';
import { terminalTheme } from '../theme/terminal-theme.ts';
import { markCommand } from '../trace/trace-gutter.ts';
import { TerminalSession } from './terminal-session.ts';

const historyKey = 'history';

export default function TerminalPane() {
  const place = useRef<HTMLDivElement>(null);
  const session = useSession(({ session: found }) => found);
  const terminal = useRef<Terminal>(undefined);
  const theme = useView((view) => view.theme);
  const screenReader = useView((view) => view.screenReader);

  useEffect(() => {
    if (!place.current || !session) return;
    const opened = openTerminal(place.current, session);
    terminal.current = opened.terminal;
    return opened.close;
  }, [session]);

  useEffect(() => {
    if (!terminal.current) return;
    terminal.current.options.screenReaderMode = screenReader;
    terminal.current.options.theme = terminalTheme(theme);
  }, [theme, screenReader]);

  return (
    <>
      <div className="terminal" ref={place} />
      {!session && (
        <p className="loading" role="status">
          Starting a control plane and two workers…
        </p>
      )}
    </>
  );
}

type RemoteSession = NonNullable<ReturnType<typeof useSession.getState>['session']>;

function openTerminal(
  place: HTMLElement,
  session: RemoteSession,
): { readonly terminal: Terminal; readonly close: () => void } {
  const { theme, screenReader } = useView.getState();
  const terminal = new Terminal({
    fontFamily: '"JetBrains Mono Variable", ui-monospace, monospace',
    fontSize: matchMedia('(max-width: 767px)').matches ? 12 : 13,
    lineHeight: 1.35,
    cursorBlink: false,
    scrollback: 5000,
    theme: terminalTheme(theme),
    screenReaderMode: screenReader,
    minimumContrastRatio: 4.5,
    allowProposedApi: true, // decorations: the marks in the gutter
  });
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  terminal.loadAddon(new WebLinksAddon());
  terminal.open(place);
  terminal.write('\x1b[?2004h');
  fit.fit();

  const screen = {
    get columns() {
      return terminal.cols;
    },
    write: (data: string | Uint8Array) => terminal.write(data),
    started: (step: number) => markCommand(terminal, step),
    clear: () => terminal.write('\x1b[2J\x1b[3J\x1b[H'),
  };
  const remote = session.openTerminal((message) => shell.take(message));
  const shell = new TerminalSession(screen, remote.send, {
    history: readSaved(historyKey, isTextList) ?? [],
    save: (history) => save(historyKey, history),
  });
  // Tab completes; Shift-Tab is the way out for who has no mouse.
  terminal.attachCustomKeyEventHandler(({ key, shiftKey }) => !(key === 'Tab' && shiftKey));
  terminal.onData((data) => shell.input(data));
  terminal.onResize(() => shell.resized());
  const watcher = new ResizeObserver(() => fit.fit());
  watcher.observe(place);
  setTerminal({ type: (keys) => shell.input(keys), focus: () => terminal.focus() });
  terminal.focus();
  return {
    terminal,
    close: () => {
      watcher.disconnect();
      remote.close();
      setTerminal(undefined);
      terminal.dispose();
    },
  };
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
