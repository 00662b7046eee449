import { expect, test } from 'vitest';
import { parseFlags } from './flag-parse.ts';
import { flag } from './flags.ts';

const declared = [
  flag.bool('watch', '', { shorthand: 'w' }),
  flag.bool('all', '', { shorthand: 'A' }),
  flag.string('output', '', { shorthand: 'o' }),
  flag.string('namespace', '', { shorthand: 'n' }),
  flag.string('dry-run', '', { default: 'none', bare: 'unchanged' }),
  flag.stringSlice('filename', '', { shorthand: 'f' }),
  flag.stringArray('env', ''),
  flag.int64('chunk-size', '', { default: '500' }),
  flag.duration('timeout', ''),
];

function summary(line: string): unknown {
  const { flags, args, argsBeforeDash } = parseFlags(declared, line.split(' '));
  return [
    args.join(' '),
    argsBeforeDash,
    flags.bool('watch'),
    flags.string('output'),
    flags.string('namespace'),
    flags.string('dry-run'),
    flags.strings('filename').join('|'),
  ];
}

const lines = [
  ['get pods -w -o wide', ['get pods', -1, true, 'wide', '', 'none', '']],
  ['-owide -nfoo x', ['x', -1, false, 'wide', 'foo', 'none', '']],
  ['-o=wide -n=foo', ['', -1, false, 'wide', 'foo', 'none', '']],
  ['-wA -wo yaml', ['', -1, true, 'yaml', '', 'none', '']],
  ['--watch=false --output=a=b', ['', -1, false, 'a=b', '', 'none', '']],
  ['--dry-run client', ['client', -1, false, '', '', 'unchanged', '']],
  ['--dry-run=client', ['', -1, false, '', '', 'client', '']],
  ['-f a,b -f c', ['', -1, false, '', '', 'none', 'a|b|c']],
  ['x -- -w y', ['x -w y', 1, false, '', '', 'none', '']],
] as const;

test.each(lines)('%s is parsed as pflag does', (line, parsed) => {
  expect(summary(line)).toEqual(parsed);
});

// Recorded from kubectl v1.36.3.
const failures = [
  ['--foo', 'unknown flag: --foo'],
  ['-Z', "unknown shorthand flag: 'Z' in -Z"],
  ['-wx', "unknown shorthand flag: 'x' in -x"],
  ['-o', "flag needs an argument: 'o' in -o"],
  ['--output', 'flag needs an argument: --output'],
  ['---x', 'bad flag syntax: ---x'],
  ['--=x', 'bad flag syntax: --=x'],
  ['--watch=x', 'invalid argument "x" for "-w, --watch" flag: strconv.ParseBool: parsing "x": invalid syntax'],
  [
    '--chunk-size=abc',
    'invalid argument "abc" for "--chunk-size" flag: strconv.ParseInt: parsing "abc": invalid syntax',
  ],
  ['--timeout=5', 'invalid argument "5" for "--timeout" flag: time: missing unit in duration "5"'],
] as const;

test.each(failures)('%s is refused in the words of pflag', (line, message) => {
  expect(() => summary(line)).toThrow(message);
});
