// sed: runs its commands on each line.
import { FileError } from '../../../base/files.ts';
import { type Regex, RegexLimit, type RegexMatch } from '../../text/regex.ts';
import { RegexError } from '../../text/regex-syntax.ts';
import { type Tool, type ToolDefinition, ToolError } from '../tool.ts';
import {
  type Address,
  parseSed,
  type ReplacementPart,
  type SedCommand,
  SedError,
  type Substitution,
} from './sed-script.ts';

export const sed: ToolDefinition = {
  name: 'sed',
  short: 'nEre:f:i?sz',
  long: {
    quiet: 'n',
    silent: 'n',
    'regexp-extended': 'E',
    expression: 'e:',
    file: 'f:',
    'in-place': 'i?',
    separate: 's',
    'null-data': 'z',
  },
  async run(tool) {
    const given = [...tool.values('e'), ...tool.values('f').map((file) => tool.files.readText(tool.path(file)))];
    const [first, ...others] = tool.operands;
    if (given.length === 0 && first === undefined)
      throw new ToolError("no script specified\nTry 'sed --help' for more information.");
    const source = given.length > 0 ? given.join('\n') : (first ?? '');
    const names = given.length > 0 ? tool.operands : others;
    try {
      const commands = parseSed(source, tool.has('E', 'r'));
      if (!tool.has('i')) return await runOn(tool, commands, names);
      for (const name of names) await editInPlace(tool, commands, name);
      return tool.status;
    } catch (error) {
      if (error instanceof SedError || error instanceof RegexError || error instanceof RegexLimit)
        throw new ToolError(
          error instanceof RegexError ? `-e expression #1, char ${source.length}: ${error.message}` : error.message,
        );
      throw error;
    }
  },
};

async function runOn(tool: Tool, commands: readonly SedCommand[], names: readonly string[]): Promise<number> {
  const run = (files: readonly string[]) => new SedRun(tool, commands, (text) => tool.out(text)).run(files);
  let status = 0;
  for (const files of tool.has('s') ? names.map((name) => [name]) : [names]) status = (await run(files)) || status;
  return status || (tool.status === 0 ? 0 : 2);
}

async function editInPlace(tool: Tool, commands: readonly SedCommand[], name: string): Promise<void> {
  if (!tool.files.exists(tool.path(name))) {
    await tool.fail(`can't read ${name}: No such file or directory`, 2);
    return;
  }
  let text = '';
  const before = tool.files.readFile(tool.path(name));
  await new SedRun(tool, commands, async (more) => {
    text += more;
  }).run([name]);
  const suffix = tool.value('i');
  if (suffix) tool.files.writeFile(tool.path(`${name}${suffix}`), before);
  tool.files.writeFile(tool.path(name), text);
}

type Flow = 'next' | 'delete' | 'restart' | 'quit' | { readonly branch: string };
const branchesMax = 100_000;

class SedRun {
  private pattern = '';
  private hold = '';
  private line = 0;
  private last: Regex | undefined;
  private substituted = false;
  private after: string[] = [];
  private ended = true;
  private status = 0;
  private quiet = false;
  private readonly active = new Map<number, number>();
  private lines: AsyncGenerator<{ readonly text: string; readonly ended: boolean }> | undefined;
  private upcoming: { readonly text: string; readonly ended: boolean } | undefined;

  constructor(
    private readonly tool: Tool,
    private readonly commands: readonly SedCommand[],
    private readonly write: (text: string) => Promise<void>,
  ) {}

  async run(names: readonly string[]): Promise<number> {
    this.lines = this.allLines(names);
    await this.look();
    while (await this.takeLine(false)) {
      const flow = await this.runAll();
      if (flow !== 'delete' && !this.tool.has('n') && !this.quiet) await this.print(this.pattern);
      await this.flushAfter();
      if (flow === 'quit') break;
    }
    return this.status;
  }

  private async *allLines(
    names: readonly string[],
  ): AsyncGenerator<{ readonly text: string; readonly ended: boolean }> {
    for (const name of names.length > 0 ? names : ['-']) {
      try {
        yield* this.tool.lines([name], this.tool.has('z') ? 0 : 10);
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        await this.tool.fail(`can't read ${name}: ${error.message}`, 2);
      }
    }
  }

  private async look(): Promise<void> {
    const next = await this.lines?.next();
    this.upcoming = next && !next.done ? next.value : undefined;
  }

  private async takeLine(append: boolean): Promise<boolean> {
    const next = this.upcoming;
    if (!next) return false;
    this.pattern = append ? `${this.pattern}\n${next.text}` : next.text;
    this.ended = next.ended;
    this.line++;
    this.isLast = await this.peekIsLast();
    return true;
  }

  private isLast = false;

  private async peekIsLast(): Promise<boolean> {
    await this.look();
    return this.upcoming === undefined;
  }

  private print(text: string): Promise<void> {
    return this.write(this.isLast && !this.ended ? text : text + (this.tool.has('z') ? '\0' : '\n'));
  }

  private async flushAfter(): Promise<void> {
    for (const text of this.after.splice(0)) await this.write(text);
  }

  private async runAll(): Promise<Flow> {
    let commands = this.commands;
    for (let i = 0; i < branchesMax; i++) {
      const flow = await this.runList(commands);
      if (flow === 'restart') {
        commands = this.commands;
        continue;
      }
      if (typeof flow === 'string') return flow;
      if (flow.branch === '') return 'next';
      const at = this.commands.findIndex(({ name, text }) => name === ':' && text === flow.branch);
      if (at === -1)
        throw new SedError(
          `-e expression #1, char ${flow.branch.length}: can't find label for jump to \`${flow.branch}'`,
        );
      commands = this.commands.slice(at + 1);
      this.tool.process.step();
    }
    throw new SedError('too many branches for one line');
  }

  private async runList(commands: readonly SedCommand[]): Promise<Flow> {
    for (const command of commands) {
      this.tool.process.step();
      if (this.selects(command) === command.negated) continue;
      const flow = await this.runOne(command);
      if (flow !== 'next') return flow;
    }
    return 'next';
  }

  private matches(regex: Regex | undefined): boolean {
    const used = regex ?? this.last;
    if (!used) throw new SedError('-e expression #1, char 0: no previous regular expression');
    this.last = used;
    return used.match(this.pattern) !== undefined;
  }

  private selectsOne(address: Address): boolean {
    if (address.kind === 'line') return address.line === this.line;
    if (address.kind === 'last') return this.isLast;
    if (address.kind === 'step')
      return this.line >= address.first && (this.line - address.first) % Math.max(1, address.step) === 0;
    return address.kind === 'match' && this.matches(address.regex);
  }

  private selects({ addresses, id }: SedCommand): boolean {
    const [first, second] = addresses;
    if (!first) return true;
    if (!second) return this.selectsOne(first);
    const until = this.active.get(id);
    if (until !== undefined) {
      const over = second.kind === 'line' || second.kind === 'plus' ? this.line >= until : this.selectsOne(second);
      if (over) this.active.delete(id);
      return (second.kind !== 'line' && second.kind !== 'plus') || this.line <= until;
    }
    const begins = first.kind === 'line' && first.line === 0 ? this.line === 1 : this.selectsOne(first);
    if (!begins) return false;
    const end =
      second.kind === 'line'
        ? second.line
        : second.kind === 'plus'
          ? this.line + second.count
          : Number.POSITIVE_INFINITY;
    if (end > this.line && !(first.kind === 'line' && first.line === 0 && this.selectsOne(second)))
      this.active.set(id, end);
    return true;
  }

  private async runOne(command: SedCommand): Promise<Flow> {
    const { name, text } = command;
    if (name === '{') return this.runList(command.body);
    if (name === 's' && command.substitution) return this.substitute(command.substitution);
    if (name === 'y' && command.map)
      this.pattern = [...this.pattern].map((char) => command.map?.get(char) ?? char).join('');
    else if (name === 'd') return 'delete';
    else if (name === 'p') await this.print(this.pattern);
    else if (name === 'a') this.after.push(`${text}\n`);
    else if (name === 'i') await this.write(`${text}\n`);
    else if (name === 'c') {
      if (command.addresses.length < 2 || !this.active.has(command.id) || command.negated)
        await this.write(`${text}\n`);
      return 'delete';
    } else if (name === 'q' || name === 'Q') {
      this.status = Number(text || 0);
      this.quiet = name === 'Q';
      return 'quit';
    } else if (name === '=') await this.write(`${this.line}\n`);
    else if (name === 'b') return { branch: text };
    else if (name === 't') {
      if (this.substituted) {
        this.substituted = false;
        return { branch: text };
      }
    } else return this.runHold(command);
    return 'next';
  }

  private async runHold({ name, text }: SedCommand): Promise<Flow> {
    if (name === 'g') this.pattern = this.hold;
    else if (name === 'G') this.pattern += `\n${this.hold}`;
    else if (name === 'h') this.hold = this.pattern;
    else if (name === 'H') this.hold += `\n${this.pattern}`;
    else if (name === 'x') [this.pattern, this.hold] = [this.hold, this.pattern];
    else if (name === 'z') this.pattern = '';
    else if (name === 'P') await this.write(`${this.pattern.split('\n')[0]}\n`);
    else if (name === 'l') await this.write(`${JSON.stringify(this.pattern).slice(1, -1)}$\n`);
    else if (name === 'n') {
      if (!this.tool.has('n')) await this.print(this.pattern);
      if (!(await this.takeLine(false))) return 'quit';
    } else if (name === 'N') {
      if (!(await this.takeLine(true))) return 'quit';
    } else if (name === 'D') {
      const at = this.pattern.indexOf('\n');
      if (at === -1) return 'delete';
      this.pattern = this.pattern.slice(at + 1);
      return 'restart';
    } else if (name === 'r')
      this.after.push(
        this.tool.files.exists(this.tool.path(text)) ? this.tool.files.readText(this.tool.path(text)) : '',
      );
    else if (name === 'w') this.writeTo(text);
    return 'next';
  }

  private writeTo(file: string): void {
    this.tool.files.writeFile(this.tool.path(file), `${this.pattern}\n`, { append: true });
  }

  private async substitute(by: Substitution): Promise<Flow> {
    const regex = by.regex ?? this.last;
    if (!regex) throw new SedError('-e expression #1, char 0: no previous regular expression');
    this.last = regex;
    const text = this.pattern;
    let result = '';
    let copied = 0;
    let count = 0;
    let emptyAllowedAt = 0;
    for (let at = 0; at <= text.length; ) {
      const match = regex.match(text, at);
      if (!match) break;
      const whole = match.groups[0] ?? '';
      const end = match.index + whole.length;
      if (whole !== '' || match.index >= emptyAllowedAt) {
        count++;
        if (count >= by.nth) {
          result += text.slice(copied, match.index) + replace(by.replacement, match);
          copied = end;
          if (!by.global) break;
        }
      }
      emptyAllowedAt = end + 1;
      at = whole === '' ? end + 1 : end;
      this.tool.process.step();
    }
    if (count < by.nth) return 'next';
    this.pattern = result + text.slice(copied);
    this.substituted = true;
    if (by.print) await this.print(this.pattern);
    if (by.file !== undefined) this.writeTo(by.file);
    return 'next';
  }
}

/** The replacement with its groups filled in and \U \L \u \l \E applied. */
function replace(parts: readonly ReplacementPart[], match: RegexMatch): string {
  let result = '';
  let mode = 'E';
  let once = '';
  for (const part of parts) {
    if (part.kind === 'case') {
      if (part.mode === 'u' || part.mode === 'l') once = part.mode;
      else mode = part.mode;
      continue;
    }
    let text = part.kind === 'text' ? part.text : (match.groups[part.number] ?? '');
    if (mode === 'U') text = text.toUpperCase();
    else if (mode === 'L') text = text.toLowerCase();
    if (once !== '' && text !== '') {
      text = (once === 'u' ? text.charAt(0).toUpperCase() : text.charAt(0).toLowerCase()) + text.slice(1);
      once = '';
    }
    result += text;
  }
  return result;
}
