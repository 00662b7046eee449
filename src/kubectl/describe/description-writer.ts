// Builds the text of a description: lines at levels of two spaces, tabs aligned into columns at the end.
import { alignTabs } from '../../base/tab-writer.ts';

export class DescriptionWriter {
  private done = '';
  private pending = '';

  /** `indent` is added to the level of every write: a section inside another one. */
  constructor(private readonly indent = 0) {}

  /** Text as it is, with the level's spaces before its first line. */
  write(level: number, text: string): void {
    this.pending += '  '.repeat(level + this.indent) + escapeTerminal(text);
  }

  line(level: number, text: string): void {
    this.write(level, `${text}\n`);
  }

  /** `Label:<tab>value`. */
  field(level: number, label: string, value: string | number | boolean): void {
    this.write(level, `${label}:\t${value}\n`);
  }

  /** A field that is left out where it has no value. */
  optional(level: number, label: string, value: string | number | undefined): void {
    if (value !== undefined && value !== '') this.field(level, label, value);
  }

  /** Ends the columns: what follows is aligned by itself. */
  flush(): void {
    this.done += alignTabs(this.pending);
    this.pending = '';
  }

  /** What `write` puts into a writer that indents by `levels` more, as text of this one. */
  nested(levels: number, write: (writer: DescriptionWriter) => void): void {
    const inner = new DescriptionWriter(this.indent + levels);
    write(inner);
    this.pending += inner.pending;
  }

  /** What was written, with its tabs: rollout history shows templates so. */
  rawText(): string {
    return this.done + this.pending;
  }

  text(): string {
    this.flush();
    return this.done;
  }
}

/** Escape sequences in data must not reach the terminal. */
function escapeTerminal(text: string): string {
  return text.replaceAll('\u001b', '^[').replaceAll('\r', '\\r');
}
