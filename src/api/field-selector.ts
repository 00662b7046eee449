// Field selectors: `status.phase!=Running,spec.nodeName=worker-1`.
import { compareText } from './go-format.ts';
import { SelectorError } from './selectors.ts';

/** One condition on one field; `==` has become `=`. */
export interface FieldRequirement {
  readonly field: string;
  readonly operator: '=' | '!=';
  readonly value: string;
}

/** All its requirements must hold. */
export class FieldSelector {
  constructor(readonly requirements: readonly FieldRequirement[]) {}

  /** `read` gives a field's value; a field without one is the empty text. */
  matches(read: (field: string) => string): boolean {
    return this.requirements.every(({ field, operator, value }) => (read(field) === value) === (operator === '='));
  }

  isEmpty(): boolean {
    return this.requirements.length === 0;
  }

  /** The value that the field must have, if there is such a requirement. */
  exactMatch(field: string): string | undefined {
    return this.requirements.find((requirement) => requirement.field === field && requirement.operator === '=')?.value;
  }

  toString(): string {
    return this.requirements.map(({ field, operator, value }) => `${field}${operator}${escapeValue(value)}`).join(',');
  }
}

/** A selector's text as data, sorted. Throws {@link SelectorError}. */
export function parseFieldSelector(text: string): FieldSelector {
  const requirements: FieldRequirement[] = [];
  for (const term of splitTerms(text).sort(compareText)) {
    if (term === '') continue;
    const at = term.search(/!=|=/);
    if (at < 0) throw new SelectorError(`invalid selector: '${text}'; can't understand '${term}'`);
    const operator = term.startsWith('!=', at) ? '!=' : term.startsWith('==', at) ? '==' : '=';
    const value = unescapeValue(term.slice(at + operator.length));
    requirements.push({ field: term.slice(0, at), operator: operator === '!=' ? '!=' : '=', value });
  }
  return new FieldSelector(requirements);
}

function escapeValue(value: string): string {
  return value.replace(/[\\,=]/g, '\\$&');
}

/** At commas that no backslash precedes. */
function splitTerms(text: string): string[] {
  const terms: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === ',') {
      terms.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...terms, text.slice(start)];
}

function unescapeValue(text: string): string {
  let value = '';
  let escaped = false;
  for (const character of text) {
    if (escaped) {
      if (!'\\,='.includes(character)) throw badEscape(`\\${character}`);
      value += character;
      escaped = false;
    } else if (character === '\\') escaped = true;
    else if (character === ',' || character === '=') {
      const code = character.codePointAt(0);
      throw new SelectorError(`invalid field selector: unescaped character in value: ${code}`);
    } else value += character;
  }
  if (escaped) throw badEscape('\\');
  return value;
}

function badEscape(sequence: string): SelectorError {
  return new SelectorError(`invalid field selector: invalid escape sequence: ${sequence}`);
}
