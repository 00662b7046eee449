// Parses a script. It never throws: what is right comes as a tree, what is wrong as a problem with its line.
//
//   item       := pipeline ((&& | ||) pipeline)* [; | & | newline]
//   pipeline   := [!] command (| command)*
//   command    := simple | compound redirection*
import type { Command, Item, Pipeline, Script, SyntaxProblem } from './ast.ts';
import { parseCompound, parseFunction } from './compound.ts';
import { acceptReserved, atReserved, type CommandParser } from './reserved.ts';
import { Scanner, SyntaxFault } from './scanner.ts';
import { parseSimple } from './simple.ts';

export interface Parsed {
  /** What comes before the problem, in whole lines, as bash runs it before it complains. */
  readonly script: Script;
  readonly problem: SyntaxProblem | undefined;
  /** More lines could follow: of a command that has not ended, or of a here-document. */
  readonly incomplete: boolean;
}

export interface ParseOptions {
  readonly aliases?: ReadonlyMap<string, string>;
  readonly firstLine?: number;
}

/** Words that end a list where a command could begin. */
const closers = new Set(['then', 'else', 'elif', 'fi', 'do', 'done', 'esac', '}', 'in']);

export function parseScript(text: string, options: ParseOptions = {}): Parsed {
  const parser = createParser(options.aliases ?? new Map());
  const scanner = new Scanner(text, { script: (inner) => parser.nested(inner) }, options.firstLine);
  const items: Item[] = [];
  for (;;) {
    const whole = items.length;
    try {
      scanner.skipLines();
      scanner.skipBlanks();
      if (scanner.ended) {
        const incomplete = scanner.waitsForDocument;
        return { script: { kind: 'script', items }, problem: undefined, incomplete };
      }
      parser.line(scanner, items);
    } catch (error) {
      if (!(error instanceof SyntaxFault)) throw error;
      items.length = whole;
      const { problem } = error;
      return { script: { kind: 'script', items }, problem, incomplete: problem.incomplete };
    }
  }
}

function createParser(aliases: ReadonlyMap<string, string>) {
  const parser: CommandParser = {
    aliases,
    body(scanner, ends, options = {}) {
      scanner.enter();
      const items: Item[] = [];
      for (;;) {
        scanner.skipLines();
        scanner.skipBlanks();
        if (atEnd(scanner, ends)) break;
        if (scanner.ended) scanner.unexpected(ends[0]);
        items.push(parseItem(parser, scanner));
        if (!scanner.accept('\n') && !endedItem(scanner) && !atEnd(scanner, ends)) scanner.unexpected(ends[0]);
      }
      if (items.length === 0 && !options.empty) scanner.unexpected(ends[0]);
      scanner.leave();
      return { kind: 'script', items };
    },
    command: (scanner) => parseCommand(parser, scanner),
  };
  return {
    nested(scanner: Scanner): Script {
      const script = parser.body(scanner, [')'], { empty: true });
      scanner.accept(')');
      return script;
    },
    line(scanner: Scanner, items: Item[]): void {
      do {
        items.push(parseItem(parser, scanner));
        scanner.skipBlanks();
      } while (endedItem(scanner) && !scanner.ended && scanner.operator() !== '\n');
      if (scanner.ended) scanner.readDocuments();
      else if (!scanner.accept('\n')) scanner.unexpected();
    },
  };
}

function atEnd(scanner: Scanner, ends: readonly string[]): boolean {
  return ends.some((end) => (/^[a-z}]/.test(end) ? atReserved(scanner, end) : scanner.operator() === end));
}

/** Whether the character before is the `;` or `&` that ended an item. */
function endedItem(scanner: Scanner): boolean {
  let i = scanner.at - 1;
  while (i >= 0 && ' \t\r'.includes(scanner.text.charAt(i))) i--;
  return scanner.text.charAt(i) === ';' || scanner.text.charAt(i) === '&' || scanner.text.charAt(i) === '\n';
}

function parseItem(parser: CommandParser, scanner: Scanner): Item {
  scanner.skipBlanks();
  const start = scanner.at;
  const first = parsePipeline(parser, scanner);
  const rest: { operator: '&&' | '||'; pipeline: Pipeline }[] = [];
  for (;;) {
    const operator = scanner.operator();
    if (operator !== '&&' && operator !== '||') break;
    scanner.accept(operator);
    scanner.skipLines();
    rest.push({ operator, pipeline: parsePipeline(parser, scanner) });
  }
  const text = scanner.text.slice(start, scanner.at).trim();
  const background = scanner.accept('&');
  if (!background) scanner.accept(';');
  return { first, rest, background, text };
}

function parsePipeline(parser: CommandParser, scanner: Scanner): Pipeline {
  const timed = acceptReserved(scanner, 'time');
  let negated = false;
  while (acceptReserved(scanner, '!')) negated = !negated;
  const commands = [parseCommand(parser, scanner)];
  for (;;) {
    const operator = scanner.operator();
    if (operator !== '|' && operator !== '|&') break;
    scanner.accept(operator);
    scanner.skipLines();
    const last = commands.length - 1;
    const left = commands[last];
    if (operator === '|&' && left) commands[last] = withErrors(left);
    commands.push(parseCommand(parser, scanner));
  }
  return { negated, timed, commands };
}

/** `a |& b` is `a 2>&1 | b`. */
function withErrors(command: Command): Command {
  const redirection = { descriptor: 2, operator: '>&', target: { parts: [{ kind: 'text', text: '1' }] } } as const;
  return { ...command, redirections: [...command.redirections, redirection] };
}

function parseCommand(parser: CommandParser, scanner: Scanner): Command {
  scanner.skipBlanks();
  if (scanner.ended) scanner.unexpected();
  const compound = parseCompound(parser, scanner) ?? parseFunction(parser, scanner);
  if (compound) return compound;
  const operator = scanner.operator();
  if (operator && !/[<>]/.test(operator)) scanner.unexpected();
  if (closers.has(scanner.token()) && scanner.token() !== 'in') scanner.unexpected();
  return parseSimple(parser, scanner);
}
