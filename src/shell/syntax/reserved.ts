// Reserved words, and what the parsers of commands share.
import type { Command, Script } from './ast.ts';
import type { Scanner } from './scanner.ts';

export interface CommandParser {
  readonly aliases: ReadonlyMap<string, string>;
  /** Items up to one of these reserved words or operators (not consumed). At least one unless `empty`. */
  body(scanner: Scanner, ends: readonly string[], options?: { readonly empty?: boolean }): Script;
  command(scanner: Scanner): Command;
}

/** Whether a reserved word comes next as a word of its own. */
export function atReserved(scanner: Scanner, word: string): boolean {
  scanner.skipBlanks();
  if (!scanner.startsWith(word)) return false;
  const next = scanner.text.charAt(scanner.at + word.length);
  return next === '' || /[\s;&|<>()]/.test(next);
}

export function acceptReserved(scanner: Scanner, word: string): boolean {
  if (!atReserved(scanner, word)) return false;
  scanner.at += word.length;
  return true;
}
