// The command line of a component of Kubernetes: `--name=value`, `--name value`, and switches. What it does not have it
// refuses; what it has and the simulation does not, its log names.
import { quote } from '../../base/go/quote.ts';
import { readGoDuration } from '../../base/go-duration.ts';
import { ConfigurationError } from '../apiserver/configuration/config-file.ts';

export type Flags = ReadonlyMap<string, string>;

/** What the machine's own manifests say, and so is true of it: flags by their names. */
export type UsualFlags = Readonly<Record<string, string>>;

/** Those whose value may be left out: `--profiling` is `--profiling=true`. */
const switches =
  /^(allow-privileged|anonymous-auth|audit-.*-(enable|enabled)|audit-log-compress|contention-profiling|disable-http2-serving|enable-(?!admission-plugins$).*|help|leader-elect|profiling|permit-.*|service-account-(lookup|extend-token-expiration)|use-service-account-credentials|allocate-node-cidrs|configure-cloud-routes|watch-cache|encryption-provider-config-automatic-reload|.*client-cert-auth|auto-tls|peer-auto-tls|force-new-cluster|version)$/;

/** The flags of a command line by their names; of one given twice, the last value. Throws ConfigurationError. */
export function readFlags(argv: readonly string[], known: ReadonlySet<string>): Flags {
  const flags = new Map<string, string>();
  for (let i = 0; i < argv.length; i++) {
    const [, given, value] = /^(?:--|-(?=v(?:=|$)))([^=]+)(?:=(.*))?$/s.exec(argv[i] ?? '') ?? [];
    if (given === undefined) continue;
    const name = given.replaceAll('_', '-');
    if (!known.has(name)) throw new ConfigurationError(`unknown flag: --${given}`);
    if (value !== undefined) flags.set(name, value);
    else if (switches.test(name)) flags.set(name, 'true');
    else {
      const next = argv[++i];
      if (next === undefined) throw new ConfigurationError(`flag needs an argument: --${given}`);
      flags.set(name, next);
    }
  }
  for (const name of flags.keys()) if (switches.test(name)) switchOf(flags, name, false);
  return flags;
}

/** `--feature-gates`: names and what they are. Throws ConfigurationError. */
export function checkGates(flags: Flags): void {
  for (const gate of listOf(flags, 'feature-gates') ?? []) {
    const [name = '', value] = gate.trim().split('=', 2);
    if (value === undefined) throw new ConfigurationError(`missing bool value for ${name}`);
    if (boolOf(value) === undefined)
      throw new ConfigurationError(
        `invalid value of ${name}=${value}, err: strconv.ParseBool: parsing ${quote(value)}: invalid syntax`,
      );
  }
}

/** A switch as Go reads it. Throws ConfigurationError. */
export function switchOf(flags: Flags, name: string, missing: boolean): boolean {
  const value = flags.get(name);
  if (value === undefined) return missing;
  const read = boolOf(value);
  if (read === undefined) throw badArgument(name, value, `strconv.ParseBool: parsing ${quote(value)}: invalid syntax`);
  return read;
}

function boolOf(value: string): boolean | undefined {
  if (/^(1|t|true|TRUE|True|T)$/.test(value)) return true;
  return /^(0|f|false|FALSE|False|F)$/.test(value) ? false : undefined;
}

/** A whole number. Throws ConfigurationError. */
export function numberOf(flags: Flags, name: string, missing: number): number {
  const value = flags.get(name);
  if (value === undefined) return missing;
  if (/^[-+]?\d{1,15}$/.test(value)) return Number(value);
  throw badArgument(name, value, `strconv.ParseInt: parsing ${quote(value)}: invalid syntax`);
}

/** Milliseconds; undefined where the flag is not given. Throws ConfigurationError. */
export function durationOf(flags: Flags, name: string): number | undefined {
  const value = flags.get(name);
  if (value === undefined) return undefined;
  const parsed = readGoDuration(value);
  if (parsed === undefined) throw badArgument(name, value, `time: invalid duration ${quote(value)}`);
  return parsed;
}

/** A list whose items are separated by commas; undefined where the flag is not given. */
export function listOf(flags: Flags, name: string): readonly string[] | undefined {
  return flags
    .get(name)
    ?.split(',')
    .filter((item) => item !== '');
}

/**
 * The line that names flags which change nothing: those that are not acted on, unless they say what is so anyway.
 * Undefined where there are none.
 */
export function idleFlags(flags: Flags, acting: ReadonlySet<string>, usual: UsualFlags) {
  const idle = [...flags].filter(([name, value]) => !acting.has(name) && usual[name] !== value);
  if (idle.length === 0) return undefined;
  const names = idle.map(([name]) => `--${name}`).sort();
  return `"Flags are not simulated and change nothing" flags=${JSON.stringify(names.join(' '))}\n`;
}

function badArgument(name: string, value: string, why: string): ConfigurationError {
  return new ConfigurationError(`invalid argument ${quote(value)} for "--${name}" flag: ${why}`);
}
