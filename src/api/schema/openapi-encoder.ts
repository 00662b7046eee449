// OpenAPI documents in protobuf: how their JSON becomes messages, by tables of what each message holds.
//
//   {"swagger": "2.0", "definitions": {"T": {…}}}  ─▶  1: "2.0" │ 9: {1: {1: "T", 2: {…}}}
import { encodeUtf8 } from '../../base/bytes.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { ByteWriter } from '../protobuf-wire.ts';

/**
 * By message, the number and type of each field. `*` stands for any other name: such an entry is a message of name (1)
 * and value (2). `x-` is where extensions go. Types: a scalar's word, `any` (a text of YAML), a message, `[T` a list of
 * T, `N>T` a message that holds T as its field N.
 */
export type Messages = Readonly<Record<string, Readonly<Record<string, readonly [number, string]>>>>;

/** Which type a value is of, where that is seen from the value alone; undefined: the message of that name. */
export type Choices = (type: string, value: JsonValue) => string | undefined;

/** Writes messages by such tables. */
export class OpenApiEncoder {
  constructor(
    private readonly messages: Messages,
    private readonly choice: Choices,
  ) {}

  /** The bytes of a message. */
  message(name: string, object: JsonObject): Uint8Array {
    const fields = this.messages[name] ?? {};
    const writer = new ByteWriter();
    const known = Object.entries(object).flatMap(([key, value]) => {
      const field = key.startsWith('x-') && Object.hasOwn(fields, 'x-') ? 'x-' : key;
      const own = Object.hasOwn(fields, field) ? fields[field] : undefined;
      const [number, type] = own ?? fields['*'] ?? [];
      if (number === undefined || type === undefined) return [];
      return [{ key, value, number, type, named: !own || field === 'x-' }];
    });
    for (const { key, value, number, type, named } of known.sort((a, b) => a.number - b.number)) {
      if (named) writer.bytesField(number, this.entry(key, type, value));
      else this.write(writer, number, type, value);
    }
    return writer.done();
  }

  private entry(name: string, type: string, value: JsonValue): Uint8Array {
    const writer = new ByteWriter();
    this.write(writer, 1, 'text', name);
    this.write(writer, 2, type, value);
    return writer.done();
  }

  private write(writer: ByteWriter, number: number, type: string, value: JsonValue): void {
    if (type.startsWith('[')) {
      for (const item of isList(value) ? value : []) this.write(writer, number, type.slice(1), item);
      return;
    }
    if (type === 'text') writer.bytesField(number, encodeUtf8(String(value)));
    else if (type === 'flag') writer.varintField(number, value === true ? 1 : 0);
    else if (type === 'integer') writer.varintField(number, Number(value));
    else if (type === 'double') writer.doubleField(number, Number(value));
    else writer.bytesField(number, this.nested(type, value));
  }

  private nested(type: string, value: JsonValue): Uint8Array {
    const chosen = this.choice(type, value);
    if (chosen !== undefined) return this.nested(chosen, value);
    const inner = new ByteWriter();
    const wrapped = /^(\d+)>(.*)$/.exec(type);
    if (wrapped) this.write(inner, Number(wrapped[1]), wrapped[2] ?? '', value);
    else if (type === 'any') this.write(inner, 2, 'text', `${yamlText(value)}\n`);
    else return this.message(type, isObject(value) ? value : {});
    return inner.done();
  }
}

/** A value of any shape as YAML: a line for each item and each field; lists further down as JSON, which is YAML too. */
function yamlText(value: JsonValue): string {
  if (isList(value) && value.length > 0)
    return value.map((item) => `- ${isObject(item) ? fieldLines(item, '\n  ') : scalarText(item)}`).join('\n');
  return isObject(value) ? fieldLines(value, '\n') : scalarText(value);
}

function fieldLines(object: JsonObject, between: string): string {
  const lines = Object.entries(object).map(([key, value = null]) =>
    isObject(value) && Object.keys(value).length > 0
      ? `${key}:${between}  ${fieldLines(value, `${between}  `)}`
      : `${key}: ${scalarText(value)}`,
  );
  return lines.length > 0 ? lines.join(between) : '{}';
}

function scalarText(value: JsonValue): string {
  const isPlain = typeof value === 'string' && /^[A-Za-z_/][\w ,./()+-]*$/.test(value);
  return isPlain && !/^(?:true|false|null|yes|no|on|off|y|n)$|\s$/i.test(value) ? value : JSON.stringify(value);
}
