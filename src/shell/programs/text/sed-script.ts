// Parses sed scripts: addresses, commands, s///.
import { readEscape } from '../../syntax/ansi-string.ts';
import { compileRegex, type Regex } from '../../text/regex.ts';

export type Address =
  | { readonly kind: 'line'; readonly line: number }
  | { readonly kind: 'last' }
  | { readonly kind: 'step'; readonly first: number; readonly step: number }
  | { readonly kind: 'plus'; readonly count: number }
  /** No regex: the last one that was used. */
  | { readonly kind: 'match'; readonly regex: Regex | undefined };

export interface Substitution {
  readonly regex: Regex | undefined;
  readonly replacement: readonly ReplacementPart[];
  readonly global: boolean;
  readonly print: boolean;
  readonly nth: number;
  readonly file: string | undefined;
}

export type ReplacementPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'group'; readonly number: number }
  | { readonly kind: 'case'; readonly mode: string };

export interface SedCommand {
  readonly addresses: readonly Address[];
  readonly negated: boolean;
  readonly name: string;
  /** Text of a, i, c; label of b, t; file of r, w; exit code of q. */
  readonly text: string;
  readonly substitution: Substitution | undefined;
  readonly map: ReadonlyMap<string, string> | undefined;
  readonly body: readonly SedCommand[];
  /** Distinguishes the command's own range state. */
  readonly id: number;
}

export class SedError extends Error {
  override name = 'SedError';
}

const depthMax = 50;

export function parseSed(source: string, extended: boolean): readonly SedCommand[] {
  const parser = new SedParser(source, extended);
  return parser.commands(0);
}

class SedParser {
  private at = 0;
  private nextId = 0;

  constructor(
    private readonly source: string,
    private readonly extended: boolean,
  ) {}

  /** The next character; a call, so that the type checker does not take it for unchanged. */
  private peek(): string {
    return this.source.charAt(this.at);
  }

  private error(message: string): SedError {
    return new SedError(`-e expression #1, char ${this.at}: ${message}`);
  }

  commands(depth: number): readonly SedCommand[] {
    if (depth > depthMax) throw this.error('too many blocks');
    const commands: SedCommand[] = [];
    for (;;) {
      while (/[\s;]/.test(this.peek())) this.at++;
      if (this.peek() === '') {
        if (depth > 0) throw new SedError("-e expression #1, char 0: unmatched `{'");
        return commands;
      }
      if (this.peek() === '#') {
        this.line();
        continue;
      }
      if (this.peek() === '}') {
        this.at++;
        if (depth === 0) throw this.error("unexpected `}'");
        return commands;
      }
      commands.push(this.command(depth));
    }
  }

  private command(depth: number): SedCommand {
    const addresses = this.addresses();
    this.blanks();
    let negated = false;
    while (this.peek() === '!') {
      negated = true;
      this.at++;
      this.blanks();
    }
    const name = this.peek();
    this.at++;
    const base = {
      addresses,
      negated,
      name,
      text: '',
      substitution: undefined,
      map: undefined,
      body: [],
      id: this.nextId++,
    };
    if (name === '') throw this.error('missing command');
    if (name === '{') return { ...base, body: this.commands(depth + 1) };
    if (name === 's') return { ...base, substitution: this.substitution() };
    if (name === 'y') return { ...base, map: this.transliteration() };
    if ('aic'.includes(name)) return { ...base, text: this.textArgument() };
    if (name === ':') return { ...base, text: this.line().trim() };
    if ('bt'.includes(name)) return { ...base, text: this.word() };
    if ('rw'.includes(name)) return { ...base, text: this.line().trim() };
    if (name === 'q' || name === 'Q') return { ...base, text: this.word() };
    if (!'dDpPnNgGhHxl=z'.includes(name)) throw this.error(`unknown command: \`${name}'`);
    this.blanks();
    if (this.peek() !== '' && !/[;\n}#]/.test(this.peek()))
      throw new SedError(`-e expression #1, char ${this.at + 1}: extra characters after command`);
    return base;
  }

  private blanks(): void {
    while (this.peek() === ' ' || this.peek() === '\t') this.at++;
  }

  private line(): string {
    const end = this.source.indexOf('\n', this.at);
    const text = this.source.slice(this.at, end === -1 ? undefined : end);
    this.at = end === -1 ? this.source.length : end;
    return text;
  }

  private word(): string {
    this.blanks();
    const text = /^[^\s;}]*/.exec(this.source.slice(this.at))?.[0] ?? '';
    this.at += text.length;
    return text;
  }

  private addresses(): readonly Address[] {
    const first = this.address();
    if (!first) return [];
    this.blanks();
    if (this.peek() !== ',') return [first];
    this.at++;
    this.blanks();
    const second = this.address();
    if (!second) throw this.error("unexpected `,'");
    return [first, second];
  }

  private address(): Address | undefined {
    const rest = this.source.slice(this.at, this.at + 40);
    const plus = /^\+(\d+)/.exec(rest);
    if (plus) {
      this.at += plus[0].length;
      return { kind: 'plus', count: Number(plus[1]) };
    }
    const line = /^(\d+)(?:~(\d+))?/.exec(rest);
    if (line) {
      this.at += line[0].length;
      return line[2] === undefined
        ? { kind: 'line', line: Number(line[1]) }
        : { kind: 'step', first: Number(line[1]), step: Number(line[2]) };
    }
    if (this.peek() === '$') {
      this.at++;
      return { kind: 'last' };
    }
    if (this.peek() !== '/' && this.peek() !== '\\') return undefined;
    if (this.peek() === '\\') this.at++;
    const delimiter = this.peek();
    this.at++;
    const source = this.delimited(delimiter, 'unterminated address regex');
    const ignoreCase = this.peek() === 'I';
    if (ignoreCase) this.at++;
    return { kind: 'match', regex: this.regex(source, ignoreCase) };
  }

  private regex(source: string, ignoreCase: boolean): Regex | undefined {
    return source === '' ? undefined : compileRegex(source, { extended: this.extended, ignoreCase });
  }

  /** Text up to the delimiter, which is consumed; an escaped delimiter loses its backslash. */
  private delimited(delimiter: string, problem: string): string {
    let text = '';
    let inSet = false;
    for (; this.peek() !== '' && (inSet || this.peek() !== delimiter); this.at++) {
      if (this.peek() === '\\' && !inSet) {
        const next = this.source.charAt(this.at + 1);
        text += next === delimiter && delimiter !== '\\' ? next : `\\${next}`;
        this.at++;
        continue;
      }
      if (this.peek() === '[' && !inSet) inSet = this.closesSet();
      else if (this.peek() === ']' && inSet && !/\[\^?$/.test(text)) inSet = false;
      text += this.peek();
    }
    if (this.peek() === '') throw this.error(problem);
    this.at++;
    return text;
  }

  /** Whether the bracket that opens here closes before the line ends. */
  private closesSet(): boolean {
    return /^\[\^?\]?[^\]\n]*\]/.test(this.source.slice(this.at, this.at + 300));
  }

  private substitution(): Substitution {
    const delimiter = this.peek();
    this.at++;
    const source = this.delimited(delimiter, "unterminated `s' command");
    const replacement = this.replacement(delimiter);
    const flags = /^[gpiIMme\d]*/.exec(this.source.slice(this.at))?.[0] ?? '';
    this.at += flags.length;
    let file: string | undefined;
    if (this.peek() === 'w') {
      this.at++;
      file = this.line().trim();
    }
    this.blanks();
    if (this.peek() !== '' && !/[;\n}#]/.test(this.peek()))
      throw new SedError(`-e expression #1, char ${this.at + 1}: unknown option to \`s'`);
    const regex = this.regex(source, /[iI]/.test(flags));
    for (const part of replacement)
      if (part.kind === 'group' && part.number > (regex?.groups ?? 9))
        throw this.error(`invalid reference \\${part.number} on \`s' command's RHS`);
    return {
      regex,
      replacement,
      global: flags.includes('g'),
      print: flags.includes('p'),
      nth: Number(/\d+/.exec(flags)?.[0] ?? 1),
      file,
    };
  }

  private replacement(delimiter: string): readonly ReplacementPart[] {
    const parts: ReplacementPart[] = [];
    const text = (more: string) => {
      const last = parts.at(-1);
      if (last?.kind === 'text') parts[parts.length - 1] = { kind: 'text', text: last.text + more };
      else parts.push({ kind: 'text', text: more });
    };
    for (; this.peek() !== delimiter; this.at++) {
      if (this.peek() === '') throw this.error("unterminated `s' command");
      if (this.peek() === '&') parts.push({ kind: 'group', number: 0 });
      else if (this.peek() === '\\') {
        const next = this.source.charAt(this.at + 1);
        if (/\d/.test(next)) parts.push({ kind: 'group', number: Number(next) });
        else if (/[ULEul]/.test(next)) parts.push({ kind: 'case', mode: next });
        else if (/[nt]/.test(next)) text(next === 'n' ? '\n' : '\t');
        else if (next === '\n' || next === '&' || next === delimiter || next === '\\') text(next);
        else {
          const found = readEscape(this.source, this.at, { octalNeedsZero: false });
          text(found.text.startsWith('\\') ? next : found.text);
        }
        this.at++;
      } else text(this.peek());
    }
    this.at++;
    return parts;
  }

  private transliteration(): ReadonlyMap<string, string> {
    const delimiter = this.peek();
    this.at++;
    const plain = (text: string) => [...text.replace(/\\n/g, '\n').replace(/\\\\/g, '\\')];
    const from = plain(this.delimited(delimiter, "unterminated `y' command"));
    const to = plain(this.delimited(delimiter, "unterminated `y' command"));
    if (from.length !== to.length) throw this.error("strings for `y' command are different lengths");
    return new Map(from.map((char, i) => [char, to[i] ?? '']));
  }

  /** `a text` or `a\` and the text on the next lines. */
  private textArgument(): string {
    this.blanks();
    if (this.peek() === '\\') {
      this.at++;
      this.blanks();
      if (this.peek() === '\n') this.at++;
    }
    if (this.peek() === '') throw this.error("expected \\ after `a', `c' or `i'");
    let text = '';
    for (; this.peek() !== '' && this.peek() !== '\n'; this.at++) {
      if (this.peek() === '\\') this.at++;
      text += this.peek();
    }
    return text;
  }
}
