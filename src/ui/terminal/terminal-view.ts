// A terminal on the screen: xterm with our line editor and the worker's shell, in an element that panes show or not.
import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { SerializeAddon } from '@xterm/addon-serialize';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import type { CommandResult } from '../../embed/messages.ts';
import type { RemoteSession } from '../../worker/page-side.ts';
import { embedding } from '../state/embedding.ts';
import { readSaved, save } from '../state/saved.ts';
import { useView } from '../state/view-store.ts';
import { terminalTheme } from '../theme/terminal-theme.ts';
import { markCommand } from '../trace/trace-gutter.ts';
import { followLink, makeHarmless } from './harmless.ts';
import { keepsKey } from './terminal-keys.ts';
import { TerminalSession } from './terminal-session.ts';

export interface TerminalView {
  readonly element: HTMLElement;
  readonly terminal: Terminal;
  readonly search: SearchAddon;
  /** As if the keys were pressed. */
  type(keys: string): void;
  /** Runs a line as soon as there is a prompt. */
  run(line: string): Promise<CommandResult>;
  /** All that it shows, as text with escape sequences. */
  text(): string;
  /** The element has another size. */
  fit(): void;
  close(): void;
}

export interface TerminalEvents {
  /** Its shell has ended. */
  exited(): void;
  /** Ctrl-Shift-F. */
  find(): void;
}

const historyKey = 'history';
const savedRowsMax = 1000;
const asItWas = '\x1b[0m\x1b[90mThe cluster and your files are as you left them; what ran here has ended.\x1b[0m\r\n';

export interface TerminalChoice {
  readonly number: number;
  readonly session: RemoteSession;
  /** What it showed at an earlier visit. */
  readonly before?: string | undefined;
}

export function openTerminal({ number, session, before }: TerminalChoice, events: TerminalEvents): TerminalView {
  const terminal = newTerminal();
  const fit = new FitAddon();
  const search = new SearchAddon();
  terminal.loadAddon(fit);
  terminal.loadAddon(search);
  const serializer = new SerializeAddon();
  terminal.loadAddon(serializer);
  terminal.loadAddon(new WebLinksAddon(followLink));
  makeHarmless(terminal);
  const element = document.createElement('div');
  element.className = 'terminal';
  const screen = {
    get columns() {
      return terminal.cols;
    },
    get rows() {
      return terminal.rows;
    },
    write: (data: string | Uint8Array) => terminal.write(data),
    started: (step: number) => markCommand(terminal, step),
    clear: () => terminal.write('\x1b[2J\x1b[3J\x1b[H'),
    exited: events.exited,
  };
  const remote = session.openTerminal(number, (message) => shell.take(message));
  const shell = new TerminalSession(screen, remote.send, {
    history: readSaved(historyKey, isTextList) ?? [],
    save: (history) => save(historyKey, history),
    before: before === undefined ? undefined : `${before}\r\n${asItWas}`,
  });
  terminal.attachCustomKeyEventHandler((event) => keepsKey(event, { terminal, shell, find: events.find }));
  terminal.onData((data) => shell.input(data));
  terminal.onResize(() => shell.resized());
  const unfollow = followView(terminal);
  return {
    element,
    terminal,
    search,
    type: (keys) => shell.input(keys),
    run: (line) => shell.run(line),
    text: () => serializer.serialize({ scrollback: savedRowsMax, excludeModes: true, excludeAltBuffer: true }),
    fit: () => {
      if (element.clientHeight === 0) return;
      if (!terminal.element) {
        terminal.open(element);
        if (!embedding) terminal.focus();
        void accelerate(terminal);
      }
      fit.fit();
    },
    close: () => {
      unfollow();
      shell.close();
      remote.close();
      terminal.dispose();
      element.remove();
    },
  };
}

function newTerminal(): Terminal {
  const { theme, screenReader } = useView.getState();
  return new Terminal({
    fontFamily: '"JetBrains Mono Variable", ui-monospace, monospace',
    fontSize: matchMedia('(max-width: 767px)').matches ? 12 : 13,
    lineHeight: 1.35,
    cursorBlink: false,
    scrollback: 5000,
    theme: terminalTheme(theme),
    screenReaderMode: screenReader,
    minimumContrastRatio: 4.5,
    allowProposedApi: true,
    linkHandler: { activate: followLink },
  });
}

function followView(terminal: Terminal): () => void {
  return useView.subscribe(({ theme, screenReader }, before) => {
    if (theme !== before.theme) terminal.options.theme = terminalTheme(theme);
    if (screenReader !== before.screenReader) terminal.options.screenReaderMode = screenReader;
  });
}

/** Lets the graphics card draw where there is one; software that imitates one is slower than what draws by default. */
async function accelerate(terminal: Terminal): Promise<void> {
  if (!hasGraphicsCard()) return;
  const { WebglAddon } = await import('@xterm/addon-webgl');
  try {
    const addon = new WebglAddon();
    addon.onContextLoss(() => addon.dispose());
    terminal.loadAddon(addon);
  } catch {
    // without it the terminal draws as before
  }
}

function hasGraphicsCard(): boolean {
  const probe = document.createElement('canvas').getContext('webgl2', { failIfMajorPerformanceCaveat: true });
  if (!probe) return false;
  const info = probe.getExtension('WEBGL_debug_renderer_info');
  const name = info ? String(probe.getParameter(info.UNMASKED_RENDERER_WEBGL)) : '';
  probe.getExtension('WEBGL_lose_context')?.loseContext();
  return !/swiftshader|llvmpipe|software|basic render/i.test(name);
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
