// Parses words: quotes, $-expansions, command and process substitution.

import { parseAnsiString } from './ansi-string.ts';
import type { Word, WordPart } from './ast.ts';
import { parseBraced } from './parameters.ts';
import { Scanner } from './scanner.ts';

const wordEnds = new Set([' ', '\t', '\n', '\r', ';', '&', '|', '<', '>', '(', ')']);
const escapableInDouble = new Set(['$', '`', '"', '\\', '\n']);

/** The word that begins here; undefined where none does. */
export function parseWord(
  scanner: Scanner,
  ends: (char: string) => boolean = (char) => wordEnds.has(char),
): Word | undefined {
  const start = scanner.at;
  const parts: WordPart[] = [];
  while (!scanner.ended) {
    const { char } = scanner;
    if ((char === '<' || char === '>') && scanner.text.charAt(scanner.at + 1) === '(') {
      scanner.at += 2;
      parts.push({ kind: 'process', direction: char, script: scanner.nested.script(scanner) });
    } else if (ends(char)) break;
    else parts.push(...parsePart(scanner, false));
  }
  return scanner.at === start ? undefined : { parts: joinText(parts) };
}

/** Text as between double quotes, up to a character (consumed) or, without one, to the end. */
export function parseDouble(scanner: Scanner, end?: '"'): readonly WordPart[] {
  const line = scanner.line();
  const parts: WordPart[] = [];
  for (;;) {
    if (scanner.ended) {
      if (!end) return joinText(parts);
      scanner.fail({ kind: 'unterminated', detail: '"', incomplete: true, line });
    }
    if (scanner.char === end) {
      scanner.at++;
      return joinText(parts);
    }
    if (!end && scanner.char === '"') {
      parts.push({ kind: 'quoted', text: '"' });
      scanner.at++;
    } else parts.push(...parsePart(scanner, true, end === undefined));
  }
}

/** The text of a here-document or prompt, with its expansions. */
export function parseDocument(text: string, scanner: Scanner, line: number): Word {
  const inner = new Scanner(text, scanner.nested, line);
  return { parts: [{ kind: 'double', parts: parseDouble(inner) }] };
}

function parsePart(scanner: Scanner, inDouble: boolean, inDocument = false): readonly WordPart[] {
  const { char } = scanner;
  if (char === '\\') return parseBackslash(scanner, inDouble, inDocument);
  if (char === '$') return [parseDollar(scanner, inDouble)];
  if (char === '`') return [parseBackquoted(scanner)];
  if (!inDouble && char === "'") return [parseSingle(scanner)];
  if (!inDouble && char === '"') {
    scanner.at++;
    return [{ kind: 'double', parts: parseDouble(scanner, '"') }];
  }
  scanner.at++;
  return [{ kind: inDouble ? 'quoted' : 'text', text: char }];
}

function parseBackslash(scanner: Scanner, inDouble: boolean, inDocument: boolean): readonly WordPart[] {
  const next = scanner.text.charAt(scanner.at + 1);
  scanner.at += next === '' ? 1 : 2;
  if (next === '\n') return [];
  const kept = next === '' || (inDouble && (!escapableInDouble.has(next) || (inDocument && next === '"')));
  return [{ kind: 'quoted', text: kept ? `\\${next}` : next }];
}

function parseSingle(scanner: Scanner): WordPart {
  const end = scanner.text.indexOf("'", scanner.at + 1);
  if (end === -1) scanner.fail({ kind: 'unterminated', detail: "'", incomplete: true });
  const text = scanner.text.slice(scanner.at + 1, end);
  scanner.at = end + 1;
  return { kind: 'quoted', text };
}

function parseBackquoted(scanner: Scanner): WordPart {
  const line = scanner.line();
  let inner = '';
  for (scanner.at++; scanner.char !== '`'; scanner.at++) {
    if (scanner.ended) scanner.fail({ kind: 'unterminated', detail: '`', incomplete: true, line });
    if (scanner.char === '\\' && '$`\\'.includes(scanner.text.charAt(scanner.at + 1) || ' ')) scanner.at++;
    inner += scanner.char;
  }
  scanner.at++;
  const nested = new Scanner(`${inner}\n)`, scanner.nested, line);
  nested.depth = scanner.depth + 1;
  return { kind: 'command', script: scanner.nested.script(nested) };
}

function parseDollar(scanner: Scanner, inDouble: boolean): WordPart {
  const rest = scanner.text.slice(scanner.at + 1, scanner.at + 80);
  if (rest.startsWith('((')) {
    const arithmetic = parseArithmetic(scanner, scanner.at + 3);
    if (arithmetic) return { kind: 'arithmetic', expression: arithmetic };
  }
  if (rest.startsWith('(')) {
    scanner.at += 2;
    return { kind: 'command', script: scanner.nested.script(scanner) };
  }
  if (rest.startsWith('{')) {
    scanner.at += 2;
    return parseBraced(scanner, inDouble, parseOperand);
  }
  if (rest.startsWith("'") && !inDouble) return { kind: 'quoted', text: parseAnsiString(scanner) };
  if (rest.startsWith('"') && !inDouble) {
    scanner.at += 2;
    return { kind: 'double', parts: parseDouble(scanner, '"') };
  }
  const name = /^(?:[A-Za-z_][A-Za-z0-9_]*|[0-9@*#?$!-])/.exec(
    scanner.text.slice(scanner.at + 1, scanner.at + 300),
  )?.[0];
  scanner.at++;
  if (name === undefined) return { kind: inDouble ? 'quoted' : 'text', text: '$' };
  scanner.at += name.length;
  return { kind: 'parameter', name, index: undefined, prefix: undefined, operator: '', operands: [] };
}

/** `((…))` from `start`; undefined (and nothing consumed) when it is two subshells. */
export function parseArithmetic(scanner: Scanner, start: number): Word | undefined {
  let depth = 0;
  for (let i = start; i < scanner.text.length; i++) {
    const char = scanner.text.charAt(i);
    if (char === '(') depth++;
    else if (char === ')' && depth > 0) depth--;
    else if (char === ')') {
      if (scanner.text.charAt(i + 1) !== ')') return undefined;
      const expression = parseDocument(scanner.text.slice(start, i), scanner, scanner.line());
      scanner.at = i + 2;
      return expression;
    }
  }
  return undefined;
}

/** An operand inside ${…}, up to one of the given characters (not consumed). */
function parseOperand(scanner: Scanner, ends: string, inDouble: boolean): Word {
  const parts: WordPart[] = [];
  while (!ends.includes(scanner.char)) {
    if (scanner.ended) scanner.fail({ kind: 'unterminated', detail: '}', incomplete: true });
    if (inDouble && scanner.char === '"') {
      scanner.at++;
      parts.push({ kind: 'double', parts: parseDouble(scanner, '"') });
    } else parts.push(...parsePart(scanner, inDouble));
  }
  return { parts: joinText(parts) };
}

/** Neighbouring literals as one. */
function joinText(parts: readonly WordPart[]): readonly WordPart[] {
  const joined: WordPart[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (last && (part.kind === 'text' || part.kind === 'quoted') && last.kind === part.kind)
      joined[joined.length - 1] = { kind: part.kind, text: last.text + part.text };
    else joined.push(part);
  }
  return joined;
}
