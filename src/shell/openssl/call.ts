// What OpenSSL's commands share: their options (one dash, or two), their input and output, and their complaints.
import type { Process } from '../../api/program.ts';
import { decodeUtf8, encodeUtf8 } from '../../base/bytes.ts';
import { FileError, normalizePath } from '../../base/files.ts';
import { readAll } from '../text/line-reader.ts';
import { hashOf } from './algorithms.ts';
import { isEncrypted, type PrivateKey, privateKeyIn } from './private-key.ts';
import { RandomBytes } from './random-bytes.ts';

/** Ends a command. `message` is all that is printed. */
export class OpensslError extends Error {
  override name = 'OpensslError';
  constructor(
    message: string,
    readonly status = 1,
  ) {
    super(message);
  }
}

export interface OpensslCommand {
  readonly name: string;
  /** Options that take a value. */
  readonly valued: readonly string[];
  /** Those that do not. */
  readonly switches: readonly string[];
  /** Real ones that are not simulated: refused by name. */
  readonly refused?: readonly string[];
  /** Also takes any hash's name as an option: `-sha256` is then `digest`. */
  readonly hashes?: boolean;
  /** What it calls an option that it does not know. */
  readonly unknown?: string;
  run(call: OpensslCall): Promise<number>;
}

/** The number that OpenSSL puts before errors of its libraries: which thread it was. */
const thread = '40E7F2A3C17F0000';

export function libraryError(text: string): string {
  return `${thread}:error:${text}`;
}

export class OpensslCall {
  readonly random: RandomBytes;
  private readonly given: readonly { readonly name: string; readonly value: string }[];
  readonly operands: readonly string[];

  constructor(
    readonly process: Process,
    readonly command: OpensslCommand,
    words: readonly string[],
  ) {
    const read = readWords(command, words);
    this.given = read.options;
    this.operands = read.operands;
    this.random = RandomBytes.of(process);
  }

  has(name: string): boolean {
    return this.given.some((option) => option.name === name);
  }

  value(name: string): string | undefined {
    return this.given.findLast((option) => option.name === name)?.value;
  }

  values(name: string): readonly string[] {
    return this.given.filter((option) => option.name === name).map(({ value }) => value);
  }

  /** Options in the order given: some commands print in it. */
  get order(): readonly string[] {
    return this.given.map(({ name }) => name);
  }

  number(name: string): number | undefined {
    const text = this.value(name);
    if (text === undefined) return undefined;
    if (!/^-?\d+$/.test(text)) throw this.misuse(`Can't parse "${text}" as a number`);
    return Number(text);
  }

  path(name: string): string {
    return normalizePath(name, this.process.cwd);
  }

  out(text: string): Promise<void> {
    return this.process.stdout.write(text);
  }

  warn(text: string): Promise<void> {
    return this.process.stderr.write(`${text}\n`);
  }

  misuse(message: string): OpensslError {
    return new OpensslError(`${this.command.name}: ${message}\n${this.command.name}: Use -help for summary.`);
  }

  /** Text of `-in`, or of standard input. Throws FileError. */
  async input(option = 'in'): Promise<string> {
    return decodeUtf8(await this.inputBytes(this.value(option)));
  }

  async inputBytes(name: string | undefined): Promise<Uint8Array> {
    if (name === undefined || name === '-') return readAll(this.process.stdin);
    return this.process.machine.files.readFile(this.path(name));
  }

  /** To `-out`, or standard output. */
  async output(content: string | Uint8Array, { secret = false } = {}): Promise<void> {
    const name = this.value('out');
    if (name === undefined) await this.process.stdout.write(content);
    else this.write(name, content, secret ? 0o600 : 0o644);
  }

  write(name: string, content: string | Uint8Array, mode = 0o644): void {
    try {
      const bytes = typeof content === 'string' ? encodeUtf8(content) : content;
      this.process.machine.files.writeFile(this.path(name), bytes, { mode });
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      throw new OpensslError(`${this.command.name}: Can't open "${name}" for writing, ${error.message}`);
    }
  }

  /** A PEM text that OpenSSL's store opens; `what` is e.g. `CA certificate`. */
  async stored(name: string | undefined, what: string, unable = ''): Promise<string> {
    try {
      return decodeUtf8(await this.inputBytes(name));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      throw new OpensslError(
        [
          `Could not open file or uri for loading ${what} from ${name ?? ''}`,
          libraryError(
            '16000069:STORE routines:ossl_store_get0_loader_int:unregistered scheme:../crypto/store/store_register.c:237:scheme=file',
          ),
          libraryError(
            `80000002:system library:file_open:${error.message}:../providers/implementations/storemgmt/file_store.c:267:calling stat(${name ?? ''})`,
          ),
          ...(unable === '' ? [] : [unable]),
        ].join('\n'),
      );
    }
  }

  async privateKey(name: string | undefined, what = 'private key'): Promise<PrivateKey> {
    const text = await this.stored(name, what);
    if (isEncrypted(text)) throw new OpensslError(`${this.command.name}: encrypted private keys are not simulated`);
    const key = privateKeyIn(text);
    if (!key) throw new OpensslError(`Could not read ${what} from ${name ?? '<stdin>'}`);
    return key;
  }
}

function readWords(command: OpensslCommand, words: readonly string[]) {
  const options: { name: string; value: string }[] = [];
  const misuse = (message: string): OpensslError =>
    new OpensslError(`${command.name}: ${message}\n${command.name}: Use -help for summary.`);
  let at = 0;
  for (; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '--') {
      at++;
      break;
    }
    if (!word.startsWith('-') || word === '-') break;
    const [, name = '', joined] = /^--?([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (command.valued.includes(name)) {
      const value = joined ?? words[++at];
      if (value === undefined) throw misuse(`Option -${name} needs a value`);
      options.push({ name, value });
    } else if (command.switches.includes(name)) options.push({ name, value: '' });
    else if (command.hashes && hashOf(name)) options.push({ name: 'digest', value: name });
    else if (command.refused?.includes(name))
      throw new OpensslError(`${command.name}: the option -${name} is not simulated`);
    else throw misuse(command.unknown ? `${command.unknown}: ${name}` : `Unknown option: -${name}`);
  }
  return { options, operands: words.slice(at) };
}
