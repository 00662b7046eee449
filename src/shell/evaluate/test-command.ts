// [[ … ]]: tests whose right sides are patterns and expressions, with && || ! and brackets.
import type { TestToken, Word } from '../syntax/ast.ts';
import { literalOf } from '../syntax/scanner.ts';
import { binaryTest, binaryTests, type TestPlace, unaryTest, unaryTests } from '../text/file-tests.ts';
import { compileRegex, escapeRegex } from '../text/regex.ts';
import { RegexError } from '../text/regex-syntax.ts';
import { evaluateArithmetic } from './arithmetic.ts';
import { expandPattern, expandText } from './expand.ts';
import { arithmeticVariables } from './lookup.ts';
import { compilePattern, matchesPattern } from './pattern.ts';
import { complain, type Frame, type ShellState } from './shell-state.ts';

export async function evaluateTest(shell: ShellState, tokens: readonly TestToken[], frame: Frame): Promise<number> {
  const test = new ConditionalCommand(shell, tokens, frame);
  try {
    return (await test.either(true)) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof RegexError)) throw error;
    return 2;
  }
}

export function testPlace(shell: ShellState): TestPlace {
  const { process } = shell;
  return {
    files: process.machine.files,
    cwd: process.cwd,
    isTerminal: (fd) => fd <= 2 && process.terminal !== undefined,
  };
}

class ConditionalCommand {
  private at = 0;

  constructor(
    private readonly shell: ShellState,
    private readonly tokens: readonly TestToken[],
    private readonly frame: Frame,
  ) {}

  /** `live` is false where the result is known already: nothing is expanded there. */
  async either(live: boolean): Promise<boolean> {
    let result = await this.both(live);
    while (this.take('||')) result = (await this.both(live && !result)) || result;
    return result;
  }

  private async both(live: boolean): Promise<boolean> {
    let result = await this.negation(live);
    while (this.take('&&')) result = (await this.negation(live && result)) && result;
    return result;
  }

  private async negation(live: boolean): Promise<boolean> {
    if (this.take('!')) return !(await this.negation(live));
    if (!this.take('(')) return this.primary(live);
    const result = await this.either(live);
    this.take(')');
    return result;
  }

  private take(operator: string): boolean {
    const token = this.tokens[this.at];
    if (!token || !('operator' in token) || token.operator !== operator) return false;
    this.at++;
    return true;
  }

  private word(): Word {
    const token = this.tokens[this.at++];
    return token && 'word' in token ? token.word : { parts: [] };
  }

  private nextOperator(): string | undefined {
    const token = this.tokens[this.at];
    if (!token) return undefined;
    const text = 'operator' in token ? token.operator : literalOf(token.word);
    return binaryTests.has(text) || text === '=~' ? text : undefined;
  }

  private async primary(live: boolean): Promise<boolean> {
    const first = this.word();
    const { shell, frame } = this;
    const literal = first.parts[0]?.kind === 'text' ? literalOf(first) : '';
    const after = this.tokens[this.at];
    if ((unaryTests.has(literal) || literal === '-v') && after && 'word' in after && !this.nextOperator()) {
      const operand = this.word();
      if (!live) return false;
      const text = await expandText(shell, operand, frame);
      return literal === '-v'
        ? shell.variables.get(text)?.value !== undefined
        : unaryTest(literal, text, testPlace(shell));
    }
    const operator = this.nextOperator();
    if (!operator) return live && (await expandText(shell, first, frame)) !== '';
    this.at++;
    const right = this.word();
    return live && this.compare(operator, first, right);
  }

  private async compare(operator: string, first: Word, right: Word): Promise<boolean> {
    const { shell, frame } = this;
    const left = await expandText(shell, first, frame);
    if (operator === '=~') return this.matches(left, right);
    if (operator === '=' || operator === '==' || operator === '!=') {
      const matched = matchesPattern(compilePattern(await expandPattern(shell, right, frame)), left);
      return matched === (operator !== '!=');
    }
    const integer = (text: string) => evaluateArithmetic(text, arithmeticVariables(shell));
    return binaryTest(operator, [left, await expandText(shell, right, frame)], testPlace(shell), integer);
  }

  private async matches(left: string, right: Word): Promise<boolean> {
    const { shell, frame } = this;
    let source = '';
    for (const part of right.parts) {
      const text = await expandText(shell, { parts: [part] }, frame);
      source +=
        part.kind === 'double' || (part.kind === 'quoted' && !/^[.[\]()*+?{}|^$\\]$/.test(text))
          ? escapeRegex(text)
          : part.kind === 'quoted'
            ? `\\${text}`
            : text;
    }
    let found: ReturnType<ReturnType<typeof compileRegex>['match']>;
    try {
      found = compileRegex(source, { extended: true }).match(left);
    } catch (error) {
      if (error instanceof RegexError) await complain(shell, frame, `[[: ${source}: ${error.message}`);
      throw error;
    }
    const entries = new Map((found?.groups ?? []).map((group, i) => [String(i), group ?? '']));
    shell.variables.assign('BASH_REMATCH', { kind: 'list', entries });
    return found !== undefined;
  }
}
