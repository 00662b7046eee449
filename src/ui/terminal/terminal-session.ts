// Joins a screen, the line editor and the worker's shell: keys in, lines out, output and prompts onto the screen.
//
//   editing ──Enter──▶ checking ──whole──▶ running ──prompt──▶ editing
//      ▲                  └──more lines──┐   │
//      └─────────────────────────────────┘   └── keys go to the program; those that come while checking wait
import type { CommandResult } from '../../embed/messages.ts';
import type { TerminalInput, TerminalOutput } from '../../worker/messages.ts';
import { AskedLines } from './asked-lines.ts';
import { complete, inColumns } from './completion.ts';
import { type Key, keyText, parseKeys } from './keys.ts';
import { emptyLine, entered, insert, type LineState, press } from './line-editor.ts';
import { draw } from './line-view.ts';

/** The part of xterm's terminal that this needs. */
export interface Screen {
  readonly columns: number;
  readonly rows: number;
  write(data: string | Uint8Array): void;
  /** The line above the cursor has begun to run: the step of the trace that it is. */
  started(step: number): void;
  /** Empties screen and scrollback; the cursor is at the top then. */
  clear(): void;
  /** The shell has ended, or wants to: Ctrl-D at an empty prompt. */
  exited(): void;
}

const home = '/home/learner';
const user = 'learner@laptop';
/** An empty terminal says what to type. */
const greeting = '\x1b[90mA simulated Kubernetes v1.36 cluster. Begin with: kubectl get nodes\x1b[0m\r\n';
/** Keys that wait at most while a command is looked at. */
const waitingMax = 4096;
const listedMax = 200;
/** The exit code of what Ctrl-C ends. */
const interrupted = 130;
/** At a prompt a paste is marked as one; while a program runs it is not, as the program may know nothing of it. */
const markPastes = '\x1b[?2004h';
const plainPastes = '\x1b[?2004l';
/** Undoes what a program may have left behind: other screen, hidden cursor, mouse reports, application keys, colours. */
const tidy = '\x1b[?47l\x1b[?25h\x1b[?1000;1002;1003;1006;9l\x1b[?1;66l\x1b[?7h\x1b(B\x1b[0m';

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
  /** What was sent to the program that runs, as long as it may come too late for it; and how much was sent before. */
  private sent: string[] = [];
  private sentBefore = 0;
  private readonly asked = new AskedLines();

  constructor(
    private readonly screen: Screen,
    private readonly send: (message: TerminalInput) => void,
    private readonly saved: {
      readonly history: readonly string[];
      save(history: readonly string[]): void;
      /** Shown before the first prompt, instead of the greeting of a new world. */
      readonly before?: string | undefined;
    },
  ) {
    this.line = { ...emptyLine, history: saved.history, at: saved.history.length };
  }

  /** What the keyboard or a paste gives. */
  input(data: string): void {
    if (this.mode === 'running') this.sendKeys(data);
    else for (const key of parseKeys(data)) this.key(key);
  }

  /** Runs a line as if it had been typed, as soon as there is a prompt. */
  run(text: string): Promise<CommandResult> {
    const result = this.asked.ask(text);
    if (this.mode === 'editing') this.runAsked();
    return result;
  }

  /** The terminal is gone. */
  close(): void {
    this.asked.close();
  }

  /** Whether Ctrl-K has nothing to cut here. */
  get atLineEnd(): boolean {
    return this.mode === 'editing' && this.line.cursor === this.line.text.length;
  }

  take(message: TerminalOutput): void {
    switch (message.kind) {
      case 'output':
        this.print(message.bytes);
        return;
      case 'prompt':
        if (this.mode === 'starting') {
          this.screen.write(this.saved.before ?? greeting);
          this.resized();
        } else this.screen.write(tidy);
        if (this.midLine) this.screen.write('\r\n');
        this.midLine = false;
        this.asked.ended(message.exitCode);
        this.takeBack(message);
        if (message.notice) this.screen.write(message.notice.replaceAll('\n', '\r\n'));
        this.cwd = message.cwd;
        this.edit();
        return;
      case 'exited':
        this.asked.ended(message.exitCode);
        this.screen.exited();
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

  /** The screen has another size. */
  resized(): void {
    this.send({ kind: 'resize', columns: this.screen.columns, rows: this.screen.rows });
    if (this.mode === 'editing') this.redraw();
  }

  private key(key: Key): void {
    if (this.mode === 'editing') this.edited(key);
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
        this.asked.ended(interrupted);
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
        this.leave('exit');
        this.screen.exited();
        return;
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
      this.asked.ended(0);
      this.edit();
      return;
    }
    this.mode = 'running';
    this.screen.write(plainPastes);
    this.send({ kind: 'line', text });
    const typedAhead = this.waiting.splice(0).map(keyText).join('');
    if (typedAhead !== '') this.sendKeys(typedAhead);
  }

  private sendKeys(text: string): void {
    this.sent.push(text);
    this.send({ kind: 'keys', text });
  }

  /** Keys that no program has read are for the next line. */
  private takeBack({ unread, heard }: TerminalOutput & { readonly kind: 'prompt' }): void {
    const late = this.sent.slice(heard - this.sentBefore).join('');
    this.waiting.push(...parseKeys(unread.replaceAll('\n', '\r') + late));
    this.sentBefore = heard;
    this.sent = [];
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
    this.screen.write(markPastes);
    this.redraw();
    while (this.mode === 'editing') {
      const key = this.waiting.shift();
      if (!key) break;
      this.edited(key);
    }
    if (this.mode === 'editing') this.runAsked();
  }

  /** A command that is not whole is the learner's to end first. */
  private runAsked(): void {
    const text = this.earlier === '' ? this.asked.begin() : undefined;
    if (text === undefined) return;
    this.line = { ...this.line, text, cursor: text.length, search: undefined };
    this.submit();
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
    this.asked.printed(bytes);
    this.screen.write(bytes);
  }
}

function plain(prompt: string): { readonly prompt: string; readonly styledPrompt: string } {
  return { prompt, styledPrompt: prompt };
}
