// The scripts of `etcdctl completion` and `etcdutl completion`: subcommands and flags, written out per command.
import { quote } from '../../base/go/quote.ts';
import type { NamedCommand } from './commands.ts';

const shells: Readonly<Record<string, (program: string, commands: readonly NamedCommand[]) => string>> = {
  bash: (program, commands) => `# Completes ${program}'s command lines in bash.\n${bashFunction(program, commands)}`,
  zsh: (program, commands) =>
    `#compdef ${program}\n# Completes ${program}'s command lines in zsh.\nautoload -U +X bashcompinit && bashcompinit\n${bashFunction(program, commands)}`,
  fish: fishLines,
  powershell: powershellBlock,
};

/** What is wrong with the operands, in cobra's words; undefined: nothing. */
export function completionProblem(operands: readonly string[], program: string): string | undefined {
  if (operands.length !== 1) return `accepts 1 arg(s), received ${operands.length}`;
  const [shell = ''] = operands;
  return Object.hasOwn(shells, shell) ? undefined : `invalid argument ${quote(shell)} for "${program} completion"`;
}

export function completionOf(program: string, shell: string, commands: readonly NamedCommand[]): string {
  return shells[shell]?.(program, commands) ?? '';
}

function bashFunction(program: string, commands: readonly NamedCommand[]): string {
  const cases = (lines: readonly (readonly [path: string, words: string])[]): string =>
    lines.map(([path, words]) => `    "${path}") words="${words}" ;;\n`).join('');
  return `_${program}() {
  local word="\${COMP_WORDS[COMP_CWORD]}" path="" words="" at
  for ((at = 1; at < COMP_CWORD; at++)); do
    if [[ "\${COMP_WORDS[at]}" != -* ]]; then path+="\${path:+ }\${COMP_WORDS[at]}"; fi
  done
  if [[ "$word" == -* ]]; then
    case "$path" in
${cases(flagsOf(commands))}    esac
  else
    case "$path" in
${cases([...wordsUnder(commands)].map(([path, words]) => [path, [...words].join(' ')]))}    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _${program} ${program}
`;
}

function fishLines(program: string, commands: readonly NamedCommand[]): string {
  const lines = [...wordsUnder(commands)].flatMap(([path, words]) =>
    [...words].map((word) => {
      const seen = path === '' ? '__fish_use_subcommand' : `__fish_seen_subcommand_from ${path}`;
      return `complete -c ${program} -n '${seen}' -a ${word}\n`;
    }),
  );
  const flags = flagsOf(commands).flatMap(([path, words]) =>
    words.split(' ').map((flag) => {
      const last = path.split(' ').at(-1);
      return `complete -c ${program} -n '__fish_seen_subcommand_from ${last}' -l ${flag.replace(/^--/, '')}\n`;
    }),
  );
  return `# Completes ${program}'s command lines in fish.\n${lines.join('')}${flags.join('')}`;
}

function powershellBlock(program: string, commands: readonly NamedCommand[]): string {
  const table = [...wordsUnder(commands)]
    .map(([path, words]) => `    '${path}' = ${[...words].map((word) => `'${word}'`).join(', ')}\n`)
    .join('');
  return `# Completes ${program}'s command lines in PowerShell.
Register-ArgumentCompleter -Native -CommandName ${program} -ScriptBlock {
  param($word, $line, $position)
  $words = @{
${table}  }
  $path = ($line.CommandElements | Select-Object -Skip 1 | Where-Object { "$_" -ne $word -and "$_" -notlike '-*' }) -join ' '
  $words[$path] | Where-Object { $_ -like "$word*" }
}
`;
}

/** The words that may follow, by those before: `get`, `member` … at first, `list` … behind `member`. */
function wordsUnder(commands: readonly NamedCommand[]): ReadonlyMap<string, ReadonlySet<string>> {
  const under = new Map<string, Set<string>>();
  for (const { name } of commands)
    name.split(' ').forEach((word, at, all) => {
      const path = all.slice(0, at).join(' ');
      under.set(path, (under.get(path) ?? new Set()).add(word));
    });
  return under;
}

function flagsOf(commands: readonly NamedCommand[]): readonly (readonly [path: string, words: string])[] {
  return commands
    .filter(({ options = [] }) => options.length > 0)
    .map(({ name, options = [] }) => [name, options.map((flag) => `--${flag.name}`).join(' ')] as const);
}
