// Configuration files as OpenSSL reads them: sections of `name = value`, with comments, continued lines and variables.

/** Section names to their entries, in order; `default` is what stands before the first. */
export type Configuration = ReadonlyMap<string, ReadonlyMap<string, string>>;

export class ConfigurationError extends Error {
  override name = 'ConfigurationError';
}

/** Throws ConfigurationError. */
export function readConfiguration(text: string, environment: ReadonlyMap<string, string>): Configuration {
  const sections = new Map<string, Map<string, string>>([['default', new Map()]]);
  let section = 'default';
  const variable = (name: string): string => {
    const [, of, bare = name] = /^(\w+)::(.+)$/.exec(name) ?? [];
    const found =
      of === 'ENV'
        ? environment.get(bare)
        : (sections.get(of ?? section)?.get(bare) ?? sections.get('default')?.get(bare));
    if (found === undefined) throw new ConfigurationError('variable has no value');
    return found;
  };
  for (const [at, line] of text
    .replace(/\\\r?\n/g, '')
    .split(/\r?\n/)
    .entries()) {
    const content = withoutComment(line).trim();
    if (content === '') continue;
    const named = /^\[\s*(.*?)\s*\]$/.exec(content)?.[1];
    if (named !== undefined) {
      section = named;
      if (!sections.has(section)) sections.set(section, new Map());
      continue;
    }
    const [, name, value] = /^([^=]+?)\s*=\s*(.*)$/s.exec(content) ?? [];
    if (name === undefined || value === undefined) throw new ConfigurationError(`missing equal sign:line ${at + 1}`);
    const expanded = value.replace(/\$(?:\{([^}]+)\}|\(([^)]+)\)|(\w+(?:::\w+)?))/g, (_, a, b, c) =>
      variable(a ?? b ?? c),
    );
    sections.get(section)?.set(name.replace(/^\w+::/, ''), unquoted(expanded));
  }
  return sections;
}

/** Values of `DNS.1`, `DNS.2` …: their names without what tells them apart, in order. */
export function entriesOf(configuration: Configuration, section: string): readonly (readonly [string, string])[] {
  return [...(configuration.get(section) ?? [])];
}

function withoutComment(line: string): string {
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at);
    if (character === '\\') at++;
    else if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (character === '#') return line.slice(0, at);
  }
  return line;
}

function unquoted(value: string): string {
  return value.replace(/"([^"]*)"|'([^']*)'|\\(.)/g, (_, double, single, plain) => double ?? single ?? plain ?? '');
}
