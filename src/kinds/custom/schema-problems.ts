// What is wrong with a value by its schema, in the words of upstream's OpenAPI validator.
import {
  type FieldError,
  invalid,
  notSupported,
  required,
  tooLong,
  tooMany,
  typeInvalid,
} from '../../api/field-error.ts';
import { goJson } from '../../api/go-format.ts';
import { goNumber } from '../../base/go/format.ts';
import { quote } from '../../base/go/quote.ts';
import type { JsonValue } from '../../base/json.ts';

/** One problem. `name` is the path with a leading dot at the root; `sentence` the text that upstream compares. */
export interface SchemaProblem {
  readonly sentence: string;
  /** As an error below a path (`''`: the object itself). */
  error(below: string): FieldError;
}

/** Builds the problems of one value. */
export class Problems {
  constructor(private readonly path: string) {}

  type(wanted: string, value: JsonValue): SchemaProblem {
    const data = typeof value === 'string' ? `: ${quote(value)}` : '';
    const sentence = `${this.path} in body must be of type ${wanted}${data}`;
    return this.problem(sentence, (field) => typeInvalid(field, value, sentence));
  }

  required(key: string): SchemaProblem {
    const name = `${this.path}.${key}`;
    return { sentence: `${name} in body is required`, error: (below) => required(join(below, name)) };
  }

  enum(value: JsonValue, values: readonly JsonValue[]): SchemaProblem {
    const shown = values.map((one) => (typeof one === 'string' ? one : goJson(one)));
    const sentence = `${this.path} in body should be one of [${shown.join(' ')}]`;
    return this.problem(sentence, (field) => notSupported(field, value, shown));
  }

  tooLong(lengthMax: number): SchemaProblem {
    const sentence = `${this.path} in body should be at most ${lengthMax} chars long`;
    return this.problem(sentence, (field) => tooLong(field, lengthMax));
  }

  tooMany(what: 'items' | 'properties', counts: { readonly actual: number; readonly max: number }): SchemaProblem {
    const sentence = `${this.path} in body should have at most ${counts.max} ${what}`;
    return this.problem(sentence, (field) => tooMany(field, counts.actual, counts.max));
  }

  /** Anything else about the value: `PATH in body WHAT`. */
  other(what: string, value: JsonValue): SchemaProblem {
    const sentence = `${this.path} in body ${what}`;
    return this.problem(sentence, (field) => invalid(field, value, sentence));
  }

  /** About the number of alternatives that hold: upstream names no field there. */
  composite(what: string): SchemaProblem {
    return loose(`${quote(this.path)} ${what}`);
  }

  /** A factor that nothing is a multiple of. */
  factor(value: number): SchemaProblem {
    const sentence = `factor MultipleOf declared for ${this.path} must be positive: ${boundText(value)}`;
    return this.problem(sentence, (field) => invalid(field, value, sentence));
  }

  /** A number that does not fit its format. */
  range(what: string, type: string, format: string): SchemaProblem {
    const of = format === '' ? `${type} (default format)` : `${type} with format ${format}`;
    return loose(`${what} value must be of type ${of} in ${this.path}`);
  }

  private problem(sentence: string, make: (field: string) => FieldError): SchemaProblem {
    return { sentence, error: (below) => make(join(below, this.path)) };
  }
}

/** `%v` of a bound of the schema. */
export function boundText(bound: number): string {
  return goNumber(bound);
}

function loose(sentence: string): SchemaProblem {
  return { sentence, error: (below) => invalid(below === '' ? '<nil>' : below, '', sentence) };
}

function join(below: string, name: string): string {
  const plain = name.replace(/^\./, '');
  if (plain === '') return below === '' ? '<nil>' : below;
  return below === '' ? plain : `${below}.${plain}`;
}
