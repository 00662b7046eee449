// <tabernetes-playground>: a cluster with its panes inside of any page, in a frame that it speaks with.
import {
  type CommandResult,
  type FrameMessage,
  frameMessage,
  type HostMessage,
  isThemeChoice,
  type LessonProgress,
  marked,
} from './messages.ts';

export type { CommandResult, LessonProgress };

/** What `tabernetes-ran` carries. */
export interface RanLine {
  readonly line: string;
  readonly exitCode: number;
}

/** The events of the element, all of which bubble. */
export interface PlaygroundEvents {
  'tabernetes-ready': CustomEvent<undefined>;
  'tabernetes-ran': CustomEvent<RanLine>;
  'tabernetes-progress': CustomEvent<LessonProgress>;
}

/** Attributes that the frame's address carries; a change of one begins a new cluster. */
const parameters = ['lesson', 'profile', 'panes', 'seed'] as const;
const style = ':host { display: block; height: 480px } iframe { display: block; width: 100%; height: 100%; border: 0 }';

/**
 * A playground. `src` says where the page of Tabernetes is served; `lesson`, `profile`, `panes` (`diagram,terminal`),
 * `seed` and `theme` (`dark`, `light`, `auto`) are optional. It starts once it comes near the visible part of the page,
 * or when a command is run.
 *
 *     <tabernetes-playground src="https://play.example/" panes="terminal"></tabernetes-playground>
 *     const { exitCode, output } = await document.querySelector('tabernetes-playground').run('kubectl get nodes')
 */
export class TabernetesPlayground extends HTMLElement {
  static readonly observedAttributes: readonly string[] = ['src', 'theme', ...parameters];

  private readonly frame = document.createElement('iframe');
  private readonly runs = new Map<number, (answer: CommandResult | Error) => void>();
  private lastRun = 0;
  private isReady = false;
  /** What is said before anybody can hear it. */
  private waiting: HostMessage[] = [];

  constructor() {
    super();
    const sheet = document.createElement('style');
    sheet.textContent = style;
    this.frame.title = 'Kubernetes playground';
    this.frame.loading = 'lazy';
    this.frame.allow = 'clipboard-read; clipboard-write';
    this.attachShadow({ mode: 'open' }).append(sheet, this.frame);
  }

  connectedCallback(): void {
    addEventListener('message', this.heard);
    this.open();
  }

  disconnectedCallback(): void {
    removeEventListener('message', this.heard);
    this.forget('the playground was taken from the page');
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (!this.isConnected || before === after) return;
    if (name === 'theme') this.tell({ kind: 'theme', theme: isThemeChoice(after) ? after : 'auto' });
    else this.open();
  }

  /** Runs a command in the terminal, or behind the scenes when none shows. Rejects when the playground goes away. */
  run(command: string): Promise<CommandResult> {
    const id = ++this.lastRun;
    this.frame.loading = 'eager';
    return new Promise((resolve, reject) => {
      this.runs.set(id, (answer) => (answer instanceof Error ? reject(answer) : resolve(answer)));
      this.tell({ kind: 'run', id, command });
    });
  }

  /** Puts a command of one line into the prompt; the learner presses Enter. */
  insert(command: string): void {
    this.tell({ kind: 'insert', command });
  }

  /** Opens YAML in the editor; the learner applies it. */
  load(yaml: string): void {
    this.tell({ kind: 'load', text: yaml });
  }

  private open(): void {
    this.forget('the playground began anew');
    this.isReady = false;
    const src = this.getAttribute('src');
    if (src === null) throw new Error('<tabernetes-playground> needs src: where the page of Tabernetes is served');
    const url = new URL(src, document.baseURI);
    url.searchParams.set('embed', '1');
    url.searchParams.set('origin', location.origin);
    for (const name of ['theme', ...parameters]) {
      const value = this.getAttribute(name);
      if (value !== null) url.searchParams.set(name, value);
    }
    this.frame.src = url.href;
  }

  /** Nobody will answer any more. */
  private forget(why: string): void {
    this.waiting = [];
    for (const answer of this.runs.values()) answer(new Error(why));
    this.runs.clear();
  }

  private tell(message: HostMessage): void {
    if (this.isReady) this.frame.contentWindow?.postMessage(marked(message), this.origin);
    else this.waiting.push(message);
  }

  private get origin(): string {
    return new URL(this.frame.src).origin;
  }

  private readonly heard = ({ source, origin, data }: MessageEvent<unknown>): void => {
    if (source === null || source !== this.frame.contentWindow || origin !== this.origin) return;
    const message = frameMessage(data);
    if (message) this.take(message);
  };

  private take(message: FrameMessage): void {
    switch (message.kind) {
      case 'ready':
        this.isReady = true;
        for (const said of this.waiting.splice(0)) this.tell(said);
        this.dispatch('tabernetes-ready', undefined);
        return;
      case 'answered':
        this.answer(message.id, message.result);
        return;
      case 'refused':
        this.answer(message.id, new Error(message.message));
        return;
      case 'ran':
        this.dispatch('tabernetes-ran', { line: message.line, exitCode: message.exitCode });
        return;
      case 'progress':
        this.dispatch('tabernetes-progress', message.progress);
    }
  }

  private answer(id: number, answer: CommandResult | Error): void {
    this.runs.get(id)?.(answer);
    this.runs.delete(id);
  }

  private dispatch<Name extends keyof PlaygroundEvents>(name: Name, detail: PlaygroundEvents[Name]['detail']): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

customElements.define('tabernetes-playground', TabernetesPlayground);
