// What may be a name: validators of apimachinery. Each returns its complaints in upstream's words; none means valid.

/** What is wrong with a name, a sentence each; empty when nothing is. */
export type Complaints = readonly string[];
const none: Complaints = [];

const labelText = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const subdomainText = `${labelText}(\\.${labelText})*`;
const underscoreLabelText = '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const underscoreSubdomainText = `${underscoreLabelText}(\\.${underscoreLabelText})*`;
const wildcardText = `\\*\\.${subdomainText}`;
const dns1035Text = '[a-z]([-a-z0-9]*[a-z0-9])?';
const qualifiedText = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const labelValueText = `(${qualifiedText})?`;
const environmentText = '[-._a-zA-Z][-._a-zA-Z0-9]*';
const configKeyText = '[-._a-zA-Z0-9]+';
const percentText = '[0-9]+%';
const headerText = '[-A-Za-z0-9]+';

const whole = (text: string): RegExp => new RegExp(`^(?:${text})$`);
const label = whole(labelText);
const subdomain = whole(subdomainText);
const underscoreSubdomain = whole(underscoreSubdomainText);
const wildcard = whole(wildcardText);
const dns1035 = whole(dns1035Text);
const qualified = whole(qualifiedText);
const labelValue = whole(labelValueText);
const environment = whole(environmentText);
const configKey = whole(configKeyText);
const percent = whole(percentText);
const header = whole(headerText);

const dashes = "must consist of lower case alphanumeric characters or '-'";
const subdomainRule = "must consist of lower case alphanumeric characters, '-' or '.'";
const ends = 'and must start and end with an alphanumeric character';
const qualifiedRule = `must consist of alphanumeric characters, '-', '_' or '.', ${ends}`;

/** A label of a DNS name: pods of a Service, namespaces, containers. At most 63 characters. */
export function dns1123Label(value: string): Complaints {
  if (value.length <= 63 && label.test(value)) return none;
  return [
    ...tooLong(value, 63),
    ...(label.test(value)
      ? none
      : subdomain.test(value)
        ? ['must not contain dots']
        : [regexComplaint(`a lowercase RFC 1123 label ${dashes}, ${ends}`, labelText, 'my-name', '123-abc')]),
  ];
}

/** Labels joined by dots: the names of most objects. At most 253 characters. */
export function dns1123Subdomain(value: string): Complaints {
  const rule = `a lowercase RFC 1123 subdomain ${subdomainRule}, ${ends}`;
  return lengthAndShape(value, 253, subdomain, () => regexComplaint(rule, subdomainText, 'example.com'));
}

/** As {@link dns1123Subdomain}, in the words of upstream's declarative validation. */
export function longName(value: string): Complaints {
  return dns1123Subdomain(value).map((text) => text.replace(/^(must be no more than \d+) characters$/, '$1 bytes'));
}

/** A subdomain whose labels may begin with and hold underscores. */
export function dns1123SubdomainWithUnderscore(value: string): Complaints {
  const rule = `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', ${ends}`;
  const complain = () => regexComplaint(rule, underscoreSubdomainText, 'example.com');
  return lengthAndShape(value, 253, underscoreSubdomain, complain);
}

/** `*.` and a subdomain. */
export function wildcardDns1123Subdomain(value: string): Complaints {
  const rule = `a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which ${subdomainRule} and end with an alphanumeric character`;
  return lengthAndShape(value, 253, wildcard, () => regexComplaint(rule, wildcardText, '*.example.com'));
}

/** A label that begins with a letter: names of Services. At most 63 characters. */
export function dns1035Label(value: string): Complaints {
  const rule = `a DNS-1035 label ${dashes}, start with an alphabetic character, and end with an alphanumeric character`;
  return lengthAndShape(value, 63, dns1035, () => regexComplaint(rule, dns1035Text, 'my-name', 'abc-123'));
}

/** A key of labels and annotations, a resource, a condition type: `name` or `example.com/name`. */
export function qualifiedName(value: string): Complaints {
  const parts = value.split('/');
  const complain = () => regexComplaint(qualifiedRule, qualifiedText, 'MyName', 'my.name', '123-abc');
  if (parts.length > 2) {
    const prefix = "with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
    return [`a valid label key ${complain()} ${prefix}`];
  }
  const name = parts[parts.length - 1] ?? '';
  const complaints = parts.length === 2 ? prefixComplaints(parts[0] ?? '') : [];
  if (name === '') complaints.push('name part must be non-empty');
  else if (name.length > 63) complaints.push('name part must be no more than 63 bytes');
  if (!qualified.test(name)) complaints.push(`name part ${complain()}`);
  return complaints;
}

/** The value of a label: empty or up to 63 bytes. */
export function validLabelValue(value: string): Complaints {
  if (value.length <= 63 && labelValue.test(value)) return none;
  const rule = `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', ${ends}`;
  return [
    ...(byteLength(value) > 63 ? ['must be no more than 63 bytes'] : none),
    ...(labelValue.test(value) ? none : [regexComplaint(rule, labelValueText, 'MyValue', 'my_value', '12345')]),
  ];
}

/** The name of a port: at most 15 characters, at least one letter, no doubled hyphen. */
export function portName(value: string): Complaints {
  const complaints = [...tooLong(value, 15)];
  if (!/^[-a-z0-9]+$/.test(value))
    complaints.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/.test(value)) complaints.push('must contain at least one letter (a-z)');
  if (value.includes('--')) complaints.push('must not contain consecutive hyphens');
  if (value.startsWith('-') || value.endsWith('-')) complaints.push('must not begin or end with a hyphen');
  return complaints;
}

/** A port's number: 1 to 65535. */
export function portNumber(port: number): Complaints {
  return inRange(port, 1, 65535);
}

/** `must be between A and B, inclusive`. */
export function inRange(value: number, min: number, max: number): Complaints {
  return value >= min && value <= max ? none : [`must be between ${min} and ${max}, inclusive`];
}

/** A user's or a group's number: 0 to 2^31 - 1. */
export function userId(id: number): Complaints {
  return inRange(id, 0, 2147483647);
}

/** `25%`. */
export function validPercent(value: string): Complaints {
  const rule = "a valid percent string must be a numeric string followed by an ending '%'";
  return percent.test(value) ? none : [regexComplaint(rule, percentText, '1%', '93%')];
}

/** The name of an HTTP header. */
export function httpHeaderName(value: string): Complaints {
  const rule = "a valid HTTP header must consist of alphanumeric characters or '-'";
  return header.test(value) ? none : [regexComplaint(rule, headerText, 'X-Header-Name')];
}

/** The strict rule for names of environment variables (what kubectl checks). */
export function environmentName(value: string): Complaints {
  const rule =
    "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit";
  const complain = () => regexComplaint(rule, environmentText, 'my.env-name', 'MY_ENV.NAME', 'MyEnvName1');
  return [...(environment.test(value) ? none : [complain()]), ...directoryComplaints(value)];
}

/** The server's rule for names of environment variables: printable ASCII without `=`. */
export function relaxedEnvironmentName(value: string): Complaints {
  if (value === '') return ['environment variable name must be non-empty'];
  return /^[ -<>-~]*$/.test(value)
    ? none
    : ["a valid environment variable name must consist only of printable ASCII characters other than '='"];
}

/** A key of a ConfigMap or a Secret. */
export function configMapKey(value: string): Complaints {
  const rule = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'";
  const complain = () => regexComplaint(rule, configKeyText, 'key.name', 'KEY_NAME', 'key-name');
  return [...lengthAndShape(value, 253, configKey, complain), ...directoryComplaints(value)];
}

/** A name that may be a segment of a path: most cluster-scoped policy objects (roles, bindings). */
export function pathSegmentName(value: string): Complaints {
  if (value === '.' || value === '..') return [`may not be '${value}'`];
  return ['/', '%'].filter((text) => value.includes(text)).map((text) => `may not contain '${text}'`);
}

/** For a generateName: the random end will follow, so a dash at the end counts as a letter. */
export function maskTrailingDash(name: string): string {
  return name.length > 1 && name.endsWith('-') ? `${name.slice(0, -2)}a` : name;
}

/** `RULE (e.g. 'a',  or 'b', regex used for validation is 'REGEX')`, as upstream puts it. */
export function regexComplaint(rule: string, regex: string, ...examples: readonly string[]): string {
  if (examples.length === 0) return `${rule} (regex used for validation is '${regex}')`;
  return `${rule} (e.g. ${examples.map((example) => `'${example}', `).join(' or ')}regex used for validation is '${regex}')`;
}

function lengthAndShape(value: string, lengthMax: number, shape: RegExp, complain: () => string): Complaints {
  if (value.length <= lengthMax && shape.test(value)) return none;
  return [...tooLong(value, lengthMax), ...(shape.test(value) ? none : [complain()])];
}

function tooLong(value: string, lengthMax: number): Complaints {
  return byteLength(value) > lengthMax ? [`must be no more than ${lengthMax} characters`] : none;
}

function prefixComplaints(prefix: string): string[] {
  if (prefix === '') return ['prefix part must be non-empty'];
  return dns1123Subdomain(prefix).map((complaint) => `prefix part ${complaint.replace(/characters$/, 'bytes')}`);
}

function directoryComplaints(value: string): Complaints {
  if (value === '.' || value === '..') return [`must not be '${value}'`];
  return value.startsWith('..') ? ["must not start with '..'"] : none;
}

/** UTF-8 bytes of a text, which is what Go's len counts. */
function byteLength(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
