// A build's progress as buildkit shows it: step by step in plain text, or a list that is drawn anew on a terminal.
import type { BuildEvent } from '../../api/docker.ts';

export interface ProgressOptions {
  readonly style: 'plain' | 'tty' | 'quiet';
  write(text: string): Promise<void>;
  now(): number;
  /** The Dockerfile. */
  readonly source: string;
}

interface Step {
  readonly title: string;
  cached: boolean;
  durationMs: number | undefined;
  logs: string[];
}

const terminalColumns = 80;

export class BuildProgress {
  private readonly steps: Step[] = [];
  private drawn = 0;
  private readonly beganAt: number;
  private failed = false;

  constructor(private readonly options: ProgressOptions) {
    this.beganAt = options.now();
  }

  async begin(): Promise<void> {
    if (this.options.style === 'plain')
      await this.options.write('#0 building with "default" instance using docker driver\n');
  }

  async show(event: BuildEvent): Promise<void> {
    if (event.kind === 'begin')
      this.steps[event.step] = { title: event.title, cached: false, durationMs: undefined, logs: [] };
    if (event.kind === 'log') this.steps[event.step]?.logs.push(event.text);
    if (event.kind === 'end') {
      const step = this.steps[event.step];
      if (step) Object.assign(step, { cached: event.cached, durationMs: event.durationMs });
    }
    if (event.kind === 'failed') this.failed = true;
    const { style } = this.options;
    if (style === 'plain') await this.plain(event);
    else if (style === 'tty' && event.kind !== 'log')
      await this.draw(event.kind === 'built' || event.kind === 'failed');
    if (event.kind === 'failed') await this.explain(event);
  }

  private async plain(event: BuildEvent): Promise<void> {
    const { write } = this.options;
    if (event.kind === 'begin') await write(`\n#${event.step + 1} ${event.title}\n`);
    if (event.kind === 'log') {
      const seconds = ((this.options.now() - this.beganAt) / 1000).toFixed(3);
      const own = isOwn(this.steps[event.step]?.title ?? '');
      const lines = event.text.replace(/\n$/, '').split('\n');
      for (const line of lines)
        await write(`#${event.step + 1} ${own ? '' : `${seconds} `}${line}${own ? ' done' : ''}\n`);
    }
    if (event.kind === 'end')
      await write(`#${event.step + 1} ${event.cached ? 'CACHED' : `DONE ${(event.durationMs / 1000).toFixed(1)}s`}\n`);
  }

  private async draw(over: boolean): Promise<void> {
    const seconds = `${((this.options.now() - this.beganAt) / 1000).toFixed(1)}s`;
    const done = this.steps.filter(({ durationMs }) => durationMs !== undefined).length;
    const end = over && !this.failed ? ' FINISHED' : '';
    const head = `[+] Building ${seconds} (${done}/${this.steps.length})${end}`;
    const lines = [head.padEnd(terminalColumns - 'docker:default'.length) + 'docker:default'];
    for (const { title, cached, durationMs, logs } of this.steps) {
      const sign = cached ? 'CACHED ' : durationMs === undefined && this.failed ? 'ERROR ' : '';
      lines.push(row(` => ${sign}${title}`, durationMs ?? 0));
      const own = isOwn(title) ? logs.join('').split('\n').filter(Boolean) : [];
      for (const line of own) lines.push(row(` => => ${line}`, 0));
    }
    const up = this.drawn > 0 ? `\u001b[${this.drawn}A` : '';
    this.drawn = lines.length;
    await this.options.write(`${up}${lines.map((line) => `\u001b[2K${line}\n`).join('')}`);
  }

  private async explain(event: BuildEvent & { readonly kind: 'failed' }): Promise<void> {
    const step = this.steps[event.step];
    const title = step?.title ?? '';
    const { write } = this.options;
    if (this.options.style === 'plain') await write(`#${event.step + 1} ERROR: ${event.message}\n`);
    const log = step?.logs.join('') ?? '';
    await write(`------\n > ${title}:\n${log}------\n`);
    if (event.line > 0) {
      const lines = this.options.source.split('\n');
      await write(`Dockerfile:${event.line}\n--------------------\n`);
      for (let at = Math.max(1, event.line - 2); at <= Math.min(lines.length, event.line + 2); at++)
        await write(`${String(at).padStart(4)} | ${at === event.line ? '>>> ' : '    '}${lines[at - 1] ?? ''}\n`);
      await write('--------------------\n');
    }
    await write(`ERROR: failed to build: failed to solve: ${event.message}\n`);
  }
}

/** Steps of buildkit's own: what they say is part of the progress, not a program's output. */
function isOwn(title: string): boolean {
  return title.startsWith('[internal]') || title === 'exporting to image';
}

function row(left: string, durationMs: number): string {
  const time = `${(durationMs / 1000).toFixed(1)}s`;
  const room = terminalColumns - time.length - 1;
  return (left.length > room ? `${left.slice(0, room - 2)} ` : left).padEnd(room + 1) + time;
}
