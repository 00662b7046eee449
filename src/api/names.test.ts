// Names: every validator with good and bad rows.
import { describe, expect, test } from 'vitest';
import * as names from './names.ts';

const label =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const name =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

describe('names', () => {
  const rows: readonly (readonly [(value: string) => readonly string[], string, readonly string[]])[] = [
    [names.dns1123Label, 'a', []],
    [names.dns1123Label, '0-a', []],
    [names.dns1123Label, '-a', [label]],
    [names.dns1123Label, 'A', [label]],
    [names.dns1123Label, '', [label]],
    [names.dns1123Label, 'a.b', ['must not contain dots']],
    [names.dns1123Label, 'a'.repeat(64), ['must be no more than 63 characters']],
    [names.dns1123Subdomain, 'a.b-c', []],
    [
      names.dns1123Subdomain,
      'a..b',
      [
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [names.dns1035Label, 'abc', []],
    [
      names.dns1035Label,
      '1abc',
      [
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
      ],
    ],
    [names.qualifiedName, 'example.com/Name_1', []],
    [names.qualifiedName, 'name', []],
    [names.qualifiedName, '', ['name part must be non-empty', name]],
    [names.qualifiedName, '/x', ['prefix part must be non-empty']],
    [names.qualifiedName, 'x/', ['name part must be non-empty', name]],
    [names.validLabelValue, '', []],
    [names.validLabelValue, 'a'.repeat(64), ['must be no more than 63 bytes']],
    [names.portName, 'http', []],
    [names.portName, '80', ['must contain at least one letter (a-z)']],
    [names.portName, 'a--b', ['must not contain consecutive hyphens']],
    [names.portName, '-a', ['must not begin or end with a hyphen']],
    [names.relaxedEnvironmentName, 'A B!', []],
    [names.relaxedEnvironmentName, '', ['environment variable name must be non-empty']],
    [names.configMapKey, '..', ["must not be '..'"]],
    [names.configMapKey, '..a', ["must not start with '..'"]],
    [names.pathSegmentName, 'a/b%', ["may not contain '/'", "may not contain '%'"]],
    [names.pathSegmentName, 'system:x', []],
  ];
  test.each(rows)('%o of %j complains %j', (validate, value, complaints) => {
    expect(validate(value)).toEqual(complaints);
  });
});
