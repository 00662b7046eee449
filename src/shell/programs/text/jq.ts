// jq, as a program.
import type { Reader } from '../../../api/program.ts';
import { decodeUtf8 } from '../../../base/bytes.ts';
import type { JsonValue } from '../../../base/json.ts';
import { type Filter, JqError, JqSyntaxError } from '../../jq/ast.ts';
import { documentEnd } from '../../jq/documents.ts';
import { type Environment, evaluate, truth } from '../../jq/evaluate.ts';
import { parseJq } from '../../jq/parser.ts';
import { printColored, printJson } from '../../jq/print-json.ts';
import { linesOf, readAll } from '../../text/line-reader.ts';
import { RegexError } from '../../text/regex-syntax.ts';
import { type Tool, type ToolDefinition, ToolError } from '../tool.ts';

export const jq: ToolDefinition = {
  name: 'jq',
  raw: true,
  async run(tool) {
    const options = readArguments(tool);
    let filter: Filter;
    try {
      filter = parseJq(options.source);
    } catch (error) {
      if (!(error instanceof JqSyntaxError)) throw error;
      throw new ToolError(`error: ${error.message} at <top-level>, line 1:\n${options.source}\njq: 1 compile error`, 3);
    }
    const env: Environment = {
      variables: options.variables,
      functions: new Map(),
      depth: 0,
      step: () => tool.process.step(),
    };
    return new JqRun(tool, options, { filter, env }).run();
  },
};

interface Options {
  readonly source: string;
  readonly names: readonly string[];
  readonly flags: ReadonlySet<string>;
  readonly variables: ReadonlyMap<string, JsonValue>;
  readonly indent: number | '\t';
}

const longFlags: Readonly<Record<string, string>> = {
  'raw-output': 'r',
  'compact-output': 'c',
  'null-input': 'n',
  'exit-status': 'e',
  slurp: 's',
  'raw-input': 'R',
  'sort-keys': 'S',
  'join-output': 'j',
  'monochrome-output': 'M',
  'color-output': 'C',
  'ascii-output': 'a',
  'from-file': 'f',
  tab: 'tab',
  unbuffered: 'unbuffered',
};

/** Output is as it comes and without colours: -M and --unbuffered have nothing to turn off. */
const shortFlags = new Set(Object.values(longFlags).filter(({ length }) => length === 1));

function unknownOption(word: string): ToolError {
  return new ToolError(
    `Unknown option: ${word}\nUse jq --help for help with command-line options,\nor see the jq manpage, or online docs  at https://jqlang.github.io/jq`,
    2,
  );
}

function readArguments(tool: Tool): Options {
  const args = tool.process.argv.slice(1);
  const operands: string[] = [];
  const flags = new Set<string>();
  const variables = new Map<string, JsonValue>([['$ENV', Object.fromEntries(tool.process.env)]]);
  let indent: number | '\t' = 2;
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? '';
    const long = word.startsWith('--') ? word.slice(2) : undefined;
    if (long === 'arg' || long === 'argjson') {
      const [name, text] = [args[++i], args[++i]];
      if (name === undefined || text === undefined)
        throw new ToolError(`--${long} takes two parameters (e.g. --${long} varname value)`, 2);
      variables.set(`$${name}`, long === 'arg' ? text : parseArgument(name, text));
    } else if (long === 'indent') indent = indentOf(args[++i]);
    else if (long !== undefined) {
      if (!Object.hasOwn(longFlags, long)) throw unknownOption(word);
      flags.add(longFlags[long] ?? '');
    } else if (word.startsWith('-') && word.length > 1)
      for (const letter of word.slice(1)) {
        if (!shortFlags.has(letter)) throw unknownOption(word);
        flags.add(letter);
      }
    else operands.push(word);
  }
  const [first, ...names] = operands;
  const source = first !== undefined && flags.has('f') ? tool.files.readText(tool.path(first)) : first;
  if (source === undefined) throw new ToolError('usage: jq [OPTIONS] FILTER [FILES...]', 2);
  return { source, names, flags, variables, indent: flags.has('tab') ? '\t' : indent };
}

function indentOf(text: string | undefined): number {
  if (text === undefined) throw new ToolError('--indent takes one parameter', 2);
  const indent = Number(text);
  if (indent < 0) throw new ToolError('Cannot indent less than zero', 2);
  if (!(indent <= 7)) throw new ToolError('Cannot indent more than 7 characters', 2);
  return indent;
}

function parseArgument(name: string, text: string): JsonValue {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ToolError(`Invalid JSON text passed to --argjson ${name}`, 2);
  }
}

class JqRun {
  private status = 0;
  private last: JsonValue | undefined;

  constructor(
    private readonly tool: Tool,
    private readonly options: Options,
    private readonly program: { readonly filter: Filter; readonly env: Environment },
  ) {}

  async run(): Promise<number> {
    const { flags } = this.options;
    if (flags.has('n')) await this.apply(null);
    else if (flags.has('R')) await this.rawInputs();
    else if (flags.has('s')) {
      const all: JsonValue[] = [];
      for await (const value of this.documents()) all.push(value);
      await this.apply(all);
    } else for await (const value of this.documents()) await this.apply(value);
    if (this.status !== 0 || !flags.has('e')) return this.status;
    return this.last === undefined ? 4 : truth(this.last) ? 0 : 1;
  }

  private async rawInputs(): Promise<void> {
    const { flags, names } = this.options;
    for await (const { reader } of this.tool.inputs(names)) {
      if (flags.has('s')) await this.apply(decodeUtf8(await readAll(reader)));
      else for await (const { text } of linesOf(reader)) await this.apply(text);
    }
  }

  private async *documents(): AsyncGenerator<JsonValue> {
    for await (const { reader } of this.tool.inputs(this.options.names)) yield* this.documentsOf(reader);
    if (this.tool.status !== 0) this.status = 2;
  }

  private async *documentsOf(reader: Reader): AsyncGenerator<JsonValue> {
    let text = '';
    for (let ended = false; !ended; ) {
      const chunk = await reader.read();
      ended = chunk === undefined;
      if (chunk) text += decodeUtf8(chunk);
      this.tool.process.step(1 + (text.length >> 6));
      for (;;) {
        text = text.trimStart();
        const end = text === '' ? undefined : documentEnd(text, 0, ended);
        if (end === undefined) break;
        yield this.parse(text.slice(0, end));
        text = text.slice(end);
      }
    }
  }

  private parse(text: string): JsonValue {
    try {
      return JSON.parse(text);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      const unfinished = /^[[{"]/.test(text) && documentEnd(text, 0, false) === undefined;
      const lines = text.split('\n');
      const place = `at line ${lines.length}, column ${lines.at(-1)?.length ?? 0}`;
      throw new ToolError(`parse error: ${unfinished ? 'Unfinished JSON term' : 'Invalid literal'} at EOF ${place}`, 2);
    }
  }

  private async apply(input: JsonValue): Promise<void> {
    const { flags, indent } = this.options;
    try {
      for (const value of evaluate(this.program.filter, input, this.program.env)) {
        this.last = value;
        const raw = typeof value === 'string' && (flags.has('r') || flags.has('j'));
        const form = { compact: flags.has('c'), sortKeys: flags.has('S'), ascii: flags.has('a'), indent };
        const text = raw ? value : flags.has('C') ? printColored(value, form) : printJson(value, form);
        await this.tool.out(flags.has('j') ? text : `${text}\n`);
      }
    } catch (error) {
      if (!(error instanceof JqError) && !(error instanceof RegexError)) throw error;
      await this.tool.process.stderr.write(`jq: error (at <stdin>:0): ${error.message}\n`);
      this.status = 5;
    }
  }
}
