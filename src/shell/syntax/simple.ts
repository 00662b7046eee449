// Parses simple commands: assignments, words, redirections, aliases.
import type { Assignment, Redirection, SimpleCommand, Word } from './ast.ts';
import type { CommandParser } from './reserved.ts';
import { literalOf, Scanner } from './scanner.ts';
import { parseDocument, parseWord } from './words.ts';

const redirectionOperators = ['<', '>', '>>', '>|', '<>', '<&', '>&', '<<', '<<-', '<<<', '&>', '&>>'] as const;
const aliasesMax = 50;

export function parseSimple(parser: CommandParser, scanner: Scanner): SimpleCommand {
  scanner.skipBlanks();
  const line = scanner.line();
  const assignments: Assignment[] = [];
  const words: Word[] = [];
  const redirections: Redirection[] = [];
  let expandAlias = true;
  for (;;) {
    scanner.skipBlanks();
    const redirection = parseRedirection(scanner);
    if (redirection) {
      redirections.push(redirection);
      continue;
    }
    const assignment = words.length === 0 ? parseAssignment(scanner) : undefined;
    if (assignment) {
      assignments.push(assignment);
      continue;
    }
    const listed = isDeclaration(words[0]) ? parseListAssignment(scanner) : undefined;
    const word = listed ?? parseWord(scanner);
    if (!word) break;
    if (!expandAlias) {
      words.push(word);
      continue;
    }
    const expansion = aliasWords(parser, scanner, word);
    words.push(...(expansion?.words ?? [word]));
    expandAlias = expansion?.again ?? false;
  }
  if (scanner.operator() === '(') scanner.unexpected();
  return { kind: 'simple', assignments, words, redirections, line };
}

/** `declare a=(1 2)`: the list is kept as one word, `a=( … )`, that the builtin parses again. */
function parseListAssignment(scanner: Scanner): Word | undefined {
  const head = /^[A-Za-z_][A-Za-z0-9_]*\+?=\(/.exec(scanner.text.slice(scanner.at, scanner.at + 300))?.[0];
  if (!head) return undefined;
  const start = scanner.at;
  parseAssignment(scanner);
  return { parts: [{ kind: 'quoted', text: scanner.text.slice(start, scanner.at) }] };
}

function isDeclaration(word: Word | undefined): boolean {
  return word !== undefined && ['declare', 'local', 'readonly', 'export', 'typeset'].includes(literalOf(word));
}

/** An alias's words in place of its name; `again` when its blank at the end lets the next word be an alias too. */
function aliasWords(
  parser: CommandParser,
  scanner: Scanner,
  word: Word,
): { readonly words: readonly Word[]; readonly again: boolean } | undefined {
  const [part] = word.parts;
  if (word.parts.length !== 1 || part?.kind !== 'text') return undefined;
  const seen = new Set<string>();
  let text = part.text;
  for (let i = 0; i < aliasesMax; i++) {
    const name = /^\S*/.exec(text)?.[0] ?? '';
    const value = seen.has(name) ? undefined : parser.aliases.get(name);
    if (value === undefined) break;
    seen.add(name);
    text = value + text.slice(name.length);
  }
  if (seen.size === 0) return undefined;
  const inner = new Scanner(text, scanner.nested, scanner.line());
  const words: Word[] = [];
  for (inner.skipBlanks(); !inner.ended; inner.skipBlanks()) {
    const next = parseWord(inner);
    if (!next) break;
    words.push(next);
  }
  return { words, again: /\s$/.test(text) };
}

export function parseAssignment(scanner: Scanner): Assignment | undefined {
  const head = /^([A-Za-z_][A-Za-z0-9_]*)(\[|\+?=)/.exec(scanner.text.slice(scanner.at, scanner.at + 300));
  if (!head) return undefined;
  const [whole, name = '', after] = head;
  const start = scanner.at;
  scanner.at += whole.length;
  let index: Word | undefined;
  let append = after === '+=';
  if (after === '[') {
    index = parseWord(scanner, (char) => char === ']' || char === '\n') ?? { parts: [] };
    const equals = /^\](\+?)=/.exec(scanner.text.slice(scanner.at, scanner.at + 3));
    if (!equals) {
      scanner.at = start;
      return undefined;
    }
    append = equals[1] === '+';
    scanner.at += equals[0].length;
  }
  if (scanner.char === '(' && index === undefined) {
    scanner.at++;
    return { name, index, append, value: { list: parseWordList(scanner) } };
  }
  return { name, index, append, value: parseWord(scanner) ?? { parts: [] } };
}

/** The words of `(…)`, the bracket already open. */
function parseWordList(scanner: Scanner): readonly Word[] {
  const list: Word[] = [];
  for (;;) {
    scanner.skipLines();
    if (scanner.accept(')')) return list;
    const word = parseWord(scanner);
    if (!word) scanner.unexpected(')');
    list.push(word);
  }
}

export function parseRedirection(scanner: Scanner): Redirection | undefined {
  const start = scanner.at;
  const digits = /^[0-9]{1,3}(?=[<>])/.exec(scanner.text.slice(scanner.at, scanner.at + 4))?.[0] ?? '';
  scanner.at += digits.length;
  const found = scanner.operator();
  const operator = redirectionOperators.find((candidate) => candidate === found);
  const substitution = (found === '<' || found === '>') && scanner.text.charAt(scanner.at + 1) === '(' && digits === '';
  if (!operator || substitution) {
    scanner.at = start;
    return undefined;
  }
  scanner.at += operator.length;
  scanner.skipBlanks();
  if (operator === '<<' || operator === '<<-') return parseHereDocument(scanner, operator === '<<-', digits);
  const target = parseWord(scanner);
  if (!target) scanner.unexpected();
  if (operator === '&>' || operator === '&>>')
    return { descriptor: 'both', operator: operator === '&>' ? '>' : '>>', target };
  const descriptor = digits === '' ? undefined : Number(digits);
  // `>& file` sends both, `>& 2` copies a descriptor.
  if (
    operator === '>&' &&
    descriptor === undefined &&
    !/^(\d+|-)$/.test(literalOf(target)) &&
    target.parts[0]?.kind !== 'parameter'
  )
    return { descriptor: 'both', operator: '>', target };
  return { descriptor, operator, target };
}

function parseHereDocument(scanner: Scanner, stripTabs: boolean, digits: string): Redirection {
  const word = parseWord(scanner);
  if (!word) scanner.unexpected();
  const quoted = word.parts.some(({ kind }) => kind !== 'text');
  const target: { parts: Word['parts'] } = { parts: [] };
  scanner.expectDocument({
    delimiter: literalOf(word),
    quoted,
    stripTabs,
    fill: (body, line) => {
      target.parts = quoted ? [{ kind: 'quoted', text: body }] : parseDocument(body, scanner, line).parts;
    },
  });
  return { descriptor: digits === '' ? undefined : Number(digits), operator: '<<', target };
}
