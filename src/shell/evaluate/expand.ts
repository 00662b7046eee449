// Expands words: braces, tilde, parameters, commands, arithmetic, splitting, globs, quote removal.
import { BrokenPipe } from '../../api/program.ts';
import { concatBytes, decodeUtf8 } from '../../base/bytes.ts';
import { createPipe } from '../process/pipe.ts';
import type { Script, Word, WordPart } from '../syntax/ast.ts';
import { evaluateArithmetic } from './arithmetic.ts';
import { expandBraces } from './brace.ts';
import { FieldList } from './fields.ts';
import { forkShell } from './fork-shell.ts';
import { glob } from './glob.ts';
import { arithmeticVariables, separatorsOf } from './lookup.ts';
import { expandParameter } from './parameter.ts';
import { hasPattern } from './pattern.ts';
import { substituteProcess } from './process-substitution.ts';
import type { Frame, ShellState } from './shell-state.ts';
import { ExpansionError } from './unwind.ts';

const substitutionBytesMax = 64 * 1024 * 1024;

/** The fields of a command's words. */
export async function expandWords(shell: ShellState, words: readonly Word[], frame: Frame): Promise<readonly string[]> {
  const fields: string[] = [];
  for (const word of words)
    for (const braced of shell.dialect === 'bash' ? expandBraces(word) : [word]) {
      const list = new FieldList(separatorsOf(shell));
      await expandParts(shell, withTilde(shell, braced), { frame, list });
      for (const { text, pattern } of list.finish()) {
        const paths =
          !shell.options.has('noglob') && hasPattern(pattern)
            ? glob(shell.process.machine.files, shell.process.cwd, pattern)
            : [];
        fields.push(...(paths.length > 0 ? paths : [text]));
      }
    }
  return fields;
}

/** One string without splitting and globs: an assignment's value, a redirection's target, a here-document. */
export async function expandText(shell: ShellState, word: Word, frame: Frame): Promise<string> {
  return (await expandWhole(shell, word, frame)).text;
}

/** A pattern: what was quoted is escaped. */
export async function expandPattern(shell: ShellState, word: Word, frame: Frame): Promise<string> {
  return (await expandWhole(shell, word, frame)).pattern;
}

async function expandWhole(shell: ShellState, word: Word, frame: Frame) {
  const list = new FieldList(undefined);
  await expandParts(shell, withTilde(shell, word), { frame, list, joined: true });
  return list.finish()[0] ?? { text: '', pattern: '', quoted: false };
}

interface Target {
  readonly frame: Frame;
  readonly list: FieldList;
  /** "$@" becomes one string, too. */
  readonly joined?: boolean;
}

async function expandParts(shell: ShellState, parts: readonly WordPart[], target: Target): Promise<void> {
  for (const part of parts) {
    if (part.kind === 'text') target.list.literal(part.text);
    else if (part.kind === 'quoted') target.list.quoted(part.text);
    else if (part.kind === 'double') await expandQuoted(shell, part.parts, target);
    else if (part.kind === 'parameter') await expandParameterInto(shell, part, target, false);
    else target.list.expansion(await expandScalar(shell, part, target.frame));
  }
}

async function expandQuoted(shell: ShellState, parts: readonly WordPart[], target: Target): Promise<void> {
  const isOnlyList = parts.length === 1 && parts[0]?.kind === 'parameter';
  if (!isOnlyList) target.list.quoted('');
  for (const part of parts) {
    if (part.kind === 'text' || part.kind === 'quoted') target.list.quoted(part.text);
    else if (part.kind === 'double') await expandQuoted(shell, part.parts, target);
    else if (part.kind === 'parameter') await expandParameterInto(shell, part, target, true);
    else target.list.quoted(await expandScalar(shell, part, target.frame));
  }
}

async function expandParameterInto(
  shell: ShellState,
  part: Extract<WordPart, { kind: 'parameter' }>,
  target: Target,
  quoted: boolean,
): Promise<void> {
  const result = await expandParameter(shell, part, {
    text: (word) => expandText(shell, word, target.frame),
    pattern: (word) => expandPattern(shell, word, target.frame),
  });
  if (result.kind === 'word') {
    if (quoted) await expandQuoted(shell, result.word.parts, target);
    else await expandParts(shell, withTilde(shell, result.word), target);
    return;
  }
  const { values, list } = result;
  const separators = separatorsOf(shell);
  if (list === undefined || (quoted && list === '*') || target.joined) {
    const text = values.join(list === '@' ? ' ' : separators.charAt(0));
    if (quoted) target.list.quoted(text);
    else target.list.expansion(text);
    return;
  }
  for (const [i, value] of values.entries()) {
    if (i > 0) target.list.next();
    if (quoted) target.list.quoted(value);
    else target.list.expansion(value);
  }
}

type Scalar = Exclude<WordPart, { kind: 'text' | 'quoted' | 'double' | 'parameter' }>;

async function expandScalar(shell: ShellState, part: Scalar, frame: Frame): Promise<string> {
  if (part.kind === 'command') return substituteCommand(shell, part.script, frame);
  if (part.kind === 'process') return substituteProcess(shell, part, frame);
  const source = await expandText(shell, part.expression, frame);
  return String(evaluateArithmetic(source, arithmeticVariables(shell)));
}

/** `$(…)`: the output of a subshell without the line ends at its end. */
async function substituteCommand(shell: ShellState, script: Script, frame: Frame): Promise<string> {
  const pipe = createPipe();
  const io = new Map(frame.io).set(1, { writer: pipe.writer });
  const child = await forkShell(shell, io, (inner, innerFrame) => inner.evaluator.script(inner, script, innerFrame));
  pipe.writer.release();
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for (
      let chunk = await pipe.reader.read(shell.process.cancel);
      chunk;
      chunk = await pipe.reader.read(shell.process.cancel)
    ) {
      chunks.push(chunk);
      shell.process.step(1 + (chunk.length >> 5));
      size += chunk.length;
      if (size > substitutionBytesMax) throw new ExpansionError('command substitution: cannot allocate memory');
    }
  } catch (error) {
    if (!(error instanceof BrokenPipe)) throw error;
  } finally {
    pipe.reader.release();
  }
  shell.status = await child.wait();
  return decodeUtf8(concatBytes(chunks)).replaceAll('\0', '').replace(/\n+$/, '');
}

/** The parts with a leading ~ (and, in assignments' values, one after a colon) replaced. */
function withTilde(shell: ShellState, word: Word): readonly WordPart[] {
  const [first, ...rest] = word.parts;
  if (first?.kind !== 'text' || !first.text.startsWith('~')) return word.parts;
  const prefix = /^~([+-]|[a-z_][a-z0-9_-]*)?(?=\/|$)/.exec(first.text);
  if (!prefix || (rest.length > 0 && prefix[0] === first.text)) return word.parts;
  const home = tildeHome(shell, prefix[1] ?? '');
  if (home === undefined) return word.parts;
  return [{ kind: 'quoted', text: home }, { kind: 'text', text: first.text.slice(prefix[0].length) }, ...rest];
}

function tildeHome(shell: ShellState, name: string): string | undefined {
  if (name === '') return shell.variables.text('HOME');
  if (name === '+') return shell.process.cwd;
  if (name === '-') return shell.variables.text('OLDPWD');
  if (name === 'root') return '/root';
  const home = `/home/${name}`;
  return shell.process.machine.files.exists(home) ? home : undefined;
}
