// Preferences as a kuberc file has them, read with Go's words for values of the wrong type.
import { jsonKind } from '../../base/go/json-kind.ts';
import { isList, isObject, type JsonObject, type JsonValue, own } from '../../base/json.ts';

export interface OptionDefault {
  readonly name: string;
  readonly default: string;
}

export interface CommandDefaults {
  readonly command: string;
  readonly options: readonly OptionDefault[];
}

export interface Alias {
  readonly name: string;
  readonly command: string;
  readonly prependArgs: readonly string[];
  readonly appendArgs: readonly string[];
  readonly options: readonly OptionDefault[];
}

/** Lists that the file does not have are undefined: some rules tell them from empty ones. */
export interface Preference {
  readonly defaults: readonly CommandDefaults[] | undefined;
  readonly aliases: readonly Alias[] | undefined;
  readonly policy: string;
  readonly allowlist: readonly AllowlistEntry[] | undefined;
}

/** `name` is the old word for `command`. */
export interface AllowlistEntry {
  readonly name: string;
  readonly command: string;
}

/** A value that does not fit its field. */
export class PreferenceError extends Error {
  override name = 'PreferenceError';
}

export const preferenceGroup = 'kubectl.config.k8s.io';

/** The keys that a version of the format has in other words than v1beta1. */
const alphaNames: ReadonlyMap<string, string> = new Map([
  ['defaults', 'overrides'],
  ['options', 'flags'],
]);

/** An object of the file and the fields in it that nobody knows, as paths. `version` is v1beta1 or v1alpha1. */
export function readPreference(
  object: JsonObject,
  version: string,
): { readonly preference: Preference; readonly unknown: readonly string[] } {
  const reader = new Reader(version);
  const top = reader.struct(object, { type: 'Preference', path: '', fieldPath: '' });
  top.ignore('kind', 'apiVersion');
  const options = (inside: Struct) =>
    inside.structs('options', 'CommandOptionDefault', (option) => ({
      name: option.text('name'),
      default: option.text('default'),
    }));
  const preference: Preference = {
    defaults: top.structs('defaults', 'CommandDefaults', (inside) => ({
      command: inside.text('command'),
      options: options(inside) ?? [],
    })),
    aliases: top.structs('aliases', 'AliasOverride', (inside) => ({
      name: inside.text('name'),
      command: inside.text('command'),
      prependArgs: inside.texts('prependArgs'),
      appendArgs: inside.texts('appendArgs'),
      options: options(inside) ?? [],
    })),
    policy: version === 'v1alpha1' ? '' : top.text('credentialPluginPolicy'),
    allowlist:
      version === 'v1alpha1'
        ? undefined
        : top.structs('credentialPluginAllowlist', 'AllowlistEntry', (inside) => ({
            name: inside.text('name'),
            command: inside.text('command'),
          })),
  };
  return { preference, unknown: reader.unknown() };
}

/** What is written: v1beta1, fields in the order of their declaration. */
export function preferenceObject({ defaults, aliases, policy, allowlist }: Preference): JsonObject {
  const entries = (list: readonly OptionDefault[]) =>
    list.map(({ name, default: value }) => ({ name, default: value }));
  return {
    kind: 'Preference',
    apiVersion: `${preferenceGroup}/v1beta1`,
    defaults:
      defaults?.map(({ command, options }) => ({ command, options: options.length > 0 ? entries(options) : null })) ??
      null,
    aliases:
      aliases?.map(({ name, command, prependArgs, appendArgs, options }) => ({
        name,
        command,
        ...(prependArgs.length > 0 && { prependArgs }),
        ...(appendArgs.length > 0 && { appendArgs }),
        ...(options.length > 0 && { options: entries(options) }),
      })) ?? null,
    ...(policy !== '' && { credentialPluginPolicy: policy }),
    ...(allowlist &&
      allowlist.length > 0 && {
        credentialPluginAllowlist: allowlist.map(({ name, command }) => ({
          ...(name && { name }),
          ...(command && { command }),
        })),
      }),
  };
}

interface Place {
  /** The name of the Go struct. */
  readonly type: string;
  /** With indices: `defaults[0].`, as unknown fields are told. */
  readonly path: string;
  /** Without: `defaults.`, as values of a wrong type are told. */
  readonly fieldPath: string;
}

class Reader {
  private readonly structsRead: Struct[] = [];

  constructor(readonly version: string) {}

  struct(object: JsonObject, place: Place): Struct {
    const made = new Struct(object, place, this);
    this.structsRead.push(made);
    return made;
  }

  /** Deepest fields first within a field, fields in the order of their names. */
  unknown(): readonly string[] {
    return this.structsRead.flatMap((one) => one.unknown()).sort();
  }
}

class Struct {
  private readonly known = new Set<string>();

  constructor(
    private readonly object: JsonObject,
    private readonly place: Place,
    private readonly reader: Reader,
  ) {}

  ignore(...keys: readonly string[]): void {
    for (const key of keys) this.known.add(key);
  }

  text(key: string): string {
    const value = this.take(key);
    if (value === undefined || value === null) return '';
    if (typeof value !== 'string') throw this.wrong(key, value, 'string');
    return value;
  }

  texts(key: string): readonly string[] {
    return (
      this.list(key, '[]string')?.map((value) => {
        if (value === null) return '';
        if (typeof value !== 'string') throw this.wrong(key, value, 'string');
        return value;
      }) ?? []
    );
  }

  structs<T>(key: string, type: string, read: (inside: Struct) => T): readonly T[] | undefined {
    const written = this.written(key);
    const goType = `${this.reader.version}.${type}`;
    return this.list(key, `[]${goType}`)?.map((value, index) => {
      if (value !== null && !isObject(value)) throw this.wrong(key, value, goType);
      const { path, fieldPath } = this.place;
      const place = { type, path: `${path}${written}[${index}].`, fieldPath: `${fieldPath}${written}.` };
      return read(this.reader.struct(value ?? {}, place));
    });
  }

  unknown(): readonly string[] {
    const found = Object.keys(this.object).filter((key) => !this.known.has(key));
    return found.map((key) => `${this.place.path}${key}`);
  }

  private list(key: string, goType: string): readonly JsonValue[] | undefined {
    const value = this.take(key);
    if (value === undefined || value === null) return undefined;
    if (!isList(value)) throw this.wrong(key, value, goType);
    return value;
  }

  private written(key: string): string {
    return this.reader.version === 'v1alpha1' ? (alphaNames.get(key) ?? key) : key;
  }

  private take(key: string): JsonValue | undefined {
    const written = this.written(key);
    this.known.add(written);
    return own(this.object, written);
  }

  private wrong(key: string, value: JsonValue, goType: string): PreferenceError {
    const field = `${this.place.type}.${this.place.fieldPath}${this.written(key)}`;
    return new PreferenceError(
      `json: cannot unmarshal ${jsonKind(value)} into Go struct field ${field} of type ${goType}`,
    );
  }
}
