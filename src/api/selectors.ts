// Label selectors: `app=web,tier in (a, b),!old` as text, or matchLabels and matchExpressions as data.

import { quote } from '../base/go/quote.ts';
import { aggregateText, fieldErrorText, invalid, notSupported } from './field-error.ts';
import type { LabelSelector } from './generated/types.ts';
import { compareText } from './go-format.ts';
import { qualifiedName, validLabelValue } from './names.ts';

/** How a label is compared; `exists` and `!` take no values, `=`, `==`, `!=`, `gt` and `lt` one. */
export type LabelOperator = '=' | '==' | '!=' | 'in' | 'notin' | 'exists' | '!' | 'gt' | 'lt';

/** One condition on one label. */
export interface LabelRequirement {
  readonly key: string;
  readonly operator: LabelOperator;
  readonly values: readonly string[];
}

type Labels = { readonly [key: string]: string } | undefined;

/** The text or the data is no selector; the message is upstream's. */
export class SelectorError extends Error {
  override name = 'SelectorError';
}

/** All its requirements must hold. Without any it matches everything, unless it is {@link nothing}. */
export class Selector {
  constructor(
    /** Sorted by key. */
    readonly requirements: readonly LabelRequirement[],
    private readonly matchesNothing = false,
  ) {}

  /** Labels are never changed, and replicas are matched over and over. */
  private readonly verdicts = new WeakMap<object, boolean>();

  matches(labels: Labels): boolean {
    if (this.matchesNothing) return false;
    if (labels === undefined) return this.holdFor(labels);
    const known = this.verdicts.get(labels);
    if (known !== undefined) return known;
    const verdict = this.holdFor(labels);
    this.verdicts.set(labels, verdict);
    return verdict;
  }

  private holdFor(labels: Labels): boolean {
    for (const requirement of this.requirements) if (!holds(requirement, labels)) return false;
    return true;
  }

  /** Whether it restricts nothing. */
  isEmpty(): boolean {
    return !this.matchesNothing && this.requirements.length === 0;
  }

  toString(): string {
    return this.requirements.map(requirementText).join(',');
  }
}

/** Matches all labels. */
export const everything = new Selector([]);
/** Matches no labels, not even none. */
export const nothing = new Selector([], true);

/** A selector's text as data. Throws {@link SelectorError}. */
export function parseSelector(text: string): Selector {
  const requirements = new Parser(scan(text)).parse();
  return new Selector(requirements.sort((a, b) => compareText(a.key, b.key)));
}

/** A LabelSelector as a Selector: an absent one matches nothing, an empty one everything. Throws {@link SelectorError}. */
export function selectorOf(selector: LabelSelector | undefined): Selector {
  if (selector === undefined) return nothing;
  const known = selectors.get(selector);
  if (known) return known;
  const requirements = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => requirement(key, '=', [value]));
  for (const { key, operator, values } of selector.matchExpressions ?? [])
    requirements.push(requirement(key, expressionOperator(operator), values ?? []));
  const made = new Selector(requirements.sort((a, b) => compareText(a.key, b.key)));
  selectors.set(selector, made);
  return made;
}

/** API objects are never changed, so a selector is compiled once. */
const selectors = new WeakMap<LabelSelector, Selector>();

/** The labels themselves as a selector, e.g. a Service's. Absent or empty matches everything. */
export function selectorFromLabels(labels: Labels): Selector {
  const known = labels && fromLabels.get(labels);
  if (known) return known;
  const requirements = Object.entries(labels ?? {}).map(
    ([key, value]): LabelRequirement => ({ key, operator: '=', values: [value] }),
  );
  const made = new Selector(requirements.sort((a, b) => compareText(a.key, b.key)));
  if (labels) fromLabels.set(labels, made);
  return made;
}

const fromLabels = new WeakMap<object, Selector>();

/** As `kubectl describe` and tables show it: `<none>` for an empty one. */
export function labelSelectorText(selector: LabelSelector | undefined): string {
  try {
    return selectorOf(selector).toString() || '<none>';
  } catch (error) {
    if (error instanceof SelectorError) return '<error>';
    throw error;
  }
}

/** `!key`, `key=value`, `key in (a,b)`, `key>1`. */
export function requirementText({ key, operator, values }: LabelRequirement): string {
  const sorted = [...values].sort(compareText).join(',');
  switch (operator) {
    case 'exists':
      return key;
    case '!':
      return `!${key}`;
    case 'in':
    case 'notin':
      return `${key} ${operator} (${sorted})`;
    case 'gt':
      return `${key}>${sorted}`;
    case 'lt':
      return `${key}<${sorted}`;
    default:
      return `${key}${operator}${sorted}`;
  }
}

function holds({ key, operator, values }: LabelRequirement, labels: Labels): boolean {
  const value = labels !== undefined && Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case '=':
    case '==':
    case 'in':
      return value !== undefined && values.includes(value);
    case '!=':
    case 'notin':
      return value === undefined || !values.includes(value);
    case 'exists':
      return value !== undefined;
    case '!':
      return value === undefined;
    default: {
      const [bound = ''] = values;
      if (value === undefined || !isInteger(value) || !isInteger(bound)) return false;
      return operator === 'gt' ? BigInt(value) > BigInt(bound) : BigInt(value) < BigInt(bound);
    }
  }
}

function isInteger(text: string): boolean {
  return /^-?\d{1,19}$/.test(text);
}

function expressionOperator(operator: string): LabelOperator {
  if (operator === 'In') return 'in';
  if (operator === 'NotIn') return 'notin';
  if (operator === 'Exists') return 'exists';
  if (operator === 'DoesNotExist') return '!';
  throw new SelectorError(`${quote(operator)} is not a valid label selector operator`);
}

const operators = ['in', 'notin', '=', '==', '!=', 'gt', 'lt', 'exists', '!'];

/** A checked requirement. Throws {@link SelectorError}. */
export function requirement(key: string, operator: LabelOperator, values: readonly string[]): LabelRequirement {
  const errors = qualifiedName(key).length ? [invalid('key', key, qualifiedName(key).join('; '))] : [];
  const count = values.length;
  if (operator === 'in' || operator === 'notin') {
    if (count === 0) errors.push(invalid('values', values, "for 'in', 'notin' operators, values set can't be empty"));
  } else if (operator === '=' || operator === '==' || operator === '!=') {
    if (count !== 1) errors.push(invalid('values', values, 'exact-match compatibility requires one single value'));
  } else if (operator === 'exists' || operator === '!') {
    if (count) errors.push(invalid('values', values, 'values set must be empty for exists and does not exist'));
  } else if (operator === 'gt' || operator === 'lt') {
    const what = "for 'Gt', 'Lt' operators,";
    if (count !== 1) errors.push(invalid('values', values, `${what} exactly one value is required`));
    for (const [i, value] of values.entries())
      if (!isInteger(value)) errors.push(invalid(`values[${i}]`, value, `${what} the value must be an integer`));
  } else errors.push(notSupported('operator', operator, operators));
  for (const [i, value] of values.entries()) {
    const complaints = validLabelValue(value);
    if (complaints.length) errors.push(invalid(`values[${i}][${key}]`, value, complaints.join('; ')));
  }
  if (errors.length) throw new SelectorError(aggregateText(errors.map(fieldErrorText)));
  return { key, operator, values };
}

type Token = { readonly kind: 'end' | 'identifier' | 'in' | 'notin' | 'error' | SymbolText; readonly text: string };
type SymbolText = ')' | ',' | '!' | '==' | '=' | '>' | '<' | '!=' | '(';
const symbols: readonly SymbolText[] = ['==', '!=', ')', ',', '!', '=', '>', '<', '('];

function scan(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    while (/[ \t\r\n]/.test(text[at] ?? '')) at++;
    if (at >= text.length) break;
    const symbol = symbols.find((candidate) => text.startsWith(candidate, at));
    const word = symbol ?? /^[^=!(),<> \t\r\n]+/.exec(text.slice(at))?.[0] ?? '';
    tokens.push({ kind: symbol ?? (word === 'in' || word === 'notin' ? word : 'identifier'), text: word });
    at += word.length;
  }
  tokens.push({ kind: 'end', text: '' });
  return tokens;
}

class Parser {
  private at = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  parse(): LabelRequirement[] {
    const requirements: LabelRequirement[] = [];
    for (;;) {
      const next = this.peek();
      if (next.kind === 'end') return requirements;
      if (next.kind !== 'identifier' && next.kind !== '!')
        throw new SelectorError(`found '${next.text}', expected: !, identifier, or 'end of string'`);
      requirements.push(this.parseRequirement());
      const after = this.take();
      if (after.kind === 'end') return requirements;
      if (after.kind !== ',') throw new SelectorError(`found '${after.text}', expected: ',' or 'end of string'`);
      const following = this.peek();
      if (following.kind !== 'identifier' && following.kind !== '!')
        throw new SelectorError(`found '${following.text}', expected: identifier after ','`);
    }
  }

  private parseRequirement(): LabelRequirement {
    try {
      const negated = this.peek().kind === '!';
      if (negated) this.take();
      const key = this.take();
      if (key.kind !== 'identifier') throw new SelectorError(`found '${key.text}', expected: identifier`);
      const complaints = qualifiedName(key.text);
      if (complaints.length) throw new SelectorError(fieldErrorText(invalid('<nil>', key.text, complaints.join('; '))));
      if (negated) return requirement(key.text, '!', []);
      const next = this.peek().kind;
      if (next === 'end' || next === ',') return requirement(key.text, 'exists', []);
      const operator = this.parseOperator();
      const values = operator === 'in' || operator === 'notin' ? this.parseValues() : [this.parseExactValue()];
      return requirement(key.text, operator, values);
    } catch (error) {
      if (error instanceof SelectorError) throw new SelectorError(`unable to parse requirement: ${error.message}`);
      throw error;
    }
  }

  private parseOperator(): LabelOperator {
    const token = this.tokens[this.at] ?? { kind: 'end', text: '' };
    this.at++;
    switch (token.kind) {
      case 'in':
      case 'notin':
      case '=':
      case '==':
      case '!=':
        return token.kind;
      case '>':
        return 'gt';
      case '<':
        return 'lt';
      default:
        throw new SelectorError(`found '${token.text}', expected: in, notin, =, ==, !=, gt, lt`);
    }
  }

  private parseValues(): readonly string[] {
    const open = this.take();
    if (open.kind !== '(') throw new SelectorError(`found '${open.text}' expected: '('`);
    const first = this.peek();
    if (first.kind === ')') {
      this.take();
      return [''];
    }
    if (first.kind !== 'identifier' && first.kind !== ',')
      throw new SelectorError(`found '${first.text}', expected: ',', ')' or identifier`);
    const values = new Set<string>();
    while (this.parseListItem(values));
    this.take();
    return [...values].sort(compareText);
  }

  /** One value or comma; false when the closing parenthesis is next. */
  private parseListItem(values: Set<string>): boolean {
    const token = this.take();
    const next = this.peek();
    if (token.kind === 'identifier') {
      values.add(token.text);
      if (next.kind !== ',' && next.kind !== ')') throw new SelectorError(`found '${next.text}', expected: ',' or ')'`);
    } else if (token.kind === ',') {
      if (values.size === 0 || next.kind === ')' || next.kind === ',') values.add('');
    } else throw new SelectorError(`found '${token.text}', expected: ',', or identifier`);
    return next.kind !== ')';
  }

  private parseExactValue(): string {
    const next = this.peek();
    if (next.kind === 'end' || next.kind === ',') return '';
    const token = this.take();
    if (token.kind !== 'identifier') throw new SelectorError(`found '${token.text}', expected: identifier`);
    return token.text;
  }

  /** The next token; where values may stand, `in` and `notin` are ordinary words. */
  private peek(): Token {
    const token = this.tokens[this.at] ?? { kind: 'end', text: '' };
    return token.kind === 'in' || token.kind === 'notin' ? { kind: 'identifier', text: token.text } : token;
  }

  private take(): Token {
    const token = this.peek();
    this.at++;
    return token;
  }
}
