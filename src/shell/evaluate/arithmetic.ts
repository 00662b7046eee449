// Shell arithmetic: C's integer expressions on 64-bit numbers, with variables.
import { ExpansionError } from './unwind.ts';

/** How arithmetic reads and writes variables. */
export interface ArithmeticVariables {
  read(name: string): string | undefined;
  write(name: string, value: string): void;
}

const binary: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<=', '>=', '<', '>'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];
const assignments = ['=', '+=', '-=', '*=', '/=', '%=', '<<=', '>>=', '&=', '|=', '^='];
const tokenPattern =
  /\s*(?:(\d+#[0-9a-zA-Z@_]+|0[xX][0-9a-fA-F]+|\d+)|([A-Za-z_][A-Za-z0-9_]*(?:\[[^\]]*\])?)|(<<=|>>=|\*\*|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|[-+*/%<>=!~?:,()&|^]))/y;
const depthMax = 100;

export function evaluateArithmetic(source: string, variables: ArithmeticVariables, depth = 0): bigint {
  if (depth > depthMax) throw new ExpansionError(`${source}: expression recursion level exceeded`);
  const clean = source.replaceAll('"', '').trim();
  if (clean === '') return 0n;
  return new Arithmetic(clean, variables, depth).run();
}

class Arithmetic {
  private readonly tokens: string[] = [];
  private readonly places: number[] = [];
  private at = 0;
  private nesting = 0;

  constructor(
    private readonly source: string,
    private readonly variables: ArithmeticVariables,
    private readonly depth: number,
  ) {
    tokenPattern.lastIndex = 0;
    while (tokenPattern.lastIndex < source.length) {
      const place = tokenPattern.lastIndex;
      const match = tokenPattern.exec(source);
      if (!match) {
        if (source.slice(place).trim() === '') break;
        throw this.error('syntax error: operand expected', source.slice(place).trim());
      }
      this.tokens.push(match[1] ?? match[2] ?? match[3] ?? '');
      this.places.push(tokenPattern.lastIndex - (this.tokens.at(-1) ?? '').length);
    }
  }

  run(): bigint {
    const value = this.comma(true);
    if (this.at < this.tokens.length) throw this.error('syntax error in expression', this.rest());
    return value;
  }

  private rest(): string {
    return this.source.slice(this.places[this.at] ?? this.source.length);
  }

  private error(message: string, token: string): ExpansionError {
    return new ExpansionError(`${this.source}: ${message} (error token is "${token}")`);
  }

  private take(...candidates: readonly string[]): string | undefined {
    const token = this.tokens[this.at];
    if (token === undefined || !candidates.includes(token)) return undefined;
    this.at++;
    return token;
  }

  /** `live` is false in branches that are skipped: nothing is assigned there. */
  private comma(live: boolean): bigint {
    if (++this.nesting > depthMax) throw this.error('expression recursion level exceeded', this.rest());
    let value = this.assignment(live);
    while (this.take(',')) value = this.assignment(live);
    this.nesting--;
    return value;
  }

  private assignment(live: boolean): bigint {
    const name = this.tokens[this.at] ?? '';
    const operator = this.tokens[this.at + 1] ?? '';
    if (!/^[A-Za-z_]/.test(name) || !assignments.includes(operator)) return this.conditional(live);
    this.at += 2;
    const right = this.assignment(live);
    const value = operator === '=' ? right : this.apply(operator.slice(0, -1), this.read(name), () => right);
    if (live) this.variables.write(name, String(value));
    return value;
  }

  private conditional(live: boolean): bigint {
    const condition = this.level(0, live);
    if (!this.take('?')) return condition;
    const yes = this.assignment(live && condition !== 0n);
    if (!this.take(':')) throw this.error("`:' expected for conditional expression", this.rest());
    const no = this.conditional(live && condition === 0n);
    return condition !== 0n ? yes : no;
  }

  private level(depth: number, live: boolean): bigint {
    const operators = binary[depth];
    if (!operators) return this.power(live);
    let left = this.level(depth + 1, live);
    for (let operator = this.take(...operators); operator; operator = this.take(...operators)) {
      const skipped = (operator === '&&' && left === 0n) || (operator === '||' && left !== 0n);
      const place = this.rest();
      const right = this.level(depth + 1, live && !skipped);
      if ((operator === '/' || operator === '%') && right === 0n) {
        if (live) throw this.error('division by 0', place);
        left = 0n;
      } else left = this.apply(operator, left, () => right);
    }
    return left;
  }

  private power(live: boolean): bigint {
    const base = this.unary(live);
    if (!this.take('**')) return base;
    const exponent = this.power(live);
    if (exponent < 0n) throw this.error('exponent less than 0', this.rest());
    let result = 1n;
    let square = base;
    for (let left = exponent; left > 0n; left >>= 1n) {
      if (left & 1n) result = BigInt.asIntN(64, result * square);
      square = BigInt.asIntN(64, square * square);
    }
    return result;
  }

  private unary(live: boolean): bigint {
    const step = this.take('++', '--');
    if (step) {
      const name = this.tokens[this.at] ?? '';
      if (/^[A-Za-z_]/.test(name)) {
        this.at++;
        const value = this.read(name) + (step === '++' ? 1n : -1n);
        if (live) this.variables.write(name, String(value));
        return value;
      }
      const value = this.unary(live);
      return value;
    }
    const operator = this.take('-', '+', '!', '~');
    if (!operator) return this.primary(live);
    const value = this.unary(live);
    if (operator === '-') return BigInt.asIntN(64, -value);
    if (operator === '!') return value === 0n ? 1n : 0n;
    return operator === '~' ? ~value : value;
  }

  private primary(live: boolean): bigint {
    if (this.take('(')) {
      const value = this.comma(live);
      if (!this.take(')')) throw this.error("missing `)'", this.rest());
      return value;
    }
    const token = this.tokens[this.at];
    if (token === undefined || !/^[A-Za-z_0-9]/.test(token))
      throw this.error('syntax error: operand expected', this.rest() || token || this.tokens.at(-1) || '');
    this.at++;
    if (/^\d/.test(token)) return this.number(token);
    const value = this.read(token);
    const step = this.take('++', '--');
    if (step && live) this.variables.write(token, String(value + (step === '++' ? 1n : -1n)));
    return value;
  }

  private number(token: string): bigint {
    const based = /^(\d+)#(.*)$/.exec(token);
    if (based) {
      const base = Number(based[1]);
      let value = 0n;
      for (const digit of based[2] ?? '') {
        const code = Number.parseInt(digit, 36);
        if (Number.isNaN(code) || code >= base) throw this.error('value too great for base', token);
        value = value * BigInt(base) + BigInt(code);
      }
      return BigInt.asIntN(64, value);
    }
    if (/^0[xX]/.test(token)) return BigInt.asIntN(64, BigInt(token));
    if (!/^0\d/.test(token)) return BigInt.asIntN(64, BigInt(token));
    if (/[89]/.test(token)) throw this.error('value too great for base', token);
    return BigInt.asIntN(64, BigInt(`0o${token.slice(1)}`));
  }

  private read(name: string): bigint {
    const text = this.variables.read(name) ?? '';
    if (/^\s*-?[1-9]\d{0,17}\s*$/.test(text)) return BigInt(text.trim());
    return text === name ? 0n : evaluateArithmetic(text, this.variables, this.depth + 1);
  }

  private apply(operator: string, left: bigint, right: () => bigint): bigint {
    const truth = (value: boolean) => (value ? 1n : 0n);
    const b = right();
    if ((operator === '/' || operator === '%') && b === 0n) throw this.error('division by 0', this.rest());
    const results: Readonly<Record<string, () => bigint>> = {
      '||': () => truth(left !== 0n || b !== 0n),
      '&&': () => truth(left !== 0n && b !== 0n),
      '|': () => left | b,
      '^': () => left ^ b,
      '&': () => left & b,
      '==': () => truth(left === b),
      '!=': () => truth(left !== b),
      '<=': () => truth(left <= b),
      '>=': () => truth(left >= b),
      '<': () => truth(left < b),
      '>': () => truth(left > b),
      '<<': () => left << (b & 63n),
      '>>': () => left >> (b & 63n),
      '+': () => left + b,
      '-': () => left - b,
      '*': () => left * b,
      '/': () => left / b,
      '%': () => left % b,
    };
    return BigInt.asIntN(64, results[operator]?.() ?? 0n);
  }
}
