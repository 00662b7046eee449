// Lines that something other than the keyboard asks a terminal to run: they wait for the prompt, one after the other.
import type { CommandResult } from '../../embed/messages.ts';

interface AskedLine {
  readonly text: string;
  resolve(result: CommandResult): void;
  reject(error: Error): void;
}

const waitingMax = 100;
/** Of what a line prints, its end. */
const outputMax = 200_000;

export class AskedLines {
  private readonly waiting: AskedLine[] = [];
  private running: AskedLine | undefined;
  private output = '';
  private decoder = new TextDecoder();

  ask(text: string): Promise<CommandResult> {
    if (this.waiting.length >= waitingMax) return Promise.reject(new Error('too many commands wait already'));
    return new Promise((resolve, reject) => this.waiting.push({ text, resolve, reject }));
  }

  /** The terminal has a prompt: the line that runs now, if one waits. */
  begin(): string | undefined {
    this.running = this.waiting.shift();
    this.output = '';
    this.decoder = new TextDecoder();
    return this.running?.text;
  }

  printed(bytes: Uint8Array): void {
    if (this.running) this.output = (this.output + this.decoder.decode(bytes, { stream: true })).slice(-outputMax);
  }

  ended(exitCode: number): void {
    this.running?.resolve({ exitCode, output: this.output });
    this.running = undefined;
  }

  /** The terminal is gone. */
  close(): void {
    for (const line of [this.running, ...this.waiting.splice(0)]) line?.reject(new Error('the terminal was closed'));
    this.running = undefined;
  }
}
