// Joins a screen, the line editor and the worker's shell: keys in, lines out, output and prompts onto the screen.
//
//   editing ──Enter──▶ checking ──whole──▶ running ──prompt──▶ editing
//      ▲                  └──more lines──┐
//      └─────────────────────────────────┘        keys that come while checking or running wait
import type { TerminalInput, TerminalOutput } from '../../worker/messages.ts';
import { complete, inColumns } from './completion.ts';
import { type Key, parseKeys } from './keys.ts';
import { emptyLine, entered, insert, type LineState, press } from './line-editor.ts';
import { draw } from './line-view.ts';

/** The part of xterm's terminal that this needs. */
export interface Screen {
  readonly columns: number;
  write(data: string | Uint8Array): void;
  /** The line above the cursor has begun to run: the step of the trace that it is. */
  started(step: number): void;
  /** Empties screen and scrollback; the cursor is at the top then. */
  clear(): void;
}

const home = '/home/learner';
const user = 'learner@laptop';
/** An empty terminal says what to type. */
const greeting = '\x1b[90mA simulated Kubernetes v1.36 cluster. Begin with: kubectl get nodes\x1b[0m\r\n';
/** Keys that wait at most while a command runs. */
const waitingMax = 4096;
const listedMax = 200;

export class TerminalSession {
  private line: LineState;
  private mode: 'starting' | 'editing' | 'checking' | 'completing' | 'running' = 'starting';
  private cwd = home;
  /** Earlier lines of a command that is not whole yet. */
  private earlier = '';
  private cursorRow = 0;
  /** Whether output stands on a line that has not ended. */
  private midLine = false;
  private completions = 0;
  private readonly waiting: Key[] = [];

  constructor(
    private readonly screen: Screen,
    private readonly send: (message: TerminalInput) => void,
    private readonly saved: { readonly history: readonly string[]; save(history: readonly string[]): void },
  ) {
    this.line = { ...emptyLine, history: saved.history, at: saved.history.length };
  }

  /** What the keyboard or a paste gives. */
  input(data: string): void {
    for (const key of parseKeys(data)) this.key(key);
  }

  take(message: TerminalOutput): void {
    switch (message.kind) {
      case 'output':
        this.print(message.bytes);
        return;
      case 'prompt':
        if (this.mode === 'starting') this.screen.write(greeting);
        if (this.midLine) this.screen.write('\r\n');
        this.midLine = false;
        if (message.notice) this.screen.write(message.notice.replaceAll('\n', '\r\n'));
        this.cwd = message.cwd;
        this.edit();
        return;
      case 'started':
        this.screen.started(message.step);
        return;
      case 'complete':
        this.checked(message.complete);
        return;
      case 'candidates':
        this.completed(message);
        return;
    }
  }

  /** The screen has another width. */
  resized(): void {
    if (this.mode === 'editing') this.redraw();
  }

  private key(key: Key): void {
    if (this.mode === 'editing') this.edited(key);
    else if (isInterrupt(key) && this.mode === 'running') this.interrupt();
    else if (this.waiting.length < waitingMax) this.waiting.push(key);
  }

  private edited(key: Key): void {
    const { state, action } = press(this.line, key);
    this.line = state;
    switch (action) {
      case 'none':
        this.redraw();
        return;
      case 'submit':
        this.submit();
        return;
      case 'interrupt':
        this.leave('^C');
        this.earlier = '';
        this.line = entered(this.line, '');
        this.edit();
        return;
      case 'clear':
        this.screen.clear();
        this.cursorRow = 0;
        this.redraw();
        return;
      case 'complete':
        this.mode = 'completing';
        this.send({ kind: 'suggest', id: ++this.completions, text: this.line.text.slice(0, this.line.cursor) });
        return;
      case 'end':
        return; // the page has no other shell to go back to
    }
  }

  private submit(): void {
    this.leave('');
    if (this.earlier === '' && this.line.text.trim() === '') {
      this.line = entered(this.line, '');
      this.edit();
      return;
    }
    this.mode = 'checking';
    this.send({ kind: 'check', text: this.earlier + this.line.text });
  }

  private checked(whole: boolean): void {
    const text = this.earlier + this.line.text;
    if (!whole) {
      this.earlier = `${text}\n`;
      this.line = { ...this.line, text: '', cursor: 0 };
      this.edit();
      return;
    }
    this.earlier = '';
    this.line = entered(this.line, text);
    this.saved.save(this.line.history);
    if (/^\s*(clear|reset)\s*$/.test(text)) {
      this.screen.clear();
      this.edit();
      return;
    }
    this.mode = 'running';
    this.send({ kind: 'line', text });
    const typedAhead = this.waiting.findLastIndex(isInterrupt);
    if (typedAhead === -1) return;
    const rest = this.waiting.slice(typedAhead + 1);
    this.interrupt();
    this.waiting.push(...rest);
  }

  /** Ctrl-C to what runs; what was typed before it is gone. */
  private interrupt(): void {
    this.waiting.length = 0;
    this.screen.write('^C');
    this.midLine = true;
    this.send({ kind: 'interrupt' });
  }

  private completed({ id, candidates }: TerminalOutput & { readonly kind: 'candidates' }): void {
    if (this.mode !== 'completing' || id !== this.completions) return;
    const { insert: more, list } = complete(this.line.text.slice(0, this.line.cursor), candidates);
    if (list.length > 0) {
      this.leave('');
      const shown = inColumns(list.slice(0, listedMax), this.screen.columns);
      const left = list.length > listedMax ? `\n… and ${list.length - listedMax} more` : '';
      this.screen.write(`${`${shown}${left}`.replaceAll('\n', '\r\n')}\r\n`);
    }
    this.line = insert(this.line, more);
    this.edit();
  }

  /** Goes to the row below the line; `mark` stands behind it. */
  private leave(mark: string): void {
    this.line = { ...this.line, cursor: this.line.text.length, search: undefined };
    this.redraw();
    this.screen.write(`${mark}\r\n`);
    this.cursorRow = 0;
  }

  /** Shows the prompt and takes keys, first those that have waited. */
  private edit(): void {
    this.mode = 'editing';
    this.cursorRow = 0;
    this.redraw();
    while (this.mode === 'editing') {
      const key = this.waiting.shift();
      if (!key) return;
      this.edited(key);
    }
  }

  private redraw(): void {
    const { text, cursor } = this.line;
    const drawn = draw({ ...this.prompt(), text, cursor }, this.screen.columns, this.cursorRow);
    this.cursorRow = drawn.cursorRow;
    this.screen.write(drawn.output);
  }

  private prompt(): { readonly prompt: string; readonly styledPrompt: string } {
    const { search } = this.line;
    if (search !== undefined) return plain(`(reverse-i-search)\`${search}': `);
    if (this.earlier !== '') return plain('> ');
    const place = this.cwd === home || this.cwd.startsWith(`${home}/`) ? `~${this.cwd.slice(home.length)}` : this.cwd;
    return {
      prompt: `${user}:${place}$ `,
      styledPrompt: `\x1b[32m${user}\x1b[0m:\x1b[34m${place}\x1b[0m$ `,
    };
  }

  private print(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.midLine = bytes.at(-1) !== 0x0a;
    this.screen.write(withReturns(bytes));
  }
}

function isInterrupt(key: Key): boolean {
  return key.kind === 'named' && key.name === 'ctrl-c';
}

function plain(prompt: string): { readonly prompt: string; readonly styledPrompt: string } {
  return { prompt, styledPrompt: prompt };
}

/** What the terminal's driver does to output: a line feed also goes back to the first column. */
function withReturns(bytes: Uint8Array): Uint8Array {
  const feeds = bytes.reduce((count, byte) => count + (byte === 0x0a ? 1 : 0), 0);
  if (feeds === 0) return bytes;
  const out = new Uint8Array(bytes.length + feeds);
  let at = 0;
  for (const byte of bytes) {
    if (byte === 0x0a) out[at++] = 0x0d;
    out[at++] = byte;
  }
  return out;
}
