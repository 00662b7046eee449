// The everyday programs: a command line in, its output out.
import { describe, expect, test } from 'vitest';
import { createTestMachine } from '../testing/test-machine.ts';

const idle = () => new Promise<void>((resolve) => setImmediate(resolve));
const run = (text: string) => createTestMachine({ idle }).run(text);

describe('text', () => {
  test.each([
    ["printf 'b\\na\\nc\\na\\n' | sort | uniq -c", '      2 a\n      1 b\n      1 c\n'],
    ["printf '10 a\\n9 b\\n' | sort -k1,1n | head -1; printf 'x,2\\ny,1\\n' | sort -t, -k2 -r", '9 b\nx,2\ny,1\n'],
    ["head -c 100000 /dev/zero | tr '\\0' a | wc -c", '100000\n'],
    ["printf '\\xff\\xfe' | base64; echo aGk= | base64 -d", '//4=\nhi'],
    ['seq 5 | tail -2; seq 5 | tail -n +4; seq 3 | tac; seq 1 2 5 | paste -sd,', '4\n5\n4\n5\n3\n2\n1\n1,3,5\n'],
    [
      'echo a:b:c | cut -d: -f1,3; echo hello | cut -c2-3; echo hello | tr a-y b-z; echo aab | tr -d a',
      'a:c\nel\nifmmp\nb\n',
    ],
    [
      "printf 'b\\nc\\nb\\n' | grep -n -B1 c; echo foo.bar | grep -oE '[a-z]+'; echo x | grep -c y",
      '1-b\n2:c\nfoo\nbar\n0\n',
    ],
    ["echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab | grep -E '^(a+)+$'", 'grep: exceeded the limit of matching steps\n'],
    ["echo x | grep '['", 'grep: Unmatched [, [^, [:, [., or [=\n'],
    ['echo a b c | xargs -n1 echo n:; echo "x y" | xargs -I{} echo "[{}]"', 'n: a\nn: b\nn: c\n[x y]\n'],
    [
      'echo hi | sha256sum; echo hi | md5sum',
      '98ea6e4f216f2fb4b69fff9b3a44842c38686ca685f3f55dc48c5d3fb1107be4  -\n764efa883dda1e11db47671c4a3bbd9e  -\n',
    ],
    ["expr 1 + 2 '*' 3; expr abc : 'a\\(.\\)'", '7\nb\n'],
    [
      'dd if=/dev/zero of=/tmp/x bs=1M count=10; dd if=/tmp/x bs=1k count=2 skip=1 status=none | wc -c; tail /dev/zero',
      '10+0 records in\n10+0 records out\n10485760 bytes (10 MB, 10 MiB) copied, 0.00819189 s, 1.3 GB/s\n2048\ntail: memory exhausted\n',
    ],
    ['yes | head -1; nl <<< x; rev <<< abc', 'y\n     1\tx\ncba\n'],
  ])('%s', async (text, output) => {
    expect((await run(text)).output).toBe(output);
  });
});

describe('sed', () => {
  test.each([
    ["echo a.b-c | sed 's/[.-]/_/g; s/^/X /'", 'X a_b_c\n'],
    [
      "seq 5 | sed -n '2,/4/p'; seq 5 | sed '2,4d'; seq 3 | sed '$!d'; seq 9 | sed -n '0~4p'",
      '2\n3\n4\n1\n5\n3\n4\n8\n',
    ],
    ["echo spec: | sed 's/^spec:/spec:\\n  a: 2/'", 'spec:\n  a: 2\n'],
    ["echo dd-1 | sed 's/\\(dd\\|dj\\)-[a-z0-9-]*/\\1-X/'; echo ab | sed -E 's/(a)(b)/\\2\\1&/'", 'dd-X\nbaab\n'],
    [
      "seq 2 | sed '1i\\\ntop\n1a after'; echo x | sed 'c\\new'; echo abc | sed y/abc/xyz/",
      'top\n1\nafter\n2\nnew\nxyz\n',
    ],
    ["seq 3 | sed -n '1{h;d};H;${x;s/\\n/,/g;p}'; echo hello | sed 's/l/L/2; s/./\\U&/'", '1,2,3\nHelLo\n'],
    [
      "echo x | sed 's/x/'; echo x | sed k",
      "sed: -e expression #1, char 4: unterminated `s' command\nsed: -e expression #1, char 1: unknown command: `k'\n",
    ],
  ])('%s', async (text, output) => {
    expect((await run(text)).output).toBe(output);
  });
});

describe('awk', () => {
  test.each([
    ["printf 'a 1\\nb 2\\n' | awk '{print $1,$2; s+=$2} END {print s, NR}'", 'a 1\nb 2\n3 2\n'],
    ['echo a b c | awk \'{$2="";print; print NF, $NF}\'', 'a  c\n3 c\n'],
    ["printf 'a=a\\nb=c\\n' | awk -F= '{print ($1==$2)}'", '1\n0\n'],
    [
      'awk \'BEGIN { for (i=0;i<3;i++) a[i]=i*i; for (k in a) printf "%s=%d ", k, a[k]; print length("abc"), substr("hello",2,3) }\'',
      '0=0 1=1 2=4 3 ell\n',
    ],
    [
      'echo foo | awk \'{gsub(/o/,"0"); print} /bar/ {print "no"}\'; awk \'function f(x) {return x*2} BEGIN {print f(4), 1/3}\'',
      'f00\n8 0.333333\n',
    ],
    [
      "awk '{print'; awk 'BEGIN {system(\"x\")}'",
      'awk: syntax error at source line 1: missing }\nawk: system() is not supported here\n',
    ],
  ])('%s', async (text, output) => {
    expect((await run(text)).output).toBe(output);
  });
});

describe('jq', () => {
  test.each([
    ['echo \'{"a":1}{"a":2}\' | jq -c "{a, b: (.a*2)}"', '{"a":1,"b":2}\n{"a":2,"b":4}\n'],
    ["echo '[3,1,2]' | jq -c 'sort, add, (map(select(.>1))|length), .[1:], .[-1]'", '[1,2,3]\n6\n2\n[1,2]\n2\n'],
    [
      'echo \'{"x":{"y":"z"}}\' | jq -r \'.x.y, (.x|keys[0]), "v=\\(.x.y)", (.q // "d"), has("x")\'',
      'z\ny\nv=z\nd\ntrue\n',
    ],
    [
      'echo \'{"a":1,"b":2}\' | jq -c "del(.a), to_entries, (.a |= 5), with_entries(.value += 1)"',
      '{"b":2}\n[{"key":"a","value":1},{"key":"b","value":2}]\n{"a":5,"b":2}\n{"a":2,"b":3}\n',
    ],
    ["jq -n '[range(3)] as $x | $x | length, (reduce .[] as $i (0; . + $i))'", '3\n3\n'],
    [
      "echo '{}' | jq '.[0]'; echo '[1' | jq .",
      'jq: error (at <stdin>:0): Cannot index object with number\njq: parse error: Unfinished JSON term at EOF at line 2, column 0\n',
    ],
  ])('%s', async (text, output) => {
    expect((await run(text)).output).toBe(output);
  });
});

describe('files and machine', () => {
  test.each([
    ['mkdir -p a/b; touch a/b/f; find a -type f; cp -r a c; ls -R c; rm -r a; ls', 'a/b/f\nc:\nb\n\nc/b:\nf\nc\n'],
    [
      'ls /nope; rm nope; mkdir /tmp; cp x y; mv x',
      "ls: cannot access '/nope': No such file or directory\nrm: cannot remove 'nope': No such file or directory\nmkdir: cannot create directory '/tmp': File exists\ncp: cannot stat 'x': No such file or directory\nmv: missing destination file operand after 'x'\nTry 'mv --help' for more information.\n",
    ],
    ['ls -z', "ls: invalid option -- 'z'\nTry 'ls --help' for more information.\n"],
    [
      'basename /a/b.txt .txt; dirname /a/b; ln -s /tmp t; readlink t; stat -c "%n %F" t',
      'b\n/a\n/tmp\nt symbolic link\n',
    ],
    ['date -u +%F; date -d @0 +%FT%TZ; whoami; which sed', '2025-07-20\n1970-01-01T00:00:00Z\nlearner\n/usr/bin/sed\n'],
    [
      'curl http://nowhere/; nslookup nowhere | tail -2',
      "curl: (6) Could not resolve host: nowhere\n** server can't find nowhere: NXDOMAIN\n\n",
    ],
    [
      'vi f',
      "vi: full-screen editors are not available in this terminal; open f in the editor pane, or use sed -i or cat > FILE <<'EOF'\n",
    ],
  ])('%s', async (text, output) => {
    expect((await run(text)).output).toBe(output);
  });
});

describe('a shell that reads its commands from a pipe', () => {
  test.each([
    ["printf 'cat\\nhello\\n' | sh", 'hello\n'],
    ["printf 'read x\\nhello\\necho got $x\\n' | sh", 'got hello\n'],
    ["printf 'if true\\nthen echo yes; fi\\n# c\\nfalse\\n\\n' | bash; echo $?", 'yes\n1\n'],
    ['printf \'cat <<X\\na\\nX\\ntrap "echo bye" EXIT\\nexit 3\\necho no\\n\' | sh; echo $?', 'a\nbye\n3\n'],
    ["printf 'echo a\\nnope\\n' | bash", 'a\nbash: line 2: nope: command not found\n'],
    ["printf 'a\\nb\\n' | (read x; cat)", 'b\n'],
  ])('%s', async (text, output) => {
    expect((await run(text)).output).toBe(output);
  });
});
