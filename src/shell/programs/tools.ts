// The list of small programs. To add one: write its file, add its line.
import { chmod, chown, cp, ln, mkdir, mktemp, mv, rm, rmdir, touch } from './files/change.ts';
import { basename, dirname, du, find, readlink, realpath } from './files/find.ts';
import { ls, stat } from './files/ls.ts';
import { tar } from './files/tar.ts';
import { curl } from './network/curl.ts';
import { getent, nc, nslookup, ping } from './network/lookup.ts';
import { wget } from './network/wget.ts';
import {
  clear,
  date,
  df,
  free,
  hostname,
  id,
  nano,
  nproc,
  ps,
  pwd,
  uname,
  uptime,
  vi,
  vim,
  whoami,
} from './system/machine.ts';
import {
  bracket,
  env,
  kill,
  noFalse,
  printenv,
  sleep,
  test,
  timeout,
  watch,
  which,
  xargs,
  yesTrue,
} from './system/run.ts';
import { awk, gawk } from './text/awk.ts';
import { cat, echo, less, more, nl, printf, rev, seq, tac, tee, yes } from './text/cat.ts';
import { column, cut, fold, paste, tr } from './text/cut.ts';
import { base64, cmp, diff, expr, md5sum, sha1sum, sha256sum, sha512sum } from './text/digest.ts';
import { egrep, fgrep, grep } from './text/grep.ts';
import { head, tail } from './text/head.ts';
import { jq } from './text/jq.ts';
import { sed } from './text/sed.ts';
import { sort, uniq, wc } from './text/sort.ts';
import type { ToolDefinition } from './tool.ts';

export const tools: readonly ToolDefinition[] = [
  ...[chmod, chown, cp, ln, mkdir, mktemp, mv, rm, rmdir, tar, touch],
  ...[basename, dirname, du, find, readlink, realpath, ls, stat],
  ...[clear, date, df, free, hostname, id, nano, nproc, ps, pwd, uname, uptime, vi, vim, whoami],
  ...[bracket, env, kill, noFalse, printenv, sleep, test, timeout, watch, which, xargs, yesTrue],
  ...[cat, echo, less, more, nl, printf, rev, seq, tac, tee, yes],
  ...[column, cut, fold, paste, tr],
  ...[base64, cmp, diff, expr, md5sum, sha1sum, sha256sum, sha512sum],
  ...[curl, getent, nc, nslookup, ping, wget],
  ...[jq, awk, gawk, egrep, fgrep, grep, head, tail, sed, sort, uniq, wc],
];
