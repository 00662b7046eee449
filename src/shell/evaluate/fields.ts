// Collects the fields that a word expands to: literal and quoted text, split expansions, and which of it may glob.
import { escapePattern } from './pattern.ts';

export interface Field {
  readonly text: string;
  /** The text as a shell pattern: what was quoted is escaped. */
  readonly pattern: string;
  readonly quoted: boolean;
}

export class FieldList {
  private readonly done: Field[] = [];
  private text = '';
  private pattern = '';
  private open = false;
  private hasQuotes = false;

  /** `separators` undefined: nothing is split. */
  constructor(private readonly separators: string | undefined) {}

  literal(text: string): void {
    this.text += text;
    this.pattern += text;
    this.open ||= text !== '';
  }

  quoted(text: string): void {
    this.text += text;
    this.pattern += escapePattern(text);
    this.open = true;
    this.hasQuotes = true;
  }

  /** The result of an unquoted expansion: split at IFS. */
  expansion(text: string): void {
    if (this.separators === undefined || this.separators === '') {
      this.literal(text);
      return;
    }
    for (const [i, piece] of splitFields(text, this.separators).entries()) {
      if (i > 0) this.next();
      this.literal(piece);
    }
  }

  /** Ends the field; an empty one that had no quotes vanishes. */
  next(): void {
    if (this.open) this.done.push({ text: this.text, pattern: this.pattern, quoted: this.hasQuotes });
    this.text = '';
    this.pattern = '';
    this.open = false;
    this.hasQuotes = false;
  }

  finish(): readonly Field[] {
    this.next();
    return this.done;
  }
}

/** Splits at IFS: blanks of it join, other characters of it each end a field. */
function splitFields(text: string, separators: string): readonly string[] {
  const isBlank = (char: string) => separators.includes(char) && ' \t\n'.includes(char);
  const fields: string[] = [];
  let current = '';
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (!separators.includes(char)) {
      current += char;
      continue;
    }
    fields.push(current);
    current = '';
    while (isBlank(text.charAt(i + 1))) i++;
    if (isBlank(char) && i + 1 < text.length && separators.includes(text.charAt(i + 1))) i++;
  }
  fields.push(current);
  return fields;
}
