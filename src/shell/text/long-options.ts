// Command lines as docker and minikube read them: `--name value`, `--name=value`, `-n value`, joined short switches.

export interface OptionSpec {
  readonly name: string;
  readonly short?: string;
  /** A switch takes no value (but `--name=false`); a list may be given many times. */
  readonly kind: 'switch' | 'text' | 'list';
  readonly about: string;
  /** Taken and without any effect here; the comment beside it says why. */
  readonly idle?: boolean;
}

/** The command line is none: `message` is pflag's words. */
export class OptionError extends Error {
  override name = 'OptionError';
}

export class Options {
  constructor(
    readonly operands: readonly string[],
    private readonly given: ReadonlyMap<string, readonly string[]>,
  ) {}

  /** Every option that was given. */
  get all(): ReadonlyMap<string, readonly string[]> {
    return this.given;
  }

  has(name: string): boolean {
    const value = this.text(name);
    return value !== undefined && value !== 'false' && value !== '0';
  }

  /** Whether it was given at all. */
  isSet(name: string): boolean {
    return this.given.has(name);
  }

  text(name: string): string | undefined {
    return this.given.get(name)?.at(-1);
  }

  list(name: string): readonly string[] {
    return this.given.get(name) ?? [];
  }
}

/** `operandsEnd`: what follows the first operand is not ours (`docker run IMAGE …`). */
export function readOptions(
  words: readonly string[],
  specs: readonly OptionSpec[],
  { operandsEnd = false }: { readonly operandsEnd?: boolean } = {},
): Options {
  const operands: string[] = [];
  const given = new Map<string, string[]>();
  const add = (spec: OptionSpec, value: string): void => {
    given.set(spec.name, [...(given.get(spec.name) ?? []), value]);
  };
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    if (word === '--') {
      operands.push(...words.slice(i + 1));
      break;
    }
    if (word.startsWith('--')) {
      const [, name = '', value] = /^--([^=]*)(?:=([\s\S]*))?$/.exec(word) ?? [];
      const spec = specs.find((each) => each.name === name);
      if (!spec) throw new OptionError(`unknown flag: --${name}`);
      if (value !== undefined) add(spec, value);
      else if (spec.kind === 'switch') add(spec, 'true');
      else if (i + 1 < words.length) add(spec, words[++i] ?? '');
      else throw new OptionError(`flag needs an argument: --${name}`);
    } else if (word.length > 1 && word.startsWith('-')) i += readShort(word, words[i + 1], { specs, add });
    else if (operandsEnd) {
      operands.push(...words.slice(i));
      break;
    } else operands.push(word);
  }
  return new Options(operands, given);
}

/** How many further words were used. */
function readShort(
  word: string,
  next: string | undefined,
  { specs, add }: { readonly specs: readonly OptionSpec[]; readonly add: (spec: OptionSpec, value: string) => void },
): number {
  for (let at = 1; at < word.length; at++) {
    const letter = word.charAt(at);
    const spec = specs.find(({ short }) => short === letter);
    if (!spec) throw new OptionError(`unknown shorthand flag: '${letter}' in ${word}`);
    if (spec.kind === 'switch') {
      add(spec, 'true');
      continue;
    }
    const rest = word.slice(at + 1).replace(/^=/, '');
    if (rest === '' && next === undefined) throw new OptionError(`flag needs an argument: '${letter}' in ${word}`);
    add(spec, rest === '' ? (next ?? '') : rest);
    return rest === '' ? 1 : 0;
  }
  return 0;
}

/** The options as cobra lists them. */
export function describeOptions(specs: readonly OptionSpec[]): string {
  const rows = [...specs]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((spec) => {
      const type = { switch: '', text: ' string', list: ' list' }[spec.kind];
      return [`  ${spec.short ? `-${spec.short}, ` : '    '}--${spec.name}${type}`, spec.about] as const;
    });
  const width = Math.max(0, ...rows.map(([left]) => left.length)) + 3;
  return rows.map(([left, about]) => `${left.padEnd(width)}${about}\n`).join('');
}
