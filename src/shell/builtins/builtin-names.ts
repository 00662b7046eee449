// The names of the shell's builtins; builtins.ts gives each its code (its test compares the two).

export const builtinNames: ReadonlySet<string> = new Set(
  (
    '. : [ alias bg break builtin cd command compgen complete compopt continue declare echo eval exec exit export false fg getopts hash ' +
    'jobs kill let local mapfile printf pwd read readarray readonly return set shift shopt source test trap true type typeset ' +
    'umask unalias unset wait'
  ).split(' '),
);
