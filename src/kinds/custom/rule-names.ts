// Named formats in CEL: `format.dns1123Label().validate(text)` is what is wrong with a text, or optional.none().
import type { Environment } from '@marcbachmann/cel-js';
import {
  type Complaints,
  dns1035Label,
  dns1123Label,
  dns1123Subdomain,
  maskTrailingDash,
  qualifiedName,
  validLabelValue,
} from '../../api/names.ts';
import { cel } from './cel.ts';
import { isOfFormat } from './string-formats.ts';

/** Registers them. */
export function registerNames(environment: Environment): void {
  environment.registerType('kubernetes.NamedFormat', { ctor: Format, fields: {} });
  environment.registerType('kubernetes.Formats', { ctor: Formats, fields: {} });
  environment.registerConstant('format', 'kubernetes.Formats', new Formats());
  for (const [name, format] of formats)
    environment.registerFunction(`kubernetes.Formats.${name}(): kubernetes.NamedFormat`, () => format);
  environment.registerFunction(
    'kubernetes.Formats.named(string): optional<kubernetes.NamedFormat>',
    (_: Formats, name: string) => {
      const format = formats.get(name);
      return format ? cel().Optional.of(format) : cel().Optional.none();
    },
  );
  environment.registerFunction(
    'kubernetes.NamedFormat.validate(string): optional<list<string>>',
    ({ complaints }: Format, text: string) => {
      const found = complaints(text);
      return found.length > 0 ? cel().Optional.of([...found]) : cel().Optional.none();
    },
  );
}

class Formats {}

class Format {
  constructor(readonly complaints: (text: string) => Complaints) {}
}

const known = (format: string, complaint: string) =>
  new Format((text) => (isOfFormat(text, format) ? [] : [complaint]));
const prefix = (valid: (text: string) => Complaints) => new Format((text) => valid(maskTrailingDash(text)));

const formats: ReadonlyMap<string, Format> = new Map([
  ['dns1123Label', new Format(dns1123Label)],
  ['dns1123Subdomain', new Format(dns1123Subdomain)],
  ['dns1035Label', new Format(dns1035Label)],
  ['qualifiedName', new Format(qualifiedName)],
  ['dns1123LabelPrefix', prefix(dns1123Label)],
  ['dns1123SubdomainPrefix', prefix(dns1123Subdomain)],
  ['dns1035LabelPrefix', prefix(dns1035Label)],
  ['labelValue', new Format(validLabelValue)],
  [
    'uri',
    new Format((text) => (isOfFormat(text, 'uri') ? [] : [`parse ${JSON.stringify(text)}: invalid URI for request`])),
  ],
  ['uuid', known('uuid', 'does not match the UUID format')],
  ['byte', known('byte', 'invalid base64')],
  ['date', known('date', 'invalid date')],
  ['datetime', known('datetime', 'invalid datetime')],
]);
