// The parser's errors in the words and with the line numbers of go-yaml (libyaml), which every kubectl user has met.

/** What the parser tells of an error: its code, its text, and where it is (lines and columns from 1). */
export interface ParserError {
  readonly code: string;
  readonly message: string;
  readonly linePos?: readonly { readonly line: number; readonly col: number }[] | undefined;
}

/** `line 4: did not find expected key`. Errors of libyaml's parser count lines from 0 and hide line 0. */
export function yamlProblem(text: string, error: ParserError): string {
  const { line, col } = error.linePos?.[0] ?? { line: 1, col: 1 };
  const lines = text.split('\n');
  const { message, at } = translate(error, { lines, line, col });
  return at > 0 ? `line ${at}: ${message}` : message;
}

interface Place {
  readonly lines: readonly string[];
  readonly line: number;
  readonly col: number;
}

interface Problem {
  readonly message: string;
  /** The line as shown; 0 hides it. */
  readonly at: number;
}

/** Errors of libyaml's scanner: the line as people count it, except the first, which is hidden. */
function scanner(message: string, line: number): Problem {
  return { message, at: line === 1 ? 0 : line };
}

/** Errors of libyaml's parser: one less than people count. */
function parser(message: string, line: number): Problem {
  return { message, at: line - 1 };
}

const mappingValues = 'mapping values are not allowed in this context';

function translate(error: ParserError, place: Place): Problem {
  const { lines, line } = place;
  switch (error.code) {
    case 'TAB_AS_INDENT': {
      const before = previousLine(lines, line);
      return /(^|[:\-?]\s*)$/.test(before)
        ? scanner('found character that cannot start any token', line)
        : scanner('found a tab character that violates indentation', line);
    }
    case 'BAD_SCALAR_START':
      return scanner('found character that cannot start any token', line);
    case 'BAD_DQ_ESCAPE':
      return scanner('found unknown escape character', line);
    case 'BLOCK_AS_IMPLICIT_KEY':
      if (error.message.includes('block sequence')) return parser('did not find expected key', line);
      return scanner(mappingValues, lineOfSecondColon(place));
    case 'MULTILINE_IMPLICIT_KEY':
      return isRequiredKey(place)
        ? scanner("could not find expected ':'", line + 1)
        : scanner(mappingValues, lineOfSecondColon(place));
    case 'MISSING_CHAR':
      return missing(error.message, place);
    case 'BAD_INDENT':
      return badIndent(error.message, place);
    case 'UNEXPECTED_TOKEN':
      if (error.message.includes('block-seq-ind'))
        return scanner('block sequence entries are not allowed in this context', line);
      return parser('did not find expected key', line);
    default:
      return parser('did not find expected node content', line);
  }
}

function missing(message: string, { lines, line, col }: Place): Problem {
  // A text that ends within its last line ends, to libyaml, with the line after it.
  const ending = line === lines.length && col > 1 ? line + 1 : line;
  if (message.includes('quote')) return scanner('found unexpected end of stream', line);
  if (message.includes('Implicit map keys')) return scanner("could not find expected ':'", line + 1);
  const isFlow = message.includes('Flow map') || message.includes('Flow sequence');
  if (isFlow && /[[{,]\s*$/.test(lines.join('\n'))) return parser('did not find expected node content', ending);
  if (message.includes('Flow map')) return parser("did not find expected ',' or '}'", ending);
  if (message.includes('Flow sequence')) return parser("did not find expected ',' or ']'", ending);
  return parser('did not find expected key', line);
}

function badIndent(message: string, { lines, line }: Place): Problem {
  if (message.includes('Flow') && /[[{,]\s*$/.test(previousLine(lines, line)))
    return parser('did not find expected node content', line);
  if (message.includes('Flow sequence')) return parser("did not find expected ',' or ']'", line);
  if (message.includes('Flow map')) return parser("did not find expected ',' or '}'", line);
  const here = lines[line - 1] ?? '';
  if (message.includes('Block scalar') && here.trimStart() !== '' && here.includes('\t'))
    return scanner('found a tab character where an indentation space is expected', line);
  const before = previousLine(lines, line);
  const afterItem = before.trimStart().startsWith('- ') && indentOf(before) === indentOf(here);
  return parser(afterItem ? "did not find expected '-' indicator" : 'did not find expected key', line);
}

function previousLine(lines: readonly string[], line: number): string {
  for (let i = line - 2; i >= 0; i--) {
    const text = lines[i] ?? '';
    if (text.trim() !== '' && !text.trimStart().startsWith('#')) return text;
  }
  return '';
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** The line with the colon that does not belong: on the error's own line, or where a text ran on to. */
function lineOfSecondColon({ lines, line, col }: Place): number {
  const colon = /:(\s|$)/;
  if (colon.test((lines[line - 1] ?? '').slice(col - 1))) return line;
  const after = lines.slice(line).findIndex((text) => colon.test(text));
  return after < 0 ? line : line + 1 + after;
}

/** Whether a text stands where its mapping already has keys: there libyaml demands a colon. */
function isRequiredKey({ lines, line, col }: Place): boolean {
  const here = lines[line - 1] ?? '';
  if (indentOf(here) !== col - 1) return false;
  for (let i = line - 2; i >= 0; i--) {
    const text = lines[i] ?? '';
    if (text.trim() === '' || text.trimStart().startsWith('#') || indentOf(text) > indentOf(here)) continue;
    return indentOf(text) === indentOf(here) && !text.startsWith('---');
  }
  return false;
}
