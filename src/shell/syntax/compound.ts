// Parses compound commands: groups, if, loops, case, [[ ]], (( )), and functions.
import type { Arm, Branch, Command, Compound, Redirection, Script, TestToken, Word } from './ast.ts';
import { acceptReserved, atReserved, type CommandParser } from './reserved.ts';
import type { Scanner } from './scanner.ts';
import { parseRedirection } from './simple.ts';
import { parseArithmetic, parseDocument, parseWord } from './words.ts';

type Rule = (parser: CommandParser, scanner: Scanner) => Compound;

const rules: readonly { readonly word: string; readonly parse: Rule }[] = [
  { word: '{', parse: (parser, scanner) => ({ kind: 'group', body: closed(parser, scanner, '}') }) },
  { word: 'if', parse: parseIf },
  { word: 'while', parse: (parser, scanner) => parseLoop(parser, scanner, false) },
  { word: 'until', parse: (parser, scanner) => parseLoop(parser, scanner, true) },
  { word: 'for', parse: parseFor },
  { word: 'case', parse: parseCase },
  { word: '[[', parse: parseTest },
];

export function parseCompound(parser: CommandParser, scanner: Scanner): Command | undefined {
  const line = scanner.line();
  if (scanner.startsWith('((')) {
    const expression = parseArithmetic(scanner, scanner.at + 2);
    if (expression) return finish(scanner, { kind: 'arithmetic', expression }, line);
  }
  if (scanner.accept('(')) {
    const body = parser.body(scanner, [')']);
    scanner.accept(')');
    return finish(scanner, { kind: 'subshell', body }, line);
  }
  for (const { word, parse } of rules)
    if (acceptReserved(scanner, word)) return finish(scanner, parse(parser, scanner), line);
  return undefined;
}

function finish(scanner: Scanner, compound: Compound, line: number): Command {
  const redirections: Redirection[] = [];
  for (;;) {
    scanner.skipBlanks();
    const redirection = parseRedirection(scanner);
    if (!redirection) return { ...compound, redirections, line };
    redirections.push(redirection);
  }
}

/** `name() command` or `function name command`. */
export function parseFunction(parser: CommandParser, scanner: Scanner): Command | undefined {
  const line = scanner.line();
  const start = scanner.at;
  const head =
    /^function[ \t]+([^\s()<>;&|$'"`]+)[ \t]*(?:\([ \t]*\))?/.exec(scanner.text.slice(start, start + 300)) ??
    /^([^\s()<>;&|$'"`=#{}!][^\s()<>;&|$'"`=]*)[ \t]*\([ \t]*\)/.exec(scanner.text.slice(start, start + 300));
  if (!head) return undefined;
  scanner.at += head[0].length;
  scanner.skipLines();
  const body = parser.command(scanner);
  const text = scanner.text.slice(start, scanner.at);
  return { kind: 'function', name: head[1] ?? '', body, text, redirections: [], line };
}

/** A body and the word that closes it. */
function closed(parser: CommandParser, scanner: Scanner, end: string): Script {
  const body = parser.body(scanner, [end]);
  acceptReserved(scanner, end);
  return body;
}

function parseIf(parser: CommandParser, scanner: Scanner): Compound {
  const branches: Branch[] = [];
  do {
    const condition = closed(parser, scanner, 'then');
    branches.push({ condition, body: parser.body(scanner, ['fi', 'else', 'elif']) });
  } while (acceptReserved(scanner, 'elif'));
  const otherwise = acceptReserved(scanner, 'else') ? parser.body(scanner, ['fi']) : undefined;
  if (!acceptReserved(scanner, 'fi')) scanner.unexpected('fi');
  return { kind: 'if', branches, otherwise };
}

function parseLoop(parser: CommandParser, scanner: Scanner, until: boolean): Compound {
  const condition = closed(parser, scanner, 'do');
  return { kind: 'loop', until, condition, body: closed(parser, scanner, 'done') };
}

/** `do … done`, or bash's `{ … }`. */
function parseBody(parser: CommandParser, scanner: Scanner): Script {
  scanner.skipLines();
  if (acceptReserved(scanner, '{')) return closed(parser, scanner, '}');
  if (!acceptReserved(scanner, 'do')) scanner.unexpected('do');
  return closed(parser, scanner, 'done');
}

function parseFor(parser: CommandParser, scanner: Scanner): Compound {
  scanner.skipBlanks();
  if (scanner.startsWith('((')) return parseArithmeticFor(parser, scanner);
  const name = /^[A-Za-z_][A-Za-z0-9_]*/.exec(scanner.text.slice(scanner.at, scanner.at + 300))?.[0];
  if (!name) scanner.unexpected();
  scanner.at += name.length;
  scanner.skipLines();
  let words: Word[] | undefined;
  if (acceptReserved(scanner, 'in')) {
    words = [];
    for (;;) {
      scanner.skipBlanks();
      const word = parseWord(scanner);
      if (!word) break;
      words.push(word);
    }
    if (!scanner.accept(';') && scanner.operator() !== '\n') scanner.unexpected('do');
  } else scanner.accept(';');
  return { kind: 'for', name, words, body: parseBody(parser, scanner) };
}

function parseArithmeticFor(parser: CommandParser, scanner: Scanner): Compound {
  const line = scanner.line();
  const start = scanner.at + 2;
  if (!parseArithmetic(scanner, start)) scanner.unexpected();
  const clauses = scanner.text.slice(start, scanner.at - 2).split(';');
  if (clauses.length !== 3) scanner.fail({ kind: 'other', detail: 'syntax error: arithmetic expression required' });
  scanner.accept(';');
  const words = clauses.map((clause) => parseDocument(clause, scanner, line));
  return { kind: 'cFor', clauses: words, body: parseBody(parser, scanner) };
}

function parseCase(parser: CommandParser, scanner: Scanner): Compound {
  scanner.skipBlanks();
  const word = parseWord(scanner);
  if (!word) scanner.unexpected();
  scanner.skipLines();
  if (!acceptReserved(scanner, 'in')) scanner.unexpected('in');
  const arms: Arm[] = [];
  for (;;) {
    scanner.skipLines();
    if (acceptReserved(scanner, 'esac')) return { kind: 'case', word, arms };
    scanner.accept('(');
    const patterns: Word[] = [];
    do {
      scanner.skipBlanks();
      const pattern = parseWord(scanner);
      if (!pattern) scanner.unexpected('esac');
      patterns.push(pattern);
    } while (scanner.accept('|'));
    if (!scanner.accept(')')) scanner.unexpected(')');
    const body = parser.body(scanner, [';;', ';&', ';;&', 'esac'], { empty: true });
    const end = scanner.operator();
    arms.push({ patterns, body, end: end === ';&' || end === ';;&' ? end : ';;' });
    if (end !== ';;' && end !== ';&' && end !== ';;&') continue;
    scanner.accept(end);
  }
}

/** `[[ … ]]`: its words and operators in order; after `=~` brackets and bars belong to the word. */
function parseTest(_parser: CommandParser, scanner: Scanner): Compound {
  const words: TestToken[] = [];
  let afterMatch = false;
  for (;;) {
    scanner.skipLines();
    if (acceptReserved(scanner, ']]')) return { kind: 'test', words };
    if (scanner.ended) scanner.unexpected(']]');
    const operator = scanner.operator();
    if (operator && !afterMatch) {
      if (!['&&', '||', '(', ')', '<', '>'].includes(operator)) scanner.unexpected(']]');
      scanner.accept(operator);
      words.push({ operator });
      continue;
    }
    if (atReserved(scanner, '!')) {
      scanner.at++;
      words.push({ operator: '!' });
      continue;
    }
    let depth = 0;
    const word = parseWord(scanner, (char) => {
      if (!afterMatch) return /[\s;&|<>()]/.test(char);
      if (char === '(') depth++;
      else if (char === ')' && depth-- === 0) return true;
      return depth === 0 && /\s/.test(char);
    });
    if (!word) scanner.unexpected(']]');
    const [part] = word.parts;
    afterMatch = word.parts.length === 1 && part?.kind === 'text' && part.text === '=~';
    words.push({ word });
  }
}
