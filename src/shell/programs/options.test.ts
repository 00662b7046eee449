// Options of the everyday programs act: none is taken and forgotten.
import { describe, expect, test } from 'vitest';
import { createTestMachine } from '../testing/test-machine.ts';

const idle = () => new Promise<void>((resolve) => setImmediate(resolve));
const run = (text: string) => createTestMachine({ idle }).run(text);

describe('files', () => {
  test.each([
    [
      'mkdir -pv -m 700 a/b; stat -c %a a/b; rmdir -pv a/b',
      "mkdir: created directory 'a'\nmkdir: created directory 'a/b'\n700\nrmdir: removing directory, 'a/b'\nrmdir: removing directory, 'a'\n",
    ],
    [
      'touch f; mkdir d; touch d/x; rm -v f; rm -rv d; touch f; echo n | rm -i f; ls; mkdir e; rm -d e; ls -p',
      "removed 'f'\nremoved 'd/x'\nremoved directory 'd'\nrm: remove regular empty file 'f'? f\nf\n",
    ],
    [
      'echo 1 > a; echo 2 > b; cp -v a c; echo n | cp -i a b; cat b; mv -vn a b; mv -v a z; ls',
      "'a' -> 'c'\ncp: overwrite 'b'? 2\nrenamed 'a' -> 'z'\nb\nc\nz\n",
    ],
    [
      'echo x > a; touch -d 2020-02-03 a; cp -p a b; stat -c %y b; touch -r a c; stat -c %y c; touch -t 202101020304 c; stat -c %y c',
      '2020-02-03 00:00:00.000000000 +0000\n2020-02-03 00:00:00.000000000 +0000\n2021-01-02 03:04:00.000000000 +0000\n',
    ],
    [
      'mkdir d; echo x > d/f; ln -sv d/f l; ln -srv d/f d/m; cat d/m; ln -sfn /etc l; readlink -n l; echo; realpath d/m; readlink -f nowhere/x; echo $?',
      "'l' -> 'd/f'\n'd/m' -> 'f'\nx\n/etc\n/home/learner/d/f\n1\n",
    ],
    [
      'touch f; chmod -v 755 f; chmod -v 755 f; chown -v me:staff f; ls -l f | cut -d" " -f3,4; ls -o f | cut -d" " -f3; ls -nG f | cut -d" " -f3',
      "mode of 'f' changed from 0644 (rw-r--r--) to 0755 (rwxr-xr-x)\nmode of 'f' retained as 0755 (rwxr-xr-x)\nchanged ownership of 'f' from root:root to me:staff\nme staff\nme\n1000\n",
    ],
    [
      'mkdir d; touch d/b.txt d/a.sh d/c; chmod +x d/a.sh; ls -X d; ls -rF d; ls --color=always d; ls --full-time d/c | cut -d" " -f6- | tail -c 7',
      'c\na.sh\nb.txt\nc\nb.txt\na.sh*\n\x1b[01;32ma.sh\x1b[0m\nb.txt\nc\n00 d/c\n',
    ],
    [
      'mkdir d; echo hello > d/f; du -cs d; find d -type f -exec echo found {} +; mktemp -u /tmp/a.XXX | cut -c1-7; stat -f d',
      '8\td\n8\ttotal\nfound d/f\n/tmp/a.\nstat: option -f is not supported here\n',
    ],
    [
      'printf 0123456789 > f; printf ab | dd of=f bs=1 seek=2 conv=notrunc status=none; cat f; dd conv=swab < f',
      '01ab456789dd: conv=swab is not supported here\n',
    ],
    [
      'mkdir d; echo x > d/a; echo y > d/b; tar -czf t.tgz --exclude=b d; tar tf t.tgz; mkdir o; tar xzf t.tgz -C o --strip-components=1; ls o; tar -cWf t d',
      'd/\nd/a\na\ntar: option -W is not supported here\n',
    ],
  ])('%s', async (text, output) => {
    expect((await run(text)).output).toBe(output);
  });
});

describe('text', () => {
  test.each([
    [
      "printf 'a\\001\\177b\\n' | cat -v; printf 'a\\n\\n\\nb\\n' | more -s; echo 'a b' | base64 | sed 's/=/!=/' | base64 -di",
      'a^A^?b\na\n\nb\na b\n',
    ],
    [
      'echo hi > f; sha256sum f > s; sha256sum -c s; echo ho > f; md5sum -b f; sha256sum --check --quiet s; echo $?',
      'f: OK\n79e7e210bdf335bb8651a46b9a8417ab *f\nf: FAILED\nsha256sum: WARNING: 1 computed checksum did NOT match\n1\n',
    ],
    [
      "printf 'A  b\\nc\\n' > x; printf 'a b\\nd\\n' > y; diff -ib x y; diff -iw x y | head -1; diff -s x x; diff -u --color=always x y | tail -2",
      '2c2\n< c\n---\n> d\n2c2\nFiles x and x are identical\n\x1b[32m+a b\x1b[0m\n\x1b[32m+d\x1b[0m\n',
    ],
    [
      "printf 'one two\\n' | grep --color=always -n two; printf 'a\\0b\\0' | grep -z b | tr '\\0' ';'; echo x | grep -P x",
      '\x1b[32m\x1b[K1\x1b[m\x1b[K\x1b[36m\x1b[K:\x1b[m\x1b[Kone \x1b[01;31m\x1b[Ktwo\x1b[m\x1b[K\nb;grep: -P (Perl expressions) is not supported here; use -E\n',
    ],
    [
      "printf 'a\\nb\\0c' | sed -z 's/\\n/,/' | tr '\\0' ';'; echo; echo 1 > p; echo 2 > q; sed -s -n '$=' p q",
      'a,b;c\n1\n1\n',
    ],
    ["echo 'one two three' | fold -s -w 9; echo abc | tr -t abc xy", 'one two \nthree\nxyc\n'],
    [
      'echo \'{"b":[1,null],"a":"é"}\' | jq -C -c .; echo \'{"a":"é"}\' | jq -a -c .; jq -x . ; echo . > f; echo 1 | jq -f f',
      '\x1b[1;39m{\x1b[0m\x1b[34;1m"b"\x1b[0m\x1b[1;39m:\x1b[0m\x1b[1;39m[\x1b[0;39m1\x1b[0m\x1b[1;39m,\x1b[1;30mnull\x1b[0m\x1b[1;39m\x1b[1;39m]\x1b[0m\x1b[1;39m,\x1b[0m\x1b[34;1m"a"\x1b[0m\x1b[1;39m:\x1b[0m\x1b[0;32m"é"\x1b[0m\x1b[1;39m\x1b[1;39m}\x1b[0m\n{"a":"\\u00e9"}\njq: Unknown option: -x\nUse jq --help for help with command-line options,\nor see the jq manpage, or online docs  at https://jqlang.github.io/jq\n1\n',
    ],
    [
      "printf 'a\\nb\\nc\\n' | xargs -P2 -n1 echo | sort; env -i A=1 B=2 env -0 | tr '\\0' ';'; which -a ls; timeout -v 1 sleep 5",
      "a\nb\nc\nA=1;B=2;/usr/bin/ls\n/bin/ls\ntimeout: sending signal TERM to command 'sleep'\n",
    ],
    [
      "date -u -d @0 --rfc-3339=seconds; date -d @0 -Ihours; date -d @0 -Iyears; id -n; df -hT /; free -b | head -2 | tail -1 | tr -s ' ' | cut -d' ' -f2",
      "1970-01-01 00:00:00+00:00\n1970-01-01T00+00:00\ndate: invalid argument 'years' for '--iso-8601'\nValid arguments are:\n  - 'date'\n  - 'hours'\n  - 'minutes'\n  - 'seconds'\n  - 'ns'\nTry 'date --help' for more information.\nid: cannot print only names or real IDs in default format\nFilesystem     Type   Size  Used Avail Use% Mounted on\n/dev/sda1      ext4    98G   23G   72G  25% /\n16700071936\n",
    ],
    [
      'ps -o pid,args=WHAT -p $$; ps --sort=x; nc -k h 1; nslookup -type=mx h; ping -c 1 web',
      '    PID WHAT\n    100 bash\nps: option --sort=x is not supported here\nnc: must use -l with -k\nnslookup: option -type=mx is not supported here\nping: web: Name or service not known\n',
    ],
  ])('%s', async (text, output) => {
    expect((await run(text)).output).toBe(output);
  });
});
