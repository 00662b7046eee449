// The learner's terminals by number, each with a shell of its own; the first is the one that a script runs in.
import type { TerminalShell } from './terminal-shell.ts';

/** What is typed into a terminal, or happens to it; `terminal`: its number, default 0. */
export type TerminalInput =
  | { readonly kind: 'line'; readonly text: string; readonly terminal?: number | undefined }
  /** Ctrl-C. */
  | { readonly kind: 'interrupt'; readonly terminal?: number | undefined }
  /** Keys for the program that runs. */
  | { readonly kind: 'keys'; readonly text: string; readonly terminal?: number | undefined }
  | {
      readonly kind: 'resize';
      readonly columns: number;
      readonly rows: number;
      readonly terminal?: number | undefined;
    }
  /** It is closed; what runs in it ends. */
  | { readonly kind: 'hangup'; readonly terminal?: number | undefined };

interface Opened {
  readonly shell: Promise<TerminalShell>;
  /** The line that runs, and those that wait behind it. */
  lines: Promise<unknown>;
}

/** More than anybody looks at. */
const terminalsMax = 16;
const cells = { min: 1, max: 1000 } as const;

export class Terminals {
  private readonly opened = new Map<number, Opened>();
  /** The trace step of the line that began last and still runs: what the requests of its programs go back to. */
  step = 0;

  constructor(private readonly open: () => Promise<TerminalShell>) {}

  shell(terminal = 0): Promise<TerminalShell> {
    return this.at(terminal).shell;
  }

  async take(input: TerminalInput, step: number): Promise<number> {
    const { terminal = 0 } = input;
    switch (input.kind) {
      case 'line':
        return this.run(terminal, input.text, step);
      case 'interrupt':
        (await this.shell(terminal)).interrupt();
        return 0;
      case 'keys':
        (await this.shell(terminal)).type(input.text);
        return 0;
      case 'resize':
        (await this.shell(terminal)).resize(bounded(input.columns), bounded(input.rows));
        return 0;
      case 'hangup':
        (await this.opened.get(terminal)?.shell)?.close();
        this.opened.delete(terminal);
        return 0;
    }
  }

  /** Lines of one terminal run one after the other, whenever they were typed. */
  private run(terminal: number, text: string, step: number): Promise<number> {
    const opened = this.at(terminal);
    const done = opened.lines.then(async () => {
      const shell = await opened.shell;
      this.step = step;
      return shell.run(text);
    });
    const over = (): void => {
      if (this.step === step) this.step = 0;
    };
    opened.lines = done.then(over, over);
    return done;
  }

  private at(terminal: number): Opened {
    const known = this.opened.get(terminal);
    if (known) return known;
    if (this.opened.size >= terminalsMax) throw new Error(`more than ${terminalsMax} terminals`);
    const opened = { shell: this.open(), lines: Promise.resolve() };
    this.opened.set(terminal, opened);
    return opened;
  }
}

function bounded(count: number): number {
  return Math.min(Math.max(Math.trunc(count) || cells.min, cells.min), cells.max);
}
