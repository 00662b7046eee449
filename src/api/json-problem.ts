// What is wrong with a JSON text, in the words of Go's encoding/json.

/** Go's words, e.g. `invalid character 'x' looking for beginning of value`, or `unexpected EOF`. */
export interface JsonProblem {
  readonly message: string;
  /** Bytes read when it was found; undefined where the text simply ends too early. */
  readonly offset?: number;
}

/** The first problem of the first JSON value of a text, or undefined where that is well formed. */
export function jsonProblem(text: string): JsonProblem | undefined {
  try {
    new Scanner(text).run();
    return undefined;
  } catch (error) {
    if (error instanceof Found) return error.problem;
    throw error;
  }
}

/** Whether a text nests deeper than is read. Go reads ten times as deep. */
export function isTooDeep(text: string): boolean {
  if (text.length <= depthMax) return false;
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (quoted) {
      if (code === backslash) at++;
      else if (code === quote) quoted = false;
    } else if (code === quote) quoted = true;
    else if ((code === openBracket || code === openBrace) && ++depth > depthMax) return true;
    else if (code === closeBracket || code === closeBrace) depth--;
  }
  return false;
}

const [quote, backslash, openBracket, closeBracket, openBrace, closeBrace] = [34, 92, 91, 93, 123, 125];

class Found extends Error {
  constructor(readonly problem: JsonProblem) {
    super(problem.message);
  }
}

const depthMax = 1000;

class Scanner {
  private at = 0;
  private depth = 0;

  constructor(private readonly text: string) {}

  run(): void {
    this.value('looking for beginning of value');
  }

  private fail(context: string): never {
    const here = this.text.charAt(this.at);
    if (here === '') throw new Found({ message: 'unexpected EOF' });
    const offset = this.text.slice(0, this.at).replace(/[^ -~\s]/gu, '  ').length + 1;
    throw new Found({ message: `invalid character ${quoteRune(here)} ${context}`, offset });
  }

  private skip(): string {
    while (/[ \t\r\n]/.test(this.text.charAt(this.at))) this.at++;
    return this.text.charAt(this.at);
  }

  private value(context: string): void {
    const here = this.skip();
    if (here === '{') this.object();
    else if (here === '[') this.array();
    else if (here === '"') this.string();
    else if (/[-0-9]/.test(here)) this.number();
    else if (here === 't') this.word('true');
    else if (here === 'f') this.word('false');
    else if (here === 'n') this.word('null');
    else this.fail(context);
  }

  private object(): void {
    if (++this.depth > depthMax) throw new Found({ message: 'exceeded max depth', offset: this.at });
    this.at++;
    if (this.skip() === '}') {
      this.at++;
      this.depth--;
      return;
    }
    for (;;) {
      if (this.skip() !== '"') this.fail('looking for beginning of object key string');
      this.string();
      if (this.skip() !== ':') this.fail('after object key');
      this.at++;
      this.value('looking for beginning of value');
      const next = this.skip();
      if (next !== ',' && next !== '}') this.fail('after object key:value pair');
      this.at++;
      if (next === '}') break;
    }
    this.depth--;
  }

  private array(): void {
    if (++this.depth > depthMax) throw new Found({ message: 'exceeded max depth', offset: this.at });
    this.at++;
    if (this.skip() === ']') {
      this.at++;
      this.depth--;
      return;
    }
    for (;;) {
      this.value('looking for beginning of value');
      const next = this.skip();
      if (next !== ',' && next !== ']') this.fail('after array element');
      this.at++;
      if (next === ']') break;
    }
    this.depth--;
  }

  private string(): void {
    for (this.at++; ; this.at++) {
      const here = this.text.charAt(this.at);
      if (here === '"') break;
      if (here === '' || here < ' ') this.fail('in string literal');
      if (here !== '\\') continue;
      this.at++;
      if (!/["\\/bfnrtu]/.test(this.text.charAt(this.at))) this.fail('in string escape code');
    }
    this.at++;
  }

  private number(): void {
    const match = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/.exec(
      this.text.slice(this.at, this.at + 1000),
    );
    if (!match) {
      this.at++;
      this.fail('in numeric literal');
    }
    this.at += match[0].length;
  }

  private word(word: string): void {
    for (let i = 0; i < word.length; i++, this.at++)
      if (this.text.charAt(this.at) !== word.charAt(i))
        this.fail(`in literal ${word} (expecting ${quoteRune(word.charAt(i))})`);
  }
}

function quoteRune(rune: string): string {
  if (rune === "'") return "'\\''";
  const short: Readonly<Record<string, string>> = { '\n': '\\n', '\t': '\\t', '\r': '\\r', '\\': '\\\\' };
  return `'${short[rune] ?? rune}'`;
}
