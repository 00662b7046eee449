// Parses POSIX regular expressions (basic and extended, with GNU's additions) into a tree.

export type RegexNode =
  | { readonly kind: 'char'; readonly char: string }
  /** A class in JavaScript's syntax, e.g. `[^a-z]`. */
  | { readonly kind: 'set'; readonly source: string }
  | { readonly kind: 'any' | 'start' | 'end' }
  | { readonly kind: 'boundary'; readonly source: string }
  | { readonly kind: 'group'; readonly number: number; readonly body: RegexNode }
  | { readonly kind: 'back'; readonly number: number }
  | { readonly kind: 'repeat'; readonly body: RegexNode; readonly min: number; readonly max: number }
  | { readonly kind: 'sequence' | 'choice'; readonly parts: readonly RegexNode[] };

/** An invalid expression; `message` in the words of the C library. */
export class RegexError extends Error {
  override name = 'RegexError';
}

const repeatMax = 1000;
const depthMax = 100;
const classes: Readonly<Record<string, string>> = {
  alpha: '\\p{L}',
  digit: '0-9',
  alnum: '\\p{L}0-9',
  upper: '\\p{Lu}',
  lower: '\\p{Ll}',
  space: '\\s',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`\\{-~',
  print: '\\x20-\\x7e\\u00a0-\\u{10ffff}',
  graph: '\\x21-\\x7e\\u00a1-\\u{10ffff}',
  cntrl: '\\x00-\\x1f\\x7f',
  xdigit: '0-9A-Fa-f',
};
const wordSets: Readonly<Record<string, string>> = { w: '[\\w]', W: '[^\\w]', s: '[\\s]', S: '[^\\s]' };
const boundaries: Readonly<Record<string, string>> = { b: '\\b', B: '\\B', '<': '\\b(?=\\w)', '>': '\\b(?<=\\w)' };

export function parseRegex(source: string, extended: boolean): { readonly tree: RegexNode; readonly groups: number } {
  const parser = new RegexParser(source, extended);
  return { tree: parser.whole(), groups: parser.groups };
}

class RegexParser {
  groups = 0;
  private at = 0;
  private depth = 0;

  constructor(
    private readonly source: string,
    private readonly extended: boolean,
  ) {}

  whole(): RegexNode {
    const tree = this.choice();
    if (this.at < this.source.length) throw new RegexError(this.extended ? 'Unmatched ( or \\(' : 'Unmatched ) or \\)');
    return tree;
  }

  /** Whether an operator comes next: `(` in extended syntax, `\(` in basic. */
  private sees(operator: string): boolean {
    return this.source.startsWith(this.extended ? operator : `\\${operator}`, this.at);
  }

  private take(operator: string): boolean {
    if (!this.sees(operator)) return false;
    this.at += this.extended ? 1 : 2;
    return true;
  }

  private choice(): RegexNode {
    if (++this.depth > depthMax) throw new RegexError('Regular expression too big');
    const parts = [this.sequence()];
    while (this.take('|')) parts.push(this.sequence());
    this.depth--;
    const [only] = parts;
    return parts.length === 1 && only ? only : { kind: 'choice', parts };
  }

  private sequence(): RegexNode {
    const parts: RegexNode[] = [];
    while (this.at < this.source.length && !this.sees('|') && !(this.sees(')') && (this.depth > 1 || !this.extended))) {
      let node = this.atom(parts.length === 0);
      for (let repeat = this.repeat(); repeat; repeat = this.repeat()) node = { kind: 'repeat', body: node, ...repeat };
      parts.push(node);
    }
    return { kind: 'sequence', parts };
  }

  private repeat(): { min: number; max: number } | undefined {
    if (this.source.charAt(this.at) === '*') {
      this.at++;
      return { min: 0, max: Number.POSITIVE_INFINITY };
    }
    if (this.take('+')) return { min: 1, max: Number.POSITIVE_INFINITY };
    if (this.take('?')) return { min: 0, max: 1 };
    if (!this.sees('{')) return undefined;
    const interval = (this.extended ? /^\{(\d*)(,?)(\d*)\}/ : /^\\\{(\d*)(,?)(\d*)\\\}/).exec(
      this.source.slice(this.at, this.at + 20),
    );
    const [whole = '', low = '', comma = '', high = ''] = interval ?? [];
    if (!interval || (low === '' && high === '')) {
      if (this.extended) return undefined;
      throw new RegexError(whole === '' ? 'Unmatched \\{' : 'Invalid content of \\{\\}');
    }
    this.at += whole.length;
    const min = Number(low || 0);
    const max = high !== '' ? Number(high) : comma ? Number.POSITIVE_INFINITY : min;
    if (min > max) throw new RegexError('Invalid content of \\{\\}');
    if (min > repeatMax || (max > repeatMax && max !== Number.POSITIVE_INFINITY))
      throw new RegexError('Regular expression too big');
    return { min, max };
  }

  private atom(first: boolean): RegexNode {
    if (this.take('(')) return this.group();
    const char = String.fromCodePoint(this.source.codePointAt(this.at) ?? 0);
    this.at += char.length;
    if (char === '.') return { kind: 'any' };
    if (char === '[') return this.bracket();
    if (char === '^' && (this.extended || first)) return { kind: 'start' };
    if (char === '$' && (this.extended || this.at >= this.source.length || this.sees(')') || this.sees('|')))
      return { kind: 'end' };
    if (char === '\\') return this.escape();
    if (this.extended && first && (char === '+' || char === '?'))
      throw new RegexError('Invalid preceding regular expression');
    return { kind: 'char', char };
  }

  private group(): RegexNode {
    const number = ++this.groups;
    const body = this.choice();
    if (!this.take(')')) throw new RegexError('Unmatched ( or \\(');
    return { kind: 'group', number, body };
  }

  private escape(): RegexNode {
    const char = this.source.charAt(this.at++);
    if (char === '') throw new RegexError('Trailing backslash');
    if (Object.hasOwn(wordSets, char)) return { kind: 'set', source: wordSets[char] ?? '' };
    if (Object.hasOwn(boundaries, char)) return { kind: 'boundary', source: boundaries[char] ?? '' };
    if (/[1-9]/.test(char)) {
      if (Number(char) > this.groups) throw new RegexError('Invalid back reference');
      return { kind: 'back', number: Number(char) };
    }
    if (char === 'n') return { kind: 'char', char: '\n' };
    if (char === 't') return { kind: 'char', char: '\t' };
    return { kind: 'char', char };
  }

  private bracket(): RegexNode {
    let source = '';
    const negated = this.source.charAt(this.at) === '^';
    if (negated) this.at++;
    for (let first = true; ; first = false) {
      if (this.at >= this.source.length) throw new RegexError('Unmatched [, [^, [:, [., or [=');
      if (this.source.charAt(this.at) === ']' && !first) break;
      const named = /^\[:([a-z]+):\]/.exec(this.source.slice(this.at, this.at + 12));
      if (named) {
        if (!Object.hasOwn(classes, named[1] ?? '')) throw new RegexError('Invalid character class name');
        source += classes[named[1] ?? ''] ?? '';
        this.at += named[0].length;
      } else source += this.range();
    }
    this.at++;
    return { kind: 'set', source: `[${negated ? '^' : ''}${source}]` };
  }

  private range(): string {
    const low = this.bracketChar();
    if (this.source.charAt(this.at) !== '-' || this.source.charAt(this.at + 1) === ']') return escapeInSet(low);
    this.at++;
    const high = this.bracketChar();
    if (low > high) throw new RegexError('Invalid range end');
    return `${escapeInSet(low)}-${escapeInSet(high)}`;
  }

  /** A backslash is literal in brackets, but GNU's tools read \n and \t there. */
  private bracketChar(): string {
    const char = String.fromCodePoint(this.source.codePointAt(this.at) ?? 0);
    this.at += char.length;
    const next = this.source.charAt(this.at);
    if (char !== '\\' || !'nt]\\'.includes(next || ' ') || next === ']') return char;
    this.at++;
    return next === 'n' ? '\n' : next === 't' ? '\t' : '\\';
  }
}

function escapeInSet(char: string): string {
  return /[\\\]^[-]/.test(char) ? `\\${char}` : char;
}
