// Go's regular expressions (RE2) as JavaScript's: the few spellings that differ, and what RE2 does not have.
//
//   (?i)^a(?P<x>b)\z  ─▶  /^a(?<x>b)$/iu

const known = new Map<string, RegExp | GoRegexpError>();
const knownMax = 1000;

/** The message is that of Go's regexp/syntax. */
export class GoRegexpError extends Error {
  override name = 'GoRegexpError';
}

/** The expression of a Go pattern. Throws {@link GoRegexpError}. */
export function goRegexp(pattern: string): RegExp {
  let found = known.get(pattern);
  if (!found) {
    found = compile(pattern);
    if (known.size >= knownMax) known.clear();
    known.set(pattern, found);
  }
  if (found instanceof GoRegexpError) throw found;
  return found;
}

function compile(pattern: string): RegExp | GoRegexpError {
  const problem = unsupported(pattern);
  if (problem !== undefined) return new GoRegexpError(`error parsing regexp: ${problem}`);
  const flags = /^\(\?([imsU]+)\)/.exec(pattern);
  const source = (flags ? pattern.slice(flags[0].length) : pattern)
    .replace(/\(\?P</g, '(?<')
    .replace(/\\z/g, '$')
    .replace(/\\A/g, '^')
    .replace(/\[\[:(\^?)(\w+):\]\]/g, (_, not: string, name: string) => `[${not}${classes[name] ?? ''}]`)
    .replace(/\[:(\w+):\]/g, (_, name: string) => classes[name] ?? '');
  const own = flags?.[1]?.replace('U', '') ?? '';
  for (const unicode of ['u', ''])
    try {
      return new RegExp(source, own + unicode);
    } catch {
      // Without the u flag JavaScript is more lenient.
    }
  return new GoRegexpError(`error parsing regexp: ${describe(pattern)}`);
}

const classes: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  digit: '0-9',
  lower: 'a-z',
  upper: 'A-Z',
  space: '\\s',
  word: '\\w',
  xdigit: '0-9A-Fa-f',
  punct: '!-/:-@[-`{-~',
};

/** Look-around and back references: RE2 has neither. */
function unsupported(pattern: string): string | undefined {
  const look = /(?<!\\)\(\?(?:<?[=!])/.exec(pattern);
  if (look) return `invalid or unsupported Perl syntax: \`${look[0]}\``;
  const back = /(?<!\\)(?:\\\\)*(\\[1-9])/.exec(pattern);
  return back ? `invalid escape sequence: \`${back[1]}\`` : undefined;
}

function describe(pattern: string): string {
  if ((pattern.match(/(?<!\\)\(/g) ?? []).length > (pattern.match(/(?<!\\)\)/g) ?? []).length)
    return `missing closing ): \`${pattern}\``;
  if ((pattern.match(/(?<!\\)\)/g) ?? []).length > (pattern.match(/(?<!\\)\(/g) ?? []).length)
    return `unexpected ): \`${pattern}\``;
  const open = pattern.lastIndexOf('[');
  if (open >= 0 && !pattern.includes(']', open)) return `missing closing ]: \`${pattern.slice(open)}\``;
  const repeat = /^[*+?]/.exec(pattern) ?? /\(([*+?])/.exec(pattern);
  if (repeat) return `missing argument to repetition operator: \`${repeat[1] ?? repeat[0]}\``;
  return `invalid syntax: \`${pattern}\``;
}
