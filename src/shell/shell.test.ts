// The shell as people use it: text in, transcript out.
import { describe, expect, test } from 'vitest';
import { builtinNames } from './builtins/builtin-names.ts';
import { builtins } from './builtins/builtins.ts';
import { createTestMachine, type TestMachineOptions } from './testing/test-machine.ts';

const idle = () => new Promise<void>((resolve) => setImmediate(resolve));

async function run(text: string, options: Partial<TestMachineOptions> = {}) {
  return createTestMachine({ idle, ...options }).run(text);
}

describe('expansion', () => {
  test.each([
    // words and quotes
    ['x="a  b"; echo $x "$x" \'$x\'', 'a b a  b $x\n'],
    ['echo $\'a\\tb\' "q\\"q" a\\ b', 'a\tb q"q a b\n'],
    ['echo {1..3} {a,b}c {3..1} {01..03} {x', '1 2 3 ac bc 3 2 1 01 02 03 {x\n'],
    ['echo ~ ~/x "~"', '/home/learner /home/learner/x ~\n'],
    // parameters
    [
      'x=abcdef; echo ${x:1:3} ${x#a} ${x%ef} ${x/cd/--} ${x^^} ${#x} ${y:-def} ${x: -2}',
      'bcd bcdef abcd ab--ef ABCDEF 6 def ef\n',
    ],
    ['p=/a/b/c.tar.gz; echo ${p##*/} ${p%/*} ${p%%.*} ${p//\\//:}', 'c.tar.gz /a/b /a/b/c :a:b:c.tar.gz\n'],
    ['echo ${a:=1} $a ${b+set} ${a+set}; r=a; echo ${!r}', '1 1 set\n1\n'],
    ['set -- a "b c"; echo $# "$2"; for i in "$@"; do echo "<$i>"; done; shift; echo $1', '2 b c\n<a>\n<b c>\nb c\n'],
    [
      'a=(1 2 "3 4"); a+=(5); echo ${#a[@]} "${a[2]}" ${a[-1]} ${!a[@]}; unset "a[0]"; echo ${a[*]}',
      '4 3 4 5 0 1 2 3\n2 3 4 5\n',
    ],
    ['declare -A m; m[k]=v; m[l]=w; echo ${m[k]} ${!m[@]}', 'v k l\n'],
    // commands and arithmetic
    ['echo $(echo a; echo b) `echo c` "$(printf "x\\n\\n")"', 'a b c x\n'],
    ['echo $((1+2*3)) $((5/2)) $((-7%3)) $((2**10)) $((1<2?7:8)) $((0x10 + 010 + 2#101))', '7 2 -1 1024 7 29\n'],
    ['x=3; echo $((x++)) $x $((x+=2)) $((x, 9))', '3 4 6 9\n'],
    // globs
    ['touch a.env b.env; echo *.env *.zzz "*.env" [ab].env', 'a.env b.env *.zzz *.env a.env b.env\n'],
  ])('%s', async (text, output) => {
    expect((await run(text)).output).toBe(output);
  });
});

describe('commands', () => {
  test.each([
    ['if [ 1 -eq 2 ]; then echo a; elif [[ abc =~ ^a(.)c$ ]]; then echo ${BASH_REMATCH[1]}; else echo c; fi', 'b\n', 0],
    ['for ((i=0;i<3;i++)); do [ $i = 1 ] && continue; echo $i; done', '0\n2\n', 0],
    ['i=0; until [ $i -ge 3 ]; do i=$((i+1)); done; while true; do break; done; echo $i', '3\n', 0],
    ['case foo.txt in *.md) echo md;; *.txt|x) echo txt;; esac', 'txt\n', 0],
    ['f() { local x=1; echo "$1 $x"; return 3; }; x=0; f a; echo $? $x', 'a 1\n3 0\n', 0],
    ['false || echo or; true && echo and; ! true; echo $?', 'or\nand\n1\n', 0],
    ['(exit 3) | true; echo $?; set -o pipefail; (exit 3) | true; echo $? ${PIPESTATUS[0]}', '0\n3 3\n', 0],
    ['set -e; if false; then :; fi; false || true; false; echo no', '', 1],
    ['printf "1 2\\n3 4\\n" | while read a b; do echo "$b $a"; done', '2 1\n4 3\n', 0],
    ['cat <<A; cat <<"B"; cat <<< "$HOME"\n$((1+1))\nA\n$x\nB\n', '2\n$x\n/home/learner\n', 0],
    ['{ echo out; echo err >&2; } 2>&1 >/dev/null | tr a-z A-Z', 'ERR\n', 0],
    ['exec 3> log; echo hi >&3; exec 3>&-; cat log; echo more >> log; wc -l < log', 'hi\n2\n', 0],
    ['diff <(echo a) <(echo b)', '1c1\n< a\n---\n> b\n', 1],
    ['trap "echo bye" EXIT; eval "echo hi"; exit 4', 'hi\nbye\n', 4],
    ['while getopts "ab:" o -a -b x; do echo $o $OPTARG; done', 'a\nb x\n', 0],
    ['A=1 sh -c \'echo $A $0 $1\' zero one; echo "[$A]"', '1 zero one\n[]\n', 0],
    [
      'printf "#!/bin/sh\\necho ran \\$1\\n" > s.sh; chmod +x s.sh; ./s.sh x; sh s.sh y; . ./s.sh',
      'ran x\nran y\nran\n',
      0,
    ],
  ])('%s', async (text, output, status) => {
    expect(await run(text)).toMatchObject({ output, status });
  });
});

describe('what is wrong is said in bash’s words', () => {
  test.each([
    ['foo', 'bash: line 1: foo: command not found\n', 127],
    ['./nope', 'bash: line 1: ./nope: No such file or directory\n', 127],
    ['echo x > f; ./f', 'bash: line 1: ./f: Permission denied\n', 126],
    ['/tmp', 'bash: line 1: /tmp: Is a directory\n', 126],
    ['cat < nope', 'bash: line 1: nope: No such file or directory\n', 1],
    ['bash -c "echo )"', "bash: -c: line 1: syntax error near unexpected token `)'\nbash: -c: line 1: `echo )'\n", 2],
    ['echo "x', 'bash: line 1: unexpected EOF while looking for matching `"\'\n', 2],
    ['if true; then', 'bash: line 1: syntax error: unexpected end of file\n', 2],
    ['echo ok\necho ${x?oops}\necho no', 'ok\nbash: line 2: x: oops\n', 127],
    ['set -u; echo $nope', 'bash: line 1: nope: unbound variable\n', 127],
    ['echo $((1/0))', 'bash: line 1: 1/0: division by 0 (error token is "0")\n', 1],
    ['readonly r=1; r=2', 'bash: line 1: r: readonly variable\n', 1],
    ['[ a = ; [ x -eq 1 ]', "bash: line 1: [: missing `]'\nbash: line 1: [: x: integer expression expected\n", 2],
    ['kill 99999', 'bash: line 1: kill: (99999) - No such process\n', 1],
  ])('%s', async (text, output, status) => {
    expect(await run(text)).toMatchObject({ output, status });
  });

  test('ash and dash have their own', async () => {
    expect((await run('foo; cat nope; echo x > /no/f', { dialect: 'ash' })).output).toBe(
      "sh: foo: not found\ncat: can't open 'nope': No such file or directory\nsh: can't create /no/f: nonexistent directory\n",
    );
    expect((await run('foo', { dialect: 'dash' })).output).toBe('sh: 1: foo: not found\n');
  });
});

describe('processes', () => {
  test.each([
    ['(sleep 1; echo late) & echo early; wait; echo done', 'early\nlate\ndone\n', 1001],
    ['sleep 100 & kill $!; wait $!; echo $?', '143\n', 0],
    ['timeout 2 sleep 10; echo $?', '124\n', 2001],
    ['(while true; do echo tick; sleep 1; done) | head -3', 'tick\ntick\ntick\n', 3003],
    [
      'sh -c \'trap "echo bye; exit 0" TERM; while true; do sleep 1; done\' & sleep 2.5; kill $!; wait $!; echo $?',
      'bye\n0\n',
      3004,
    ],
    ['yes | head -2', 'y\ny\n', 1],
  ])('%s', async (text, output, elapsedMs) => {
    const transcript = await run(text);
    expect(transcript.output).toBe(output);
    expect(Math.abs(transcript.elapsedMs - elapsedMs)).toBeLessThanOrEqual(2);
  });

  test('Ctrl-C ends the line of an interactive shell and nothing more', async () => {
    const machine = createTestMachine({ idle, interactive: true });
    const signals = [{ afterMs: 1500, signal: 'Ctrl-C' }] as const;
    expect(await machine.run('sleep 5; echo no', { signals })).toMatchObject({
      output: '',
      status: 130,
      elapsedMs: 1500,
    });
    expect(await machine.run('while true; do sleep 1; done', { signals })).toMatchObject({
      status: 130,
      elapsedMs: 1500,
    });
  });

  test('hostile scripts are stopped', async () => {
    expect(await run('while :; do :; done')).toMatchObject({ status: 152, elapsedMs: 0 });
    expect((await run('yes > /dev/null; echo $?')).output).toContain('152\n');
    expect((await run('f() { f; }; f')).output).toContain('maximum function nesting level exceeded');
    expect((await run(`${'('.repeat(5000)}`)).output).toContain('nest too deeply');
  });
});

test('describeName knows every builtin', () => {
  expect([...builtinNames].sort()).toEqual([...builtins.keys()].sort());
});
