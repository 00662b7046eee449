// What the small programs (coreutils and their like) share: options, messages, input by lines, files.
import type { Process, Program, Reader } from '../../api/program.ts';
import { decodeUtf8 } from '../../base/bytes.ts';
import { FileError, normalizePath } from '../../base/files.ts';
import { writeText } from '../evaluate/shell-state.ts';
import { fileReader } from '../evaluate/streams.ts';
import { breathe } from '../process/process-host.ts';
import { linesOf, readAll, takeUntil } from '../text/line-reader.ts';

/** Whose behaviour and messages: GNU's on the learner's machine and in Debian images, busybox's in its own. */
export type Flavor = 'gnu' | 'busybox';

/** A program of this folder. Its options are described as getopt does: `n:` takes a value. */
export interface ToolDefinition {
  readonly name: string;
  /** Short options, e.g. `alr:`. A leading `+`: options end at the first operand. */
  readonly short?: string;
  /** Long options and what short one each stands for (or itself): `{ recursive: 'r', color: 'color:' }`. */
  readonly long?: Readonly<Record<string, string>>;
  /** Takes its arguments as they are: no options are read. */
  readonly raw?: boolean;
  /** `-5` in place of `-n 5`. */
  readonly numeric?: string;
  /** Options that are taken and can change nothing here, with the reason: `{ u: 'nothing is buffered' }`. */
  readonly idle?: Readonly<Record<string, string>>;
  /** Options that the program has elsewhere and not here: refused by name. */
  readonly refused?: readonly string[];
  run(tool: Tool): Promise<number>;
}

/** Ends a program with a message: `name: message`. */
export class ToolError extends Error {
  override name = 'ToolError';
  constructor(
    message: string,
    readonly status = 1,
  ) {
    super(message);
  }
}

export function toolProgram(definition: ToolDefinition, flavor: Flavor): Program {
  return async (process) => {
    const tool = new Tool(process, definition, flavor);
    try {
      if (!definition.raw) tool.readOptions();
      return await definition.run(tool);
    } catch (error) {
      if (error instanceof FileError) await tool.warn(`${error.path}: ${error.message}`);
      else if (error instanceof ToolError) await tool.warn(error.message);
      else throw error;
      return error instanceof ToolError ? error.status : 1;
    }
  };
}

const endless = new Set(['/dev/zero', '/dev/random', '/dev/urandom']);

/** A device that never ends: reading it takes steps, and in a container time. */
export class EndlessReader implements Reader {
  constructor(
    private readonly process: Process,
    private readonly inner: Reader,
  ) {}

  async read(): Promise<Uint8Array | undefined> {
    const bytes = await this.inner.read();
    this.process.step((bytes?.length ?? 0) >> 4);
    await breathe(this.process);
    return bytes;
  }
}

/** What who keeps an endless input in memory takes at first, and no machine has. */
const held = { firstBytes: 1 << 20, mostBytes: 2 ** 40 };
const fillMs = 20;

export class Tool {
  readonly name: string;
  operands: readonly string[] = [];
  /** 0, or 1 after a warning of fail(). */
  status = 0;
  private readonly options: { readonly name: string; readonly value: string }[] = [];

  constructor(
    readonly process: Process,
    private readonly definition: ToolDefinition,
    readonly flavor: Flavor,
  ) {
    this.name = (process.argv[0] ?? definition.name).replace(/.*\//, '');
  }

  get files() {
    return this.process.machine.files;
  }
  get isGnu(): boolean {
    return this.flavor === 'gnu';
  }

  has(...names: readonly string[]): boolean {
    return this.options.some(({ name }) => names.includes(name));
  }

  /** The last value of an option. */
  value(name: string): string | undefined {
    return this.options.findLast((option) => option.name === name)?.value;
  }

  values(name: string): readonly string[] {
    return this.options.filter((option) => option.name === name).map(({ value }) => value);
  }

  /** Of options that undo each other the last one given. */
  lastOf(...names: readonly string[]): string | undefined {
    return this.options.findLast(({ name }) => names.includes(name))?.name;
  }

  /** Asks on standard error; only who says yes on standard input wants it. */
  async confirms(question: string): Promise<boolean> {
    await this.process.stderr.write(`${this.name}: ${question}? `);
    const { bytes } = await takeUntil(this.process.stdin, { delimiter: 10 });
    return /^\s*y/i.test(decodeUtf8(bytes));
  }

  /** All options in the order given. */
  get given(): readonly { readonly name: string; readonly value: string }[] {
    return this.options;
  }

  /** An option that must be a number. */
  number(name: string, otherwise: number, what = 'number'): number {
    const text = this.value(name);
    if (text === undefined) return otherwise;
    if (!/^[+-]?\d+$/.test(text)) throw new ToolError(`invalid ${what}: '${text}'`);
    return Number(text);
  }

  out(text: string): Promise<void> {
    return writeText(this.process.stdout, text);
  }

  bytes(bytes: Uint8Array): Promise<void> {
    return this.process.stdout.write(bytes);
  }

  warn(message: string): Promise<void> {
    return this.process.stderr.write(`${this.name}: ${message}\n`);
  }

  /** Warns, and the program goes on to end with `status`. */
  async fail(message: string, status = 1): Promise<void> {
    this.status = status;
    await this.warn(message);
  }

  path(name: string): string {
    return normalizePath(name, this.process.cwd);
  }

  /** A file or, for `-`, standard input. Throws FileError with the name as it was given. */
  open(name: string): Reader {
    if (name === '-' || name === '/dev/stdin') return this.process.stdin;
    try {
      const reader = fileReader(this.files, this.path(name));
      return endless.has(this.path(name)) ? new EndlessReader(this.process, reader) : reader;
    } catch (error) {
      if (error instanceof FileError) throw new FileError(error.code, name);
      throw error;
    }
  }

  /** Each operand as an open input (standard input without any); what cannot be opened is warned about. */
  async *inputs(
    names: readonly string[] = this.operands,
  ): AsyncGenerator<{ readonly name: string; readonly reader: Reader }> {
    for (const name of names.length > 0 ? names : ['-']) {
      try {
        yield { name, reader: this.open(name) };
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        await this.fail(this.explain(error));
      }
    }
  }

  /** How the program words that a file cannot be read. */
  explain(error: FileError): string {
    return this.isGnu || error.code === 'EISDIR'
      ? `${error.path}: ${error.message}`
      : `can't open '${error.path}': ${error.message}`;
  }

  /** All lines of all inputs. */
  async *lines(
    names: readonly string[] = this.operands,
    delimiter = 10,
  ): AsyncGenerator<{ readonly text: string; readonly ended: boolean }> {
    for await (const { reader } of this.inputs(names))
      for await (const line of linesOf(reader, delimiter)) {
        this.process.step(1 + (line.text.length >> 4));
        yield line;
      }
  }

  /** All of an input at once. One that never ends fills the memory, until somebody puts an end to it. */
  async readAll(reader: Reader): Promise<Uint8Array> {
    if (!(reader instanceof EndlessReader)) return readAll(reader);
    for (let memoryBytes = held.firstBytes; memoryBytes < held.mostBytes; memoryBytes *= 2) {
      const giveBack = this.process.use({ cores: 1, memoryBytes });
      await this.process.clock.sleep(fillMs);
      giveBack();
    }
    throw new ToolError('memory exhausted');
  }

  needOperand(): string {
    const [first] = this.operands;
    if (first === undefined)
      throw new ToolError(
        this.isGnu ? `missing operand\nTry '${this.name} --help' for more information.` : 'missing operand',
      );
    return first;
  }

  readOptions(): void {
    const { short = '', long = {}, numeric } = this.definition;
    const args = this.process.argv.slice(1);
    const operands: string[] = [];
    for (let i = 0; i < args.length; i++) {
      const word = args[i] ?? '';
      if (word === '--') {
        operands.push(...args.slice(i + 1));
        break;
      }
      if (numeric && /^-\d+$/.test(word)) this.take(numeric, word.slice(1));
      else if (word.startsWith('--')) i += this.readLong(word, args[i + 1], long);
      else if (word.length > 1 && word.startsWith('-')) i += this.readShort(word, args[i + 1], short);
      else {
        operands.push(word);
        if (!short.startsWith('+')) continue;
        operands.push(...args.slice(i + 1));
        break;
      }
    }
    this.operands = operands;
  }

  private take(name: string, value: string): void {
    const { idle = {}, refused = [] } = this.definition;
    if (refused.includes(name))
      throw new ToolError(`option -${name.length > 1 ? '-' : ''}${name} is not supported here`);
    if (!Object.hasOwn(idle, name)) this.options.push({ name, value });
  }

  /** How many further words were used. */
  private readLong(word: string, next: string | undefined, long: Readonly<Record<string, string>>): number {
    const [, name = '', value] = /^--([^=]*)(?:=([\s\S]*))?$/.exec(word) ?? [];
    const full = Object.hasOwn(long, name)
      ? name
      : Object.keys(long).find((key) => name !== '' && key.startsWith(name));
    if (full === undefined)
      throw this.usage(this.isGnu ? `unrecognized option '--${name}'` : `unrecognized option: ${name}`);
    const target = long[full] ?? '';
    const needsValue = target.endsWith(':');
    const isOptional = target.endsWith('?');
    const option = target.replace(/[:?]$/, '');
    if (needsValue && value === undefined && next === undefined)
      throw this.usage(`option '--${full}' requires an argument`);
    this.take(option, value ?? (needsValue ? (next ?? '') : ''));
    return needsValue && !isOptional && value === undefined ? 1 : 0;
  }

  private readShort(word: string, next: string | undefined, short: string): number {
    for (let at = 1; at < word.length; at++) {
      const letter = word.charAt(at);
      const place = letter === ':' ? -1 : short.indexOf(letter);
      if (place === -1)
        throw this.usage(this.isGnu ? `invalid option -- '${letter}'` : `unrecognized option: ${letter}`);
      const mode = short.charAt(place + 1);
      const rest = word.slice(at + 1);
      if (mode === '?') {
        this.take(letter, rest);
        return 0;
      }
      if (mode !== ':') {
        this.take(letter, '');
        continue;
      }
      if (rest === '' && next === undefined)
        throw this.usage(
          this.isGnu ? `option requires an argument -- '${letter}'` : `option requires an argument: ${letter}`,
        );
      this.take(letter, rest === '' ? (next ?? '') : rest);
      return rest === '' ? 1 : 0;
    }
    return 0;
  }

  private usage(message: string): ToolError {
    const status = ['ls', 'grep', 'egrep', 'fgrep', 'sort', 'diff', 'cmp'].includes(this.name) && this.isGnu ? 2 : 1;
    return new ToolError(this.isGnu ? `${message}\nTry '${this.name} --help' for more information.` : message, status);
  }
}
