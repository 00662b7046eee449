// `kubectl kuberc set`: adds or replaces a default, an alias or the policy of credential plugins in the kuberc file.
import type { Command } from '../../command.ts';
import { CommandError, ManyErrors } from '../../errors.ts';
import { type FlagValues, flag } from '../../flags.ts';
import { kubercFile, readKuberc, saveKuberc } from '../../kuberc/file.ts';
import { parsePreference } from '../../kuberc/parse.ts';
import { pluginPolicies } from '../../kuberc/plugin-policy.ts';
import type { AllowlistEntry, OptionDefault, Preference } from '../../kuberc/preference.ts';

export const set: Command = {
  use: 'set --section (defaults|aliases) --command COMMAND',
  short: 'Set values in the kuberc configuration',
  long: `Set values in the kuberc file.

 --section says what is set: defaults of flags, where --command is the command alone ("get", "set env"), or aliases of commands, which may have arguments and flags as well, or the policy for credential plugins.`,
  example: `# Let get print wide tables
kubectl kuberc set --section defaults --command get --option output=wide

# The same of a subcommand
kubectl kuberc set --section defaults --command "set env" --option output=yaml

# Let getn list nodes
kubectl kuberc set --section aliases --name getn --command get --prependarg nodes --option output=wide

# Arguments at the end
kubectl kuberc set --section aliases --name runx --command run --option image=nginx --appendarg "--" --appendarg arg1

# Replace what is there
kubectl kuberc set --section defaults --command get --option output=json --overwrite

# Let only one credential plugin run
kubectl kuberc set --section credentialplugin --policy Allowlist --allowlist-entry command=cloud-credential-helper`,
  flags: [
    flag.stringArray('allowlist-entry', 'Entry of the allowlist (field=value); may be repeated'),
    flag.stringArray('appendarg', 'Argument after those of the command line, of an alias; may be repeated'),
    flag.string('command', "Command that is meant (e.g. 'get', 'create', 'set env')"),
    flag.string('name', "The alias' name (needed for --section=aliases)"),
    flag.stringArray('option', 'Value of a flag (flag=value); may be repeated'),
    flag.bool('overwrite', 'Replace what is there'),
    flag.string('policy', "Which credential plugins may run: 'AllowAll', 'DenyAll' or 'Allowlist'"),
    flag.stringArray('prependarg', 'Argument before those of the command line, of an alias; may be repeated'),
    flag.string('section', "What is set: 'defaults', 'aliases' or 'credentialplugin'", { required: true }),
  ],
  run: async (context) => {
    const { process, flags } = context;
    const file = kubercFile(process, flags.string('kuberc'));
    if (!file) throw new CommandError('KUBERC is disabled via KUBERC=off environment variable');
    const problem = flagsProblem(flags);
    if (problem !== undefined) throw new CommandError(problem);
    const read = readKuberc(process, file);
    if ('problem' in read && !read.missing) throw new CommandError(`error reading kuberc file: ${read.problem}`);
    const preference = parsePreference('text' in read ? read.text : '');
    const options = flags.strings('option').map(parseOption);
    const sections = { defaults: withDefaults, aliases: withAlias, credentialplugin: withPolicy };
    const section = sections[sectionOf(flags)];
    context.out(saveKuberc(process, file, section(preference, flags, options)));
  },
};

type Section = 'defaults' | 'aliases' | 'credentialplugin';

function sectionOf(flags: FlagValues): Section {
  const text = flags.string('section');
  return text === 'defaults' || text === 'aliases' ? text : 'credentialplugin';
}

/** Flags that do not go together. */
function flagsProblem(flags: FlagValues): string | undefined {
  const section = flags.string('section');
  const name = flags.string('name');
  if (!['defaults', 'aliases', 'credentialplugin'].includes(section))
    return `--section must be "defaults", "aliases", or "credentialplugin", got: ${section}`;
  if (section === 'aliases' && name === '') return '--name is required when --section=aliases';
  if (section === 'defaults' && name !== '') return '--name should not be specified when --section=defaults';
  const around = [...flags.strings('prependarg'), ...flags.strings('appendarg')];
  if (section === 'defaults' && around.length > 0)
    return '--prependarg and --appendarg are only valid for --section=aliases';
  if (section === 'credentialplugin') return policyProblem(flags.string('policy'), flags.strings('allowlist-entry'));
  if (flags.string('command') === '') return '--command is required when --section=aliases or --section=defaults';
  return undefined;
}

function policyProblem(policy: string, entries: readonly string[]): string | undefined {
  const section = '--section=credentialplugin';
  if (policy === '') return `--policy is required when ${section}`;
  if (!pluginPolicies.some((one) => one === policy))
    return ` --policy must be  "AllowAll", "DenyAll", or "Allowlist", got: ${policy}`;
  if (policy !== 'Allowlist')
    return entries.length > 0 ? `--allowlist-entry may only be used when ${section} and --policy=Allowlist` : undefined;
  return entries.length === 0 ? `--allowlist-entry is required when ${section} and --policy=Allowlist` : undefined;
}

function parseOption(text: string): OptionDefault {
  const equals = text.indexOf('=');
  if (equals < 0) throw new CommandError(`invalid option format ${JSON.stringify(text)}, expected flag=value`);
  return { name: text.slice(0, equals).replace(/^-+/, ''), default: text.slice(equals + 1) };
}

type Change = (preference: Preference, flags: FlagValues, options: readonly OptionDefault[]) => Preference;

const withDefaults: Change = (preference, flags, options) => {
  const { defaults = [] } = preference;
  const command = flags.string('command');
  const held = defaults.find((one) => one.command === command);
  if (held && !flags.bool('overwrite'))
    throw new CommandError(`defaults for command ${JSON.stringify(command)} already exist, use --overwrite to replace`);
  const changed = { command, options: orHeld(options, held?.options) };
  return { ...preference, defaults: replaced(defaults, held, changed) };
};

const withAlias: Change = (preference, flags, options) => {
  const { aliases = [] } = preference;
  const name = flags.string('name');
  const held = aliases.find((one) => one.name === name);
  if (held && !flags.bool('overwrite'))
    throw new CommandError(`alias ${JSON.stringify(name)} already exists, use --overwrite to replace`);
  const changed = {
    name,
    command: flags.string('command'),
    prependArgs: orHeld(flags.strings('prependarg'), held?.prependArgs),
    appendArgs: orHeld(flags.strings('appendarg'), held?.appendArgs),
    options: orHeld(options, held?.options),
  };
  return { ...preference, aliases: replaced(aliases, held, changed) };
};

const withPolicy: Change = (preference, flags) => {
  const policy = flags.string('policy');
  if (policy !== 'Allowlist') return { ...preference, policy };
  return { ...preference, policy, allowlist: parseEntries(flags.strings('allowlist-entry')) };
};

/** What is not said anew stays as it is. */
function orHeld<T>(said: readonly T[], held: readonly T[] = []): readonly T[] {
  return said.length > 0 ? said : held;
}

function replaced<T>(list: readonly T[], held: T | undefined, changed: T): readonly T[] {
  return held === undefined ? [...list, changed] : list.map((one) => (one === held ? changed : one));
}

function parseEntries(texts: readonly string[]): readonly AllowlistEntry[] {
  const errors: Error[] = [];
  const entries = texts
    .flatMap((text) => text.split(','))
    .flatMap((text) => {
      const problem = entryProblem(text);
      if (problem === undefined) return [{ name: '', command: text.slice('command='.length) }];
      errors.push(new CommandError(problem));
      return [];
    });
  ManyErrors.throwAll(errors);
  return entries;
}

function entryProblem(text: string): string | undefined {
  const equals = text.indexOf('=');
  if (equals < 0) return `improperly formatted allowlist entry: ${JSON.stringify(text)}`;
  const field = text.slice(0, equals);
  if (field === 'name') return 'allowlist entry field "name" is deprecated, use "command" instead';
  if (field !== 'command') return `unrecognized allowlist entry field: ${JSON.stringify(field)}`;
  return text.slice(equals + 1).trim() === '' ? 'empty value in allowlist entry for field "command"' : undefined;
}
