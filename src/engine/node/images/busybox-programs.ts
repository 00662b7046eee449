// The programs of busybox-like images by path, e.g. `/bin/sh`.

const bin = `ash awk base64 basename cat chgrp chmod chown clear cp cut date dd df diff dirname dmesg du echo egrep
env expr false fgrep find fold free grep gunzip gzip head hostname id ip kill less ln ls md5sum mkdir mktemp more mv
nc netstat nl nproc nslookup od paste pgrep ping pkill printenv printf ps pwd readlink realpath rev rm rmdir sed seq sh
sha256sum sleep sort split stat strings sync tac tail tar tee test time timeout top touch tr true truncate tty uname
uniq unlink uptime usleep vi watch wc wget which whoami xargs yes`.split(/\s+/);

/** Busybox puts all of them into /bin: one program, by the name that it is called by (a sleep needs no program). */
export const busyboxPrograms: Readonly<Record<string, string>> = Object.fromEntries(
  [...bin, 'busybox'].map((name) => [`/bin/${name}`, name === 'sleep' ? name : 'busybox']),
);

/** What a Debian-based image has besides its own program: coreutils, bash and a few more, without network tools. */
const slimMissing = new Set([
  'ash',
  'clear',
  'ip',
  'less',
  'more',
  'nc',
  'netstat',
  'nslookup',
  'ping',
  'top',
  'vi',
  'wget',
]);
export const debianPrograms: Readonly<Record<string, string>> = Object.fromEntries(
  [...bin.filter((name) => !slimMissing.has(name)), 'bash'].map((name) => [
    `/bin/${name}`,
    name === 'bash' ? 'bash' : name,
  ]),
);
