// What devices, their drivers, pools and attributes may be called.
import { invalid, tooLong } from '../../../api/field-error.ts';
import { dns1123Label, dns1123Subdomain, regexComplaint } from '../../../api/names.ts';
import { quote } from '../../../base/go/quote.ts';
import { complain, type Errors, require } from '../checks.ts';
import { validateDriverName } from '../volume-plugins.ts';

/** Domain, slash and name of an attribute. */
export const attributeNameMax = 63 + 1 + 32;
const identifierMax = 32;
const poolNameMax = 253;

/** A DNS label. */
export function validateLabelName(errors: Errors, field: string, name: string): void {
  complain(errors, field, name, dns1123Label(name));
}

/** DNS subdomains, separated by slashes. */
export function validatePoolName(errors: Errors, field: string, name: string | undefined): void {
  if (!require(errors, field, name)) return;
  if (name.length > poolNameMax) errors.push(tooLong(field, poolNameMax));
  for (const part of name.split('/')) complain(errors, field, part, dns1123Subdomain(part));
}

/** `NAME` or `DOMAIN/NAME`. Upstream lets names with more slashes pass. */
export function validateAttributeName(errors: Errors, field: string, name: string): void {
  const parts = name.split('/');
  const [first = '', second = ''] = parts;
  if (parts.length === 1) validateIdentifier(errors, field, first);
  if (parts.length !== 2) return;
  if (first === '') errors.push(invalid(field, '', 'the domain must not be empty'));
  else validateDriverName(errors, field, first);
  if (second === '') errors.push(invalid(field, '', 'the name must not be empty'));
  else validateIdentifier(errors, field, second);
}

/** `DOMAIN/NAME`. */
export function validateFullName(errors: Errors, field: string, name: string): void {
  validateAttributeName(errors, field, name);
  if (!name.includes('/'))
    errors.push(invalid(field, name, 'a fully qualified name must be a domain and a name separated by a slash'));
}

/** A UUID in lower case. */
export function validateUuid(errors: Errors, field: string, uid: string): void {
  const problem = uuidProblem(uid);
  const normal =
    'uid must be in RFC 4122 normalized form, `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` with lowercase hexadecimal characters';
  if (problem !== undefined) errors.push(invalid(field, uid, `error validating uid: ${problem}`));
  else if (uid.length !== 36 || uid !== uid.toLowerCase()) errors.push(invalid(field, uid, normal));
}

function validateIdentifier(errors: Errors, field: string, text: string): void {
  if (text.length > identifierMax) errors.push(tooLong(field, identifierMax));
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(text)) return;
  const rule =
    "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_'";
  errors.push(invalid(field, text, regexComplaint(rule, '[A-Za-z_][A-Za-z0-9_]*', 'my_name', 'MY_NAME', 'MyName')));
}

const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** As the library that upstream uses says it: it also knows URNs, braces, and no dashes. */
function uuidProblem(text: string): string | undefined {
  const formed = (uuid: string) => (uuidForm.test(uuid) ? undefined : 'invalid UUID format');
  switch (text.length) {
    case 36:
      return formed(text);
    case 45:
      return /^urn:uuid:/i.test(text) ? formed(text.slice(9)) : `invalid urn prefix: ${quote(text.slice(0, 9))}`;
    case 38:
      return /^\{.*\}$/s.test(text) ? formed(text.slice(1, -1)) : 'invalid bracketed UUID format';
    case 32:
      return /^[0-9a-f]*$/i.test(text) ? undefined : 'invalid UUID format';
    default:
      return `invalid UUID length: ${text.length}`;
  }
}
